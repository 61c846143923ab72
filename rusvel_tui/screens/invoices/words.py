"""Invoices in words: where a document stands, how late it is, what is to come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from rusvel_tui.engine.gtm.invoices.ledger.views import InvoiceRow
from rusvel_tui.engine.gtm.invoices.ledger.window import OpenSum
from rusvel_tui.engine.gtm.invoices.ledger.words import Kind, Status
from rusvel_tui.engine.money import Money
from rusvel_tui.screens.deals.cards import short_amount

STATUS = {
    Status.DRAFT: ("○ draft", "muted"),
    Status.ISSUED: ("◆ final", "accent"),
    Status.SENT: ("● sent", "accent"),
    Status.PARTIALLY_PAID: ("◐ part paid", "warn"),
    Status.PAID: ("✓ paid", "good"),
    Status.CREDITED: ("▫ credited", "muted"),
    Status.VOID: ("✗ void", "faint"),
    Status.ACCEPTED: ("✓ accepted", "good"),
    Status.DECLINED: ("✗ declined", "faint"),
    Status.INVOICED: ("✓ invoiced", "muted"),
}
"""Each status with its sign, and its tone."""
KIND = {Kind.INVOICE: "Invoice", Kind.CREDIT_NOTE: "Credit note", Kind.QUOTE: "Quote"}


def status_of(row: InvoiceRow) -> tuple[str, str]:
    """Where it stands, with its tone; what is late says so first."""
    if row.overdue:
        late = " late" if row.overdue_days < 100 else ""
        return f"! {row.overdue_days} d{late}", "bad"
    if row.expired:
        return "! expired", "warn"
    return STATUS[row.status]


def name_of(row: InvoiceRow) -> str:
    """What to call it: its number, or the draft of whom."""
    return row.number or f"{KIND[row.kind].lower()} draft for {row.client}"


def number_of(row: InvoiceRow) -> str:
    """What stands in the list: a number, or what it will be."""
    return row.number or ("draft" if row.kind is Kind.INVOICE else KIND[row.kind].lower())


def money(amount: str, currency: str) -> str:
    """`1,250 EUR`: cents that are none take no room."""
    return short_amount(str(Money.parse(amount, currency)))


def exact(amount: str, currency: str) -> str:
    """`1,250.00 EUR`: as it stands on the document."""
    return str(Money.parse(amount, currency))


def open_text(row: InvoiceRow) -> str:
    """What is still to be paid; nothing when that is nothing."""
    return "" if _is_none(row.open) else money(row.open, row.currency)


def _is_none(amount: str) -> bool:
    return not amount.strip("-0.")


def due_text(row: InvoiceRow) -> str:
    """When it is due, as far as that still matters."""
    if not row.due_date or (row.days_to_due is None and row.status is not Status.DRAFT):
        return ""
    if row.days_to_due is None or abs(row.days_to_due) > 60:
        return day(row.due_date)
    if row.days_to_due == 0:
        return "today"
    return f"in {row.days_to_due} d" if row.days_to_due > 0 else day(row.due_date)


def day(text: str) -> str:
    """`2026-11-21` as `21 Nov 2026`."""
    return f"{date.fromisoformat(text):%d %b %Y}" if text else ""


def tally(sums: Iterable[OpenSum]) -> tuple[str, ...]:
    """The line above the list: what is to come, each currency for itself."""
    found = tuple(sums)
    if not found:
        return ("Nothing is open",)
    return tuple(_each(found))


def _each(found: tuple[OpenSum, ...]) -> Iterator[str]:
    for one in found:
        yield f"{one.count} open {money(one.open, one.currency)}"
        if one.overdue_count:
            yield f"! {one.overdue_count} overdue {money(one.overdue, one.currency)}"
