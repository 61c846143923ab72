"""How long clients take: days sales outstanding, and the days from issue to payment of what was paid."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from pydantic import Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.invoices.ledger.standing import today_of
from rusvel_tui.engine.models.base import database
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.operation import Input, View, operation


class DsoInput(Input):
    """Over how many days."""

    days: int = Field(default=90, ge=1, le=3660)


class DsoOf(View):
    """One currency."""

    currency: str
    dso: float | None
    """Days, as `outstanding` has them; none when nothing was issued."""
    open: str
    issued: str
    days_to_pay: float | None
    """From issue to payment, weighted by amount, of the payments in the period; none without any."""
    paid: str


class DsoView(View):
    """How long money takes to come in, by currency."""

    days: int
    currencies: tuple[DsoOf, ...]


_OPEN = "SELECT currency, sum(open_minor) FROM invoice WHERE session_id = ? AND open_minor > 0 GROUP BY 1"
_ISSUED = """SELECT currency, sum(total_minor) FROM invoice WHERE session_id = ? AND number IS NOT NULL
AND voided_at IS NULL AND kind IN ('invoice','credit_note') AND issue_date > ? AND issue_date <= ? GROUP BY 1"""
_PAID = """SELECT p.currency, sum(p.amount_minor),
  sum(p.amount_minor * CAST(julianday(p.paid_on) - julianday(i.issue_date) AS INTEGER))
FROM payment p JOIN invoice i ON i.id = p.invoice_id
WHERE p.session_id = ? AND p.removed_at IS NULL AND p.kind = 'payment' AND p.paid_on > ? AND p.paid_on <= ? GROUP BY 1"""


@operation("gtm.invoices.days_sales_outstanding", permission="crm.invoices.read")
def days_sales_outstanding(ctx: Context, cmd: DsoInput) -> DsoView:
    """Show how many days of sales are open, and how long clients took to pay, by currency."""
    today = today_of(ctx)
    bounds = ((today - timedelta(days=cmd.days)).isoformat(), today.isoformat())
    open_ = dict(database.execute_sql(_OPEN, (ctx.session_id,)).fetchall())
    issued = issued_until(ctx, today, cmd.days)
    rows = database.execute_sql(_PAID, (ctx.session_id, *bounds)).fetchall()
    paid = {currency: (minor, weighted) for currency, minor, weighted in rows}
    return DsoView(
        days=cmd.days,
        currencies=tuple(
            _of(code, cmd.days, open_.get(code, 0), issued.get(code, 0), paid.get(code, (0, 0)))
            for code in sorted(open_ | issued | paid)
        ),
    )


def issued_until(ctx: Context, day: date, days: int) -> dict[str, int]:
    """What was issued in so many days up to that one, credit notes taken off; minor units by currency."""
    bounds = ((day - timedelta(days=days)).isoformat(), day.isoformat())
    return dict(database.execute_sql(_ISSUED, (ctx.session_id, *bounds)).fetchall())


def outstanding(owed: int, issued: int, days: int) -> float | None:
    """Days sales outstanding: what is open ÷ what was issued in the period × its days; none when nothing was issued.

    Minor units of one currency. The count-back method is for larger books.
    """
    return _rounded(owed * days, issued)


def _of(currency: str, days: int, open_: int, issued: int, paid: tuple[int, int]) -> DsoOf:
    minor, weighted = paid
    return DsoOf(
        currency=currency,
        dso=outstanding(open_, issued, days),
        open=Money(open_, currency).amount,
        issued=Money(issued, currency).amount,
        days_to_pay=_rounded(weighted, minor),
        paid=Money(minor, currency).amount,
    )


def _rounded(above: int, below: int) -> float | None:
    return round(float(Fraction(above, below)), 1) if below > 0 else None
