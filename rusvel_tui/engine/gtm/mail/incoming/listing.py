"""The messages that came in, as a list and one by one, with what can be done about them."""

from __future__ import annotations

from typing import Any

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.people.people import label
from rusvel_tui.engine.gtm.mail.classifying.verdict import MailKind
from rusvel_tui.engine.gtm.mail.incoming.proposals import MailProposal, proposals
from rusvel_tui.engine.gtm.mail.incoming.views import (
    IncomingId,
    IncomingPage,
    IncomingView,
    find_incoming,
    incoming_views,
    values,
)
from rusvel_tui.engine.models import Contact, IncomingMail, Mail
from rusvel_tui.engine.operation import PageInput, operation


class ListIncoming(PageInput):
    """Which messages; all of them when nothing is said."""

    kind: MailKind | None = None
    open_only: bool = False
    """Those that need you."""
    contact_id: str | None = None


class IncomingDetail(IncomingView):
    """One message whole."""

    text: str
    """All that a person sees of it."""
    own_words: str
    """Without quotes and signature."""
    message_id: str
    size: int
    evidence: tuple[str, ...]
    """What the verdict rests on."""
    status: str | None
    """Of a bounce: the enhanced status code."""
    action: str | None
    bounced_address: str | None
    detail: str | None
    original_subject: str
    """The subject of the mail of ours that it answers."""
    answer_id: str | None
    """The draft of your answer, if there is one."""
    proposals: tuple[MailProposal, ...]
    """What you may want to do now."""


@operation("gtm.mail.list", permission="crm.mail.read")
def list_incoming(ctx: Context, cmd: ListIncoming) -> IncomingPage:
    """List the messages that came in, newest first."""
    query = _chosen(ctx, cmd)
    if cmd.cursor:
        query = query.where(_before(cmd.cursor))
    query = query.order_by(IncomingMail.received_at.desc(), IncomingMail.id.desc())
    rows = list(query.limit(cmd.limit + 1))
    more = len(rows) > cmd.limit
    rows = rows[: cmd.limit]
    cursor = f"{IncomingMail.received_at.db_value(rows[-1].received_at)} {rows[-1].id}"[:200] if more else None  # fmt: skip
    return IncomingPage(items=incoming_views(rows), next=cursor)


def _chosen(ctx: Context, cmd: ListIncoming) -> Any:
    query = IncomingMail.select().where(IncomingMail.session_id == ctx.session_id)
    if cmd.kind is not None:
        query = query.where(IncomingMail.kind == cmd.kind.value)
    if cmd.open_only:
        query = query.where(IncomingMail.state == "open")
    if cmd.contact_id:
        query = query.where(IncomingMail.contact_id == cmd.contact_id)
    return query


def _before(cursor: str) -> Any:
    at, _, row_id = cursor.partition(" ")
    if not row_id:
        raise InvalidInput("That cursor does not belong to this list.", field="cursor")
    same = (IncomingMail.received_at == at) & (IncomingMail.id < row_id)
    return (IncomingMail.received_at < at) | same


@operation("gtm.mail.show", permission="crm.mail.read")
def show_incoming(ctx: Context, cmd: IncomingId) -> IncomingDetail:
    """Show one message whole, with why it was judged so and what you may want to do."""
    return detail(ctx, find_incoming(ctx, cmd.incoming_id))


def detail(ctx: Context, row: IncomingMail) -> IncomingDetail:
    """One message whole."""
    contact = Contact.get_or_none(Contact.id == row.contact_id)
    original = Mail.get_or_none(Mail.id == row.mail_id)
    verdict = row.verdict
    return IncomingDetail(
        **values(row, {contact.id: label(contact)} if contact else {}),
        text=row.text,
        own_words=row.own_words,
        message_id=row.message_id,
        size=row.size,
        evidence=tuple(verdict.get("evidence", ())),
        status=verdict.get("status"),
        action=verdict.get("action"),
        bounced_address=verdict.get("bounced_address"),
        detail=verdict.get("detail"),
        original_subject=original.subject if original else "",
        answer_id=_answer(ctx, row),
        proposals=proposals(ctx, row),
    )


def _answer(ctx: Context, row: IncomingMail) -> str | None:
    mail = Mail.get_or_none(
        (Mail.session_id == ctx.session_id)
        & (Mail.source_kind == "answer")
        & (Mail.source_id == row.id)
        & (Mail.state != "cancelled")
    )
    return mail.id if mail else None
