"""Reads the facts of a mail that `decide` judges."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from rusvel_tui.engine import clock
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.outreach.decide import Facts
from rusvel_tui.engine.models import (
    Contact,
    ContactEmail,
    Enrollment,
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
    """Everything that decides whether this mail may leave now."""
    contact = Contact.get_by_id(mail.contact_id)
    enrollment = Enrollment.get_by_id(mail.enrollment_id)
    sequence = Sequence.get_by_id(mail.sequence_id)
    state = sender_state(ctx)
    day, next_day = _local_day(ctx)
    return Facts(
        contact_there=contact.deleted_at is None,
        addresses=usable_keys(mail.contact_id),
        recipient_key=mail.recipient_key,
        suppressed=is_suppressed(mail.session_id, mail.recipient_key),
        enrollment=enrollment.status,
        sequence=sequence.status,
        sender=sender_of(ctx)[1],
        mail_from=mail.from_address,
        mailer=ctx.policy.mailer,
        paused=state.reason if state.paused else "",
        retry_at=state.retry_at,
        sent_today=_sent_since(ctx, day),
        daily_cap=ctx.policy.daily_cap,
        next_day=next_day,
        last_intent=_last_intent(ctx),
        min_gap=_seconds(ctx.policy.min_gap_seconds),
    )


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


def _local_day(ctx: Context) -> tuple[datetime, datetime]:
    """The beginning and the end of today in the session's zone."""
    midnight = datetime.combine(ctx.now.astimezone(ctx.zone).date(), time(), ctx.zone)
    return midnight, clock.add_days(midnight, 1, ctx.zone)


def _sent_since(ctx: Context, start: datetime) -> int:
    if ctx.policy.daily_cap is None:
        return 0
    return int(
        Mail.select().where((Mail.session_id == ctx.session_id) & (Mail.intent_at >= start)).count()
    )


def _last_intent(ctx: Context) -> datetime | None:
    if ctx.policy.min_gap_seconds is None:
        return None
    row = (
        Mail.select(Mail.intent_at)
        .where((Mail.session_id == ctx.session_id) & Mail.intent_at.is_null(False))
        .order_by(Mail.intent_at.desc())
        .first()
    )
    return None if row is None else row.intent_at


def _seconds(value: int | None) -> timedelta | None:
    return None if value is None else timedelta(seconds=value)
