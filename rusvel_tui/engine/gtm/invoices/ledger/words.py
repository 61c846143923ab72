"""The kinds of documents and where they stand; overdue is read off the clock, never stored."""

from __future__ import annotations

from datetime import date

from rusvel_tui.engine.models import Invoice
from rusvel_tui.engine.spelled import Spelled


class Kind(Spelled):
    """What a document is."""

    INVOICE = "Invoice"
    CREDIT_NOTE = "CreditNote"
    QUOTE = "Quote"

    @property
    def words(self) -> str:
        return self.key.replace("_", " ")


class Status(Spelled):
    """Where a document stands. Issued ones are final; sent ones left by mail or by hand."""

    DRAFT = "Draft"
    ISSUED = "Issued"
    SENT = "Sent"
    PARTIALLY_PAID = "PartiallyPaid"
    PAID = "Paid"
    CREDITED = "Credited"
    """Credit notes took all of it away before anything was paid."""
    VOID = "Void"
    ACCEPTED = "Accepted"
    DECLINED = "Declined"
    INVOICED = "Invoiced"
    """Of a quote: there is an invoice of it."""


class Show(Spelled):
    """Which documents a list shows: those of a status, or what people call open and overdue."""

    DRAFT = "Draft"
    ISSUED = "Issued"
    SENT = "Sent"
    PARTIALLY_PAID = "PartiallyPaid"
    PAID = "Paid"
    CREDITED = "Credited"
    VOID = "Void"
    ACCEPTED = "Accepted"
    DECLINED = "Declined"
    INVOICED = "Invoiced"
    OPEN = "Open"
    """Something is still to be paid."""
    OVERDUE = "Overdue"
    """Something is still to be paid, and the due date has passed."""


class Order(Spelled):
    """How a list is ordered."""

    NEWEST = "Newest"
    DUE = "Due"
    """The oldest due date first; only of what is open."""


def settle(invoice: Invoice) -> None:
    """Let the open amount and the status follow from the sums; constraints in the database say the same."""
    live = invoice.kind == "invoice" and invoice.number is not None and invoice.voided_at is None
    invoice.open_minor = (
        invoice.payable_minor - invoice.paid_minor - invoice.credited_minor if live else 0
    )
    invoice.status = _status(invoice, live=live).key


def _status(invoice: Invoice, *, live: bool) -> Status:
    if invoice.number is None:
        return Status.DRAFT
    if invoice.voided_at is not None:
        return Status.VOID
    if invoice.decision:
        return Status(invoice.decision)
    if live and invoice.open_minor <= 0:
        by_credit = invoice.credited_minor > 0 and invoice.paid_minor == 0
        return Status.CREDITED if by_credit else Status.PAID
    if live and invoice.paid_minor > 0:
        return Status.PARTIALLY_PAID
    return Status.ISSUED if invoice.sent_at is None else Status.SENT


def days_late(due_date: str, today: date) -> int:
    """Days since the due date; negative before it, 0 where there is none."""
    return (today - date.fromisoformat(due_date)).days if due_date else 0


def name_of(invoice: Invoice) -> str:
    """What to call a document in a message: its number, else its kind and client."""
    return str(invoice.number or f"{Kind(invoice.kind).words} draft for {invoice.client_name}")
