"""What is paid, credited and open of an invoice: read from the rows that say so, with one event per transition."""

from __future__ import annotations

from peewee import fn

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.invoices.ledger.rows import touch
from rusvel_tui.engine.gtm.invoices.ledger.words import Status, settle
from rusvel_tui.engine.gtm.invoices.reminders.planning import plan_reminders, stop_reminders
from rusvel_tui.engine.models import Invoice, Payment

_SETTLED = (Status.PAID.key, Status.CREDITED.key)


def paid_of(invoice_id: str) -> int:
    """Payments less refunds, in minor units; removed ones do not count."""
    query = Payment.select(fn.COALESCE(fn.SUM(Payment.amount_minor), 0)).where(
        (Payment.invoice_id == invoice_id) & Payment.removed_at.is_null()
    )
    return int(query.scalar())


def credited_of(invoice_id: str) -> int:
    """What the valid credit notes of an invoice take away, as a positive amount."""
    query = Invoice.select(fn.COALESCE(fn.SUM(Invoice.payable_minor), 0)).where(
        (Invoice.source_id == invoice_id)
        & (Invoice.kind == "credit_note")
        & Invoice.number.is_null(False)
        & Invoice.voided_at.is_null()
    )
    return -int(query.scalar())


def rebalance(ctx: Context, invoice: Invoice) -> None:
    """Let sums and status follow from payments and credit notes; tells when it is paid, or no longer."""
    before = invoice.status
    invoice.paid_minor, invoice.credited_minor = paid_of(invoice.id), credited_of(invoice.id)
    settle(invoice)
    touch(ctx, invoice)
    if (before in _SETTLED) == (invoice.status in _SETTLED):
        return
    said = {
        "name": invoice.number,
        "number": invoice.number,
        "client": invoice.client_name,
        "contact_id": invoice.contact_id,
        "currency": invoice.currency,
        "paid_minor": invoice.paid_minor,
    }
    if invoice.status not in _SETTLED:
        plan_reminders(ctx, invoice)
        ctx.record("gtm.invoice.reopened", invoice.id, said)
        return
    stop_reminders(ctx, invoice)
    if invoice.status == Status.PAID.key:
        ctx.record("gtm.invoice.paid", invoice.id, said)
    else:
        ctx.record("gtm.invoice.credited", invoice.id, said)
