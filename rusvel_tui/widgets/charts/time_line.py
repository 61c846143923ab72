"""A series over time as a line, by plotext behind a sanitiser: own round ticks, theme colours, finite numbers only."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from textual.app import RenderResult
from textual.color import Color
from textual_plotext import PlotextPlot

LEAST = 2
"""Readings from which there is a line."""
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Series:
    """What is drawn."""

    at: tuple[datetime, ...] = ()
    values: tuple[float, ...] = ()
    average: tuple[float | None, ...] = ()
    target: float | None = None
    unit: str = ""
    breaks: frozenset[int] = field(default_factory=frozenset)
    """Places before which there is a gap: no line is drawn over it."""

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, self.values)):
            raise ValueError("Only finite numbers can be drawn.")


class TimeLine(PlotextPlot):
    """The readings as a line with the moving average and the target; numbers that it shows are round."""

    can_focus = False
    series = Series()

    def show(self, series: Series) -> None:
        """Draw other readings."""
        if series != self.series:
            self.series = series
            self.refresh()

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, lambda _: self.refresh())

    def render(self) -> RenderResult:
        """Drawn when it is painted: how many ticks there are depends on the size."""
        self._draw()
        return super().render()

    def _draw(self) -> None:
        plt, series = self.plt, self.series
        plt.clear_data()
        plt.clear_figure()
        if len(series.values) < LEAST:
            plt.title("Two readings make a line.")
            return
        days = [moment.timestamp() / 86400 for moment in series.at]
        for first, last in _runs(len(days), series.breaks):
            self._line(days[first:last], series.values[first:last], "text-primary")
            self._line(days[first:last], series.average[first:last], "text-disabled")
        if series.target is not None:
            self._line([days[0], days[-1]], [series.target] * 2, "text-accent")
        self._axes(days)

    def _line(self, at: Sequence[float], values: Sequence[float | None], tone: str) -> None:
        known = [(day, value) for day, value in zip(at, values, strict=False) if value is not None]
        if not known:
            return
        color = Color.parse(self.app.theme_variables[tone].partition(" ")[0])
        shade = None if color.ansi is not None else color.rgb
        self.plt.plot(
            [day for day, _ in known], [value for _, value in known], marker="braille", color=shade
        )

    def _axes(self, days: Sequence[float]) -> None:
        series = self.series
        values = [*series.values, *(value for value in series.average if value is not None)]
        values += [] if series.target is None else [series.target]
        ticks = round_ticks(min(values), max(values), max(2, self.size.height // 4))
        self.plt.yticks(ticks, [f"{tick:,.10g}" for tick in ticks])
        self.plt.ylim(ticks[0], ticks[-1])
        places = _spread(len(days), max(2, self.size.width // 16))
        self.plt.xticks([days[n] for n in places], [f"{series.at[n]:%d %b %y}" for n in places])
        self.plt.grid(horizontal=False, vertical=False)


def round_ticks(low: float, high: float, count: int) -> list[float]:
    """At most about `count` round numbers that span the values; never a single one."""
    span = high - low if high > low else abs(high) or 1.0
    span = max(span, abs(high) * 1e-9, 1e-9)  # closer than that is one value
    size = 10.0 ** math.floor(math.log10(span / count))
    step = next(size * part for part in _STEPS if size * part * count >= span)
    first, last = math.floor(low / step), math.ceil(high / step)
    if last == first:
        last += 1
    return [float(f"{place * step:.12g}") for place in range(first, last + 1)]


def _runs(count: int, breaks: frozenset[int]) -> list[tuple[int, int]]:
    """The stretches without a gap; a single reading keeps the one before it, so that it is seen."""
    ends = [0, *sorted(place for place in breaks if 0 < place < count), count]
    return [(first, last) for first, last in pairwise(ends) if last > first]


def _spread(count: int, most: int) -> list[int]:
    """So many places from the first to the last, evenly."""
    shown = min(count, most)
    if shown < LEAST:
        return list(range(count))
    return sorted({round(n * (count - 1) / (shown - 1)) for n in range(shown)})
