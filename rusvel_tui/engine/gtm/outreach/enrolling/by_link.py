"""Unsubscribing by the link in a mail (RFC 8058): whoever holds it may be anybody, and can only ask to be left alone.

The link names its mail by id: 74 random bits that stand in that mail alone. It works in whatever session the mail is of.
"""

from __future__ import annotations

from pydantic import Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import NotFound
from rusvel_tui.engine.gtm.crm.people.suppression import Suppress, suppress
from rusvel_tui.engine.gtm.outreach.enrolling.answers import Unsubscribe, unsubscribe
from rusvel_tui.engine.models import Contact, Mail
from rusvel_tui.engine.operation import Input, View, operation

REASON = "unsubscribed by link"


class LinkToken(Input):
    """What stands in the link."""

    token: str = Field(min_length=1, max_length=100)


class LinkedMail(View):
    """Which mail the link is of."""

    mail_id: str
    session_id: str
    address: str


class LeftAlone(View):
    """Who is not written to any more."""

    address: str


@operation("gtm.outreach.find_link", permission="crm.sequences.read", internal=True)
def find_link(ctx: Context, cmd: LinkToken) -> LinkedMail:
    """Find the mail that an unsubscribe link stands in, in any session."""
    mail: Mail | None = Mail.find(cmd.token)
    if mail is None or mail.intent_at is None:
        raise NotFound("This link is not known here.")
    return LinkedMail(mail_id=mail.id, session_id=mail.session_id, address=mail.to_address)


@operation(
    "gtm.outreach.unsubscribe_by_link",
    writes=True,
    permission="crm.sequences.manage",
    internal=True,
)
def unsubscribe_by_link(ctx: Context, cmd: LinkToken) -> LeftAlone:
    """Write no more to the recipient of a mail, as its link asks; a second time changes nothing."""
    mail: Mail | None = Mail.find(cmd.token)
    if mail is None or mail.intent_at is None or mail.session_id != ctx.session_id:
        raise NotFound("This link is not known here.")
    if mail.contact_id and _lives(mail.contact_id):
        ctx.call(unsubscribe, Unsubscribe(contact_id=mail.contact_id, reason=REASON))
    ctx.call(suppress, Suppress(address=mail.to_address, reason=REASON, source="link"))
    return LeftAlone(address=mail.to_address)


def _lives(contact_id: str) -> bool:
    contact: Contact | None = Contact.find(contact_id)
    return contact is not None and contact.deleted_at is None
