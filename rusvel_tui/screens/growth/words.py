"""Numbers of growth in words: amounts with their unit, changes with their sign, lengths of time."""

from __future__ import annotations

from collections.abc import Sequence

from rusvel_tui.engine.growth.cohort.matrix import RetentionView
from rusvel_tui.engine.growth.funnel.analysis import FunnelAnalysis
from rusvel_tui.engine.growth.kpi.kpi_views import Direction, KpiView
from rusvel_tui.engine.growth.kpi.snapshots import MeasureView
from rusvel_tui.widgets.charts.funnel_bars import FunnelBars, Step
from rusvel_tui.widgets.charts.heatmap import Heatmap, Row
from rusvel_tui.widgets.charts.tiles import Tile

SILENT_DAYS = 31
"""After so many days a KPI says that it has no data, instead of drawing a line that goes on."""
_UNITS = ((86400.0, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s"))


def amount(value: float | None, unit: str) -> str:
    """`12,000 USD`: no more decimals than there are."""
    if value is None:
        return "–"
    number = f"{value:,.2f}".rstrip("0").rstrip(".") if value % 1 else f"{value:,.0f}"
    return f"{number} {unit}".strip()


def change(delta: float | None, unit: str, share: float | None = None) -> str:
    """`▲ +2,000 USD (+20 %)`: the sign says what a colour would."""
    if delta is None:
        return ""
    if not delta:
        return "= no change"
    percent = "" if share is None else f" ({share * 100:+.0f} %)".replace("-", "−")
    number = amount(abs(delta), unit)
    return f"{'▲ +' if delta > 0 else '▼ −'}{number}{percent}"


def how_long(seconds: float | None) -> str:
    """`2.5 d`: one unit."""
    if seconds is None:
        return ""
    size, name = next((pair for pair in _UNITS if seconds >= pair[0]), _UNITS[-1])
    return f"{seconds / size:.1f}".removesuffix(".0") + f" {name}"


def tile(kpi: KpiView) -> Tile:
    """A KPI that somebody follows."""
    silent = kpi.days_without is not None and kpi.days_without > SILENT_DAYS
    parts = [f"no data for {kpi.days_without} days" if silent else kpi.word]
    if kpi.target is not None and kpi.target_share is not None:
        parts.append(f"{kpi.target_share * 100:.0f} % of {amount(kpi.target, kpi.unit)}")
    return Tile(
        kpi.name,
        amount(kpi.latest, kpi.unit),
        change(kpi.delta, "", kpi.change),
        " · ".join(filter(None, parts)),
        () if silent else tuple(map(_number, kpi.points)),
        tone(better=kpi.better),
        bool(kpi.alerts),
    )


def measure_tile(one: MeasureView) -> Tile:
    """A KPI that the app computes."""
    points = tuple(None if point is None else float(point) for point in one.points)
    known = [point for point in points[:-1] if point is not None]
    delta = None if one.value is None or not known else float(one.value) - known[-1]
    good = None if not delta else (delta > 0) == (one.direction == Direction.UP)
    value = None if one.value is None else float(one.value)
    return Tile(
        one.name, amount(value, one.unit), change(delta, ""), "by month", points, tone(better=good)
    )


def tone(*, better: bool | None) -> str:
    """The colour beside the sign."""
    return {True: "good", False: "bad", None: "muted"}[better]


def funnel_bars(view: FunnelAnalysis) -> FunnelBars:
    """The steps of a funnel, beside those of the time before."""
    earlier = view.previous.steps if view.previous else ()
    before: dict[str, int | None] = {step.name: step.count for step in earlier}
    steps = tuple(
        Step(
            step.name,
            step.count,
            step.from_previous,
            step.overall,
            step.dropped,
            before.get(step.name),
            f"median {how_long(step.median_seconds)}" if step.median_seconds is not None else "",
        )
        for step in view.steps
    )
    return FunnelBars(steps, view.biggest_leak or "")


def heatmap(view: RetentionView) -> Heatmap:
    """The retention matrix."""
    rows = tuple(
        Row(row.name, row.size, row.shares, row.incomplete_from, row.active) for row in view.rows
    )
    return Heatmap(rows, view.mean, view.period)


def leak_words(view: FunnelAnalysis) -> str:
    """One sentence about what to look at."""
    if view.leak is None or view.biggest_leak is None:
        return "Nobody is lost on the way."
    return f"Most are lost before {view.biggest_leak}."


def joined(parts: Sequence[str]) -> str:
    """What there is, with dots between."""
    return " · ".join(part for part in parts if part)


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))
