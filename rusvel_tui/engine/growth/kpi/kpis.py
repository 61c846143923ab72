"""KPIs: define, list with their newest readings, change, delete."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from peewee import fn

from rusvel_tui.engine.conflicts import require_version
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.growth.changes import record
from rusvel_tui.engine.growth.kpi.kpi_rows import Point, clean_unit, find_kpi, known_kpi, newest
from rusvel_tui.engine.growth.kpi.kpi_views import (
    DefineKpi,
    Direction,
    KpiDeleted,
    KpiPage,
    KpiRef,
    KpiView,
    ListKpis,
    UpdateKpi,
)
from rusvel_tui.engine.growth.kpi.readings import make_kpi
from rusvel_tui.engine.growth.kpi.trend import trend_word
from rusvel_tui.engine.growth.names import clean_name, shown
from rusvel_tui.engine.growth.numbers import minus, ratio, tidy
from rusvel_tui.engine.models import Kpi, KpiAlert, KpiReading
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.operation import operation
from rusvel_tui.engine.row_changes import Part, Watch
from rusvel_tui.engine.text import fold

_STALE = 45
"""Days without a reading after which a KPI says so."""
TRENDED = 60
"""Newest readings that the word of a listing is about."""


@operation("growth.kpi.define_kpi", writes=True, permission="growth.manage")
def define_kpi(ctx: Context, cmd: DefineKpi) -> KpiView:
    """Define a KPI: its unit, which way is good, and a target."""
    if known_kpi(ctx, cmd.name):
        raise Conflict(
            f"There is a KPI {shown(cmd.name)} already. Change it with growth.kpi.update_kpi."
        )
    kpi_id = ctx.new_id()
    watch = _watch(ctx, kpi_id)
    row = make_kpi(ctx, kpi_id, cmd.name, cmd.unit)
    row.direction, row.target = cmd.direction.value, cmd.target
    row.save()
    record(ctx, "growth.kpi.updated", kpi_id, watch, {"name": row.name})
    return views(ctx, [row])[0]


@operation("growth.kpi.update_kpi", writes=True, permission="growth.manage")
def update_kpi(ctx: Context, cmd: UpdateKpi) -> KpiView:
    """Change a KPI's name, direction or target; its unit only while it has no reading."""
    row = find_kpi(ctx, cmd.kpi)
    require_version(cmd.version, row.version, f"The KPI {row.name}")
    watch = _watch(ctx, row.id)
    if cmd.name is not None:
        _rename(ctx, row, cmd.name)
    if cmd.unit is not None and clean_unit(cmd.unit) != row.unit:
        if KpiReading.select().where(KpiReading.kpi_id == row.id).exists():
            raise Conflict(f"{row.name} has readings in {row.unit or 'no unit'}; its unit stays.")
        row.unit = clean_unit(cmd.unit)
    row.direction = (cmd.direction or Direction(row.direction)).value
    if cmd.target is not None or cmd.clear_target:
        row.target = cmd.target
    row.version += 1
    row.updated_at = ctx.now
    row.save()
    record(ctx, "growth.kpi.updated", row.id, watch, {"name": row.name})
    return views(ctx, [row])[0]


@operation("growth.kpi.delete_kpi", writes=True, permission="growth.manage", human_only=True)
def delete_kpi(ctx: Context, cmd: KpiRef) -> KpiDeleted:
    """Delete a KPI with its alerts; undo brings them back with all readings."""
    row = find_kpi(ctx, cmd.kpi)
    watch = Watch(ctx, Part("kpi", "id", (row.id,)), Part("kpi_alert", "kpi_id", (row.id,)))
    Kpi.update(deleted_at=ctx.now).where(Kpi.id == row.id).execute()
    own = (KpiAlert.kpi_id == row.id) & KpiAlert.deleted_at.is_null()
    KpiAlert.update(deleted_at=ctx.now).where(own).execute()
    record(ctx, "growth.kpi.updated", row.id, watch, {"name": row.name})
    return KpiDeleted(id=row.id, name=row.name)


@operation("growth.kpi.get_kpi", permission="growth.read")
def get_kpi(ctx: Context, cmd: KpiRef) -> KpiView:
    """Show one KPI with its newest readings."""
    return views(ctx, [find_kpi(ctx, cmd.kpi)])[0]


@operation("growth.kpi.list_kpis", permission="growth.read")
def list_kpis(ctx: Context, cmd: ListKpis) -> KpiPage:
    """List the KPIs by name: newest reading, change, trend, target, sparkline, alerts."""
    query = Kpi.select().where((Kpi.session_id == ctx.session_id) & Kpi.deleted_at.is_null())
    if cmd.cursor is not None:
        query = query.where(Kpi.key > cmd.cursor)
    rows = list(query.order_by(Kpi.key).limit(cmd.limit + 1))
    more = rows[cmd.limit - 1].key if len(rows) > cmd.limit else None
    return KpiPage(items=views(ctx, rows[: cmd.limit], cmd.points), next=more)


def views(ctx: Context, rows: Sequence[Kpi], points: int = 12) -> tuple[KpiView, ...]:
    """The KPIs with their newest readings: three questions, however many there are."""
    ids = [row.id for row in rows]
    series = newest(ids, max(points, TRENDED))
    counted = KpiReading.select(KpiReading.kpi_id, fn.COUNT(KpiReading.kpi_id)).where(
        KpiReading.kpi_id.in_(ids)
    )
    counts = dict(tuples(counted.group_by(KpiReading.kpi_id)))
    alerts: defaultdict[str, list[str]] = defaultdict(list)
    fires = (KpiAlert.state == "firing") & KpiAlert.deleted_at.is_null()
    for kpi_id, name in tuples(
        KpiAlert.select(KpiAlert.kpi_id, KpiAlert.name).where(KpiAlert.kpi_id.in_(ids) & fires)
    ):
        alerts[kpi_id].append(name)
    return tuple(
        _view(row, series.get(row.id, []), points, counts.get(row.id, 0), alerts[row.id], ctx.now)
        for row in rows
    )


def _view(
    row: Kpi, series: list[Point], points: int, count: int, alerts: list[str], now: datetime
) -> KpiView:
    values = [point.value for point in series]
    latest = values[-1] if values else None
    previous = values[-2] if len(values) > 1 else None
    delta = minus(values[-1], values[-2]) if len(values) > 1 else None
    days = (now - series[-1].at).days if series else None
    word = trend_word(values)
    return KpiView(
        kpi_id=row.id,
        name=row.name,
        unit=row.unit,
        direction=Direction(row.direction),
        target=None if row.target is None else tidy(row.target),
        target_share=None if latest is None or not row.target else latest / row.target,
        latest=None if latest is None else tidy(latest),
        latest_at=series[-1].at if series else None,
        previous=None if previous is None else tidy(previous),
        delta=delta,
        change=None if delta is None or previous is None else ratio(delta, abs(previous)),
        better=None if not delta else (delta > 0) == (row.direction == "up"),
        word=word,
        points=tuple(tidy(value) for value in values[-points:]) if points else (),
        count=count,
        days_without=days,
        status=_status(delta, days, word),
        alerts=tuple(alerts),
        source=row.source or "typed",
        version=row.version,
    )


def _status(delta: float | None, days: int | None, word: str) -> str:
    """What the signs of a tile say, in words."""
    if days is None:
        return "no data yet"
    if days >= _STALE:
        return f"no data for {days} days"
    if delta is None:
        return "first reading"
    way = "unchanged" if not delta else "up" if delta > 0 else "down"
    return f"{way}, {word}"


def _rename(ctx: Context, row: Kpi, name: str) -> None:
    other = known_kpi(ctx, name)
    if other is not None and other.id != row.id:
        raise Conflict(f"There is a KPI {shown(name)} already.")
    row.name = clean_name(name, "A KPI")
    row.key = fold(row.name)


def _watch(ctx: Context, kpi_id: str) -> Watch:
    return Watch(ctx, Part("kpi", "id", (kpi_id,)))
