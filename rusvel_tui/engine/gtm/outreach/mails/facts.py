"""Reads the facts of a mail that `decide` judges."""

from __future__ import annotations

from datetime import datetime

from rusvel_tui.engine import jobs
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.outreach.timing.decide import Facts
from rusvel_tui.engine.gtm.outreach.timing.limits import Sender, gap_of, load_limits
from rusvel_tui.engine.gtm.outreach.timing.schedules import send_times
from rusvel_tui.engine.models import (
    Contact,
    ContactEmail,
    Enrollment,
    Job,
    Mail,
    SenderState,
    Sequence,
    Session,
    Suppression,
)
from rusvel_tui.engine.models.base import tuples

SENDER = "sender"
"""The id of the one row of `sender_state`."""


def load_facts(ctx: Context, mail: Mail) -> Facts:
    """Everything that decides whether this mail may leave now; so many queries, whatever there is."""
    contact = Contact.get_by_id(mail.contact_id)
    times = send_times(ctx, mail.sequence_id, contact, mail.enrollment_id, mail.step_key)
    state = sender_state(ctx)
    sender = Sender(ctx.session_id, sender_of(ctx)[1], ctx.zone)
    planned, undo = _planned(mail)
    gap = gap_of(ctx.policy, times.schedule)
    return Facts(
        contact_there=contact.deleted_at is None,
        addresses=usable_keys(mail.contact_id),
        recipient_key=mail.recipient_key,
        suppressed=is_suppressed(mail.session_id, mail.recipient_key),
        enrollment=Enrollment.get_by_id(mail.enrollment_id).status,
        sequence=Sequence.get_by_id(mail.sequence_id).status,
        sender=sender.address,
        mail_from=mail.from_address,
        mailer=ctx.policy.mailer,
        paused=state.reason if state.paused else "",
        retry_at=state.retry_at,
        planned=planned,
        undo=undo,
        due=mail.due_at,
        times=times,
        limits=load_limits(sender, ctx.policy, times.schedule, mail, ctx.now),
        last_intent=sender.last_intent() if gap else None,
        **gap,
    )


def _planned(mail: Mail) -> tuple[datetime | None, bool]:
    """When the worker looks at a mail with a yes, and whether that is when it can no longer be taken back."""
    if mail.state not in ("approved", "sending"):
        return None, False
    job = Job.get_by_id(mail.id)
    return job.run_at, jobs.in_undo_window(job)


def sender_of(ctx: Context) -> tuple[str, str]:
    """Name and address that the session writes from; the setting fills in for the address."""
    session: Session = ctx.session
    return session.sender_name, session.sender_email or ctx.policy.mail_from


def sender_state(ctx: Context) -> SenderState:
    """Whether sending is paused; a row that is not there means that nothing ever went wrong."""
    found: SenderState = SenderState.get_or_none(SenderState.id == SENDER) or SenderState(
        id=SENDER, updated_at=ctx.now
    )
    return found


def usable_keys(contact_id: str) -> frozenset[str]:
    """The keys of the addresses that are neither opted out nor known to be dead."""
    query = ContactEmail.select(ContactEmail.key).where(
        (ContactEmail.contact_id == contact_id)
        & ContactEmail.deleted_at.is_null()
        & ContactEmail.opted_out_at.is_null()
        & ContactEmail.invalid_at.is_null()
    )
    return frozenset(key for (key,) in tuples(query))


def primary_email(ctx: Context, contact_id: str) -> ContactEmail | None:
    """The first address of a contact that may be written to."""
    usable = (
        ContactEmail.select()
        .where(
            (ContactEmail.contact_id == contact_id)
            & ContactEmail.deleted_at.is_null()
            & ContactEmail.opted_out_at.is_null()
            & ContactEmail.invalid_at.is_null()
        )
        .order_by(ContactEmail.position)
    )
    found: ContactEmail | None = next(
        (row for row in usable if not is_suppressed(ctx.session_id, row.key)), None
    )
    return found


def is_suppressed(session_id: str, key: str) -> bool:
    """Whether the address or its whole domain must not be written to."""
    domain = "@" + key.rpartition("@")[2]
    found = Suppression.select().where(
        (Suppression.session_id == session_id) & Suppression.key.in_((key, domain))
    )
    return bool(found.exists())
