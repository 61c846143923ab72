"""Everything about growth at once, from one state of the database."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.growth.churn.cases import ChurnCaseView, open_cases
from rusvel_tui.engine.growth.cohort.cohort_views import AnalyzeRetention
from rusvel_tui.engine.growth.cohort.cohorts import matrix
from rusvel_tui.engine.growth.cohort.matrix import RetentionView
from rusvel_tui.engine.growth.facts.app_funnels import APP_FUNNELS
from rusvel_tui.engine.growth.facts.money import OverdueAmount, RevenueMonth, overdue, revenue
from rusvel_tui.engine.growth.funnel.analysis import (
    AnalyzeFunnel,
    FunnelAnalysis,
    analyze_app,
    analyze_stored,
)
from rusvel_tui.engine.growth.funnel.funnel_rows import living
from rusvel_tui.engine.growth.kpi.alert_list import list_alerts
from rusvel_tui.engine.growth.kpi.alert_views import AlertView, ListAlerts
from rusvel_tui.engine.growth.kpi.kpi_views import KpiView, ListKpis
from rusvel_tui.engine.growth.kpi.kpis import list_kpis
from rusvel_tui.engine.growth.kpi.snapshots import Measures, MeasureView, list_measures
from rusvel_tui.engine.growth.saas.metrics import (
    MonthMetrics,
    SaasMetrics,
    cohorts_of,
    saas_metrics,
)
from rusvel_tui.engine.growth.saas.subscriptions import paid_by
from rusvel_tui.engine.operation import Input, View, operation


class Dashboard(Input):
    """How much of each."""

    funnels: int = Field(default=5, ge=0, le=50)
    kpis: int = Field(default=24, ge=0, le=200)
    points: int = Field(default=12, ge=0, le=200)
    """Newest readings of each KPI, for a sparkline."""
    months: int = Field(default=12, ge=1, le=60)
    """Of revenue."""


class GrowthDashboard(View):
    """How growth stands."""

    at: datetime
    currency: str
    funnels: tuple[FunnelAnalysis, ...]
    """Your own first, then those that the app fills by itself (kind `app`), without empty ones."""
    cohorts: RetentionView
    kpis: tuple[KpiView, ...]
    alerts: tuple[AlertView, ...]
    measures: tuple[MeasureView, ...]
    """What the app computes by itself, without those that have nothing to measure."""
    churn: tuple[ChurnCaseView, ...]
    """Open cases."""
    mrr: MonthMetrics | None
    """Movements of the running month; none while nobody pays by the month."""
    revenue: tuple[RevenueMonth, ...]
    overdue: tuple[OverdueAmount, ...]
    problems: tuple[str, ...]
    """What could not be shown, and what to do about it."""


@operation("growth.dashboard", permission="growth.read")
def dashboard(ctx: Context, cmd: Dashboard) -> GrowthDashboard:
    """Show funnels, cohorts, KPIs with their trends, alerts, revenue and overdue amounts, all of one moment."""
    funnels, problems = _funnels(ctx, cmd.funnels)
    return GrowthDashboard(
        at=ctx.now,
        currency=ctx.session.currency,
        funnels=funnels,
        cohorts=_cohorts(ctx, cmd),
        kpis=list_kpis.handle(ctx, ListKpis(limit=max(cmd.kpis, 1), points=cmd.points)).items,
        alerts=list_alerts.handle(ctx, ListAlerts()).items,
        measures=tuple(
            one
            for one in list_measures.handle(ctx, Measures(months=cmd.months)).items
            if any(one.points)
        ),
        churn=open_cases(ctx),
        mrr=_mrr(ctx),
        revenue=revenue(ctx, cmd.months),
        overdue=overdue(ctx),
        problems=problems,
    )


def _cohorts(ctx: Context, cmd: Dashboard) -> RetentionView:
    """The recorded cohorts, else those of paying customers."""
    own = matrix(ctx, AnalyzeRetention())
    return own if own.rows else cohorts_of(ctx, paid_by(ctx), cmd.months)


def _mrr(ctx: Context) -> MonthMetrics | None:
    view = saas_metrics.handle(ctx, SaasMetrics(months=1))
    return view.months[-1] if view.customers else None


def _funnels(ctx: Context, count: int) -> tuple[tuple[FunnelAnalysis, ...], tuple[str, ...]]:
    """The first funnels; one that cannot be analyzed yet says why instead."""
    found, problems = [], []
    for row in living(ctx)[:count]:
        try:
            found.append(analyze_stored(ctx, AnalyzeFunnel(), row))
        except InvalidInput as error:
            problems.append(str(error))
    own = {view.name for view in found}
    for name in APP_FUNNELS:
        view = analyze_app(ctx, name)
        if view.steps[0].count and name not in own:
            found.append(view)
    return tuple(found), tuple(problems)
