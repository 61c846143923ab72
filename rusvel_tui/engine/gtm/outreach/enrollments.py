"""Enrollments: list them, and pause, resume, end, skip and jump, for one person or for many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pydantic import Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict, InvalidInput, InvalidState
from rusvel_tui.engine.gtm.crm.filtering import matching
from rusvel_tui.engine.gtm.crm.people import label
from rusvel_tui.engine.gtm.outreach import lifecycle
from rusvel_tui.engine.gtm.outreach.ends import End, end_and_note
from rusvel_tui.engine.gtm.outreach.enrollment_views import (
    EnrollmentPage,
    EnrollmentStatus,
    EnrollmentView,
    view,
    views,
)
from rusvel_tui.engine.gtm.outreach.finding import find_enrollment, find_enrollments
from rusvel_tui.engine.gtm.outreach.places import inverse, places_of, wake
from rusvel_tui.engine.models import Contact, Enrollment, Mail, Step
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

    enrollment_ids: tuple[str, ...] = Field(min_length=1, max_length=20_000)
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
    return _one(ctx, cmd.enrollment_id, "gtm.outreach.updated", _pause)


@operation("gtm.outreach.resume_enrollment", writes=True, permission="crm.sequences.manage")
def resume_enrollment(ctx: Context, cmd: EnrollmentId) -> EnrollmentView:
    """Let a paused person go on; what became due meanwhile is due now."""
    return _one(ctx, cmd.enrollment_id, "gtm.outreach.updated", _resume)


@operation("gtm.outreach.cancel_enrollment", writes=True, permission="crm.sequences.manage")
def cancel_enrollment(ctx: Context, cmd: EndEnrollment) -> EnrollmentView:
    """End one person's way through a sequence; what did not leave yet is cancelled."""
    return _one(ctx, cmd.enrollment_id, "gtm.outreach.ended", _cancel, cmd.reason)


@operation("gtm.outreach.pause_people", writes=True, permission="crm.sequences.manage")
def pause_people(ctx: Context, cmd: People) -> Changed:
    """Pause several people at once."""
    return _several(ctx, cmd, "gtm.outreach.updated", _pause)


@operation("gtm.outreach.resume_people", writes=True, permission="crm.sequences.manage")
def resume_people(ctx: Context, cmd: People) -> Changed:
    """Let several paused people go on at once."""
    return _several(ctx, cmd, "gtm.outreach.updated", _resume)


@operation("gtm.outreach.cancel_people", writes=True, permission="crm.sequences.manage")
def cancel_people(ctx: Context, cmd: People) -> Changed:
    """End several people's way through a sequence at once; what did not leave yet is cancelled."""
    return _several(ctx, cmd, "gtm.outreach.ended", _cancel)


@operation("gtm.outreach.skip_step", writes=True, permission="crm.sequences.manage")
def skip_step(ctx: Context, cmd: People) -> Changed:
    """Pass over the step at which these people stand; the next one counts its days from now."""
    return _several(ctx, cmd, "gtm.outreach.moved", _skip)


@operation("gtm.outreach.jump_to_step", writes=True, permission="crm.sequences.manage")
def jump_to_step(ctx: Context, cmd: JumpToStep) -> Changed:
    """Bring people to another step of their version; its days count from now."""

    def jump(ctx: Context, row: Enrollment, why: str) -> None:
        _jump(ctx, row, cmd.step, why)

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
    payload = {
        "count": len(done),
        "sequence_id": rows[0].sequence_id,
        "reason": one_line(cmd.reason),
    }
    subject = rows[0].id if len(rows) == 1 else rows[0].sequence_id
    ctx.record(kind, subject, payload, undo=inverse(done))
    return Changed(count=len(done), left_out=len(rows) - len(done), why=tuple(why))


def _about(row: Enrollment) -> dict[str, Any]:
    about = {
        "contact_id": row.contact_id,
        "sequence_id": row.sequence_id,
        "status": EnrollmentStatus(row.status).value,
        "reason": row.reason,
        "note": row.note,
    }
    return {name: value for name, value in about.items() if value}


def _pause(ctx: Context, row: Enrollment, why: str) -> None:
    _turn(ctx, row, "active", "paused", note=why)


def _resume(ctx: Context, row: Enrollment, why: str) -> None:
    _turn(ctx, row, "paused", "active", note="")
    wake(ctx, [row.job_id])


def _cancel(ctx: Context, row: Enrollment, why: str) -> None:
    _require_running(row, "Cancelled")
    reason, note = end_and_note(why)
    lifecycle.cancel_open_steps(ctx, row, reason)
    lifecycle.close(ctx, row, "cancelled", End(reason), note)


def _skip(ctx: Context, row: Enrollment, why: str) -> None:
    _require_running(row, "skipped")
    _require_not_leaving(row)
    step = lifecycle.steps_of(row.version_id)[row.position]
    lifecycle.pass_over(ctx, row, step, why or "by hand")


def _jump(ctx: Context, row: Enrollment, wanted: str, why: str) -> None:
    _require_running(row, "moved")
    _require_not_leaving(row)
    steps = lifecycle.steps_of(row.version_id)
    target = step_named(steps, wanted)
    _require_not_had(row, target)
    lifecycle.cancel_open_steps(ctx, row, why or "moved by hand")
    lifecycle.enter_or_end(ctx, row, steps, target.position, ctx.now)


def step_named(steps: Iterable[Step], wanted: str) -> Step:
    """The step of that key or number; raises `InvalidInput` with those there are."""
    bare = wanted.strip()
    listed = list(steps)
    for step in listed:
        if bare in (step.key, str(step.position + 1)):
            return step
    known = ", ".join(f"{step.position + 1} ({step.key})" for step in listed)
    raise InvalidInput(f"There is no step {bare!r}. There are {known}.", field="step")


def _require_running(row: Enrollment, wanted: str) -> None:
    if row.status not in lifecycle.RUNNING:
        raise InvalidState("The enrollment", EnrollmentStatus(row.status).value, wanted)


def _require_not_leaving(row: Enrollment) -> None:
    """A mail that is being sent, or may have been, is settled first."""
    mail = Mail.get_or_none((Mail.id == row.job_id) & Mail.state.in_(("committing", "in_doubt")))
    if mail is not None:
        hint = "Settle it in the inbox first." if mail.state == "in_doubt" else "Try again."
        raise InvalidState("The mail of this step", mail.state.replace("_", " "), "skipped", hint)


def _require_not_had(row: Enrollment, step: Step) -> None:
    """A mail that left is not sent to the same person again."""
    had = Mail.select(Mail.id).where(
        (Mail.enrollment_id == row.id)
        & (Mail.step_key == step.key)
        & Mail.state.in_(("committing", "sent", "in_doubt", "rejected"))
    )
    if had.exists():
        raise InvalidState("The mail of that step", "Sent", "sent again", "Choose another step.")


def _turn(ctx: Context, row: Enrollment, before: str, after: str, *, note: str) -> None:
    done = (
        Enrollment.update(
            status=after, note=note, version=Enrollment.version + 1, updated_at=ctx.now
        )
        .where((Enrollment.id == row.id) & (Enrollment.status == before))
        .execute()
    )
    if not done:
        wanted = EnrollmentStatus(after).value
        raise InvalidState("The enrollment", EnrollmentStatus(row.status).value, wanted)
