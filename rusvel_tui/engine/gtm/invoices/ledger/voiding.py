"""Voiding a final document: it keeps its number and counts for nothing."""

from __future__ import annotations

from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.gtm.invoices.ledger.crediting import recredit
from rusvel_tui.engine.gtm.invoices.ledger.drafts import told
from rusvel_tui.engine.gtm.invoices.ledger.inputs import InvoiceId, Void
from rusvel_tui.engine.gtm.invoices.ledger.record import invoice_view
from rusvel_tui.engine.gtm.invoices.ledger.rows import find_invoice, touch
from rusvel_tui.engine.gtm.invoices.ledger.views import InvoiceView
from rusvel_tui.engine.gtm.invoices.ledger.words import Kind, name_of, settle
from rusvel_tui.engine.gtm.invoices.reminders.planning import plan_reminders, stop_reminders
from rusvel_tui.engine.models import Invoice
from rusvel_tui.engine.operation import operation
from rusvel_tui.engine.text import one_line


@operation("gtm.invoices.void_invoice", writes=True, permission="crm.invoices.manage")
def void_invoice(ctx: Context, cmd: Void) -> InvoiceView:
    """Void a final document that nothing was paid on; its number stays taken. Undo makes it valid again."""
    invoice = find_invoice(ctx, cmd.invoice_id)
    _refuse(invoice)
    invoice.voided_at, invoice.void_reason = ctx.now, one_line(cmd.reason)
    settle(invoice)
    touch(ctx, invoice)
    _follow(ctx, invoice)
    undo = Inverse("gtm.invoices.unvoid_invoice", {"invoice_id": invoice.id})
    said = told(invoice) | {"reason": invoice.void_reason}
    ctx.record("gtm.invoice.voided", invoice.id, said, undo=undo)
    return invoice_view(ctx, invoice)


@operation(
    "gtm.invoices.unvoid_invoice", writes=True, permission="crm.invoices.manage", internal=True
)
def unvoid_invoice(ctx: Context, cmd: InvoiceId) -> InvoiceView:
    """Let a voided document be valid again, with the number it has."""
    invoice = find_invoice(ctx, cmd.invoice_id)
    if invoice.voided_at is None:
        raise Conflict(f"{name_of(invoice)} is not void.")
    invoice.voided_at, reason = None, invoice.void_reason
    invoice.void_reason = ""
    settle(invoice)
    touch(ctx, invoice)
    _follow(ctx, invoice)
    undo = Inverse("gtm.invoices.void_invoice", {"invoice_id": invoice.id, "reason": reason})
    ctx.record("gtm.invoice.unvoided", invoice.id, told(invoice), undo=undo)
    return invoice_view(ctx, invoice)


def _refuse(invoice: Invoice) -> None:
    name = name_of(invoice)
    if invoice.number is None:
        raise Conflict(f"The {name} is a draft: delete it instead.")
    if invoice.voided_at is not None:
        raise Conflict(f"{name} is void already.")
    if invoice.decision == "invoiced":
        raise Conflict(f"{name} was invoiced and cannot be voided.")
    if invoice.paid_minor:
        raise Conflict(f"{name} has payments and cannot be voided. Issue a credit note.")
    if invoice.credited_minor:
        raise Conflict(f"{name} has a credit note and cannot be voided. Void that first.")


def _follow(ctx: Context, invoice: Invoice) -> None:
    """Reminders begin or end; the invoice of a credit note is owed again, or not."""
    if invoice.kind == Kind.CREDIT_NOTE.key:
        recredit(ctx, invoice)
    elif invoice.voided_at is not None:
        stop_reminders(ctx, invoice)
    else:
        plan_reminders(ctx, invoice)
