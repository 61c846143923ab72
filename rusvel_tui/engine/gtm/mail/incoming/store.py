"""The message as it came: stored once, in the session that it concerns, before anything is made of it."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.people.erasing import erased_identity
from rusvel_tui.engine.gtm.mail.ledger import LEFT, mentioned_ids
from rusvel_tui.engine.gtm.mail.reading.content import read_content
from rusvel_tui.engine.gtm.mail.reading.message import Parsed, message_ids, parse
from rusvel_tui.engine.models import ContactEmail, IncomingMail, Mail, Sender
from rusvel_tui.engine.models.base import among, tuples
from rusvel_tui.engine.text import one_line, sanitize

LARGEST = 10_000_000
"""Octets of a message that are stored whole; a larger one is cut, its text stands at the beginning."""
CUT = 2_000_000
"""So much of it is kept then."""
_TEXT = 100_000


def store(ctx: Context, raw: bytes, mailbox: str, size: int = 0) -> tuple[str, str, bool]:
    """Keep a message: its id, its session, and whether it is new. The same one twice is one row."""
    if not raw.strip():
        raise InvalidInput("The message is empty.", field="raw_base64")
    size = max(size, len(raw))
    kept = raw if size <= LARGEST and len(raw) <= LARGEST else raw[:CUT]
    mail = parse(kept)
    message_id = next(iter(message_ids(mail.header("message-id"))), "").lower()
    identity = message_id or f"sha256:{sha256(raw).hexdigest()}"
    old = IncomingMail.get_or_none(
        (IncomingMail.mailbox == mailbox)
        & IncomingMail.identity.in_((identity, erased_identity(identity)))
    )
    if old is not None:
        return old.id, old.session_id, False
    said = read_content(mail)
    row = IncomingMail.create(
        id=ctx.new_id(),
        session_id=session_for(ctx, mail, said.sender),
        mailbox=mailbox,
        identity=identity,
        raw=kept,
        size=size,
        message_id=message_id,
        references=_references(mail, message_id),
        from_name=one_line(said.sender_name)[:200],
        from_address=one_line(said.sender)[:254],
        subject=one_line(mail.header("subject"))[:500],
        text=sanitize(said.text)[:_TEXT],
        own_words=sanitize(said.own.text)[:_TEXT],
        written_at=_aware(mail),
        received_at=ctx.now,
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    payload = {"name": row.from_name or row.from_address, "subject": row.subject}
    ctx.record("gtm.mail.received", row.id, payload, session_id=row.session_id)
    return row.id, row.session_id, True


def session_for(ctx: Context, mail: Parsed, sender: str) -> str:
    """The session whose mail it answers, else that which wrote to the sender, else whose address it was sent to."""
    return (
        _only(Mail.select(Mail.session_id).where(among(Mail.message_id, mentioned_ids(mail))))
        or _wrote_to(sender)
        or _only(
            ContactEmail.select(ContactEmail.session_id).where(
                (ContactEmail.key == sender) & ContactEmail.deleted_at.is_null()
            )
        )
        or _addressed(mail)
        or ctx.session_id
    )


def _wrote_to(sender: str) -> str:
    query = Mail.select(Mail.session_id).where(
        (Mail.recipient_key == sender) & Mail.state.in_(LEFT)
    )
    row = tuples(query.order_by(Mail.id.desc()).limit(1))
    return str(row[0][0]) if row else ""


def _addressed(mail: Parsed) -> str:
    import re

    text = " ".join(v for n in ("delivered-to", "x-original-to", "to", "cc") for v in mail.all(n))
    named = re.findall(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+", text.lower())[:50]
    return _only(
        Sender.select(Sender.session_id).where(
            among(Sender.key, named) & Sender.deleted_at.is_null()
        )
    )


def _only(query: Any) -> str:
    """The session of the rows, if they are all of one."""
    found = {session for (session,) in tuples(query.distinct().limit(2))}
    return str(found.pop()) if len(found) == 1 else ""


def _references(mail: Parsed, message_id: str) -> list[str]:
    """The thread of a message, for an answer to it: what it refers to, then itself (RFC 5322 §3.6.4)."""
    above = [one for value in mail.all("references") for one in message_ids(value)]
    above = above or [one for value in mail.all("in-reply-to") for one in message_ids(value)]
    own = next(iter(message_ids(mail.header("message-id"))), "")
    return list(dict.fromkeys([*above[-20:], *([own] if own else [])]))


def _aware(mail: Parsed) -> Any:
    from datetime import UTC

    if mail.date is None:
        return None
    moment = mail.date if mail.date.tzinfo else mail.date.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
