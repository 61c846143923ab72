"""Money of the invoices, as growth shows it: what came in by month, and what is overdue."""

from __future__ import annotations

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.invoices.reports.revenue import Months, revenue_by_month
from rusvel_tui.engine.models.base import database
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.operation import View


class RevenueMonth(View):
    """What was issued and paid in a month, in one currency; decimals."""

    month: str
    currency: str
    issued: str
    paid: str


class OverdueAmount(View):
    """What should have been paid by now, in one currency."""

    currency: str
    invoices: int
    amount: str
    oldest_days: int


def revenue(ctx: Context, months: int = 12) -> tuple[RevenueMonth, ...]:
    """Revenue by month and currency, oldest first; nothing while there is none."""
    found = revenue_by_month.handle(ctx, Months(months=months)).months
    return tuple(
        RevenueMonth(month=row.month, currency=row.currency, issued=row.issued, paid=row.paid)
        for row in found
    )


_OVERDUE = """
SELECT currency, count(*), sum(open_minor), julianday(:today) - julianday(min(due_date)) FROM invoice
WHERE session_id = :session AND kind = 'invoice' AND number IS NOT NULL AND voided_at IS NULL
  AND open_minor > 0 AND due_date <> '' AND due_date < :today AND status <> 'uncollectible'
GROUP BY currency ORDER BY currency
"""


def overdue(ctx: Context) -> tuple[OverdueAmount, ...]:
    """Open invoices after their due date, by currency."""
    today = ctx.now.astimezone(ctx.zone).date().isoformat()
    rows = database.execute_sql(_OVERDUE, {"session": ctx.session_id, "today": today}).fetchall()
    return tuple(
        OverdueAmount(
            currency=currency,
            invoices=count,
            amount=Money(minor, currency).amount,
            oldest_days=int(days),
        )
        for currency, count, minor, days in rows
    )
