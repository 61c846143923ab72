"""One document with all that belongs to it: lines, taxes, payments, credit notes, reminders, history."""

from __future__ import annotations

from typing import Any

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.event_kinds import EVENT_KINDS
from rusvel_tui.engine.gtm.invoices.ledger.inputs import InvoiceId
from rusvel_tui.engine.gtm.invoices.ledger.readiness import missing_of
from rusvel_tui.engine.gtm.invoices.ledger.rows import find_invoice, stored_lines
from rusvel_tui.engine.gtm.invoices.ledger.standing import today_of
from rusvel_tui.engine.gtm.invoices.ledger.views import (
    AdjustmentView,
    HappenedView,
    InvoiceView,
    LineView,
    LinkView,
    PaymentView,
    TaxView,
    amount,
    link_view,
    row_values,
)
from rusvel_tui.engine.gtm.invoices.payments.store import credit_balance, payment_views
from rusvel_tui.engine.gtm.invoices.reminders.steps import reminder_views
from rusvel_tui.engine.gtm.invoices.setup.billing import client_of
from rusvel_tui.engine.gtm.invoices.setup.kept import load_setup
from rusvel_tui.engine.gtm.invoices.setup.parties import Party
from rusvel_tui.engine.models import Contact, Event, Invoice, InvoiceTax
from rusvel_tui.engine.operation import operation

_HISTORY = 100


@operation("gtm.invoices.get_invoice", permission="crm.invoices.read")
def get_invoice(ctx: Context, cmd: InvoiceId) -> InvoiceView:
    """Show one invoice, credit note or quote, whole; by id or number."""
    return invoice_view(ctx, find_invoice(ctx, cmd.invoice_id))


def invoice_view(ctx: Context, invoice: Invoice) -> InvoiceView:
    """A document with everything that belongs to it."""
    return InvoiceView.model_construct(
        **row_values(invoice, today_of(ctx)),
        **_written(ctx, invoice),
        **_sums(invoice),
        **_around(ctx, invoice),
        **{name: getattr(invoice, name) for name in _PLAIN},
    )


_PLAIN = (
    "delivered_on", "notes", "terms", "void_reason", "issued_at", "voided_at", "metadata", "updated_at",
)  # fmt: skip


def parties(ctx: Context, invoice: Invoice) -> tuple[Party, Party]:
    """Issuer and client: as they were when the document became final, or as a draft has them now."""
    if invoice.number is not None:
        return Party.model_validate(invoice.issuer), Party.model_validate(invoice.client)
    contact = Contact.get_by_id(invoice.contact_id)
    return load_setup(ctx).issuer, client_of(contact, invoice.client)


def _written(ctx: Context, invoice: Invoice) -> dict[str, Any]:
    issuer, client = parties(ctx, invoice)
    return {
        "client_details": client,
        "issuer": issuer,
        "lines": tuple(_line(invoice, line) for line in stored_lines(invoice.id)),
        "allowances": tuple(AdjustmentView(**one) for one in invoice.allowances),
        "charges": tuple(AdjustmentView(**one) for one in invoice.charges),
        "taxes": tuple(_taxes(invoice)),
        "prices_include_tax": bool(invoice.options.get("prices_include_tax")),
        "rounding_unit": invoice.options.get("rounding_unit"),
        "missing": missing_of(ctx, invoice, client) if invoice.number is None else (),
    }


def _sums(invoice: Invoice) -> dict[str, Any]:
    return {
        name: amount(getattr(invoice, column), invoice)
        for name, column in (
            ("lines_total", "lines_minor"),
            ("allowances_total", "allowances_minor"),
            ("charges_total", "charges_minor"),
            ("without_tax", "net_minor"),
            ("tax", "tax_minor"),
            ("prepaid", "prepaid_minor"),
            ("rounding", "rounding_minor"),
        )
    }


def _line(invoice: Invoice, line: dict[str, Any]) -> LineView:
    return LineView(
        **{name: line[name] for name in LineView.model_fields if name != "net"},
        net=amount(line["net_minor"], invoice),
    )


def _taxes(invoice: Invoice) -> list[TaxView]:
    rows = InvoiceTax.select().where(InvoiceTax.invoice_id == invoice.id)
    return [
        TaxView(
            category=row.category,
            rate=row.rate,
            taxable=amount(row.taxable_minor, invoice),
            tax=amount(row.tax_minor, invoice),
        )
        for row in rows
    ]


def _around(ctx: Context, invoice: Invoice) -> dict[str, Any]:
    """What belongs to the document besides what stands on it."""
    linked = list(
        Invoice.select()
        .where((Invoice.source_id == invoice.id) & Invoice.deleted_at.is_null())
        .order_by(Invoice.id)
    )
    notes = [one for one in linked if one.kind == "credit_note"]
    source = Invoice.get_or_none(Invoice.id == invoice.source_id) if invoice.source_id else None
    return {
        "payments": payments_of(invoice),
        "credit_notes": tuple(map(link_view, notes)),
        "follow_ups": tuple(link_view(one) for one in linked if one.kind != "credit_note"),
        "source": _link(source),
        "creditable": amount(_creditable(invoice, notes), invoice),
        "client_credit": amount(credit_balance(invoice.contact_id, invoice.currency), invoice),
        "reminders": reminder_views(ctx, invoice),
        "history": history(invoice),
    }


def _link(source: Invoice | None) -> LinkView | None:
    return None if source is None else link_view(source)


def payments_of(invoice: Invoice) -> tuple[PaymentView, ...]:
    """The payments and refunds of an invoice, oldest first."""
    return payment_views(invoice.id)


def _creditable(invoice: Invoice, notes: list[Invoice]) -> int:
    if invoice.kind != "invoice" or invoice.number is None or invoice.voided_at is not None:
        return 0
    live = (one for one in notes if one.voided_at is None and one.number is not None)
    return int(invoice.total_minor + sum(one.total_minor for one in live))


def history(invoice: Invoice) -> tuple[HappenedView, ...]:
    """What happened to the document, oldest first."""
    rows = Event.select().where(Event.subject_id == invoice.id).order_by(Event.id.desc())
    return tuple(
        HappenedView(
            at=row.at,
            kind=row.kind,
            actor=row.actor,
            what=str(row.payload.get("what") or EVENT_KINDS.get(row.kind, row.kind)),
        )
        for row in reversed(list(rows.limit(_HISTORY)))
    )
