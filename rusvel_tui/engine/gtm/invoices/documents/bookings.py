"""What accounting needs of final documents, loaded some hundred at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from rusvel_tui.engine.gtm.invoices.ledger.words import Kind
from rusvel_tui.engine.models import Invoice, InvoiceTax, Payment


@dataclass(frozen=True, slots=True)
class Settled:
    """A payment or refund: what it settles and what came in, in minor units."""

    payment_id: str
    kind: str
    day: str
    amount: int
    received: int
    reference: str


@dataclass(frozen=True, slots=True)
class Booking:
    """One final invoice or credit note; amounts in minor units, of a credit note below zero."""

    invoice_id: str
    number: str
    kind: str
    is_void: bool
    day: str
    client: str
    title: str
    currency: str
    payable: int
    prepaid: int
    without_tax: int
    rounding: int
    taxes: tuple[tuple[str, str, int], ...]
    """Category, rate, tax."""
    settled: tuple[Settled, ...]


def bookings(ids: Sequence[str]) -> list[Booking]:
    """The final invoices and credit notes among these documents, with three queries."""
    chosen = list(ids)
    rows = Invoice.select().where(
        Invoice.id.in_(chosen) & Invoice.number.is_null(False) & (Invoice.kind != Kind.QUOTE.key)
    )
    taxes: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for tax in InvoiceTax.select().where(InvoiceTax.invoice_id.in_(chosen)):
        taxes[tax.invoice_id].append((tax.category, tax.rate, tax.tax_minor))
    settled: dict[str, list[Settled]] = defaultdict(list)
    for row in Payment.select().where(
        Payment.invoice_id.in_(chosen) & Payment.removed_at.is_null()
    ):
        settled[row.invoice_id].append(_settled(row))
    return [_booking(row, taxes[row.id], settled[row.id]) for row in rows]


def _settled(row: Payment) -> Settled:
    return Settled(
        row.id, row.kind, row.paid_on, row.amount_minor, row.received_minor, row.reference
    )


def _booking(row: Invoice, taxes: list[tuple[str, str, int]], settled: list[Settled]) -> Booking:
    return Booking(
        invoice_id=row.id,
        number=row.number or "",
        kind=Kind(row.kind).words,
        is_void=row.voided_at is not None,
        day=row.issue_date,
        client=row.client_name,
        title=row.title,
        currency=row.currency,
        payable=row.payable_minor,
        prepaid=row.prepaid_minor,
        without_tax=row.net_minor,
        rounding=row.rounding_minor,
        taxes=tuple(sorted(taxes)),
        settled=tuple(settled),
    )
