"""The trend of a KPI: what changed, how fast, whether that is more than chance, and how far it may go."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from rusvel_tui.engine.clock import add_days
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.growth.kpi.kpi_rows import Point, find_kpi, newest
from rusvel_tui.engine.growth.kpi.kpi_views import GetTrend
from rusvel_tui.engine.growth.kpi.trend import (
    LEAST,
    TOO_FEW,
    holt,
    mann_kendall,
    moving_average,
    theil_sen,
    trend_word,
)
from rusvel_tui.engine.growth.numbers import Shown, minus, ratio, tidy
from rusvel_tui.engine.models import KpiReading
from rusvel_tui.engine.operation import View, operation

_AHEAD, _LEAST = 3, 8
"""Readings to forecast, and how many that takes."""
_GAP = 3.0
"""A pause of so many times the usual one is a gap."""


class MannKendallView(View):
    """The test of a monotonic trend."""

    s: int
    variance: float
    z: float
    p: float


class TrendPoint(View):
    """A reading with the average up to it."""

    at: datetime
    value: Shown
    average: Shown | None


class Compared(View):
    """A reading of about one week, month or year before the newest one, and the change since."""

    name: str
    at: datetime
    value: Shown
    delta: Shown
    change: float | None


class Trend(View):
    """What a series of readings says. The slope is per reading, in order of date."""

    kpi_id: str
    name: str
    unit: str
    previous: Shown | None
    latest: Shown | None
    delta: Shown | None
    change: float | None
    count: int
    """All readings; the rest is about the newest of them."""
    points: tuple[TrendPoint, ...]
    slope: float | None
    intercept: float | None
    mann_kendall: MannKendallView
    word: str
    """rising, falling, no clear trend, or too few points (need 5)."""
    of: str
    """What was tested: the values, or the changes from one to the next."""
    periods: tuple[Compared, ...]
    """Against the week, month and year before, where readings reach back so far."""
    gaps: tuple[tuple[datetime, datetime], ...]
    """Pauses of more than three times the usual one."""
    forecast: tuple[Shown, ...]
    """The next readings by Holt's damped method, from eight readings on: a guess, not a promise."""
    message: str
    """What is missing for a trend; empty when nothing is."""


@operation("growth.kpi.get_trend", permission="growth.read")
def get_trend(ctx: Context, cmd: GetTrend) -> Trend:
    """Show the trend of a KPI: the last change, Theil–Sen slope, Mann–Kendall test, moving average, period over period."""
    row = find_kpi(ctx, cmd.kpi_name)
    series = newest([row.id], cmd.last).get(row.id, [])
    values = [point.value for point in series]
    tested = values if cmd.of == "values" else [b - a for a, b in pairwise(values)]
    line, test = theil_sen(tested), mann_kendall(tested)
    delta = minus(values[-1], values[-2]) if len(values) > 1 else None
    averages = moving_average(values, cmd.average)
    return Trend(
        kpi_id=row.id,
        name=row.name,
        unit=row.unit,
        previous=tidy(values[-2]) if len(values) > 1 else None,
        latest=tidy(values[-1]) if values else None,
        delta=delta,
        change=None if delta is None else ratio(delta, abs(values[-2])),
        count=KpiReading.select().where(KpiReading.kpi_id == row.id).count(),
        points=tuple(
            TrendPoint(
                at=point.at, value=tidy(point.value), average=None if mean is None else tidy(mean)
            )
            for point, mean in zip(series, averages, strict=True)
        ),
        slope=line.slope if line else None,
        intercept=line.intercept if line else None,
        mann_kendall=MannKendallView(s=test.s, variance=test.variance, z=test.z, p=test.p),
        word=trend_word(tested),
        of=cmd.of,
        periods=_periods(ctx, row.id, series),
        gaps=_gaps(series),
        forecast=tuple(map(tidy, holt(values, _AHEAD, damping=0.9)))
        if len(values) >= _LEAST
        else (),
        message=_message(row.name, len(values)),
    )


def _message(name: str, count: int) -> str:
    if count >= LEAST:
        return ""
    readings = f"{count} reading{'' if count == 1 else 's'}"
    return f"{name} has {readings}: {TOO_FEW}" if count else f"{name} has no reading yet."


_BACK = (("week", 7), ("month", 30), ("year", 365))


def _periods(ctx: Context, kpi_id: str, series: list[Point]) -> tuple[Compared, ...]:
    """The newest reading against the last one that is at least so old before it, and at most twice as old."""
    if not series:
        return ()
    last = series[-1]
    found = []
    for name, days in _BACK:
        until = add_days(last.at, -days, ctx.zone)
        own = (KpiReading.kpi_id == kpi_id) & (KpiReading.at <= until)
        near = own & (KpiReading.at > until - timedelta(days=days))
        row = KpiReading.select().where(near).order_by(KpiReading.at.desc()).first()
        if row is not None:
            delta = minus(last.value, row.value)
            change = ratio(delta, abs(row.value))
            found.append(
                Compared(name=name, at=row.at, value=tidy(row.value), delta=delta, change=change)
            )
    return tuple(found)


def _gaps(series: list[Point]) -> tuple[tuple[datetime, datetime], ...]:
    pauses = [b.at - a.at for a, b in pairwise(series)]
    if len(pauses) < LEAST:
        return ()
    usual = sorted(pauses)[len(pauses) // 2]
    return tuple((a.at, b.at) for a, b in pairwise(series) if b.at - a.at > usual * _GAP)
