"""Whose mail it is: by its thread, by the mark in our address, by the sender's address; what is less sure is proposed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.companies.free_mail import is_free_mail
from rusvel_tui.engine.gtm.crm.merging.successors import successors
from rusvel_tui.engine.gtm.mail.classifying.verdict import Own
from rusvel_tui.engine.gtm.mail.incoming.links import SURE, Link
from rusvel_tui.engine.gtm.mail.ledger import LEFT
from rusvel_tui.engine.gtm.mail.reading.message import Parsed
from rusvel_tui.engine.models import Contact, ContactEmail, Mail
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.text import fold

_REPLY_MARKS = re.compile(r"^(?:(?:re|aw|sv|vs|odp|antw|res|rv|tr|wg|fwd?|ynt) ?: ?)+")
_ADDRESS = re.compile(r"([\w.!#$%&'*/=?^`{|}~-]+)\+([\w.-]+)@([\w.-]+)")


@dataclass(frozen=True, slots=True)
class Linked:
    """The contact and the mail of ours, as far as they are known, and how."""

    contact_id: str | None = None
    mail_id: str | None = None
    by: Link | None = None

    @property
    def sure(self) -> bool:
        return self.by in SURE


def link(ctx: Context, mail: Parsed, sender: str, reply_to: str, own: Own) -> Linked:
    """The first tie that holds, the surest first; who was merged meanwhile is whom they were merged with."""
    found = (
        _by_thread(ctx, reply_to, sender)
        or _by_mark(ctx, mail, own)
        or _by_address(ctx, sender)
        or _by_company(ctx, mail, sender)
        or Linked()
    )
    now = successors([found.contact_id]) if found.contact_id else {}
    return replace(found, contact_id=now.get(found.contact_id or "", found.contact_id))


def _by_thread(ctx: Context, message_id: str, sender: str) -> Linked | None:
    """The contact of our mail; of one that went to an address alone, who has the sender's by now."""
    row = _mail(ctx, Mail.message_id == message_id) if message_id else None
    if row is None:
        return None
    by_address = None if row.contact_id else _by_address(ctx, sender)
    contact = by_address.contact_id if by_address else row.contact_id
    return Linked(contact, row.id, Link.THREAD)


def _by_mark(ctx: Context, mail: Parsed, own: Own) -> Linked | None:
    """One of our addresses with the id of a mail behind the plus, as a Reply-To may have had it."""
    for name in ("to", "cc", "delivered-to", "x-original-to"):
        for value in mail.all(name):
            for local, mark, domain in _ADDRESS.findall(value):
                if f"{local}@{domain}".lower() in own.addresses:
                    row = _mail(ctx, Mail.id == mark)
                    if row is not None:
                        return Linked(row.contact_id, row.id, Link.MARK)
    return None


def _by_address(ctx: Context, sender: str) -> Linked | None:
    """The contact with that address, else the one whose address differs in what stands behind a plus."""
    if not sender:
        return None
    found = _contacts(ctx, ContactEmail.key == sender)
    if found:
        return Linked(found[0], None, Link.ADDRESS)
    bare = _bare(sender)
    local, _, domain = bare.partition("@")
    pattern = f"{_escaped(local)}%@{_escaped(domain)}"
    like = ContactEmail.key ** (pattern)
    query = ContactEmail.select(ContactEmail.contact_id, ContactEmail.key).where(
        (ContactEmail.session_id == ctx.session_id) & like & ContactEmail.deleted_at.is_null()
    )
    ids = list(dict.fromkeys(one for one, key in tuples(query.limit(50)) if _bare(key) == bare))
    return Linked(ids[0], None, Link.ALIAS) if len(ids) == 1 else None


def _by_company(ctx: Context, mail: Parsed, sender: str) -> Linked | None:
    """Somebody else of a firm that we wrote to, under the subject of our mail: proposed, never joined."""
    domain = sender.rpartition("@")[2]
    subject = bare_subject(mail.header("subject"))
    if not domain or not subject:
        return None
    sent = Mail.select(Mail.id, Mail.contact_id, Mail.subject, Mail.recipient_key).where(
        (Mail.session_id == ctx.session_id)
        & Mail.state.in_(LEFT)
        & Mail.contact_id.is_null(False)
        & (Mail.recipient_key.endswith(f"@{domain}"))
    )
    if is_free_mail(domain):
        sent = sent.where(Mail.recipient_key == sender)
    rows = tuples(sent.order_by(Mail.sent_at.desc()).limit(200))
    for mail_id, contact_id, ours, key in rows:
        if bare_subject(ours) == subject:
            by = Link.SUBJECT if key == sender else Link.COMPANY
            return Linked(contact_id, mail_id, by)
    return None


def bare_subject(subject: str) -> str:
    """A subject without the marks of answers, folded."""
    return _REPLY_MARKS.sub("", fold(subject)).strip()


def _mail(ctx: Context, which: object) -> Mail | None:
    found: Mail | None = Mail.get_or_none((Mail.session_id == ctx.session_id) & which)
    return found


def _contacts(ctx: Context, which: object) -> list[str]:
    query = (
        ContactEmail.select(ContactEmail.contact_id)
        .join(Contact, on=(Contact.id == ContactEmail.contact_id))
        .where(
            (ContactEmail.session_id == ctx.session_id)
            & which
            & ContactEmail.deleted_at.is_null()
            & Contact.deleted_at.is_null()
        )
    )
    return [one for (one,) in tuples(query)]


def _bare(address: str) -> str:
    local, _, domain = address.partition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
