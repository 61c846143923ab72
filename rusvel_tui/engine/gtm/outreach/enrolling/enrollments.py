"""Enrollments: list them, and pause, resume, end, skip and jump, for one person or for many at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pydantic import Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict, InvalidState
from rusvel_tui.engine.gtm.crm.finding.filtering import matching
from rusvel_tui.engine.gtm.crm.people.people import label
from rusvel_tui.engine.gtm.outreach.enrolling import enrollment_changes as changes
from rusvel_tui.engine.gtm.outreach.enrolling.enrollment_views import (
    EnrollmentPage,
    EnrollmentStatus,
    EnrollmentView,
    view,
    views,
)
from rusvel_tui.engine.gtm.outreach.enrolling.lifecycle import RUNNING
from rusvel_tui.engine.gtm.outreach.enrolling.lookups import people_name
from rusvel_tui.engine.gtm.outreach.enrolling.places import inverse, places_of
from rusvel_tui.engine.gtm.outreach.sequences.finding import find_enrollment, find_enrollments
from rusvel_tui.engine.models import Contact, Enrollment
from rusvel_tui.engine.operation import Input, PageInput, View, operation
from rusvel_tui.engine.text import one_line


class EnrollmentId(Input):
    """Which enrollment."""

    enrollment_id: str


class EndEnrollment(Input):
    """Which enrollment ends, and why."""

    enrollment_id: str
    reason: str = "manual"
    """A word of the list of reasons; any other words stand as a note beside `manual`."""


class People(Input):
    """Several enrollments, and why."""

    enrollment_ids: tuple[str, ...] = Field(min_length=1, max_length=5_000)
    reason: str = ""


class JumpToStep(People):
    """Several enrollments of one sequence, and the step to go to."""

    step: str
    """The key or the number of a step, of the version that each person is in."""


class ListEnrollments(PageInput):
    """Which enrollments."""

    sequence_id: str = ""
    contact_id: str = ""
    status: EnrollmentStatus | None = None
    filter: str = ""
    """Only those of contacts who fit a filter line such as `tag:fair -tag:vip`."""


class Changed(View):
    """How many people a change reached; the others are not in a state for it."""

    count: int
    left_out: int
    why: tuple[str, ...]
    """What was said about those, each once."""


@operation("gtm.outreach.list_enrollments", permission="crm.sequences.read")
def list_enrollments(ctx: Context, cmd: ListEnrollments) -> EnrollmentPage:
    """List who is, or was, in a sequence, newest first."""
    query = (
        Enrollment.select()
        .where(Enrollment.session_id == ctx.session_id)
        .order_by(Enrollment.id.desc())
    )
    if cmd.sequence_id:
        query = query.where(Enrollment.sequence_id == cmd.sequence_id)
    if cmd.contact_id:
        query = query.where(Enrollment.contact_id == cmd.contact_id)
    if cmd.status:
        query = query.where(Enrollment.status == cmd.status.key)
    if cmd.filter:
        query = query.where(matching(ctx, "contact", cmd.filter, Enrollment.contact_id))
    if cmd.cursor:
        query = query.where(Enrollment.id < cmd.cursor)
    rows = list(query.limit(cmd.limit + 1))
    more = len(rows) > cmd.limit
    rows = rows[: cmd.limit]
    return EnrollmentPage(items=views(rows), next=rows[-1].id if more else None)


@operation("gtm.outreach.pause_enrollment", writes=True, permission="crm.sequences.manage")
def pause_enrollment(ctx: Context, cmd: EnrollmentId) -> EnrollmentView:
    """Pause one person's way through a sequence: nothing is drafted or sent to them from it."""
    return _one(ctx, cmd.enrollment_id, "gtm.outreach.updated", changes.pause)


@operation("gtm.outreach.resume_enrollment", writes=True, permission="crm.sequences.manage")
def resume_enrollment(ctx: Context, cmd: EnrollmentId) -> EnrollmentView:
    """Let a paused person go on; what became due meanwhile is due now."""
    return _one(ctx, cmd.enrollment_id, "gtm.outreach.updated", changes.resume)


@operation("gtm.outreach.cancel_enrollment", writes=True, permission="crm.sequences.manage")
def cancel_enrollment(ctx: Context, cmd: EndEnrollment) -> EnrollmentView:
    """End one person's way through a sequence; what did not leave yet is cancelled."""
    return _one(ctx, cmd.enrollment_id, "gtm.outreach.ended", changes.cancel, cmd.reason)


@operation("gtm.outreach.pause_people", writes=True, permission="crm.sequences.manage")
def pause_people(ctx: Context, cmd: People) -> Changed:
    """Pause several people at once."""
    return _several(ctx, cmd, "gtm.outreach.updated", changes.pause)


@operation("gtm.outreach.resume_people", writes=True, permission="crm.sequences.manage")
def resume_people(ctx: Context, cmd: People) -> Changed:
    """Let several paused people go on at once."""
    return _several(ctx, cmd, "gtm.outreach.updated", changes.resume)


@operation("gtm.outreach.cancel_people", writes=True, permission="crm.sequences.manage")
def cancel_people(ctx: Context, cmd: People) -> Changed:
    """End several people's way through a sequence at once; what did not leave yet is cancelled."""
    rows = find_enrollments(ctx, cmd.enrollment_ids)
    running = [row for row in rows if row.status in RUNNING]
    if not running:
        changes.require_running(rows[0], "Cancelled")
    places = places_of(running)
    changes.cancel_all(ctx, running, one_line(cmd.reason))
    over = {row.status for row in rows if row.status not in RUNNING}
    why = [f"The enrollment is {EnrollmentStatus(one).value} already." for one in sorted(over)]
    return _changed(ctx, cmd, "gtm.outreach.ended", rows, places, why)


@operation("gtm.outreach.skip_step", writes=True, permission="crm.sequences.manage")
def skip_step(ctx: Context, cmd: People) -> Changed:
    """Pass over the step at which these people stand; the next one counts its days from now."""
    return _several(ctx, cmd, "gtm.outreach.moved", changes.skip)


@operation("gtm.outreach.jump_to_step", writes=True, permission="crm.sequences.manage")
def jump_to_step(ctx: Context, cmd: JumpToStep) -> Changed:
    """Bring people to another step of their version; its days count from now."""

    def jump(ctx: Context, row: Enrollment, why: str) -> None:
        changes.jump(ctx, row, cmd.step, why)

    return _several(ctx, cmd, "gtm.outreach.moved", jump)


Change = Callable[[Context, Enrollment, str], None]
"""What happens to one enrollment, in the words of whoever did it; raises `InvalidState` when it cannot."""


def _one(
    ctx: Context, enrollment_id: str, kind: str, change: Change, reason: str = ""
) -> EnrollmentView:
    """Change one enrollment, with its event."""
    row = find_enrollment(ctx, enrollment_id)
    before = places_of([row])
    change(ctx, row, one_line(reason))
    seen = find_enrollment(ctx, enrollment_id)
    payload = _about(seen) | {"name": label(Contact.get_by_id(row.contact_id))}
    ctx.record(kind, row.id, payload, undo=inverse(before))
    return view(seen)


def _several(ctx: Context, cmd: People, kind: str, change: Change) -> Changed:
    """Change every enrollment that can be changed: one event, one undo."""
    rows = find_enrollments(ctx, cmd.enrollment_ids)
    before, why = places_of(rows), dict[str, None]()
    done = []
    for row, place in zip(rows, before, strict=True):
        try:
            change(ctx, row, one_line(cmd.reason))
        except InvalidState as error:
            why[str(error)] = None
        else:
            done.append(place)
    if not done:
        raise Conflict(next(iter(why)))
    return _changed(ctx, cmd, kind, rows, done, list(why))


def _changed(
    ctx: Context,
    cmd: People,
    kind: str,
    rows: Sequence[Enrollment],
    places: list[dict[str, Any]],
    why: Sequence[str],
) -> Changed:
    """Record what was done with these people; `places` say where those stood whom it reached."""
    payload = {
        "name": people_name(rows),
        "count": len(places),
        "sequence_id": rows[0].sequence_id,
        "reason": one_line(cmd.reason),
    }
    subject = rows[0].id if len(rows) == 1 else rows[0].sequence_id
    ctx.record(kind, subject, payload, undo=inverse(places))
    return Changed(count=len(places), left_out=len(rows) - len(places), why=tuple(why))


def _about(row: Enrollment) -> dict[str, Any]:
    about = {
        "contact_id": row.contact_id,
        "sequence_id": row.sequence_id,
        "status": EnrollmentStatus(row.status).value,
        "reason": row.reason,
        "note": row.note,
    }
    return {name: value for name, value in about.items() if value}
