"""What a person does with a message: it is dealt with, it is somebody's answer, the next step waits for their return."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import InvalidInput, InvalidState
from rusvel_tui.engine.gtm.crm.people.people import find_contact, label
from rusvel_tui.engine.gtm.mail.classifying.verdict import MailKind
from rusvel_tui.engine.gtm.mail.incoming.links import Link
from rusvel_tui.engine.gtm.mail.incoming.listing import IncomingDetail, detail
from rusvel_tui.engine.gtm.mail.incoming.views import IncomingId, find_incoming
from rusvel_tui.engine.gtm.outreach.enrolling.answers import RecordReply, record_reply
from rusvel_tui.engine.gtm.outreach.enrolling.lifecycle import RUNNING
from rusvel_tui.engine.gtm.outreach.sequences.conditions import Sentiment
from rusvel_tui.engine.models import Enrollment, IncomingMail, Job, Mail
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.operation import Input, View, operation

_MORNING = time(9)


class AssignMail(IncomingId):
    """Whose answer it is."""

    contact_id: str
    sentiment: Sentiment = Sentiment.NEUTRAL


class WaitForReturn(IncomingId):
    """Until when; the day that the message names when left out."""

    until: date | None = None


class PutTimes(Input):
    """When these mails may leave at the earliest, by their ids."""

    times: dict[str, tuple[str | None, str]]
    """For each its own earliest time, if it has one, and when the queue looks at it."""


class TimesPut(View):
    """How many steps got another time."""

    count: int


class Reopen(IncomingId):
    """Which message needs a person again."""


@operation("gtm.mail.mark_done", writes=True, permission="crm.mail.manage")
def mark_done(ctx: Context, cmd: IncomingId) -> IncomingDetail:
    """Say that a message is dealt with: it leaves the list of today."""
    row = find_incoming(ctx, cmd.incoming_id)
    if not close(ctx, row):
        raise InvalidState("The message", row.state, "done")
    undo = Inverse("gtm.mail.reopen", {"incoming_id": row.id})
    ctx.record("gtm.mail.done", row.id, _about(row), undo=undo)
    return detail(ctx, find_incoming(ctx, row.id))


@operation("gtm.mail.reopen", writes=True, permission="crm.mail.manage")
def reopen(ctx: Context, cmd: Reopen) -> IncomingDetail:
    """Put a message back on the list of today."""
    row = find_incoming(ctx, cmd.incoming_id)
    if row.state != "done":
        raise InvalidState("The message", row.state, "open")
    _turn(ctx, row, "done", "open")
    undo = Inverse("gtm.mail.mark_done", {"incoming_id": row.id})
    ctx.record("gtm.mail.reopened", row.id, _about(row), undo=undo)
    return detail(ctx, find_incoming(ctx, row.id))


@operation("gtm.mail.assign", writes=True, permission="crm.mail.manage")
def assign(ctx: Context, cmd: AssignMail) -> IncomingDetail:
    """Say whose answer a message is: their sequences end as if it had come from their address."""
    row = find_incoming(ctx, cmd.incoming_id)
    if row.kind not in (MailKind.HUMAN.value, MailKind.UNKNOWN.value):
        raise InvalidState("The message", row.kind.replace("_", " "), "assigned")
    contact = find_contact(ctx, cmd.contact_id)
    said = RecordReply(contact_id=contact.id, text=row.own_words or row.text, subject=row.subject, sentiment=cmd.sentiment)  # fmt: skip
    ctx.call(record_reply, said)
    IncomingMail.update(
        contact_id=contact.id,
        kind=MailKind.HUMAN.value,
        linked_by=Link.BY_HAND.key,
        state="open",
        version=IncomingMail.version + 1,
        updated_at=ctx.now,
    ).where(IncomingMail.id == row.id).execute()
    ctx.record("gtm.mail.assigned", row.id, _about(row) | {"contact_id": contact.id, "name": label(contact)})  # fmt: skip
    return detail(ctx, find_incoming(ctx, row.id))


@operation("gtm.mail.wait_for_return", writes=True, permission="crm.sequences.manage")
def wait_for_return(ctx: Context, cmd: WaitForReturn) -> IncomingDetail:
    """Let the next step of somebody who is away wait for the morning of their return."""
    row = find_incoming(ctx, cmd.incoming_id)
    day = cmd.until or _named_day(row)
    if row.contact_id is None:
        raise InvalidInput("Nobody is known by this address. Assign the message first.")
    until = datetime.combine(day, _MORNING, ctx.zone).astimezone(UTC)
    if until <= ctx.now:
        raise InvalidInput(f"{day.isoformat()} is over. Name a later day.", field="until")
    before = _put(ctx, {one: (stamp(until), stamp(until)) for one in _next_steps(ctx, row.contact_id, until)})  # fmt: skip
    close(ctx, row)
    undo = Inverse("gtm.mail.put_times", {"times": before})
    ctx.record("gtm.mail.waiting", row.id, _about(row) | {"until": day.isoformat()}, undo=undo)
    return detail(ctx, find_incoming(ctx, row.id))


@operation("gtm.mail.put_times", writes=True, permission="crm.sequences.manage", internal=True)
def put_times(ctx: Context, cmd: PutTimes) -> TimesPut:
    """Give steps that wait the times back that they had."""
    before = _put(ctx, cmd.times)
    undo = Inverse("gtm.mail.put_times", {"times": before})
    ctx.record("gtm.mail.waiting", "", {"count": len(before)}, undo=undo)
    return TimesPut(count=len(before))


def close(ctx: Context, row: IncomingMail) -> bool:
    """Take a message off the list of today; false when it is not on it. Records no event."""
    return _turn(ctx, row, "open", "done")


def _turn(ctx: Context, row: IncomingMail, before: str, after: str) -> bool:
    query = IncomingMail.update(state=after, version=IncomingMail.version + 1, updated_at=ctx.now)
    return bool(query.where((IncomingMail.id == row.id) & (IncomingMail.state == before)).execute())


def _named_day(row: IncomingMail) -> date:
    named = row.verdict.get("resume_date")
    if not named:
        raise InvalidInput("The message names no day of return. Name one.", field="until")
    return date.fromisoformat(named)


def _next_steps(ctx: Context, contact_id: str, until: datetime) -> list[str]:
    """The waiting steps of a person that would come before they are back."""
    query = (
        Job.select(Job.id)
        .join(Enrollment, on=(Enrollment.job_id == Job.id))
        .where(
            (Enrollment.session_id == ctx.session_id)
            & (Enrollment.contact_id == contact_id)
            & Enrollment.status.in_(RUNNING)
            & (Job.state == "queued")
            & (Job.run_at < until)
        )
    )
    return [one for (one,) in tuples(query)]


def _put(
    ctx: Context, times: dict[str, tuple[str | None, str]]
) -> dict[str, tuple[str | None, str]]:
    """Write earliest times; those that stood there before."""
    before: dict[str, tuple[str | None, str]] = {}
    for job in Job.select().where(Job.id.in_(list(times)) & (Job.state == "queued")):
        mail = Mail.get_or_none(Mail.id == job.id)
        earliest = stamp(mail.not_before) if mail is not None and mail.not_before else None
        before[job.id] = (earliest, stamp(job.run_at))
        own, run_at = times[job.id]
        Job.update(run_at=run_at).where(Job.id == job.id).execute()
        if mail is not None and mail.state == "scheduled":
            Mail.update(not_before=own, updated_at=ctx.now).where(Mail.id == job.id).execute()
    return before


def _about(row: IncomingMail) -> dict[str, object]:
    return {"name": row.from_name or row.from_address, "subject": row.subject, "contact_id": row.contact_id}  # fmt: skip
