"""Finding funnels and stages, and showing them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import NotFound
from rusvel_tui.engine.growth.funnel.attempts import StepOrder
from rusvel_tui.engine.growth.funnel.funnel_views import FunnelView, StageView
from rusvel_tui.engine.growth.funnel.rules import WINDOW, ExclusionInput
from rusvel_tui.engine.growth.names import shown
from rusvel_tui.engine.models import Funnel, FunnelCount, FunnelStage
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.text import fold

PERIODS = 60
"""So many of the newest periods are listed."""


def living(ctx: Context) -> list[Funnel]:
    """The funnels of the session, oldest first."""
    own = (Funnel.session_id == ctx.session_id) & Funnel.deleted_at.is_null()
    return list(Funnel.select().where(own).order_by(Funnel.id))


def find_funnel(ctx: Context, wanted: str) -> Funnel:
    """By name or id, else the first one; raises `NotFound`."""
    rows = living(ctx)
    found = [row for row in rows if not wanted or wanted == row.id or fold(wanted) == row.key]
    if not found:
        what = f"no funnel {shown(wanted)}" if wanted else "no funnel yet"
        raise NotFound(f"There is {what} in this session. `growth.funnel.list` shows them.")
    return found[0]


def stages_of(funnel_ids: Iterable[str]) -> dict[str, list[FunnelStage]]:
    """The living stages by funnel, in order."""
    chosen = FunnelStage.funnel_id.in_(list(funnel_ids)) & FunnelStage.deleted_at.is_null()
    found: defaultdict[str, list[FunnelStage]] = defaultdict(list)
    for row in FunnelStage.select().where(chosen).order_by(FunnelStage.position, FunnelStage.id):
        found[row.funnel_id].append(row)
    return found


def find_stage(ctx: Context, stage_id: str) -> tuple[Funnel, FunnelStage]:
    """A living stage of this session and its funnel; raises `NotFound`."""
    own = (FunnelStage.id == stage_id) & (FunnelStage.session_id == ctx.session_id)
    row = FunnelStage.get_or_none(own & FunnelStage.deleted_at.is_null())
    if row is None:
        raise NotFound(f"There is no stage {shown(stage_id)} in this session.")
    return find_funnel(ctx, row.funnel_id), row


def stage_view(funnel: Funnel, row: FunnelStage) -> StageView:
    return StageView(
        stage_id=row.id, funnel_id=funnel.id, funnel=funnel.name, name=row.name, order=row.position
    )


def views(rows: list[Funnel]) -> tuple[FunnelView, ...]:
    """The funnels with their stages and periods: three queries, however many there are."""
    ids = [row.id for row in rows]
    stages = stages_of(ids)
    periods: defaultdict[str, list[str]] = defaultdict(list)
    counted = FunnelCount.select(FunnelCount.funnel_id, FunnelCount.period).distinct()
    order = counted.where(FunnelCount.funnel_id.in_(ids)).order_by(FunnelCount.period.desc())
    for funnel_id, period in tuples(order):
        periods[funnel_id].append(period)
    return tuple(_view(row, stages[row.id], periods[row.id][:PERIODS]) for row in rows)


def _view(row: Funnel, stages: list[FunnelStage], periods: list[str]) -> FunnelView:
    rules = row.rules
    return FunnelView(
        funnel_id=row.id,
        name=row.name,
        kind=row.kind,
        stages=tuple(stage_view(row, stage) for stage in stages),
        steps=tuple(rules.get("steps") or (stage.name for stage in stages)),
        window=rules.get("window", WINDOW),
        order=StepOrder(rules.get("order", "ordered")),
        exclusions=tuple(ExclusionInput.model_validate(one) for one in rules.get("exclusions", ())),
        period=row.period,
        periods=tuple(periods),
        version=row.version,
    )
