"""Where people stand in a sequence, kept so that a move can be taken back, and taken back again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict

from rusvel_tui.engine import jobs
from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.gtm.outreach.enrolling.lifecycle import RUNNING, cancel_open_steps
from rusvel_tui.engine.gtm.outreach.enrolling.lookups import people_name
from rusvel_tui.engine.gtm.outreach.enrolling.planning import step_job_key
from rusvel_tui.engine.gtm.outreach.enrolling.recipients import parts
from rusvel_tui.engine.gtm.outreach.mails.mail_states import move_mail
from rusvel_tui.engine.gtm.outreach.sequences.finding import find_enrollments
from rusvel_tui.engine.models import Activity, ContactEmail, Enrollment, Job, Mail
from rusvel_tui.engine.operation import Input, View, operation

_COLUMNS = (
    "version_id", "position", "job_id", "since", "status", "reason", "note", "ended_at", "outcome", "reply", "replied_at",
)  # fmt: skip


class Place(BaseModel):
    """Everything that says where one enrollment stood."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    enrollment_id: str
    version_id: str
    position: int
    job_id: str | None
    since: datetime | None
    status: str
    reason: str
    note: str
    ended_at: datetime | None
    outcome: str
    reply: str
    replied_at: datetime | None


class Jotted(BaseModel):
    """An activity that a change wrote or closed, as it was before."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    activity_id: str
    status: str
    outcome: str
    notes: str
    at: datetime
    deleted_at: datetime | None


class Marked(BaseModel):
    """What stood on a mail about its answer before a change."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    mail_id: str
    reply: str
    replied_at: datetime | None
    bounced_at: datetime | None


class PutBack(Input):
    """Where these people stood, and what was written down with the change."""

    places: tuple[Place, ...]
    activities: tuple[Jotted, ...] = ()
    mails: tuple[Marked, ...] = ()
    addresses: tuple[str, ...] = ()
    """Addresses whose mark of being dead is turned: set where it was not, and taken off where it was."""


class MovedBack(View):
    """How many people stand where they stood."""

    count: int


def places_of(enrollments: Iterable[Enrollment]) -> list[dict[str, Any]]:
    """Where these people stand now, as it is kept in the log."""
    return [
        {"enrollment_id": row.id} | {name: _kept(getattr(row, name)) for name in _COLUMNS}
        for row in enrollments
    ]


def _kept(value: Any) -> Any:
    return stamp(value) if isinstance(value, datetime) else value


def jotted(activity: Activity, **before: Any) -> Jotted:
    """An activity as it is, or was before."""
    return Jotted.model_validate(_values(Jotted, "activity_id", activity) | before)


def marked(mail: Mail) -> Marked:
    """What stands on a mail about its answer."""
    return Marked.model_validate(_values(Marked, "mail_id", mail))


def inverse(
    places: Sequence[dict[str, Any]],
    activities: Sequence[Jotted] = (),
    mails: Sequence[Marked] = (),
    addresses: Sequence[str] = (),
) -> Inverse:
    """What puts people back to these places."""
    more = {
        "activities": [one.model_dump(mode="json") for one in activities],
        "mails": [one.model_dump(mode="json") for one in mails],
        "addresses": list(addresses),
    }
    return Inverse("gtm.outreach.put_back", {"places": list(places), **more})


@operation("gtm.outreach.put_back", writes=True, permission="crm.sequences.manage", internal=True)
def put_back(ctx: Context, cmd: PutBack) -> MovedBack:
    """Put people back to where they stood; whose mail left since stays, and nobody at all is a conflict."""
    rows = find_enrollments(ctx, [place.enrollment_id for place in cmd.places])
    before = places_of(rows)
    activities = [_turn(Activity, "activity_id", one) for one in cmd.activities]
    mails = [_turn(Mail, "mail_id", one) for one in cmd.mails]
    _turn_addresses(ctx, cmd.addresses)
    moved = []
    for row, place, was in zip(rows, cmd.places, before, strict=True):
        try:
            put_one_back(ctx, row, place)
        except Conflict:
            if len(rows) == 1:
                raise
        else:
            moved.append(was)
    if rows and not moved:
        raise Conflict("A mail left to each of them since. What left cannot be taken back.")
    subject = rows[0].sequence_id if len({row.sequence_id for row in rows}) == 1 else ""
    payload = {"name": people_name(rows), "count": len(moved), "what": "put back"}
    undo = inverse(moved, activities, mails, cmd.addresses)
    ctx.record("gtm.outreach.moved", subject, payload, undo=undo)
    return MovedBack(count=len(moved))


def put_one_back(ctx: Context, row: Enrollment, place: Place) -> None:
    """Let one person stand where they stood; raises `Conflict` before it writes anything. Records no event."""
    if row.job_id != place.job_id:
        _require_unsent(row, place)
    if place.status in RUNNING and row.status not in RUNNING:
        _require_free(row)
    if row.job_id != place.job_id or place.status not in RUNNING:
        cancel_open_steps(ctx, [row], "taken back")
    if place.job_id and (row.version_id, row.position) != (place.version_id, place.position):
        _repin_work(row.id, place.job_id, place.version_id, place.position)
    values = {name: getattr(place, name) for name in _COLUMNS}
    Enrollment.update(**values, version=Enrollment.version + 1, updated_at=ctx.now).where(
        Enrollment.id == row.id
    ).execute()
    if place.status in RUNNING and place.job_id:
        _revive(ctx, place.job_id)
    if place.status == "active" and row.status == "paused":
        wake(ctx, [place.job_id])


def repin(ctx: Context, row: Enrollment, version_id: str, position: int) -> None:
    """Let the step at which a person stands be that of another version; its draft or task stays."""
    if row.job_id:
        _repin_work(row.id, row.job_id, version_id, position)
    Enrollment.update(
        version_id=version_id,
        position=position,
        version=Enrollment.version + 1,
        updated_at=ctx.now,
    ).where(Enrollment.id == row.id).execute()


def _repin_work(enrollment_id: str, job_id: str, version_id: str, position: int) -> None:
    job = Job.get_by_id(job_id)
    payload = job.payload | {"version_id": version_id, "step_index": position}
    key = step_job_key(enrollment_id, position)
    Job.update(payload=payload, unique_key=key).where(Job.id == job_id).execute()
    Mail.update(version_id=version_id, position=position).where(Mail.id == job_id).execute()


def wake(ctx: Context, job_ids: Iterable[str | None]) -> None:
    """Look at these steps again now, if they were put off for a reason that may be gone."""
    for part in parts([job_id for job_id in job_ids if job_id]):
        _wake(ctx, part)


def wake_sequence(ctx: Context, sequence_id: str) -> None:
    """Look again now at every step of a sequence that was put off for a reason that may be gone."""
    which = (Enrollment.sequence_id == sequence_id) & (Enrollment.status == "active")
    _wake(ctx, Enrollment.select(Enrollment.job_id).where(which))


def _wake(ctx: Context, job_ids: Any) -> None:
    Mail.update(blocked="").where(Mail.id.in_(job_ids) & (Mail.blocked != "")).execute()
    Job.update(run_at=ctx.now, error="").where(
        Job.id.in_(job_ids) & (Job.state == "queued") & (Job.error != "") & (Job.run_at > ctx.now)
    ).execute()


def _require_unsent(row: Enrollment, place: Place) -> None:
    """What left since, or may have left, cannot be taken back. Ids of mails are in the order of time."""
    left = Mail.select(Mail.id).where(
        (Mail.enrollment_id == row.id)
        & (Mail.id > (place.job_id or ""))
        & Mail.state.in_(("committing", "sent", "in_doubt"))
    )
    if left.exists():
        raise Conflict("A mail left since. What left cannot be taken back.")


def _require_free(row: Enrollment) -> None:
    """Only one way through a sequence at a time."""
    other = Enrollment.select(Enrollment.id).where(
        (Enrollment.sequence_id == row.sequence_id)
        & (Enrollment.contact_id == row.contact_id)
        & Enrollment.status.in_(RUNNING)
        & (Enrollment.id != row.id)
    )
    if other.exists():
        raise Conflict("The person began this sequence anew. End that first.")


def _revive(ctx: Context, job_id: str) -> None:
    """Open a closed step again: a draft waits for its yes, a task for the person, the rest for its time."""
    mail = Mail.get_or_none(Mail.id == job_id)
    if mail is None:
        waits = _reopen(ctx, job_id)
    else:
        waits = mail.digest is not None
        clean = {
            "approved_digest": None,
            "blocked": "",
            "error": "",
            "raw": None,
            "raw_sha256": None,
        }
        after = "held" if waits else "scheduled"
        if not move_mail(mail.id, ("cancelled",), after, updated_at=ctx.now, **clean):
            return
    state = "awaiting_approval" if waits else "queued"
    jobs.move(job_id, ("cancelled", "succeeded"), state, finished_at=None, error="")


def _reopen(ctx: Context, job_id: str) -> bool:
    """Open the task of a step by hand again; false when it was not due yet."""
    mine = Activity.job_id == job_id
    Activity.update(status="open", updated_at=ctx.now).where(
        mine & (Activity.status == "cancelled")
    ).execute()
    return bool(Activity.select(Activity.id).where(mine & (Activity.status == "open")).exists())


def _turn_addresses(ctx: Context, ids: Sequence[str]) -> None:
    mine = ContactEmail.id.in_(list(ids))
    dead = [
        row.id for row in ContactEmail.select().where(mine & ContactEmail.invalid_at.is_null(False))
    ]
    ContactEmail.update(invalid_at=ctx.now).where(
        mine & ContactEmail.invalid_at.is_null()
    ).execute()
    ContactEmail.update(invalid_at=None).where(ContactEmail.id.in_(dead)).execute()


Kept = TypeVar("Kept", Jotted, Marked)


def turn_activity(wanted: Jotted) -> Jotted:
    """Let an activity be as it was; how it is now."""
    return _turn(Activity, "activity_id", wanted)


def _turn(table: type[Activity] | type[Mail], key: str, wanted: Kept) -> Kept:
    """Give a row the values that it had, and answer those it has."""
    row = table.get_by_id(getattr(wanted, key))
    before = type(wanted).model_validate(_values(type(wanted), key, row))
    values = {name: getattr(wanted, name) for name in type(wanted).model_fields if name != key}
    table.update(**values).where(table.id == row.id).execute()
    return before


def _values(shape: type[BaseModel], key: str, row: Any) -> dict[str, Any]:
    names = [name for name in shape.model_fields if name != key]
    return {key: row.id} | {name: getattr(row, name) for name in names}
