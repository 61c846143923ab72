"""Drafts of documents: create, change, delete and bring back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rusvel_tui.engine.conflicts import require_version
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.deals.deal_rows import find_deal
from rusvel_tui.engine.gtm.crm.people.people import find_contact
from rusvel_tui.engine.gtm.invoices.ledger.clients import client_for
from rusvel_tui.engine.gtm.invoices.ledger.inputs import (
    CreateInvoice,
    DocumentInput,
    InvoiceId,
    UpdateInvoice,
)
from rusvel_tui.engine.gtm.invoices.ledger.record import invoice_view
from rusvel_tui.engine.gtm.invoices.ledger.rows import (
    adjustments,
    check_dates,
    find_draft,
    find_invoice,
    line_values,
    read_day,
    stored_lines,
    touch,
    write_document,
)
from rusvel_tui.engine.gtm.invoices.ledger.views import InvoiceDeleted, InvoiceView
from rusvel_tui.engine.gtm.invoices.ledger.words import Kind, name_of
from rusvel_tui.engine.gtm.invoices.setup.billing import client_of
from rusvel_tui.engine.gtm.invoices.setup.kept import load_setup
from rusvel_tui.engine.gtm.invoices.setup.parties import read_party
from rusvel_tui.engine.gtm.invoices.totals.reading import read_currency
from rusvel_tui.engine.models import Contact, Invoice
from rusvel_tui.engine.operation import operation
from rusvel_tui.engine.text import sanitize

OPTIONS = ("prepaid", "rounding", "rounding_unit", "prices_include_tax")


@operation("gtm.invoices.create_invoice", writes=True, permission="crm.invoices.manage")
def create_invoice(ctx: Context, cmd: CreateInvoice) -> InvoiceView:
    """Create a draft invoice or quote for a client, with its lines and due date."""
    if cmd.kind is Kind.CREDIT_NOTE:
        raise InvalidInput(
            "A credit note comes from its invoice: use credit_invoice.", field="kind"
        )
    contact = client_for(ctx, cmd.contact_id, cmd.client_name, create=cmd.create_client)
    return invoice_view(ctx, draft(ctx, contact, cmd))


def draft(
    ctx: Context,
    contact: Contact,
    cmd: CreateInvoice,
    *,
    source_id: str | None = None,
    once: str | None = None,
) -> Invoice:
    """Store a new draft; `once` names what there may be one document for."""
    setup = load_setup(ctx)
    invoice = Invoice(
        id=ctx.new_id(),
        session_id=ctx.session_id,
        kind=cmd.kind.key,
        contact_id=contact.id,
        deal_id=find_deal(ctx, cmd.deal_id).id if cmd.deal_id else None,
        source_id=source_id,
        once=once,
        currency=read_currency(cmd.currency or ctx.session.currency),
        due_date=read_day(ctx, cmd.due_date, "due_date"),
        terms=setup.terms,
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    _fill(ctx, invoice, cmd)
    _name_client(invoice, contact)
    check_dates(invoice)
    lines = line_values(cmd.line_items, setup.tax_category, setup.tax_rate)
    write_document(ctx, invoice, lines, new=True)
    undo = Inverse("gtm.invoices.delete_invoice", {"invoice_id": invoice.id})
    ctx.record("gtm.invoice.created", invoice.id, told(invoice), undo=undo)
    return invoice


@operation("gtm.invoices.update_invoice", writes=True, permission="crm.invoices.manage")
def update_invoice(ctx: Context, cmd: UpdateInvoice) -> InvoiceView:
    """Change a draft: its client, lines, dates, discounts and texts; what is left out stays."""
    invoice = find_draft(ctx, cmd.invoice_id)
    require_version(cmd.version, invoice.version, f"The {name_of(invoice)}")
    before = _as_put(invoice)
    _fill(ctx, invoice, cmd)
    if cmd.contact_id is not None:
        invoice.contact_id = find_contact(ctx, cmd.contact_id).id
    if cmd.deal_id is not None:
        invoice.deal_id = find_deal(ctx, cmd.deal_id).id if cmd.deal_id else None
    if cmd.currency is not None:
        invoice.currency = read_currency(cmd.currency)
    if cmd.due_date is not None:
        invoice.due_date = read_day(ctx, cmd.due_date, "due_date")
    _name_client(invoice, Contact.get_by_id(invoice.contact_id))
    check_dates(invoice)
    setup = load_setup(ctx)
    lines = stored_lines(invoice.id)
    if cmd.line_items is not None:
        lines = line_values(cmd.line_items, setup.tax_category, setup.tax_rate)
    return _changed(ctx, invoice, lines, before)


class PutDraft(InvoiceId):
    """A draft as it was."""

    values: dict[str, Any]
    lines: list[dict[str, Any]]
    version: int | None = None


@operation("gtm.invoices.put_draft", writes=True, permission="crm.invoices.manage", internal=True)
def put_draft(ctx: Context, cmd: PutDraft) -> InvoiceView:
    """Bring a draft back to what it was."""
    invoice = find_draft(ctx, cmd.invoice_id)
    require_version(cmd.version, invoice.version, f"The {name_of(invoice)}")
    before = _as_put(invoice)
    for name, value in cmd.values.items():
        setattr(invoice, name, value)
    return _changed(ctx, invoice, cmd.lines, before)


@operation(
    "gtm.invoices.delete_invoice", writes=True, permission="crm.invoices.manage", human_only=True
)
def delete_invoice(ctx: Context, cmd: InvoiceId) -> InvoiceDeleted:
    """Delete a draft. What has a number stays: it can be voided or credited."""
    invoice = find_draft(ctx, cmd.invoice_id)
    invoice.deleted_at = ctx.now
    touch(ctx, invoice)
    undo = Inverse("gtm.invoices.restore_invoice", {"invoice_id": invoice.id})
    ctx.record("gtm.invoice.deleted", invoice.id, told(invoice), undo=undo)
    return InvoiceDeleted(invoice_id=invoice.id, title=name_of(invoice))


@operation(
    "gtm.invoices.restore_invoice", writes=True, permission="crm.invoices.manage", internal=True
)
def restore_invoice(ctx: Context, cmd: InvoiceId) -> InvoiceView:
    """Bring a deleted draft back."""
    invoice = find_invoice(ctx, cmd.invoice_id, deleted=True)
    invoice.deleted_at = None
    touch(ctx, invoice)
    undo = Inverse("gtm.invoices.delete_invoice", {"invoice_id": invoice.id})
    ctx.record("gtm.invoice.restored", invoice.id, told(invoice), undo=undo)
    return invoice_view(ctx, invoice)


def told(invoice: Invoice) -> dict[str, Any]:
    """What an event says about a document."""
    total = {"total_minor": invoice.payable_minor, "currency": invoice.currency}
    return {
        "name": f"{name_of(invoice)}",
        "number": invoice.number,
        "client": invoice.client_name,
        "contact_id": invoice.contact_id,
        "deal_id": invoice.deal_id,
        "version": invoice.version,
    } | total


def _fill(ctx: Context, invoice: Invoice, cmd: DocumentInput) -> None:
    """Put what was typed into the document; what was left out stays."""
    for name, read in _READERS.items():
        if (value := getattr(cmd, name)) is not None:
            setattr(invoice, name, read(ctx, name, value))
    typed = {name: value for name in OPTIONS if (value := getattr(cmd, name)) is not None}
    invoice.options = invoice.options | typed
    if cmd.client is not None:
        invoice.client = read_party(cmd.client, invoice.client)


def _long(ctx: Context, name: str, value: str) -> str:
    return sanitize(value).strip()


def _as_typed(ctx: Context, name: str, value: Any) -> Any:
    return value


def _shared(ctx: Context, name: str, value: Any) -> Any:
    return adjustments(value)


def _day(ctx: Context, name: str, value: str) -> str:
    return read_day(ctx, value, name)


_READERS: dict[str, Callable[[Context, str, Any], Any]] = {
    "title": _as_typed,
    "reference": _as_typed,
    "metadata": _as_typed,
    "notes": _long,
    "terms": _long,
    "issue_date": _day,
    "delivered_on": _day,
    "allowances": _shared,
    "charges": _shared,
}
"""How each field of a draft is read from what was typed."""


def _name_client(invoice: Invoice, contact: Contact) -> None:
    party = client_of(contact, invoice.client)
    invoice.client_name = party.name or party.attention or party.email


_KEPT = (
    "contact_id", "deal_id", "currency", "issue_date", "due_date", "delivered_on", "title", "reference", "notes",
    "terms", "client", "allowances", "charges", "options", "client_name", "metadata",
)  # fmt: skip


def _as_put(invoice: Invoice) -> dict[str, Any]:
    values = {name: getattr(invoice, name) for name in _KEPT}
    return {"invoice_id": invoice.id, "values": values, "lines": stored_lines(invoice.id)}


def _changed(
    ctx: Context, invoice: Invoice, lines: list[dict[str, Any]], before: dict[str, Any]
) -> InvoiceView:
    """Store a changed draft with its event; nothing when it is as it was."""
    same = all(getattr(invoice, name) == value for name, value in before["values"].items())
    if same and _bare(lines) == _bare(before["lines"]):
        return invoice_view(ctx, invoice)
    write_document(ctx, invoice, lines)
    undo = Inverse("gtm.invoices.put_draft", before | {"version": invoice.version})
    ctx.record("gtm.invoice.updated", invoice.id, told(invoice), undo=undo)
    return invoice_view(ctx, invoice)


def _bare(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {k: v for k, v in line.items() if k not in ("id", "invoice_id", "net_minor")}
        for line in lines
    ]
