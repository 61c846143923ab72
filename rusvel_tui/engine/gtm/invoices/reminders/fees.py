"""The late fee: a further draft invoice with the reminder that the settings name, once for each invoice."""

from __future__ import annotations

from fractions import Fraction

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.people.people import find_contact
from rusvel_tui.engine.gtm.invoices.ledger.drafts import draft
from rusvel_tui.engine.gtm.invoices.ledger.inputs import CreateInvoice, LineInput
from rusvel_tui.engine.gtm.invoices.setup.kept import load_setup
from rusvel_tui.engine.models import Invoice
from rusvel_tui.engine.money import Money, half_away


def draft_fee(ctx: Context, invoice: Invoice, step: int) -> Money | None:
    """Draft the invoice for the delay, if this step has a fee and none was drafted; what it comes to."""
    setup = load_setup(ctx)
    if not setup.late_fee or step != setup.late_fee_step or (invoice.once or "").startswith("fee:"):
        return None
    fee = _amount(setup.late_fee, invoice)
    once = f"fee:{invoice.id}"
    there = Invoice.select().where((Invoice.session_id == ctx.session_id) & (Invoice.once == once))
    if fee.minor <= 0 or there.exists():
        return None
    line = LineInput(
        description=f"Late fee for {invoice.number}, due on {invoice.due_date}",
        quantity="1",
        unit_price=fee.amount,
        tax_category="O",
    )
    wanted = CreateInvoice(
        contact_id=invoice.contact_id,
        line_items=(line,),
        title=f"Late fee for {invoice.number}",
        currency=invoice.currency,
        deal_id=invoice.deal_id or "",
    )
    draft(ctx, find_contact(ctx, invoice.contact_id), wanted, source_id=invoice.id, once=once)
    return fee


def _amount(text: str, invoice: Invoice) -> Money:
    """The fee in the currency of the invoice: an amount, or a percentage of what is open."""
    if not text.endswith("%"):
        return Money.parse(text, invoice.currency)
    share = Fraction(text[:-1].strip()) / 100 * invoice.open_minor
    return Money(half_away(share.numerator, share.denominator), invoice.currency)
