"""The Growth department at a glance: what is measured, and a list of each kind."""

from __future__ import annotations

from typing import Any

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.growth.cohort.cohort_views import ListCohorts
from rusvel_tui.engine.growth.cohort.cohorts import list_cohorts
from rusvel_tui.engine.growth.dashboard import Dashboard, GrowthDashboard, dashboard
from rusvel_tui.engine.growth.funnel.funnels import list_funnels
from rusvel_tui.engine.growth.kpi.alert_list import list_alerts
from rusvel_tui.engine.growth.kpi.alert_views import ListAlerts
from rusvel_tui.engine.growth.kpi.kpi_views import ListKpis
from rusvel_tui.engine.growth.kpi.kpis import list_kpis
from rusvel_tui.engine.models import Cohort, Funnel, Kpi
from rusvel_tui.engine.operation import Input, PageInput, View, operation
from rusvel_tui.engine.sessions import SessionView
from rusvel_tui.engine.sessions import view as session_view


class GrowthStatus(View):
    """What is measured, and how it stands."""

    session: SessionView
    funnels: int
    cohorts: int
    kpis: int
    alerts: int
    """That fire."""
    dashboard: GrowthDashboard


class ListMeasures(PageInput):
    """Which kind of measure."""

    kind: str = "kpis"
    """funnels, cohorts, kpis or alerts."""


class Measures(View):
    """A part of a list."""

    kind: str
    items: tuple[Any, ...]
    next: str | None


@operation("growth.status", permission="growth.read")
def status(ctx: Context, cmd: Input) -> GrowthStatus:
    """Show how many funnels, cohorts and KPIs there are, and the dashboard."""
    view = dashboard.handle(ctx, Dashboard())
    return GrowthStatus(
        session=session_view(ctx.session),
        funnels=_count(ctx, Funnel),
        cohorts=_count(ctx, Cohort),
        kpis=_count(ctx, Kpi),
        alerts=sum(alert.state == "firing" for alert in view.alerts),
        dashboard=view,
    )


@operation("growth.list", permission="growth.read")
def list_measures(ctx: Context, cmd: ListMeasures) -> Measures:
    """List the funnels, cohorts, KPIs or alerts."""
    page: Any
    part = {"limit": cmd.limit, "cursor": cmd.cursor}
    match cmd.kind.lower().rstrip("s"):
        case "funnel":
            page = list_funnels.handle(ctx, Input())
        case "cohort":
            page = list_cohorts.handle(ctx, ListCohorts(**part))
        case "kpi":
            page = list_kpis.handle(ctx, ListKpis(**part))
        case "alert":
            page = list_alerts.handle(ctx, ListAlerts())
        case _:
            raise InvalidInput(
                f"Unknown kind {cmd.kind!r}. Use funnels, cohorts, kpis or alerts.", field="kind"
            )
    return Measures(kind=cmd.kind.lower(), items=page.items, next=page.next)


def _count(ctx: Context, model: Any) -> int:
    own = (model.session_id == ctx.session_id) & model.deleted_at.is_null()
    return int(model.select().where(own).count())
