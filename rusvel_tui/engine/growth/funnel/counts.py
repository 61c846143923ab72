"""Typed counts of funnels: one number for each stage and period, replaced or added to."""

from __future__ import annotations

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound
from rusvel_tui.engine.growth.changes import record
from rusvel_tui.engine.growth.funnel.funnel_rows import find_funnel, find_stage, stages_of
from rusvel_tui.engine.growth.funnel.funnel_views import ConversionRecorded, RecordConversion
from rusvel_tui.engine.growth.names import shown
from rusvel_tui.engine.growth.periods import Period, PeriodKind, parse_period, period_of
from rusvel_tui.engine.models import Funnel, FunnelCount, FunnelStage
from rusvel_tui.engine.operation import operation
from rusvel_tui.engine.row_changes import Part, Watch
from rusvel_tui.engine.text import fold


@operation("growth.funnel.record_conversion", writes=True, permission="growth.manage")
def record_conversion(ctx: Context, cmd: RecordConversion) -> ConversionRecorded:
    """Record how many were in a stage of a funnel in one period; a second count replaces the first, or adds to it."""
    row, stage = _stage(ctx, cmd)
    period = _period(ctx, row, cmd.period)
    watch = Watch(
        ctx,
        Part("funnel", "id", (row.id,)),
        Part("funnel_count", "stage_id", (stage.id,)),
    )
    before = count_of(stage.id, str(period))
    count = cmd.count + (before or 0 if cmd.add else 0)
    set_count(ctx, row, stage, period, count)
    payload = {
        "name": row.name,
        "stage": stage.name,
        "period": str(period),
        "count": count,
        "before": before,
    }
    record(ctx, "growth.funnel.updated", row.id, watch, payload)
    return ConversionRecorded(
        stage_id=stage.id, stage=stage.name, period=str(period), count=count, before=before
    )


def count_of(stage_id: str, period: str) -> int | None:
    """What is recorded; none when nothing is."""
    own = (FunnelCount.stage_id == stage_id) & (FunnelCount.period == period)
    row = FunnelCount.get_or_none(own)
    return None if row is None else int(row.count)


def set_count(
    ctx: Context, funnel: Funnel, stage: FunnelStage, period: Period, count: int, source: str = ""
) -> None:
    """Write a count; the first one of a funnel says what its periods are."""
    if funnel.period not in ("", period.kind.value):
        raise InvalidInput(
            f"{funnel.name} counts by {funnel.period}; {period} is a {period.kind.value}. "
            "Use another funnel for it.",
            field="period",
        )
    if not funnel.period:
        funnel.period = period.kind.value
        funnel.save()
    own = (FunnelCount.stage_id == stage.id) & (FunnelCount.period == str(period))
    values = {"count": count, "source": source, "updated_at": ctx.now}
    if not FunnelCount.update(**values).where(own).execute():
        FunnelCount.create(
            id=ctx.new_id(), session_id=ctx.session_id, funnel_id=funnel.id, stage_id=stage.id,
            period=str(period), **values,
        )  # fmt: skip


def _stage(ctx: Context, cmd: RecordConversion) -> tuple[Funnel, FunnelStage]:
    if cmd.stage_id:
        return find_stage(ctx, cmd.stage_id)
    row = find_funnel(ctx, cmd.funnel)
    if row.kind != "counts":
        raise Conflict(f"{row.name} counts events; it takes no typed counts.")
    stages = stages_of([row.id])[row.id]
    found = next((stage for stage in stages if stage.key == fold(cmd.stage)), None)
    if found is None:
        names = ", ".join(stage.name for stage in stages) or "none"
        raise NotFound(f"{row.name} has no stage {shown(cmd.stage)}. Its stages: {names}.")
    return row, found


def _period(ctx: Context, row: Funnel, text: str) -> Period:
    today = ctx.now.astimezone(ctx.zone).date()
    if not text:
        return period_of(PeriodKind(row.period or "month"), today)
    period = parse_period(text)
    if period.start > today:
        raise InvalidInput(f"{period} has not begun yet.", field="period")
    return period
