"""Making a draft final: it gets its number and keeps issuer, client and totals as they are now."""

from __future__ import annotations

from datetime import date, timedelta

from rusvel_tui.engine.conflicts import require_version
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Conflict, InvalidInput
from rusvel_tui.engine.gtm.invoices.ledger.crediting import recredit, require_creditable
from rusvel_tui.engine.gtm.invoices.ledger.drafts import told
from rusvel_tui.engine.gtm.invoices.ledger.inputs import Finalise, InvoiceId
from rusvel_tui.engine.gtm.invoices.ledger.numbering import number_text, take_number
from rusvel_tui.engine.gtm.invoices.ledger.quotes import mark_invoiced
from rusvel_tui.engine.gtm.invoices.ledger.readiness import missing_of
from rusvel_tui.engine.gtm.invoices.ledger.record import invoice_view, parties
from rusvel_tui.engine.gtm.invoices.ledger.rows import (
    check_dates,
    find_invoice,
    stored_lines,
    touch,
    write_document,
)
from rusvel_tui.engine.gtm.invoices.ledger.standing import today_of
from rusvel_tui.engine.gtm.invoices.ledger.views import InvoiceView
from rusvel_tui.engine.gtm.invoices.ledger.words import Kind, name_of, settle
from rusvel_tui.engine.gtm.invoices.reminders.planning import plan_reminders
from rusvel_tui.engine.gtm.invoices.setup.kept import load_setup
from rusvel_tui.engine.models import Invoice
from rusvel_tui.engine.operation import operation


@operation("gtm.invoices.finalise_invoice", writes=True, permission="crm.invoices.manage")
def finalise_invoice(ctx: Context, cmd: Finalise) -> InvoiceView:
    """Make a draft final: it gets its number and cannot be changed or deleted any more.

    There is no undo: a number that was given is never given again. A final invoice is voided or credited.
    """
    invoice = find_invoice(ctx, cmd.invoice_id)
    if invoice.number is not None:
        raise Conflict(f"{invoice.number} is final already.")
    require_version(cmd.version, invoice.version, f"The {name_of(invoice)}")
    finalise(ctx, invoice, zero=cmd.zero)
    if cmd.sent:
        mark(ctx, invoice)
    return invoice_view(ctx, invoice)


def finalise(ctx: Context, invoice: Invoice, *, zero: bool = False) -> None:
    """Give a draft its number; raises `InvalidInput` for what it lacks."""
    _fill_dates(ctx, invoice)
    issuer, client = parties(ctx, invoice)
    lines = stored_lines(invoice.id)
    invoice.issuer, invoice.client = issuer.model_dump(), client.model_dump()
    invoice.client_name = client.name or client.attention
    write_document(ctx, invoice, lines)
    _require(missing_of(ctx, invoice, client))
    if invoice.kind == Kind.CREDIT_NOTE.key:
        require_creditable(ctx, invoice)
    if not (invoice.total_minor or zero):
        raise InvalidInput(
            "It comes to nothing. Add what is invoiced, or pass zero=true.", field="zero"
        )
    series, seq = take_number(ctx, Kind(invoice.kind), date.fromisoformat(invoice.issue_date))
    invoice.series, invoice.seq, invoice.number = series, seq, number_text(series, seq)
    invoice.issued_at = ctx.now
    invoice.search = f"{invoice.search} {invoice.number.casefold()}"
    settle(invoice)
    invoice.save()
    ctx.record("gtm.invoice.issued", invoice.id, told(invoice))
    _follow(ctx, invoice)


def _follow(ctx: Context, invoice: Invoice) -> None:
    """Reminders are planned, a credit note counts, the quote of an invoice is done."""
    if invoice.kind == Kind.CREDIT_NOTE.key:
        recredit(ctx, invoice)
    elif invoice.kind == Kind.INVOICE.key:
        if invoice.source_id:
            mark_invoiced(ctx, invoice)
        plan_reminders(ctx, invoice)


def _require(missing: tuple[str, ...]) -> None:
    if missing:
        raise InvalidInput(missing[0])


def _fill_dates(ctx: Context, invoice: Invoice) -> None:
    """The issue date is today unless it was typed; the due date follows from it."""
    today = today_of(ctx)
    invoice.issue_date = invoice.issue_date or today.isoformat()
    if invoice.issue_date > today.isoformat():
        raise InvalidInput(
            f"Its issue date {invoice.issue_date} is in the future. Finalise it then, or give an earlier day.",
            field="issue_date",
        )
    setup = load_setup(ctx)
    days = setup.quote_days if invoice.kind == Kind.QUOTE.key else setup.payment_days
    if not invoice.due_date and invoice.kind != Kind.CREDIT_NOTE.key:
        due = date.fromisoformat(invoice.issue_date) + timedelta(days=days)
        invoice.due_date = due.isoformat()
    check_dates(invoice)


@operation("gtm.invoices.mark_sent", writes=True, permission="crm.invoices.manage")
def mark_sent(ctx: Context, cmd: InvoiceId) -> InvoiceView:
    """Say that a final document was handed over, other than by mail from here."""
    invoice = find_invoice(ctx, cmd.invoice_id)
    if invoice.number is None:
        raise Conflict(f"The {name_of(invoice)} is a draft. Finalise it first.")
    if invoice.voided_at is not None:
        raise Conflict(f"{invoice.number} is void.")
    mark(ctx, invoice)
    return invoice_view(ctx, invoice)


def mark(ctx: Context, invoice: Invoice, *, by: str = "") -> None:
    """Set when it was sent, once; nothing when it was sent before."""
    if invoice.sent_at is not None:
        return
    invoice.sent_at = ctx.now
    settle(invoice)
    touch(ctx, invoice)
    undo = None if by else Inverse("gtm.invoices.unmark_sent", {"invoice_id": invoice.id})
    ctx.record("gtm.invoice.sent", invoice.id, told(invoice) | {"by": by or "hand"}, undo=undo)


@operation("gtm.invoices.unmark_sent", writes=True, permission="crm.invoices.manage", internal=True)
def unmark_sent(ctx: Context, cmd: InvoiceId) -> InvoiceView:
    """Take back that a document was handed over; one that left by mail stays sent."""
    invoice = find_invoice(ctx, cmd.invoice_id)
    if invoice.sent_at is not None:
        invoice.sent_at = None
        settle(invoice)
        touch(ctx, invoice)
        undo = Inverse("gtm.invoices.mark_sent", {"invoice_id": invoice.id})
        ctx.record("gtm.invoice.unsent", invoice.id, told(invoice), undo=undo)
    return invoice_view(ctx, invoice)
