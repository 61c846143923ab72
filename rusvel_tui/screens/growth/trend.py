"""One KPI over time: the line, and what the numbers allow to say."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from rusvel_tui.engine.growth.kpi.trends import Trend
from rusvel_tui.screens.growth.words import amount, change
from rusvel_tui.widgets.charts.time_line import Series
from rusvel_tui.widgets.text_view import Block, Fact, Prose

RANGES = (12, 30, 90, 365, 1000)
"""How many of the newest readings are drawn; `+` and `-` go through them."""


def series_of(trend: Trend, target: float | None, zone: ZoneInfo) -> Series:
    """What is drawn of a trend; a pause is not drawn over."""
    starts = {end for _, end in trend.gaps}
    return Series(
        tuple(point.at.astimezone(zone) for point in trend.points),
        tuple(float(point.value) for point in trend.points),
        tuple(None if point.average is None else float(point.average) for point in trend.points),
        target,
        trend.unit,
        frozenset(place for place, point in enumerate(trend.points) if point.at in starts),
    )


def trend_blocks(trend: Trend) -> tuple[Block, ...]:
    """The last change, the direction with its certainty, and comparisons."""
    return tuple(_trend(trend))


def _trend(trend: Trend) -> Iterator[Block]:
    unit = trend.unit
    latest = None if trend.latest is None else float(trend.latest)
    delta = None if trend.delta is None else float(trend.delta)
    yield Fact("Now", amount(latest, unit), "strong")
    if delta is not None:
        yield Fact("Change", change(delta, unit, trend.change))
    yield Fact("Trend", _direction(trend))
    for one in trend.periods:
        words = change(float(one.delta), unit, one.change)
        yield Fact(f"A {one.name} ago", f"{amount(float(one.value), unit)} · {words}")
    for first, last in trend.gaps:
        yield Prose(f"! no reading from {first:%d %b %Y} to {last:%d %b %Y}", "warn")
    if trend.message:
        yield Prose(trend.message, "muted")
    shown = len(trend.points)
    yield Prose(
        f"{shown} of {trend.count} readings · > < draws more or fewer · Enter lists them", "muted"
    )


def _direction(trend: Trend) -> str:
    if trend.slope is None or trend.message:
        return trend.word
    per = amount(abs(trend.slope), trend.unit)
    chance = f"by chance {_percent(trend.mann_kendall.p)}"
    sign = "+" if trend.slope > 0 else "−" if trend.slope < 0 else ""
    return f"{trend.word} · {sign}{per} per reading (Theil–Sen) · {chance} (Mann–Kendall)"


def _percent(p: float) -> str:
    return "< 1 %" if p < 0.01 else f"{p * 100:.0f} %"
