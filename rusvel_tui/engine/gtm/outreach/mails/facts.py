"""Reads the facts of a mail that `decide` judges."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, TypedDict

from rusvel_tui.engine import jobs
from rusvel_tui.engine.clock import moment
from rusvel_tui.engine.context import Context, Policy
from rusvel_tui.engine.gtm.approvals.sources import refusal, source_kind
from rusvel_tui.engine.gtm.crm.people.suppression_keys import keys_of
from rusvel_tui.engine.gtm.crm.people.zones import Zone, contact_zone
from rusvel_tui.engine.gtm.outreach.timing.decide import Facts
from rusvel_tui.engine.gtm.outreach.timing.limits import Sender, gap_of, load_limits
from rusvel_tui.engine.gtm.outreach.timing.schedules import send_times
from rusvel_tui.engine.gtm.outreach.timing.send_times import SendTimes
from rusvel_tui.engine.gtm.senders.identity import (
    ALL_SENDING,
    Identity,
    identity_of,
    session_identity,
    state_keys,
)
from rusvel_tui.engine.models import (
    Contact,
    ContactEmail,
    Enrollment,
    Job,
    Mail,
    SenderState,
    Sequence,
    Suppression,
)
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.models.kept import any_of, kept

SENDER = ALL_SENDING


def load_facts(ctx: Context, mail: Mail) -> Facts:
    """Everything that decides whether this mail may leave now; so many queries, whatever there is."""
    whose = _of_source(ctx, mail) if mail.source_kind else _of_step(ctx, mail)
    times = whose["times"]
    identity = identity_of(ctx, mail)
    paused, retry_at = trouble_of(identity)
    paused = paused or missing_account(ctx.policy, identity)
    policy = own_policy(ctx.policy, identity)
    sender = Sender(ctx.session_id, identity.address, ctx.zone)
    planned, undo = _planned(mail)
    gap = gap_of(policy, times.schedule)
    return Facts(
        recipient_key=mail.recipient_key,
        sender=sender.address,
        mail_from=mail.from_address,
        mailer=ctx.policy.mailer,
        paused=paused,
        retry_at=retry_at,
        planned=planned,
        undo=undo,
        due=mail.due_at,
        chosen=mail.not_before,
        limits=()
        if mail.source_kind
        else load_limits(sender, policy, times.schedule, mail, ctx.now),
        last_intent=sender.last_intent() if gap else None,
        **gap,
        **whose,
    )


class Whose(TypedDict):
    """The facts about the person, and about what asked for the mail."""

    contact_there: bool
    addresses: frozenset[str]
    suppressed: bool
    enrollment: str
    sequence: str
    times: SendTimes


def _of_step(ctx: Context, mail: Mail) -> Whose:
    contact, sequence = Contact.get_by_id(mail.contact_id), Sequence.get_by_id(mail.sequence_id)
    return Whose(
        contact_there=contact.deleted_at is None,
        addresses=usable_keys(contact.id),
        suppressed=is_suppressed(mail.session_id, mail.recipient_key),
        enrollment=Enrollment.get_by_id(mail.enrollment_id).status,
        sequence=sequence.status,
        times=send_times(ctx, sequence.id, contact, str(mail.enrollment_id), mail.step_key),
    )


def _of_source(ctx: Context, mail: Mail) -> Whose:
    """Of a mail that no sequence asked for: it goes to the address that was chosen, at any time, outside the caps."""
    contact = Contact.get_by_id(mail.contact_id) if mail.contact_id else None
    usual = Zone(ctx.session.timezone, "session")
    zone = contact_zone(contact, ctx.session) if contact else usual
    return Whose(
        contact_there=contact is None or contact.deleted_at is None,
        addresses=frozenset((mail.recipient_key,)),
        suppressed=bool(closed(mail)),
        enrollment="",
        sequence="",
        times=SendTimes(zone=zone.name, origin=zone.origin),
    )


def closed(mail: Mail) -> str:
    """Why nobody writes to the address of a mail that no sequence asked for; empty when somebody may.

    What is owed to a customer, an invoice or an answer, may go to who wants no offers, but not to a dead address.
    """
    domain = "@" + mail.recipient_key.rpartition("@")[2]
    of_session = Suppression.session_id == mail.session_id
    listed = Suppression.select(Suppression.reason).where(
        of_session & Suppression.key.in_((mail.recipient_key, domain))
    )
    reasons = [reason for (reason,) in tuples(listed)]
    known = ContactEmail.select(ContactEmail.invalid_at, ContactEmail.opted_out_at).where(
        (ContactEmail.session_id == mail.session_id) & (ContactEmail.key == mail.recipient_key)
    )
    for invalid, opted_out in tuples(known.where(ContactEmail.deleted_at.is_null())):
        reasons += ["bounced"] if invalid else ["unsubscribed"] if opted_out else []
    if source_kind(mail.source_kind).owed:
        reasons = [reason for reason in reasons if reason.startswith("bounced")]
    return reasons[0] if reasons else refusal(mail)


def _planned(mail: Mail) -> tuple[datetime | None, bool]:
    """When the worker looks at a mail with a yes, and whether that is when it can no longer be taken back."""
    if mail.state not in ("approved", "sending"):
        return None, False
    job = Job.get_by_id(mail.id)
    return job.run_at, jobs.in_undo_window(job)


def sender_of(ctx: Context, sequence_id: str | None = None) -> tuple[str, str]:
    """Name and address that the session, or a sequence of it, writes from; the setting fills in for the address."""
    identity = session_identity(ctx, sequence_id)
    return identity.name, identity.address


def own_policy(policy: Policy, identity: Identity) -> Policy:
    """The policy with the caps that the sender has of its own."""
    cap, gap = identity.daily_cap, identity.min_gap_seconds
    return replace(
        policy,
        daily_cap=policy.daily_cap if cap is None else cap,
        min_gap_seconds=policy.min_gap_seconds if gap is None else gap,
    )


def missing_account(policy: Policy, identity: Identity) -> str:
    """Why the sender's mail account cannot be used; empty when it can."""
    known = policy.mail_accounts
    if not identity.account or known is None or identity.account in known:
        return ""
    return f"there is no mail account {identity.account!r} in the settings"


def trouble_of(identity: Identity) -> tuple[str, datetime | None]:
    """Why the sender is paused, and until when its server is left alone; one query."""
    rows = _states(state_keys(identity.sender_id, identity.account))
    reasons = [reason for paused, reason, _ in rows if paused]
    waits = [moment(retry_at) for *_, retry_at in rows if retry_at is not None]
    return (reasons[0] if reasons else ""), max(waits, default=None)


@kept
def _states(keys: Any) -> Any:
    columns = (SenderState.paused, SenderState.reason, SenderState.retry_at)
    return SenderState.select(*columns).where(any_of(SenderState.id, keys))


def sender_state(ctx: Context) -> SenderState:
    """Whether sending is paused; a row that is not there means that nothing ever went wrong."""
    found: SenderState = SenderState.find(SENDER) or SenderState(id=SENDER, updated_at=ctx.now)
    return found


def usable_keys(contact_id: str) -> frozenset[str]:
    """The keys of the addresses that are neither opted out nor known to be dead."""
    return frozenset(key for (key,) in _usable_keys(contact_id))


@kept
def _usable_keys(contact_id: Any) -> Any:
    return ContactEmail.select(ContactEmail.key).where(
        (ContactEmail.contact_id == contact_id)
        & ContactEmail.deleted_at.is_null()
        & ContactEmail.opted_out_at.is_null()
        & ContactEmail.invalid_at.is_null()
    )


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
    """Whether the address, its whole domain, or whoever had it must not be written to."""
    return bool(_suppressions(session_id, keys_of(key)))


@kept
def _suppressions(session_id: Any, keys: Any) -> Any:
    of_session = Suppression.session_id == session_id
    return Suppression.select(Suppression.key).where(of_session & any_of(Suppression.key, keys))
