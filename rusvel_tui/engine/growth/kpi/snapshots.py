"""Keeping what the app computes: once a day each measure becomes a reading, so that it has a history."""

from __future__ import annotations

from datetime import date
from threading import Event
from typing import TYPE_CHECKING

from rusvel_tui.engine import jobs
from rusvel_tui.engine.calendar import midnight
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.growth.changes import record
from rusvel_tui.engine.growth.facts.measures import MEASURES, Measure, month_ends, taken_at
from rusvel_tui.engine.growth.kpi.kpi_rows import known_kpi
from rusvel_tui.engine.growth.kpi.readings import make_kpi
from rusvel_tui.engine.growth.kpi.watching import watch_kpis
from rusvel_tui.engine.growth.numbers import Shown, tidy
from rusvel_tui.engine.growth.scheduling import Ran, run_once
from rusvel_tui.engine.models import Job, Kpi, KpiReading
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.row_changes import Part, Watch

if TYPE_CHECKING:
    from rusvel_tui.engine.core import Engine

SOURCE = "app"


class Measures(Input):
    """How far back."""

    months: int = 12


class MeasureView(View):
    """A KPI that the app computes, with its months."""

    key: str
    name: str
    unit: str
    direction: str
    about: str
    value: Shown | None
    """Now; none where there is nothing to measure."""
    months: tuple[str, ...]
    points: tuple[Shown | None, ...]
    """At the end of each month, oldest first; the last one is now."""


class MeasureList(View):
    """What the app computes by itself."""

    items: tuple[MeasureView, ...]


class SnapshotTaken(View):
    """What was kept."""

    recorded: int
    names: tuple[str, ...]


@operation("growth.kpi.list_measures", permission="growth.read")
def list_measures(ctx: Context, cmd: Measures) -> MeasureList:
    """List the KPIs that the app computes from deals, invoices and outreach, now and by month."""
    ends = month_ends(ctx.now, ctx, max(1, min(cmd.months, 60)))
    taken = taken_at(ctx, ends)
    return MeasureList(
        items=tuple(_view(ctx, one, ends, taken[key]) for key, one in MEASURES.items())
    )


@operation("growth.kpi.take_snapshot", writes=True, permission="growth.manage")
def take_snapshot(ctx: Context, cmd: Input) -> SnapshotTaken:
    """Keep today's computed KPIs as readings; a day has one, and the newest counts."""
    return snapshot(ctx, undoable=True)


@operation("growth.kpi.run_snapshot", writes=True, permission="jobs.work", internal=True)
def run_snapshot(ctx: Context, cmd: jobs.Held) -> Ran:
    """Do a `KpiSnapshot` job; missing readings are noticed as well."""
    return run_once(ctx, cmd, "KpiSnapshot", _daily)


def handle(engine: Engine, job: jobs.ClaimedJob, stop: Event) -> None:
    """Do a `KpiSnapshot` job."""
    held = {name: getattr(job, name) for name in ("session_id", "job_id", "owner", "fence")}
    engine.run(run_snapshot, jobs.Held(**held))


def recover(ctx: Context, job: Job, error: str) -> None:
    """Begin anew after the worker vanished or failed."""
    jobs.put_back(ctx, job, error)


def snapshot(ctx: Context, *, undoable: bool) -> SnapshotTaken:
    """Write the readings of today; one event for all of them."""
    today = ctx.now.astimezone(ctx.zone).date()
    values = {key: taken[0] for key, taken in taken_at(ctx, [today]).items()}
    rows = [_kpi(ctx, MEASURES[key]) for key, value in values.items() if value is not None]
    kept = [row for row in rows if row.source == SOURCE]
    watch = Watch(ctx, Part("kpi_reading", "kpi_id", tuple(row.id for row in kept)))
    at = midnight(today, ctx.zone)
    for row in kept:
        value = values[row.metadata["measure"]]
        own = (KpiReading.kpi_id == row.id) & (KpiReading.at == at)
        if not KpiReading.update(value=value).where(own).execute():
            KpiReading.create(
                id=ctx.new_id(), session_id=ctx.session_id, kpi_id=row.id, at=at, value=value,
                source=SOURCE, created_at=ctx.now,
            )  # fmt: skip
    names = tuple(row.name for row in kept)
    payload = {"name": f"{len(kept)} KPIs", "kpis": names}
    count = record(
        ctx, "growth.kpi.recorded", "", watch, payload, back="growth.kpi.updated", undoable=undoable
    )
    watch_kpis(ctx, {row.id for row in kept})
    return SnapshotTaken(recorded=count, names=names)


def _daily(ctx: Context) -> None:
    snapshot(ctx, undoable=False)
    own = (Kpi.session_id == ctx.session_id) & Kpi.deleted_at.is_null()
    watch_kpis(ctx, {row.id for row in Kpi.select(Kpi.id).where(own)})


def _kpi(ctx: Context, measure: Measure) -> Kpi:
    """The KPI of a measure; one that somebody types under that name stays theirs."""
    found = known_kpi(ctx, measure.name)
    if found is None:
        unit = ctx.session.currency if measure.money else measure.unit
        found = make_kpi(ctx, ctx.new_id(), measure.name, unit, SOURCE)
        found.direction = "up" if measure.up else "down"
        found.metadata = {"measure": measure.key}
        found.save()
    return found


def _view(
    ctx: Context, measure: Measure, ends: list[date], values: list[float | None]
) -> MeasureView:
    points = tuple(None if value is None else tidy(value) for value in values)
    return MeasureView(
        key=measure.key,
        name=measure.name,
        unit=ctx.session.currency if measure.money else measure.unit,
        direction="up" if measure.up else "down",
        about=measure.about,
        value=points[-1],
        months=tuple(f"{day:%Y-%m}" for day in ends),
        points=points,
    )
