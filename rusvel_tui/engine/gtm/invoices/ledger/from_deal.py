"""The invoice of a won deal: drafted once, with the deal's value as its line."""

from __future__ import annotations

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.gtm.crm.deals.deal_rows import find_deal
from rusvel_tui.engine.gtm.crm.people.people import find_contact
from rusvel_tui.engine.gtm.invoices.ledger.drafts import draft
from rusvel_tui.engine.gtm.invoices.ledger.inputs import CreateInvoice, FromDeal, LineInput
from rusvel_tui.engine.gtm.invoices.ledger.record import invoice_view
from rusvel_tui.engine.gtm.invoices.ledger.views import InvoiceView
from rusvel_tui.engine.gtm.invoices.ledger.words import Kind, name_of
from rusvel_tui.engine.models import Deal, Invoice
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.operation import View, operation


class Billable(View):
    """What there is of a deal already."""

    deal_id: str
    invoice_id: str | None
    number: str | None


@operation("gtm.invoices.from_deal", writes=True, permission="crm.invoices.manage")
def from_deal(ctx: Context, cmd: FromDeal) -> InvoiceView:
    """Draft the invoice, or a quote, of a deal, once: its value is the line, its contact the client."""
    deal = find_deal(ctx, cmd.deal_id)
    there = invoice_of_deal(ctx, deal, cmd.kind)
    if there is not None:
        raise Conflict(
            f"{deal.title} has {_article(cmd.kind)} already: {name_of(there)} ({there.id})."
        )
    value = Money(deal.value_minor, deal.currency).amount
    line = LineInput(description=deal.title, quantity="1", unit_price=value, tax_rate=cmd.tax_rate)
    wanted = CreateInvoice(
        contact_id=deal.contact_id,
        line_items=(line,) if deal.value_minor else (),
        title=deal.title,
        due_date=cmd.due_date,
        currency=deal.currency,
        kind=cmd.kind,
        deal_id=deal.id,
    )
    contact = find_contact(ctx, deal.contact_id)
    return invoice_view(ctx, draft(ctx, contact, wanted, once=_once(deal, cmd.kind)))


def invoice_of_deal(ctx: Context, deal: Deal, kind: Kind = Kind.INVOICE) -> Invoice | None:
    """The document that was drafted for a deal, if there is one that is valid."""
    found: Invoice | None = Invoice.get_or_none(
        (Invoice.session_id == ctx.session_id)
        & (Invoice.once == _once(deal, kind))
        & Invoice.deleted_at.is_null()
        & Invoice.voided_at.is_null()
    )
    return found


def _once(deal: Deal, kind: Kind) -> str:
    return f"deal:{kind.key}:{deal.id}"


def _article(kind: Kind) -> str:
    return "an invoice" if kind is Kind.INVOICE else f"a {kind.words}"
