"""Quotes: accepted or declined by the client, and turned into an invoice once."""

from __future__ import annotations

from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Conflict, InvalidInput
from rusvel_tui.engine.gtm.crm.people.people import find_contact
from rusvel_tui.engine.gtm.invoices.ledger.drafts import OPTIONS, draft, told
from rusvel_tui.engine.gtm.invoices.ledger.inputs import (
    ConvertQuote,
    CreateInvoice,
    Decide,
    InvoiceId,
    LineInput,
)
from rusvel_tui.engine.gtm.invoices.ledger.record import invoice_view
from rusvel_tui.engine.gtm.invoices.ledger.rows import (
    find_invoice,
    stored_lines,
    touch,
    write_document,
)
from rusvel_tui.engine.gtm.invoices.ledger.standing import today_of
from rusvel_tui.engine.gtm.invoices.ledger.views import InvoiceView
from rusvel_tui.engine.gtm.invoices.ledger.words import Kind, name_of, settle
from rusvel_tui.engine.models import Invoice
from rusvel_tui.engine.operation import operation
from rusvel_tui.engine.text import one_line


class PutDecision(InvoiceId):
    """The decision as it was."""

    decision: str


@operation("gtm.invoices.accept_quote", writes=True, permission="crm.invoices.manage")
def accept_quote(ctx: Context, cmd: Decide) -> InvoiceView:
    """Note that a client accepted a quote; an expired one needs force."""
    quote = _quote(ctx, cmd.invoice_id)
    _refuse_expired(ctx, quote, force=cmd.force)
    return _decide(ctx, quote, "accepted", "gtm.invoice.accepted", cmd.reason)


@operation("gtm.invoices.decline_quote", writes=True, permission="crm.invoices.manage")
def decline_quote(ctx: Context, cmd: Decide) -> InvoiceView:
    """Note that a client declined a quote."""
    quote = _quote(ctx, cmd.invoice_id)
    return _decide(ctx, quote, "declined", "gtm.invoice.declined", cmd.reason)


@operation(
    "gtm.invoices.put_decision", writes=True, permission="crm.invoices.manage", internal=True
)
def put_decision(ctx: Context, cmd: PutDecision) -> InvoiceView:
    """Bring back what was known of a quote before."""
    quote = find_invoice(ctx, cmd.invoice_id)
    if cmd.decision == "accepted":
        return _decide(ctx, quote, cmd.decision, "gtm.invoice.accepted")
    if cmd.decision == "declined":
        return _decide(ctx, quote, cmd.decision, "gtm.invoice.declined")
    return _decide(ctx, quote, "", "gtm.invoice.reopened")


@operation("gtm.invoices.convert_quote", writes=True, permission="crm.invoices.manage")
def convert_quote(ctx: Context, cmd: ConvertQuote) -> InvoiceView:
    """Draft the invoice of a quote, once, with the same lines and totals; an expired quote needs force."""
    quote = _quote(ctx, cmd.invoice_id)
    there = Invoice.get_or_none(
        (Invoice.source_id == quote.id) & Invoice.deleted_at.is_null() & Invoice.voided_at.is_null()
    )
    if there is not None:
        raise Conflict(f"{quote.number} has an invoice already: {name_of(there)} ({there.id}).")
    if quote.decision == "declined":
        raise Conflict(f"{quote.number} was declined. Write a new quote.")
    if quote.decision != "accepted":
        _refuse_expired(ctx, quote, force=cmd.force)
    invoice = _invoice(ctx, quote, cmd)
    if quote.decision != "accepted":
        _decide(ctx, quote, "accepted", "gtm.invoice.accepted")
    return invoice_view(ctx, invoice)


def mark_invoiced(ctx: Context, invoice: Invoice) -> None:
    """Let a quote know that its invoice became final."""
    quote = Invoice.get_or_none(
        (Invoice.id == invoice.source_id) & (Invoice.kind == Kind.QUOTE.key)
    )
    if quote is not None and quote.decision != "invoiced":
        _decide(ctx, quote, "invoiced", "gtm.invoice.invoiced")


def _invoice(ctx: Context, quote: Invoice, cmd: ConvertQuote) -> Invoice:
    """The draft with everything that stands on the quote; what it comes to is the same."""
    contact = find_contact(ctx, quote.contact_id)
    lines = [
        {
            name: line[name] or None if name == "tax_rate" else line[name]
            for name in LineInput.model_fields
        }
        for line in stored_lines(quote.id)
    ]
    wanted = CreateInvoice.model_validate(
        {
            "contact_id": contact.id,
            "line_items": lines,
            "title": quote.title,
            "reference": quote.reference or f"{quote.number}",
            "notes": quote.notes,
            "due_date": cmd.due_date,
            "currency": quote.currency,
            "deal_id": quote.deal_id or "",
            "allowances": quote.allowances,
            "charges": quote.charges,
            **{name: quote.options[name] for name in OPTIONS if name in quote.options},
        }
    )
    invoice = draft(ctx, contact, wanted, source_id=quote.id, once=f"quote:{quote.id}")
    if (invoice.total_minor, invoice.tax_minor) != (quote.total_minor, quote.tax_minor):
        write_document(
            ctx, invoice, stored_lines(quote.id)
        )  # what was usual may have changed since
    return invoice


def _quote(ctx: Context, invoice_id: str) -> Invoice:
    quote = find_invoice(ctx, invoice_id)
    if quote.kind != Kind.QUOTE.key:
        raise InvalidInput(f"{name_of(quote)} is no quote.", field="invoice_id")
    if quote.number is None:
        raise Conflict(f"The {name_of(quote)} is a draft. Finalise it first.")
    if quote.voided_at is not None:
        raise Conflict(f"{quote.number} is void.")
    if quote.decision == "invoiced":
        raise Conflict(f"{quote.number} was invoiced already.")
    return quote


def _refuse_expired(ctx: Context, quote: Invoice, *, force: bool) -> None:
    if quote.due_date and quote.due_date < today_of(ctx).isoformat() and not force:
        raise Conflict(
            f"{quote.number} expired on {quote.due_date}. Pass force=true, or write a new quote."
        )


def _decide(
    ctx: Context, quote: Invoice, decision: str, kind: str, reason: str = ""
) -> InvoiceView:
    """Set what became of a quote, with one event; nothing when it was known."""
    before = quote.decision
    if before != decision:
        quote.decision = decision
        settle(quote)
        touch(ctx, quote)
        undo = Inverse("gtm.invoices.put_decision", {"invoice_id": quote.id, "decision": before})
        said = told(quote) | {"reason": one_line(reason)}
        ctx.record(kind, quote.id, said, undo=None if decision == "invoiced" else undo)
    return invoice_view(ctx, quote)
