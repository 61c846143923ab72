"""Everything about growth at once, from one state of the database."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
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
from rusvel_tui.engine.growth.kpi.alert_views import AlertView, ListAlerts
from rusvel_tui.engine.growth.kpi.alerts import list_alerts
from rusvel_tui.engine.growth.kpi.kpi_views import KpiView, ListKpis
from rusvel_tui.engine.growth.kpi.kpis import list_kpis
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
        cohorts=matrix(ctx, AnalyzeRetention()),
        kpis=list_kpis.handle(ctx, ListKpis(limit=max(cmd.kpis, 1), points=cmd.points)).items,
        alerts=list_alerts.handle(ctx, ListAlerts()).items,
        revenue=revenue(ctx, cmd.months),
        overdue=overdue(ctx),
        problems=problems,
    )


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
