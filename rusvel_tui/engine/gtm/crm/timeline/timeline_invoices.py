"""The entries of a timeline that tell of money: documents that became final, payments and refunds."""

from __future__ import annotations

from collections.abc import Iterator

from rusvel_tui.engine.gtm.crm.timeline.timeline_entries import EntryKind, Target, TimelineEntry
from rusvel_tui.engine.models import Invoice, Payment
from rusvel_tui.engine.money import Money

_WORDS = {"invoice": "Invoice", "credit_note": "Credit note", "quote": "Quote"}


def issued(ids: list[str]) -> Iterator[TimelineEntry]:
    """Documents that became final; an id is that of the document and `i`."""
    for row in Invoice.select().where(Invoice.id.in_([entry[:-1] for entry in ids])):
        void = f"It is void: {row.void_reason}".rstrip(": ") if row.voided_at else ""
        yield TimelineEntry(
            id=f"{row.id}i",
            kind=EntryKind.INVOICE,
            at=row.issued_at,
            title=f"{_WORDS[row.kind]} {row.number}, {Money(row.payable_minor, row.currency)}",
            detail=void or row.title,
            actor="",
            target=Target(kind="invoice", id=row.id),
            contact_id=row.contact_id,
            contact=row.client_name,
            deal_id=row.deal_id,
        )


def paid(ids: list[str]) -> Iterator[TimelineEntry]:
    """Payments and refunds; an id is that of the payment and `p`."""
    rows = (
        Payment.select(Payment, Invoice)
        .join(Invoice, on=(Invoice.id == Payment.invoice_id), attr="invoice")
        .where(Payment.id.in_([entry[:-1] for entry in ids]))
    )
    for row in rows:
        what = "Paid" if row.kind == "payment" else "Given back"
        amount = Money(abs(row.received_minor or row.amount_minor), row.currency)
        yield TimelineEntry(
            id=f"{row.id}p",
            kind=EntryKind.PAYMENT,
            at=row.created_at,
            title=f"{what}: {amount} on {row.invoice.number}",
            detail=" · ".join(filter(None, (row.paid_on, row.method, row.note))),
            actor=row.actor,
            target=Target(kind="invoice", id=row.invoice_id),
            contact_id=row.invoice.contact_id,
            contact=row.invoice.client_name,
            deal_id=row.invoice.deal_id,
        )
