"""A message that came in, as it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import NotFound
from rusvel_tui.engine.gtm.crm.people.people import label
from rusvel_tui.engine.gtm.mail.classifying.verdict import MailKind
from rusvel_tui.engine.gtm.mail.incoming.links import Link
from rusvel_tui.engine.models import Contact, IncomingMail
from rusvel_tui.engine.operation import Input, View


class IncomingId(Input):
    """Which message."""

    incoming_id: str


class IncomingView(View):
    """A message in a list."""

    incoming_id: str
    session_id: str
    mailbox: str
    kind: MailKind | None
    """None while it was not judged yet."""
    state: str
    """`new`, `open` while it needs you, `done`."""
    from_name: str
    from_address: str
    subject: str
    snippet: str
    """The first line of what they wrote."""
    contact_id: str | None
    contact: str
    linked_by: Link | None
    """What ties it to the contact; `company` and `subject` are proposals."""
    mail_id: str | None
    """The mail of ours that it answers."""
    resume_date: date | None
    """From when the person is back."""
    effect: str
    """What followed from it."""
    received_at: datetime
    version: int


class IncomingPage(View):
    """A part of the list, newest first."""

    items: tuple[IncomingView, ...]
    next: str | None


def find_incoming(ctx: Context, incoming_id: str) -> IncomingMail:
    """The row of this session; raises `NotFound`."""
    found: IncomingMail | None = IncomingMail.get_or_none(
        (IncomingMail.id == incoming_id) & (IncomingMail.session_id == ctx.session_id)
    )
    if found is None:
        raise NotFound(f"There is no message {incoming_id!r}. `rusvel mail list` shows them.")
    return found


def incoming_views(rows: Sequence[IncomingMail]) -> tuple[IncomingView, ...]:
    """The views of these messages in their order: one query more, however many there are."""
    ids = {row.contact_id for row in rows if row.contact_id}
    people = {one.id: label(one) for one in Contact.select().where(Contact.id.in_(ids))}
    return tuple(IncomingView(**values(row, people)) for row in rows)


def values(row: IncomingMail, people: dict[str, str]) -> dict[str, Any]:
    """The fields of a view."""
    words = row.own_words.strip() or row.text.strip()
    return {
        "incoming_id": row.id,
        "session_id": row.session_id,
        "mailbox": row.mailbox,
        "kind": MailKind(row.kind) if row.kind else None,
        "state": row.state,
        "from_name": row.from_name,
        "from_address": row.from_address,
        "subject": row.subject,
        "snippet": words.partition("\n")[0][:200],
        "contact_id": row.contact_id,
        "contact": people.get(row.contact_id or "", ""),
        "linked_by": Link(row.linked_by) if row.linked_by else None,
        "mail_id": row.mail_id,
        "resume_date": row.verdict.get("resume_date"),
        "effect": str(row.metadata.get("effect", "")),
        "received_at": row.received_at,
        "version": row.version,
    }
