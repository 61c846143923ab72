"""Payments: recorded, given back, taken out of the books again; what is too much becomes credit when somebody says so."""

from __future__ import annotations

from typing import Any

from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.gtm.invoices.ledger.balance import rebalance
from rusvel_tui.engine.gtm.invoices.ledger.finalising import finalise
from rusvel_tui.engine.gtm.invoices.ledger.record import invoice_view
from rusvel_tui.engine.gtm.invoices.ledger.rows import find_invoice, require_issued
from rusvel_tui.engine.gtm.invoices.ledger.views import InvoiceView
from rusvel_tui.engine.gtm.invoices.payments.store import (
    change_credit,
    credit_balance,
    find_payment,
    read_money,
    read_paid_on,
)
from rusvel_tui.engine.gtm.invoices.totals.numerals import Numeral
from rusvel_tui.engine.models import BankLine, ClientCredit, Invoice, Payment
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.operation import Input, operation
from rusvel_tui.engine.text import one_line, sanitize
from rusvel_tui.engine.when_text import When


class PaymentInput(Input):
    """Money on one day."""

    invoice_id: str
    """The invoice, by id or number."""
    paid_on: When | None = None
    """Today when left out."""
    method: str = ""
    """Such as transfer, card or cash."""
    reference: str = ""
    note: str = ""


class RecordPayment(PaymentInput):
    """Money that came in for an invoice."""

    amount: Numeral
    currency: str = ""
    """The invoice's; another one is refused."""
    credit: bool = False
    """Whether what is too much becomes credit of the client; refused otherwise."""


class MarkPaid(PaymentInput):
    """An invoice of which all that is open came in."""


class Refund(PaymentInput):
    """Money that goes back to the client."""

    amount: Numeral
    currency: str = ""
    as_credit: bool = False
    """Whether it is kept as credit of the client, for the next invoice."""


class UseCredit(Input):
    """Which invoice is paid with what the client paid too much before."""

    invoice_id: str
    amount: Numeral | None = None
    """As much as there is, up to what is open, when left out."""


class PaymentId(Input):
    """Which payment."""

    payment_id: str


@operation("gtm.invoices.record_payment", writes=True, permission="crm.invoices.manage")
def record_payment(ctx: Context, cmd: RecordPayment) -> InvoiceView:
    """Record money that came in for an invoice: all of it, or a part."""
    invoice = _payable(ctx, cmd.invoice_id)
    received = read_money(cmd.amount, cmd.currency, invoice)
    left = max(invoice.open_minor, 0)
    if received > left and not cmd.credit:
        open_, more = Money(left, invoice.currency), Money(received - left, invoice.currency)
        raise Conflict(
            f"{invoice.number} has {open_} open; {more} is too much. Pass credit=true to keep it as credit."
        )
    pay(ctx, invoice, cmd, received)
    return invoice_view(ctx, invoice)


@operation("gtm.invoices.mark_paid", writes=True, permission="crm.invoices.manage")
def mark_paid(ctx: Context, cmd: MarkPaid) -> InvoiceView:
    """Record that all that is open of an invoice was paid; a draft is finalised first. Nothing when it is paid."""
    invoice = find_invoice(ctx, cmd.invoice_id)
    if invoice.number is None and invoice.kind == "invoice":
        finalise(ctx, invoice)
    require_issued(invoice, "be paid")
    if invoice.open_minor > 0:
        pay(ctx, invoice, cmd, int(invoice.open_minor))
    return invoice_view(ctx, invoice)


@operation("gtm.invoices.refund_payment", writes=True, permission="crm.invoices.manage")
def refund_payment(ctx: Context, cmd: Refund) -> InvoiceView:
    """Record money that went back to the client, or keep it as credit for the next invoice."""
    invoice = _payable(ctx, cmd.invoice_id)
    minor = read_money(cmd.amount, cmd.currency, invoice)
    if minor > invoice.paid_minor:
        paid = Money(invoice.paid_minor, invoice.currency)
        raise Conflict(f"Only {paid} was paid on {invoice.number}: no more can go back.")
    row = _row(ctx, invoice, cmd, "refund", -minor, 0 if cmd.as_credit else -minor)
    if cmd.as_credit:
        change_credit(ctx, invoice, row.id, minor, f"given back on {invoice.number}")
    _book(ctx, invoice, row, "gtm.invoice.refunded")
    return invoice_view(ctx, invoice)


@operation("gtm.invoices.use_credit", writes=True, permission="crm.invoices.manage")
def use_credit(ctx: Context, cmd: UseCredit) -> InvoiceView:
    """Pay an invoice with what its client paid too much before."""
    invoice = _payable(ctx, cmd.invoice_id)
    there = credit_balance(invoice.contact_id, invoice.currency)
    most = min(there, max(invoice.open_minor, 0))
    minor = most if cmd.amount is None else read_money(cmd.amount, "", invoice)
    if minor > most or not minor:
        credit, open_ = Money(there, invoice.currency), Money(invoice.open_minor, invoice.currency)
        raise Conflict(f"The client has {credit} of credit, and {invoice.number} has {open_} open.")
    how = PaymentInput(invoice_id=invoice.id, method="credit")
    row = _row(ctx, invoice, how, "payment", minor, 0)
    change_credit(ctx, invoice, row.id, -minor, f"used for {invoice.number}")
    _book(ctx, invoice, row, "gtm.invoice.payment")
    return invoice_view(ctx, invoice)


@operation("gtm.invoices.remove_payment", writes=True, permission="crm.invoices.manage")
def remove_payment(ctx: Context, cmd: PaymentId) -> InvoiceView:
    """Take a payment or refund that was recorded by mistake out of the books; it stays in the history."""
    row = find_payment(ctx, cmd.payment_id)
    return _switch(ctx, row, on=False)


@operation(
    "gtm.invoices.restore_payment", writes=True, permission="crm.invoices.manage", internal=True
)
def restore_payment(ctx: Context, cmd: PaymentId) -> InvoiceView:
    """Let a removed payment count again."""
    row = find_payment(ctx, cmd.payment_id, removed=True)
    return _switch(ctx, row, on=True)


def pay(ctx: Context, invoice: Invoice, how: PaymentInput, received: int) -> Payment:
    """Book money that came in, with the way back; what is more than open becomes credit of the client."""
    row = _received(ctx, invoice, how, received, None)
    _book(ctx, invoice, row, "gtm.invoice.payment")
    return row


def book_payment(
    ctx: Context, invoice: Invoice, how: PaymentInput, received: int, bank_line_id: str
) -> Payment:
    """Book the money of a bank line; the way back is that of the whole file."""
    row = _received(ctx, invoice, how, received, bank_line_id)
    ctx.record("gtm.invoice.payment", invoice.id, _told(invoice, row))
    rebalance(ctx, invoice)
    return row


def unbook(ctx: Context, row: Payment) -> None:
    """Take a payment out of the books, as part of a larger change."""
    _switch(ctx, row, on=False, alone=False)


def _received(
    ctx: Context, invoice: Invoice, how: PaymentInput, received: int, bank_line_id: str | None
) -> Payment:
    """The row of money that came in; what is more than open becomes credit of the client."""
    amount = min(received, max(int(invoice.open_minor), 0))
    row = _row(ctx, invoice, how, "payment", amount, received, bank_line_id)
    if received > amount:
        change_credit(ctx, invoice, row.id, received - amount, f"paid too much on {invoice.number}")
    return row


def _payable(ctx: Context, invoice_id: str) -> Invoice:
    invoice = find_invoice(ctx, invoice_id)
    require_issued(invoice, "be paid")
    return invoice


def _row(
    ctx: Context,
    invoice: Invoice,
    how: PaymentInput,
    kind: str,
    amount: int,
    received: int,
    bank_line_id: str | None = None,
) -> Payment:
    made: Payment = Payment.create(
        id=ctx.new_id(),
        session_id=ctx.session_id,
        invoice_id=invoice.id,
        kind=kind,
        amount_minor=amount,
        received_minor=received,
        currency=invoice.currency,
        paid_on=read_paid_on(ctx, how.paid_on, invoice),
        method=one_line(how.method)[:60],
        reference=one_line(how.reference)[:200],
        note=sanitize(how.note)[:2000],
        bank_line_id=bank_line_id,
        actor=ctx.actor.name,
        created_at=ctx.now,
    )
    return made


def _book(ctx: Context, invoice: Invoice, row: Payment, kind: str) -> None:
    """Tell of a payment, with the way back, and let the invoice follow."""
    undo = Inverse("gtm.invoices.remove_payment", {"payment_id": row.id})
    ctx.record(kind, invoice.id, _told(invoice, row), undo=undo)
    rebalance(ctx, invoice)


def _told(invoice: Invoice, row: Payment) -> dict[str, Any]:
    return {
        "name": invoice.number,
        "number": invoice.number,
        "client": invoice.client_name,
        "contact_id": invoice.contact_id,
        "payment_id": row.id,
        "amount_minor": row.amount_minor,
        "currency": row.currency,
        "what": f"{row.kind} of {Money(abs(row.received_minor or row.amount_minor), row.currency)}",
    }


def _switch(ctx: Context, row: Payment, *, on: bool, alone: bool = True) -> InvoiceView:
    """Let a payment count, or not; refuses what would leave less than nothing behind."""
    invoice = find_invoice(ctx, row.invoice_id)
    if on:
        require_issued(invoice, "be paid")
    when = None if on else ctx.now
    Payment.update(removed_at=when).where(Payment.id == row.id).execute()
    moved = ClientCredit.update(removed_at=when).where(ClientCredit.payment_id == row.id).execute()
    if moved and credit_balance(invoice.contact_id, invoice.currency) < 0:
        raise Conflict("The client's credit from this was used already. Remove that payment first.")
    if row.bank_line_id:
        state = "booked" if on else "proposed"
        BankLine.update(state=state).where(BankLine.id == row.bank_line_id).execute()
    said, which = _told(invoice, row), {"payment_id": row.id}
    if on:
        undo = Inverse("gtm.invoices.remove_payment", which)
        ctx.record("gtm.invoice.payment", invoice.id, said, undo=undo)
    else:
        undo = Inverse("gtm.invoices.restore_payment", which)
        said["what"] = f"{said['what']} was taken out"
        ctx.record("gtm.invoice.payment_removed", invoice.id, said, undo=undo if alone else None)
    rebalance(ctx, invoice)
    _require_sums(invoice, on=on)
    return invoice_view(ctx, invoice)


def _require_sums(invoice: Invoice, *, on: bool) -> None:
    """A payment that was refunded cannot go, and one that is too much by now cannot come back."""
    if invoice.paid_minor < 0:
        raise Conflict(f"Some of it was given back. Remove the refund on {invoice.number} first.")
    if on and invoice.open_minor < 0 and not invoice.credited_minor:
        raise Conflict(f"{invoice.number} was paid in the meantime.")
