"""The Growth department at a glance: nothing is recorded before its first funnel, cohort or KPI."""

from __future__ import annotations

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.operation import Input, PageInput, View, operation
from rusvel_tui.engine.sessions import SessionView
from rusvel_tui.engine.sessions import view as session_view


class GrowthStatus(View):
    """What is measured."""

    session: SessionView
    funnels: int
    cohorts: int
    kpis: int


class ListMeasures(PageInput):
    """Which kind of measure."""

    kind: str = "kpis"
    """funnels, cohorts or kpis."""


class Measures(View):
    """A part of a list."""

    kind: str
    items: tuple[str, ...]
    next: str | None


@operation("growth.status", permission="growth.read")
def status(ctx: Context, cmd: Input) -> GrowthStatus:
    """Show how many funnels, cohorts and KPIs there are."""
    return GrowthStatus(session=session_view(ctx.session), funnels=0, cohorts=0, kpis=0)


@operation("growth.list", permission="growth.read")
def list_measures(ctx: Context, cmd: ListMeasures) -> Measures:
    """List the funnels, cohorts or KPIs."""
    if cmd.kind.lower().rstrip("s") not in ("funnel", "cohort", "kpi"):
        raise InvalidInput(
            f"Unknown kind {cmd.kind!r}. Use funnels, cohorts or kpis.", field="kind"
        )
    return Measures(kind=cmd.kind.lower(), items=(), next=None)
