"""Payments and the credit of clients, as rows and as views."""

from __future__ import annotations

from datetime import date
from typing import Any

from peewee import fn

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput, NotFound
from rusvel_tui.engine.gtm.invoices.ledger.rows import read_day
from rusvel_tui.engine.gtm.invoices.ledger.standing import today_of
from rusvel_tui.engine.gtm.invoices.ledger.views import PaymentView
from rusvel_tui.engine.models import ClientCredit, Invoice, Payment
from rusvel_tui.engine.money import Money, currency_code


def payment_views(invoice_id: str) -> tuple[PaymentView, ...]:
    """The payments and refunds of an invoice that count, oldest first."""
    rows = Payment.select().where((Payment.invoice_id == invoice_id) & Payment.removed_at.is_null())
    return tuple(payment_view(row) for row in rows.order_by(Payment.paid_on, Payment.id))


def payment_view(row: Payment) -> PaymentView:
    return PaymentView(
        payment_id=row.id,
        invoice_id=row.invoice_id,
        kind=row.kind,
        amount=Money(row.amount_minor, row.currency).amount,
        received=Money(row.received_minor, row.currency).amount,
        currency=row.currency,
        paid_on=row.paid_on,
        method=row.method,
        reference=row.reference,
        note=row.note,
        actor=row.actor,
        created_at=row.created_at,
    )


def find_payment(ctx: Context, payment_id: str, *, removed: bool = False) -> Payment:
    """A payment of this session that counts, or one that was removed; raises `NotFound`."""
    found: Payment | None = Payment.get_or_none(
        (Payment.id == payment_id)
        & (Payment.session_id == ctx.session_id)
        & Payment.removed_at.is_null(not removed)
    )
    if found is None:
        raise NotFound(f"There is no payment {payment_id!r} in this session.")
    return found


def credit_balance(contact_id: str, currency: str) -> int:
    """What a client has paid too much and can use, in minor units."""
    query = ClientCredit.select(fn.COALESCE(fn.SUM(ClientCredit.amount_minor), 0)).where(
        (ClientCredit.contact_id == contact_id)
        & (ClientCredit.currency == currency)
        & ClientCredit.removed_at.is_null()
    )
    return int(query.scalar())


def change_credit(ctx: Context, invoice: Invoice, payment_id: str, minor: int, note: str) -> None:
    """Give a client credit, or take some of it, together with a payment."""
    ClientCredit.create(
        id=ctx.new_id(),
        session_id=ctx.session_id,
        contact_id=invoice.contact_id,
        currency=invoice.currency,
        amount_minor=minor,
        payment_id=payment_id,
        note=note,
        created_at=ctx.now,
    )


def read_money(text: Any, currency: str, invoice: Invoice) -> int:
    """A positive amount in the currency of the invoice, in minor units."""
    if currency and currency_code(currency) != invoice.currency:
        raise InvalidInput(
            f"{invoice.number} is in {invoice.currency}; record what arrived in {invoice.currency}.",
            field="currency",
        )
    from rusvel_tui.engine.gtm.invoices.totals.numerals import read_amount

    minor = read_amount(str(text), invoice.currency, "amount", field="amount")
    if minor <= 0:
        raise InvalidInput(
            "The amount is above zero. To give money back, refund it.", field="amount"
        )
    return minor


def read_paid_on(ctx: Context, text: str | None, invoice: Invoice) -> str:
    """The day of a payment: not before the invoice, not in the future; today when left out."""
    today = today_of(ctx)
    day = read_day(ctx, text, "paid_on") or today.isoformat()
    if day > today.isoformat():
        raise InvalidInput(f"{day} is in the future. Record it when it arrived.", field="paid_on")
    if day < invoice.issue_date:
        issued = date.fromisoformat(invoice.issue_date)
        raise InvalidInput(
            f"{day} is before {invoice.number} was issued on {issued}. Give a later day.",
            field="paid_on",
        )
    return day
