"""What documents look like from outside: amounts as decimal text, days as ISO dates, overdue by the clock."""

from __future__ import annotations

from collections import namedtuple
from datetime import date, datetime
from typing import Any

from rusvel_tui.engine.gtm.invoices.ledger.words import Kind, Status, days_late
from rusvel_tui.engine.gtm.invoices.setup.parties import Party
from rusvel_tui.engine.models import Invoice
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.operation import View


class InvoiceRow(View):
    """A document in a list."""

    invoice_id: str
    number: str | None
    """None: it is a draft."""
    kind: Kind
    status: Status
    overdue: bool
    """Something is to be paid, and the due date has passed."""
    overdue_days: int
    days_to_due: int | None
    """None without a due date, or when nothing is to be paid."""
    expired: bool
    """Of a quote: its last day has passed and nobody accepted it."""
    client: str
    contact_id: str
    deal_id: str | None
    source_id: str | None
    title: str
    reference: str
    currency: str
    issue_date: str
    due_date: str
    total: str
    """With tax."""
    payable: str
    paid: str
    credited: str
    open: str
    """What is still to be paid; negative: to be given back."""
    sent_at: datetime | None
    version: int
    created_at: datetime


class LineView(View):
    """One line of a document."""

    position: int
    description: str
    quantity: str
    unit: str
    unit_price: str
    base_quantity: str
    tax_category: str
    tax_rate: str
    taxes: tuple[dict[str, Any], ...]
    allowances: tuple[str, ...]
    charges: tuple[str, ...]
    net: str


class AdjustmentView(View):
    """A discount or charge on the whole document, as it was typed."""

    amount: str
    tax_category: str = ""
    tax_rate: str | None = None
    reason: str = ""


class TaxView(View):
    """The tax of one category and rate."""

    category: str
    rate: str
    taxable: str
    tax: str


class PaymentView(View):
    """Money that came in or went back."""

    payment_id: str
    invoice_id: str
    kind: str
    """`payment` or `refund`."""
    amount: str
    """What it settles; negative for a refund."""
    received: str
    """What came in or went out: more than the amount when some became credit of the client."""
    currency: str
    paid_on: str
    method: str
    reference: str
    note: str
    actor: str
    created_at: datetime


class LinkView(View):
    """Another document that belongs to this one."""

    invoice_id: str
    number: str | None
    kind: Kind
    status: Status
    total: str
    issue_date: str


class HappenedView(View):
    """One thing in the history of a document."""

    at: datetime
    kind: str
    actor: str
    what: str


class ReminderView(View):
    """One step of reminding: what became of it, or when it comes."""

    step: int
    """Days after the due date."""
    on: str
    state: str
    """`planned`, `drafted`, `skipped`; for a drafted one the inbox knows more."""
    why: str
    mail_id: str | None


class InvoiceView(InvoiceRow):
    """A document, whole."""

    client_details: Party
    issuer: Party
    lines: tuple[LineView, ...]
    allowances: tuple[AdjustmentView, ...]
    charges: tuple[AdjustmentView, ...]
    taxes: tuple[TaxView, ...]
    lines_total: str
    allowances_total: str
    charges_total: str
    without_tax: str
    tax: str
    prepaid: str
    rounding: str
    prices_include_tax: bool
    rounding_unit: str | None
    delivered_on: str
    notes: str
    terms: str
    payments: tuple[PaymentView, ...]
    credit_notes: tuple[LinkView, ...]
    source: LinkView | None
    """The quote it came from; of a credit note the invoice that it corrects."""
    follow_ups: tuple[LinkView, ...]
    """Invoices that came from this quote or for its being late."""
    creditable: str
    """How much can still be credited, with tax."""
    client_credit: str
    """What the client has paid too much in this currency and can be used."""
    reminders: tuple[ReminderView, ...]
    history: tuple[HappenedView, ...]
    missing: tuple[str, ...]
    """What a draft lacks before it can be final, one sentence each."""
    void_reason: str
    issued_at: datetime | None
    voided_at: datetime | None
    metadata: dict[str, Any]
    updated_at: datetime


class InvoicePage(View):
    """A part of the list."""

    items: tuple[InvoiceRow, ...]
    next: str | None


class InvoiceDeleted(View):
    """A draft that is gone."""

    invoice_id: str
    title: str


_PLAIN = (
    "number", "contact_id", "deal_id", "source_id", "title", "reference", "currency", "issue_date", "due_date",
    "sent_at", "version", "created_at",
)  # fmt: skip


LISTED = (
    *_PLAIN, "id", "kind", "status", "open_minor", "client_name", "total_minor", "payable_minor", "paid_minor",
    "credited_minor",
)  # fmt: skip
"""The columns that a list shows: a row of them costs a tenth of a whole one."""
Listed: Any = namedtuple("Listed", LISTED)  # type: ignore[misc]
_KINDS = {kind.key: kind for kind in Kind}
_STATUSES = {status.key: status for status in Status}


def row_values(invoice: Any, today: date) -> dict[str, Any]:
    """The fields that a list shows, of a whole row or of a `Listed` one."""
    late = days_late(invoice.due_date, today)
    is_open = invoice.open_minor > 0
    waiting = invoice.kind == Kind.QUOTE.key and invoice.status in ("issued", "sent")
    return {name: getattr(invoice, name) for name in _PLAIN} | {
        "invoice_id": invoice.id,
        "kind": _KINDS[invoice.kind],
        "status": _STATUSES[invoice.status],
        "overdue": is_open and bool(invoice.due_date) and late > 0,
        "overdue_days": late if is_open and late > 0 else 0,
        "days_to_due": -late if is_open and invoice.due_date else None,
        "expired": waiting and bool(invoice.due_date) and late > 0,
        "client": invoice.client_name,
        "total": amount(invoice.total_minor, invoice),
        "payable": amount(invoice.payable_minor, invoice),
        "paid": amount(invoice.paid_minor, invoice),
        "credited": amount(invoice.credited_minor, invoice),
        "open": amount(invoice.open_minor, invoice),
    }


def row_view(invoice: Any, today: date) -> InvoiceRow:
    """A document as a list shows it; its values are known to be right."""
    return InvoiceRow.model_construct(**row_values(invoice, today))


def link_view(invoice: Invoice) -> LinkView:
    return LinkView(
        invoice_id=invoice.id,
        number=invoice.number,
        kind=Kind(invoice.kind),
        status=Status(invoice.status),
        total=amount(invoice.total_minor, invoice),
        issue_date=invoice.issue_date,
    )


def amount(minor: int, invoice: Any) -> str:
    """Minor units as decimal text."""
    return Money(minor, invoice.currency).amount
