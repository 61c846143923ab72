"""An answer in the same thread: a draft that waits in the inbox for a yes, like every mail."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.approvals.boxes import ApprovalView
from rusvel_tui.engine.gtm.approvals.proposals import ProposeMail, propose_mail
from rusvel_tui.engine.gtm.mail.classifying.verdict import MailKind
from rusvel_tui.engine.gtm.mail.incoming.desk import close
from rusvel_tui.engine.gtm.mail.incoming.views import IncomingId, find_incoming
from rusvel_tui.engine.gtm.mail.reading.content import mailbox
from rusvel_tui.engine.gtm.mail.reading.message import parse
from rusvel_tui.engine.models import Contact, IncomingMail, Mail
from rusvel_tui.engine.operation import operation

if TYPE_CHECKING:
    from rusvel_tui.engine.gtm.approvals.sources import MailNews

_ANSWERABLE = (MailKind.HUMAN.value, MailKind.UNKNOWN.value)
_IS_ANSWER = re.compile(r"^\s*(?:re|aw|sv|vs|odp|antw|res)\s*:", re.IGNORECASE)
_QUOTED_LINES = 40


class AnswerMail(IncomingId):
    """The answer to a message."""

    body: str = ""
    """What you write; an empty one is held until you wrote it."""
    subject: str = ""
    """That of the message, marked as an answer, when left out."""
    quote: bool = True
    """Whether the words that are answered stand below."""


@operation("gtm.mail.answer", writes=True, permission="crm.approvals.manage")
def answer(ctx: Context, cmd: AnswerMail) -> ApprovalView:
    """Draft an answer in the same thread. It waits in the inbox; nothing leaves without a yes."""
    row = find_incoming(ctx, cmd.incoming_id)
    if row.kind not in _ANSWERABLE:
        # RFC 3834 §2: never answer what answered by itself; two robots would go on for ever.
        raise InvalidInput("Only what a person wrote is answered.", field="incoming_id")
    body = "\n\n".join(filter(None, (cmd.body.strip(), _quoted(row) if cmd.quote and cmd.body else "")))  # fmt: skip
    to, name = _to(row)
    return ctx.call(
        propose_mail,
        ProposeMail(
            source_kind="answer",
            source_id=row.id,
            contact_id=_contact(ctx, row),
            to=to,
            to_name=name,
            deal_id=_deal(row),
            subject=cmd.subject or _subject(row.subject),
            body=body,
            in_reply_to=_wire(row.references[-1:])[-1] if _wire(row.references[-1:]) else "",
            references=tuple(_wire(row.references)),
        ),
    )


def mail_news(ctx: Context, news: MailNews) -> None:
    """An answer that left means that its message is dealt with."""
    row = IncomingMail.get_or_none(IncomingMail.id == news.source_id)
    if row is not None and news.happened == "sent" and close(ctx, row):
        ctx.record("gtm.mail.done", row.id, {"name": row.from_name or row.from_address, "subject": row.subject, "contact_id": row.contact_id})  # fmt: skip


def _to(row: IncomingMail) -> tuple[str, str]:
    """Where answers shall go (RFC 5322 §3.6.2): Reply-To, else From."""
    mail = parse(bytes(row.raw))
    name, address = mailbox(mail.header("reply-to"))
    if address:
        return address, name
    return row.from_address, row.from_name


def _contact(ctx: Context, row: IncomingMail) -> str | None:
    """The contact, if the message is surely theirs and they are still there."""
    if row.linked_by in ("", "company", "subject"):
        return None
    contact = Contact.get_or_none((Contact.id == row.contact_id) & Contact.deleted_at.is_null())
    return contact.id if contact else None


def _deal(row: IncomingMail) -> str | None:
    mail = Mail.get_or_none(Mail.id == row.mail_id)
    return mail.deal_id if mail else None


def _subject(subject: str) -> str:
    if not subject:
        return "Re: your message"
    return subject if _IS_ANSWER.match(subject) else f"Re: {subject}"


def _quoted(row: IncomingMail) -> str:
    """The words that are answered, below a line that says whose they are."""
    lines = row.own_words.strip().split("\n")
    if not row.own_words.strip():
        return ""
    shown = [f"> {line}".rstrip() for line in lines[:_QUOTED_LINES]]
    when = (row.written_at or row.received_at).date().isoformat()
    return "\n".join([f"On {when}, {row.from_name or row.from_address} wrote:", *shown])


def _wire(ids: list[str]) -> list[str]:
    """Those message ids that may stand in a header of ours: they are the words of strangers."""
    return [one for one in ids if _MESSAGE_ID.fullmatch(one)]


_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,250}>")
