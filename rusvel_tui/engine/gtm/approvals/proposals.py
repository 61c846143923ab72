"""The door for mails that no sequence asked for: written by a person, an invoice, an answer. They wait for a yes like all."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from rusvel_tui.engine import jobs
from rusvel_tui.engine.addresses import parse_address
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Conflict, InvalidInput, InvalidState
from rusvel_tui.engine.gtm.approvals.boxes import ApprovalId, ApprovalView, view
from rusvel_tui.engine.gtm.approvals.files import file_name
from rusvel_tui.engine.gtm.approvals.sources import source_kind, tell
from rusvel_tui.engine.gtm.outreach.mails.draft_versions import keep_draft
from rusvel_tui.engine.gtm.outreach.mails.envelope import (
    addressed,
    put_sender,
    source_problems,
)
from rusvel_tui.engine.gtm.outreach.mails.facts import primary_email
from rusvel_tui.engine.gtm.outreach.mails.letters import remarks
from rusvel_tui.engine.gtm.outreach.mails.mail_states import find_mail, move_mail, spoken_state
from rusvel_tui.engine.gtm.outreach.sequences.steps import StepType
from rusvel_tui.engine.gtm.senders.identity import identity_of
from rusvel_tui.engine.models import Attachment, Contact, Deal, Mail
from rusvel_tui.engine.operation import Input, operation
from rusvel_tui.engine.text import one_line, sanitize
from rusvel_tui.engine.undo import take_back_otherwise
from rusvel_tui.engine.when_text import When, parse_when


class AttachedFile(Input):
    """A file that goes along: its name for the recipient, and the SHA-256 that `files.keep_file` answered."""

    name: str = Field(min_length=1, max_length=200)
    sha256: str = Field(min_length=64, max_length=64)


class ProposeMail(Input):
    """A mail that shall wait in the inbox. Recipient: a contact, an address, or both."""

    source_kind: str = "manual"
    """Who asks: a name of `approvals.sources`."""
    source_id: str = ""
    """About what: the id of the invoice, of the message that is answered."""
    occasion: str = ""
    """Which of several mails about it: `reminder 2`. One mail for each, unless it was rejected."""
    contact_id: str | None = None
    to: str = ""
    """The address; the contact's first usable one when left out."""
    to_name: str = ""
    deal_id: str | None = None
    subject: str = ""
    body: str = ""
    attachments: tuple[AttachedFile, ...] = ()
    in_reply_to: str = ""
    """The Message-ID that it answers, with its angle brackets."""
    references: tuple[str, ...] = ()
    """The Message-IDs of the thread, oldest first."""
    not_before: When = ""
    """The earliest time at which it may leave: `tomorrow 9:00`, or an exact moment."""
    note: str = ""
    """What the person should know before the verdict; it is not part of the mail."""
    drafted_by: str = ""
    """Who wrote the text; the actor when left out."""


@operation("gtm.approvals.propose", writes=True, permission="crm.approvals.manage")
def propose_mail(ctx: Context, cmd: ProposeMail) -> ApprovalView:
    """Put a mail into the inbox: it leaves after a yes, once, like the mails of a sequence.

    From inside another operation: `ctx.call(propose_mail, ProposeMail(...))`, in the same transaction. What is wrong
    with it (no address, an empty subject) stands in `problems` and keeps it from being approved; only a second mail
    for the same source and occasion is refused with `Conflict`. What becomes of it is told to the source's module.
    """
    source_kind(cmd.source_kind)
    job = jobs.enqueue(ctx, "MailSend", {"source": cmd.source_kind}, run_at=ctx.now)
    jobs.hold_for_approval(job.id)
    mail = _mail(ctx, cmd, job.id)
    _refuse_second(ctx, mail)
    errors, mail.warnings = remarks(ctx, mail)
    mail.problems = [*errors, *source_problems(mail)]
    stored = addressed(mail)  # the digest covers what stands in the row
    Mail.insert(**(mail.__data__ | stored)).execute()
    keep_draft(ctx, mail, mail.drafted_by)
    payload = {
        "name": mail.to_name or mail.to_address,
        "subject": mail.subject,
        "contact_id": mail.contact_id,
        "source": mail.source_kind,
        "by": mail.drafted_by,
    }
    undo = Inverse("gtm.approvals.withdraw", {"id": mail.id})
    ctx.record("gtm.outreach.proposed", mail.id, payload, undo=undo)
    return view(ctx, find_mail(ctx, mail.id))


def _mail(ctx: Context, cmd: ProposeMail, mail_id: str) -> Mail:
    """The ledger row, held and not written yet."""
    contact = _contact(ctx, cmd.contact_id)
    _require_deal(ctx, cmd.deal_id)
    address = _address(ctx, cmd, contact)
    text: dict[str, Any] = {"subject": one_line(cmd.subject), "body": sanitize(cmd.body).strip()}
    mail = Mail(
        id=mail_id,
        session_id=ctx.session_id,
        contact_id=contact.id if contact else None,
        deal_id=cmd.deal_id,
        source_kind=cmd.source_kind,
        source_id=cmd.source_id or mail_id,
        occasion=one_line(cmd.occasion),
        note=sanitize(cmd.note).strip(),
        not_before=_moment(ctx, cmd.not_before),
        step_type=StepType.EMAIL_MANUAL.value,
        recipient_key=address.lower(),
        to_name=one_line(cmd.to_name) or (contact.name if contact else ""),
        to_address=address,
        **text,
        first_subject=text["subject"],
        first_body=text["body"],
        attachments=_attached(ctx, cmd.attachments),
        state="held",
        drafted_by=one_line(cmd.drafted_by) or ctx.actor.name,
        drafted_at=ctx.now,
        in_reply_to=cmd.in_reply_to,
        references=list(cmd.references),
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    put_sender(mail, identity_of(ctx, mail))
    mail.message_id = _message_id(mail_id, mail.from_address)
    return mail


def _moment(ctx: Context, text: str) -> datetime | None:
    return parse_when(text, ctx.now, ctx.zone, field="not_before") if text else None


def _contact(ctx: Context, contact_id: str | None) -> Contact | None:
    if contact_id is None:
        return None
    found: Contact | None = Contact.get_or_none(
        (Contact.id == contact_id)
        & (Contact.session_id == ctx.session_id)
        & Contact.deleted_at.is_null()
    )
    if found is None:
        raise InvalidInput("There is no such contact.", field="contact_id")
    return found


def _require_deal(ctx: Context, deal_id: str | None) -> None:
    known = (Deal.id == deal_id) & (Deal.session_id == ctx.session_id) & Deal.deleted_at.is_null()
    if deal_id is not None and not Deal.select().where(known).exists():
        raise InvalidInput("There is no such deal.", field="deal_id")


def _address(ctx: Context, cmd: ProposeMail, contact: Contact | None) -> str:
    """The address as stored: the one that was named, or the contact's; empty when there is none."""
    if cmd.to:
        return parse_address(cmd.to).address
    if contact is None:
        raise InvalidInput("To whom? Name a contact or an address.", field="to")
    email = primary_email(ctx, contact.id)
    return email.address if email else ""


def _attached(ctx: Context, files: tuple[AttachedFile, ...]) -> list[list[str]]:
    """The names and digests as the ledger keeps them; raises `InvalidInput` for bytes that are not here."""
    kept = Attachment.select(Attachment.sha256).where(
        (Attachment.session_id == ctx.session_id)
        & Attachment.sha256.in_([file.sha256 for file in files])
    )
    there = {row.sha256 for row in kept} if files else set()
    for file in files:
        if file.sha256 not in there:
            raise InvalidInput(
                f"The bytes of {file.name!r} are not kept here.", field="attachments"
            )
    return [[file_name(file.name), file.sha256] for file in files]


def _message_id(mail_id: str, from_address: str) -> str:
    domain = from_address.rpartition("@")[2] or "rusvel.invalid"
    return f"<{mail_id}.0@{domain.encode('idna').decode()}>"


def _refuse_second(ctx: Context, mail: Mail) -> None:
    """One mail for each source and occasion: who proposes it twice is told."""
    other = Mail.get_or_none(
        (Mail.session_id == ctx.session_id)
        & (Mail.source_kind == mail.source_kind)
        & (Mail.source_id == mail.source_id)
        & (Mail.occasion == mail.occasion)
        & (Mail.state != "cancelled")
    )
    if other is not None:
        state = spoken_state(other.state)
        raise Conflict(f"There is such a mail already, {state}: {other.subject!r}.")


@operation("gtm.approvals.withdraw", writes=True, permission="crm.approvals.manage")
def withdraw(ctx: Context, cmd: ApprovalId) -> ApprovalView:
    """Take a mail that no sequence asked for out of the inbox, while it has not begun to leave."""
    mail = find_mail(ctx, cmd.id)
    if not mail.source_kind:
        raise Conflict(
            "This mail is a step of a sequence. Reject it: that says what becomes of it."
        )
    values = {"approved_digest": None, "updated_at": ctx.now, "error": "withdrawn"}
    bytes_ = {"raw": None, "raw_sha256": None}
    if not move_mail(mail.id, ("held", "approved"), "cancelled", **values, **bytes_):
        raise InvalidState("The mail", spoken_state(mail.state), "Withdrawn", "It is too late.")
    jobs.move(mail.id, ("awaiting_approval", "queued"), "cancelled", finished_at=ctx.now)
    take_back_otherwise(ctx, "gtm.outreach.approved", "gtm.outreach.unapproved", mail.id, {})
    undo = Inverse("gtm.approvals.restore", {"id": mail.id})
    name = mail.to_name or mail.to_address
    ctx.record(
        "gtm.outreach.withdrawn", mail.id, {"name": name, "subject": mail.subject}, undo=undo
    )
    return view(ctx, find_mail(ctx, mail.id))


@operation("gtm.approvals.restore", writes=True, permission="crm.approvals.manage", internal=True)
def restore(ctx: Context, cmd: ApprovalId) -> ApprovalView:
    """Bring a mail back into the inbox that was withdrawn or rejected; it waits for a verdict again."""
    mail = find_mail(ctx, cmd.id)
    if mail.source_kind:
        _refuse_second(ctx, mail)
    if not mail.source_kind or not move_mail(
        mail.id, ("cancelled",), "held", updated_at=ctx.now, error=""
    ):
        raise InvalidState("The mail", spoken_state(mail.state), "Held")
    jobs.move(mail.id, ("cancelled",), "awaiting_approval", finished_at=None, error="")
    tell(ctx, mail, "restored")
    undo = Inverse("gtm.approvals.withdraw", {"id": mail.id})
    ctx.record(
        "gtm.outreach.restored", mail.id, {"name": mail.to_name or mail.to_address}, undo=undo
    )
    return view(ctx, find_mail(ctx, mail.id))
