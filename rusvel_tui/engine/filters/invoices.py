"""What can be asked of invoices, credit notes and quotes: one line for each field."""

from __future__ import annotations

from rusvel_tui.engine.filters import sources
from rusvel_tui.engine.filters.fields import Entity, Field, Flag, Scope
from rusvel_tui.engine.filters.kinds import CHOICE, DAY, MOMENT, MONEY, TEXT, like
from rusvel_tui.engine.filters.where import Where

_KINDS = ("invoice", "quote", "credit_note")
_STATUSES = (
    "draft", "issued", "sent", "partially_paid", "paid", "credited", "void", "accepted", "declined", "invoiced",
)  # fmt: skip
_WAITING = "i.kind = 'quote' AND i.status IN ('issued', 'sent')"


def find(scope: Scope, words: str) -> Where:
    """Documents with these folded words in their number, client, title or reference."""
    return Where("i.search LIKE ? ESCAPE '\\'", (like(words),))


FIELDS = (
    Field("number", TEXT, "coalesce(i.number, '')", "the number"),
    Field("client", TEXT, "i.client_name", "the client"),
    Field("title", TEXT, "i.title", "the title"),
    Field("reference", TEXT, "i.reference", "the client's reference"),
    Field("kind", CHOICE, "i.kind", "invoice, quote or credit note", source=sources.words(*_KINDS), closed=True),
    Field("status", CHOICE, "i.status", "where it stands", source=sources.words(*_STATUSES), closed=True),
    Field("total", MONEY, "i.total_minor", "what it comes to, with tax"),
    Field("open", MONEY, "i.open_minor", "what is still to be paid"),
    Field("paid", MONEY, "i.paid_minor", "what was paid"),
    Field("currency", CHOICE, "i.currency", "the currency", source=sources.currencies, closed=True),
    Field("issued", DAY, "i.issue_date", "the date on it"),
    Field("due", DAY, "i.due_date", "when it is due", ahead=True),
    Field("late", DAY, "CASE WHEN i.open_minor > 0 THEN i.due_date ELSE '' END", "how long it is overdue: late>30d"),
    Field("note", TEXT, "i.notes", "the notes on it"),
    Field("created", MOMENT, "i.created_at", "when it was added"),
    Field("sent", MOMENT, "i.sent_at", "when it was sent"),
)  # fmt: skip

FLAGS = (
    Flag("open", "i.open_minor > 0", "something is still to be paid"),
    Flag(
        "overdue",
        "i.open_minor > 0 AND i.due_date <> '' AND i.due_date < :today",
        "the due date has passed and something is still to be paid",
    ),
    Flag("draft", "i.number IS NULL", "not final yet"),
    Flag("waiting", f"({_WAITING})", "a quote that was neither accepted nor declined"),
    Flag("expired", f"({_WAITING} AND i.due_date <> '' AND i.due_date < :today)", "a quote whose last day has passed"),
)  # fmt: skip

INVOICE = Entity(
    name="invoice",
    plural="invoices",
    table="invoice i",
    row="i",
    find=find,
    fields=FIELDS,
    flags=FLAGS,
)
