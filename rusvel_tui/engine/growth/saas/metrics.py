"""Subscription metrics by month, with the range in which they may lie when there are few customers."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pydantic import Field

from rusvel_tui.engine.calendar import midnight
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.growth.cohort.matrix import RetentionView, assemble, row_of
from rusvel_tui.engine.growth.kpi.kpi_rows import known_kpi
from rusvel_tui.engine.growth.periods import Period, PeriodKind, parse_period, period_of
from rusvel_tui.engine.growth.saas import movements as moves
from rusvel_tui.engine.growth.saas.movements import Movement
from rusvel_tui.engine.growth.saas.subscriptions import Paid, month_name, paid_by, read_month
from rusvel_tui.engine.growth.wilson import wilson
from rusvel_tui.engine.models import KpiReading
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.money import Money, currency_code
from rusvel_tui.engine.operation import Input, View, operation

FEW = 20
"""Below so many customers a share is shown with its range."""


class SaasMetrics(Input):
    """Which months, in which money."""

    months: int = Field(default=12, ge=1, le=120)
    until: str = ""
    """The last month; the running one when left out."""
    currency: str = ""
    """The session's when left out; currencies are never added."""
    margin: int = Field(default=100, ge=1, le=100)
    """Gross margin in per cent, for LTV and payback."""
    spend_kpi: str = "Acquisition spend"
    """The KPI whose readings of a month are what it cost to win its customers."""


class MonthMetrics(View):
    """One month. Amounts are decimals; shares are between 0 and 1; none where something is undefined."""

    month: str
    start: str
    new: str
    reactivation: str
    expansion: str
    contraction: str
    churn: str
    end: str
    customers_start: int
    customers_new: int
    customers_back: int
    customers_lost: int
    customers_end: int
    gross_churn: float | None
    net_churn: float | None
    grr: float | None
    nrr: float | None
    customer_churn: float | None
    customer_churn_low: float | None
    customer_churn_high: float | None
    """The bounds of 95 % (Wilson)."""
    quick_ratio: float | None
    quick_words: str
    """`no losses` where there is no ratio."""
    arpa: str | None
    """MRR per customer at the end."""
    ltv: str | None
    """ARPA × margin ÷ customer churn; none while nobody leaves."""
    ltv_low: str | None
    ltv_high: str | None
    """With fewer than 20 customers: the range that goes with the bounds of the churn."""
    cac: str | None
    payback_months: float | None
    complete: bool
    """Whether the month is over."""


class SaasView(View):
    """Subscription metrics, oldest month first."""

    currency: str
    months: tuple[MonthMetrics, ...]
    customers: int
    """Who ever paid."""


@operation("growth.saas.metrics", permission="growth.read")
def saas_metrics(ctx: Context, cmd: SaasMetrics) -> SaasView:
    """Show MRR movements, churn, GRR, NRR, quick ratio, ARPA, LTV and CAC by month."""
    currency = currency_code(cmd.currency or ctx.session.currency)
    paid = paid_by(ctx, currency)
    running = _running(ctx)
    last = read_month(cmd.until) if cmd.until else running
    found = moves.movements(list(paid.values()), last - cmd.months + 1, last)
    return SaasView(
        currency=currency,
        customers=sum(any(minor > 0 for minor in history.values()) for history in paid.values()),
        months=tuple(
            _month(ctx, cmd, move, currency, complete=move.month < running) for move in found
        ),
    )


@operation("growth.saas.cohorts", permission="growth.read")
def saas_cohorts(ctx: Context, cmd: SaasMetrics) -> RetentionView:
    """Show who stays, by the month of the first payment."""
    return cohorts_of(ctx, paid_by(ctx, cmd.currency), cmd.months)


def cohorts_of(ctx: Context, paid: Paid, months: int) -> RetentionView:
    """The retention matrix of paying customers in the last months."""
    last = _running(ctx)
    began = {
        customer: min(month for month, minor in history.items() if minor > 0)
        for customer, history in paid.items()
        if any(minor > 0 for minor in history.values())
    }
    rows = []
    running = period_of(PeriodKind.MONTH, ctx.now.astimezone(ctx.zone).date())
    for first in sorted(set(began.values())):
        if not last - months < first <= last:
            continue
        own = [paid[customer] for customer, month in began.items() if month == first]
        active = [
            sum(history.get(month, 0) > 0 for history in own) for month in range(first, last + 1)
        ]
        rows.append(row_of(_period(first), len(own), active, running))
    return assemble(rows, running, running)


def mrr_at(paid: Paid, month: int) -> int:
    """The MRR of a month, in minor units."""
    return sum(history.get(month, 0) for history in paid.values())


def _running(ctx: Context) -> int:
    today = ctx.now.astimezone(ctx.zone).date()
    return today.year * 12 + today.month - 1


def _period(month: int) -> Period:
    return parse_period(month_name(month))


def _month(
    ctx: Context, cmd: SaasMetrics, move: Movement, currency: str, *, complete: bool
) -> MonthMetrics:
    def amount(minor: int) -> str:
        return Money(minor, currency).amount

    low, high = wilson(move.customers_lost, move.customers_start)
    parts = ("start", "new", "reactivation", "expansion", "contraction", "churn", "end")
    people = ("start", "new", "back", "lost", "end")
    return MonthMetrics(
        month=month_name(move.month),
        **{name: amount(getattr(move, name)) for name in parts},
        **{f"customers_{name}": getattr(move, f"customers_{name}") for name in people},
        gross_churn=moves.gross_churn(move),
        net_churn=moves.net_churn(move),
        grr=moves.gross_retention(move),
        nrr=moves.net_retention(move),
        customer_churn=moves.customer_churn(move),
        customer_churn_low=low if move.customers_start else None,
        customer_churn_high=high if move.customers_start else None,
        quick_ratio=moves.quick_ratio(move),
        quick_words="no losses" if moves.quick_ratio(move) is None and move.start else "",
        **_worth(ctx, cmd, move, currency, (low, high)),
        complete=complete,
    )


def _worth(
    ctx: Context, cmd: SaasMetrics, move: Movement, currency: str, bounds: tuple[float, float]
) -> dict[str, Any]:
    """What a customer is worth, and what it cost to win one."""
    arpa = Decimal(move.end) / move.customers_end if move.customers_end else None
    gain = None if arpa is None else arpa * cmd.margin / 100
    few = 0 < move.customers_start < FEW
    spend = _spend(ctx, cmd.spend_kpi, currency, move.month)
    cac = spend / move.customers_new if spend is not None and move.customers_new else None
    return {
        "arpa": _shown(arpa, currency),
        "ltv": _over(gain, moves.customer_churn(move), currency),
        "ltv_low": _over(gain, bounds[1] if few else None, currency),
        "ltv_high": _over(gain, bounds[0] if few else None, currency),
        "cac": _shown(cac, currency),
        "payback_months": float(cac / gain) if cac is not None and gain else None,
    }


def _over(gain: Decimal | None, churn: float | None, currency: str) -> str | None:
    """What somebody brings in until they leave; none while nobody does."""
    return _shown(gain / Decimal(churn), currency) if gain is not None and churn else None


def _shown(minor: Decimal | None, currency: str) -> str | None:
    if minor is None:
        return None
    return Money(int(minor.quantize(Decimal(1), ROUND_HALF_UP)), currency).amount


def _spend(ctx: Context, name: str, currency: str, month: int) -> Decimal | None:
    """The readings of the KPI in that month, in minor units; none without one."""
    row = known_kpi(ctx, name) if name else None
    if row is None or row.unit not in ("", currency):
        return None
    period = _period(month)
    since, until = midnight(period.start, ctx.zone), midnight(period.later(1).start, ctx.zone)
    own = (KpiReading.kpi_id == row.id) & (KpiReading.at >= since) & (KpiReading.at < until)
    values = [value for (value,) in tuples(KpiReading.select(KpiReading.value).where(own))]
    if not values:
        return None
    minor = Decimal(Money(1, currency).amount)
    return sum((Decimal(repr(value)) for value in values), Decimal()) / minor
