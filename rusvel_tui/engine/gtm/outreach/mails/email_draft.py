"""A mail drafted for somebody: it waits in the inbox like every other, and leaves after a yes."""

from __future__ import annotations

from typing import NamedTuple

from pydantic import Field

from rusvel_tui.engine.addresses import parse_address
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict, InvalidInput
from rusvel_tui.engine.gtm.approvals.boxes import ApprovalView, view
from rusvel_tui.engine.gtm.approvals.proposals import ProposeMail, propose_mail
from rusvel_tui.engine.gtm.crm.deals.deal_rows import find_deal
from rusvel_tui.engine.gtm.crm.people.people import find_contact, label
from rusvel_tui.engine.gtm.outreach.mails.facts import is_suppressed, primary_email
from rusvel_tui.engine.gtm.outreach.mails.mail_states import MailState
from rusvel_tui.engine.models import Contact, ContactEmail, Mail
from rusvel_tui.engine.operation import HeldInput, View, operation

_SOURCE = "assistant"
MOST_WAITING = 25
"""Drafts of a program that may wait at once: whoever talks it into more finds the inbox closed."""


class CreateEmailDraft(HeldInput):
    """A mail to a contact, to the contact of a deal, or to an address; name one of them."""

    subject: str = Field(min_length=1, max_length=500)
    body: str = Field(min_length=1, max_length=50_000)
    deal_id: str = ""
    """The deal that it is about; its contact is the recipient unless another one is named."""
    contact_id: str = ""
    recipient_email: str = ""
    """One of the contact's addresses; the first usable one when left out."""


class EmailDrafted(View):
    """The draft, and where it waits."""

    activity_id: str
    """The mail: what the inbox and `gtm.approvals.show` know it by."""
    message: str
    to_name: str
    to_address: str
    subject: str
    state: str
    problems: tuple[str, ...]
    """What keeps it from being approved."""
    warnings: tuple[str, ...]


class _Recipient(NamedTuple):
    """To whom; the contact is empty for an address that belongs to nobody here."""

    contact_id: str | None
    address: str


@operation(
    "gtm.outreach.create_email_draft", writes=True, permission="crm.approvals.manage", held=True
)
def create_email_draft(ctx: Context, cmd: CreateEmailDraft) -> EmailDrafted:
    """Draft a mail to a contact, to the contact of a deal or to an address; it waits in the inbox, nothing is sent."""
    if cmd.key and (before := _drafted(ctx, cmd.key)):
        return _answer(view(ctx, before))
    _require_room(ctx)
    to = _recipient(ctx, cmd)
    wanted = ProposeMail(
        source_kind=_SOURCE,
        source_id=cmd.key,
        contact_id=to.contact_id,
        to=to.address,
        deal_id=cmd.deal_id or None,
        subject=cmd.subject,
        body=cmd.body,
    )
    return _answer(ctx.call(propose_mail, wanted))


def _require_room(ctx: Context) -> None:
    """A program does not fill the inbox."""
    mine = (Mail.session_id == ctx.session_id) & (Mail.source_kind == _SOURCE)
    waiting = mine & (Mail.state == "held") & (Mail.drafted_by == ctx.actor.name)
    if not ctx.actor.human and Mail.select().where(waiting).count() >= MOST_WAITING:
        text = (
            f"{MOST_WAITING} drafts wait in the inbox already. The person decides about them first."
        )
        raise Conflict(text)


def _drafted(ctx: Context, key: str) -> Mail | None:
    """What was drafted under this key, whatever became of it."""
    mine = (Mail.session_id == ctx.session_id) & (Mail.source_kind == _SOURCE)
    found: Mail | None = Mail.select().where(mine & (Mail.source_id == key)).first()
    return found


def _recipient(ctx: Context, cmd: CreateEmailDraft) -> _Recipient:
    deal = find_deal(ctx, cmd.deal_id) if cmd.deal_id else None
    contact_id = cmd.contact_id or (deal.contact_id if deal else "")
    address = parse_address(cmd.recipient_email).address if cmd.recipient_email else ""
    if not contact_id and not address:
        text = "To whom? Name a contact, a deal or an address."
        raise InvalidInput(text, field="contact_id")
    to = _known(ctx, contact_id, address) if contact_id else _holder(ctx, address)
    if is_suppressed(ctx.session_id, to.address.lower()):
        raise Conflict(f"{to.address} must not be written to: it is on the suppression list.")
    return to


def _known(ctx: Context, contact_id: str, address: str) -> _Recipient:
    """A contact, at their first usable address or at the one of theirs that is named."""
    contact = find_contact(ctx, contact_id)
    if not address:
        first = primary_email(ctx, contact.id)
        if first is None:
            text = f"{label(contact)} has no address that may be written to. Add one first."
            raise InvalidInput(text, field="contact_id")
        return _Recipient(contact.id, str(first.address))
    row = _row(ctx, address, contact.id)
    if row is None:
        text = (
            f"{address} is no address of {label(contact)}. Leave it out, or add it to them first."
        )
        raise InvalidInput(text, field="recipient_email")
    _require_usable(row)
    return _Recipient(contact.id, str(row.address))


def _holder(ctx: Context, address: str) -> _Recipient:
    """Whoever has the address. A program writes to people who are known; a person to anybody."""
    row = _row(ctx, address)
    if row is not None:
        _require_usable(row)
        return _Recipient(row.contact_id, str(row.address))
    if not ctx.actor.human:
        text = f"Nobody here has the address {address}. Add the contact first, then draft the mail."
        raise InvalidInput(text, field="recipient_email")
    return _Recipient(None, address)


def _row(ctx: Context, address: str, contact_id: str = "") -> ContactEmail | None:
    rows = (
        ContactEmail.select()
        .join(Contact, on=(Contact.id == ContactEmail.contact_id))
        .where(
            (ContactEmail.session_id == ctx.session_id)
            & (ContactEmail.key == parse_address(address).key)
            & ContactEmail.deleted_at.is_null()
            & Contact.deleted_at.is_null()
        )
    )
    if contact_id:
        rows = rows.where(ContactEmail.contact_id == contact_id)
    found: ContactEmail | None = rows.first()
    return found


def _require_usable(row: ContactEmail) -> None:
    if row.opted_out_at or row.invalid_at:
        why = "asked not to be written to" if row.opted_out_at else "does not exist any more"
        raise Conflict(f"{row.address} must not be written to: it {why}.")


def _answer(mail: ApprovalView) -> EmailDrafted:
    to, state = mail.to_name or mail.to, mail.state.value.lower()
    said = f"The draft to {to} is {state}."
    if mail.state is MailState.HELD:
        said = f"The draft to {to} waits in the inbox for a yes. Nothing was sent."
    return EmailDrafted(
        activity_id=mail.id,
        message=said,
        to_name=mail.to_name,
        to_address=mail.to,
        subject=mail.subject,
        state=mail.state.value,
        problems=mail.problems,
        warnings=mail.warnings,
    )
