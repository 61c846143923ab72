"""What a draft lacks before it can be final."""

from __future__ import annotations

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.invoices.ledger.words import Kind
from rusvel_tui.engine.gtm.invoices.setup.parties import Party
from rusvel_tui.engine.models import Contact, Invoice, InvoiceLine


def missing_of(ctx: Context, invoice: Invoice, client: Party) -> tuple[str, ...]:
    """Everything that stands in the way, one sentence each; empty when it can be finalised."""
    return tuple(filter(None, (_lines(invoice), _client(invoice, client), _sum(invoice))))


def _lines(invoice: Invoice) -> str:
    rows = list(InvoiceLine.select().where(InvoiceLine.invoice_id == invoice.id))
    if not rows:
        return "It has no lines. Add what is invoiced."
    bare = [row.position for row in rows if not row.description]
    return f"Line {min(bare)} has no description. Say what it is for." if bare else ""


def _client(invoice: Invoice, client: Party) -> str:
    if not client.name:
        return "The client has no name. Give one with set_billing or in the contact."
    gone = Contact.get_by_id(invoice.contact_id).deleted_at is not None
    return "The contact was deleted. Choose another one." if gone else ""


def _sum(invoice: Invoice) -> str:
    if invoice.kind == Kind.INVOICE.key and invoice.total_minor < 0:
        return "Its total is below zero. Issue a credit note instead."
    if invoice.kind == Kind.INVOICE.key and invoice.payable_minor < 0:
        return "More was paid before than it comes to. Correct the prepaid amount."
    return ""
