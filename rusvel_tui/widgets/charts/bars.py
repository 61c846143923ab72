"""Labelled amounts with a bar each: what is compared stands beneath each other, its number beside it."""

from __future__ import annotations

from dataclasses import dataclass

from rusvel_tui.widgets.bars import bar
from rusvel_tui.widgets.charts.drawn import Drawn, Line, Table
from rusvel_tui.widgets.plain import cells, fit


@dataclass(frozen=True, slots=True)
class Bar:
    """One amount."""

    label: str
    share: float
    """Of the longest bar."""
    text: str
    tone: str = "accent"


@dataclass(frozen=True, slots=True)
class Bars(Drawn):
    """From top to bottom; the bar alone gives way."""

    bars: tuple[Bar, ...]
    most: int = 28
    """Cells of the longest bar."""

    def lines(self, width: int) -> tuple[Line, ...]:
        label = min(max((cells(one.label) for one in self.bars), default=0), 18)
        text = max((cells(one.text) for one in self.bars), default=0)
        size = min(max(width - label - text - 5, 4), self.most)
        return tuple(
            (
                (f" {fit(one.label, label)}  ", "muted"),
                (bar(one.share, size), one.tone),
                (f"  {one.text}", "" if one.share else "muted"),
            )
            for one in self.bars
        )

    def table(self) -> Table:
        return (("label", "amount"), *((one.label, one.text) for one in self.bars))
