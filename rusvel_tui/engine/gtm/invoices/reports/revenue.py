"""Revenue: what was issued and what was paid, by month and currency; currencies are never added."""

from __future__ import annotations

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.invoices.ledger.rows import read_day
from rusvel_tui.engine.gtm.invoices.ledger.standing import today_of
from rusvel_tui.engine.models.base import database
from rusvel_tui.engine.money import Money, currency_code
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.when_text import When

_MONTHS = """SELECT month, currency, paid_minor, payments, issued_minor, net_minor, invoices FROM invoice_month
WHERE session_id = ? AND month >= ?"""


class Period(Input):
    """From when until when, both days included; open where left out."""

    since: When | None = None
    until: When | None = None
    currency: str = ""


class RevenueOf(View):
    """What came in in one currency."""

    currency: str
    paid: str
    """Payments less refunds."""
    issued: str
    """Invoices less credit notes, with tax."""
    issued_net: str
    invoices: int
    payments: int


class TotalRevenue(View):
    """Revenue by currency."""

    since: str
    until: str
    totals: tuple[RevenueOf, ...]


class MonthRevenue(RevenueOf):
    """One month in one currency."""

    month: str
    """Such as `2026-11`."""


class RevenueByMonth(View):
    """Revenue of the months, oldest first."""

    months: tuple[MonthRevenue, ...]


_PAID = """SELECT currency, sum(amount_minor), count(*) FROM payment
WHERE session_id = ? AND removed_at IS NULL AND paid_on BETWEEN ? AND ? GROUP BY currency"""
_ISSUED = """SELECT currency, sum(total_minor), sum(net_minor), sum(kind = 'invoice') FROM invoice
WHERE session_id = ? AND number IS NOT NULL AND voided_at IS NULL AND kind IN ('invoice','credit_note')
AND issue_date BETWEEN ? AND ? GROUP BY currency"""


@operation("gtm.invoices.total_revenue", permission="crm.invoices.read")
def total_revenue(ctx: Context, cmd: Period) -> TotalRevenue:
    """Show what was paid and issued, by currency, of all time or of a period."""
    since, until = bounds(ctx, cmd)
    found = _sums(ctx, since, until)
    wanted = currency_code(cmd.currency) if cmd.currency else ""
    rows = (_revenue(currency, *sums) for currency, sums in sorted(found.items()))
    totals = tuple(row for row in rows if not wanted or row.currency == wanted)
    return TotalRevenue(
        since=since if cmd.since else "", until=until if cmd.until else "", totals=totals
    )


class Months(Input):
    """How many months, up to the present one."""

    months: int = 12
    currency: str = ""


@operation("gtm.invoices.revenue_by_month", permission="crm.invoices.read")
def revenue_by_month(ctx: Context, cmd: Months) -> RevenueByMonth:
    """Show what was issued and paid in each of the last months, by currency."""
    if not 1 <= cmd.months <= 120:
        raise InvalidInput("Ask for 1 to 120 months.", field="months")
    today = today_of(ctx)
    place = today.year * 12 + today.month - cmd.months
    first = f"{place // 12:04}-{place % 12 + 1:02}"
    rows = database.execute_sql(_MONTHS, (ctx.session_id, first)).fetchall()
    found = {(month, currency): sums for month, currency, *sums in rows}
    wanted = currency_code(cmd.currency) if cmd.currency else ""
    currencies = sorted({currency for _, currency in found if wanted in ("", currency)})
    months = [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(place, place + cmd.months)]
    return RevenueByMonth(
        months=tuple(
            MonthRevenue(
                month=month,
                **_revenue(currency, *found.get((month, currency), (0, 0, 0, 0, 0))).model_dump(),
            )
            for month in months
            for currency in currencies
        )
    )


def bounds(ctx: Context, cmd: Period) -> tuple[str, str]:
    """First and last day of a period, as stored days; raises `InvalidInput` when it ends before it begins."""
    since = read_day(ctx, cmd.since, "since") or "0000"
    until = read_day(ctx, cmd.until, "until") or "9999"
    if since > until:
        raise InvalidInput("The period ends before it begins.", field="until")
    return since, until


def _sums(ctx: Context, since: str, until: str) -> dict[str, tuple[int, ...]]:
    """Paid, payments, issued with and without tax and invoices, by currency."""
    period = (ctx.session_id, since, until)
    paid = {row[0]: row[1:] for row in database.execute_sql(_PAID, period).fetchall()}
    issued = {row[0]: row[1:] for row in database.execute_sql(_ISSUED, period).fetchall()}
    return {
        currency: (*paid.get(currency, (0, 0)), *issued.get(currency, (0, 0, 0)))
        for currency in paid | issued
    }


def _revenue(
    currency: str, paid: int, payments: int, issued: int, net: int, invoices: int
) -> RevenueOf:
    return RevenueOf(
        currency=currency,
        paid=Money(paid, currency).amount,
        issued=Money(issued, currency).amount,
        issued_net=Money(net, currency).amount,
        invoices=invoices,
        payments=payments,
    )
