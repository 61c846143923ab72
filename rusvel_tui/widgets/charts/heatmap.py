"""A retention matrix: the percentage in every cell, a shade behind it that says the same."""

from __future__ import annotations

from dataclasses import dataclass

from rusvel_tui.widgets.charts.drawn import Drawn, Line, Table
from rusvel_tui.widgets.plain import cells, fit

CELL = 6
STEPS = 5
"""Shades; the number carries the meaning."""


@dataclass(frozen=True, slots=True)
class Row:
    """One cohort."""

    name: str
    size: int
    shares: tuple[float | None, ...]
    running_from: int | None = None
    """From this cell on the periods are not over."""
    active: tuple[int | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Heatmap(Drawn):
    """Cohorts from top to bottom, ages from left to right."""

    rows: tuple[Row, ...]
    mean: tuple[float | None, ...]
    unit: str = "month"

    def lines(self, width: int) -> tuple[Line, ...]:
        label = min(max([6, *(cells(row.name) for row in self.rows)]), 16)
        size = max([4, *(len(f"{row.size:,}") for row in self.rows)])
        columns = max(1, (width - label - size - 5) // CELL)
        ages = range(min(columns, max((len(row.shares) for row in self.rows), default=0)))
        hidden = max((len(row.shares) for row in self.rows), default=0) - len(ages)
        head = "".join(f"{age:>{CELL}}" for age in ages)
        more = f"  and {hidden} more" if hidden > 0 else ""
        lead = f" {fit(self.unit.capitalize(), label)} {'size':>{size}} "
        made: list[Line] = [((lead + head + more, "muted"),)]
        for row in self.rows:
            front = (f" {fit(row.name, label)} {row.size:>{size},} ", "")
            made.append((front, *(self._cell(row, age) for age in ages)))
        mean = tuple((_text(self._mean(age), running=False), "strong") for age in ages)
        made.append(((f" {fit('mean', label)} {'':>{size}} ", "strong"), *mean))
        return tuple(made)

    def _mean(self, age: int) -> float | None:
        return self.mean[age] if age < len(self.mean) else None

    def _cell(self, row: Row, age: int) -> tuple[str, str]:
        share = row.shares[age] if age < len(row.shares) else None
        if share is None:
            return (" " * CELL, "")
        running = row.running_from is not None and age >= row.running_from
        level = min(int(share * STEPS), STEPS - 1)
        return (_text(share, running=running), f"heat-{level}")

    def table(self) -> Table:
        width = max((len(row.shares) for row in self.rows), default=0)
        head = ("cohort", "size", *(f"{self.unit}_{age}" for age in range(width)))
        counts = (
            (row.name, str(row.size), *("" if n is None else str(n) for n in row.active))
            for row in self.rows
        )
        mean = ("mean", "", *("" if share is None else f"{share:.6f}" for share in self.mean))
        blank = ("",) * len(head)
        return (head, *((*row, *blank)[: len(head)] for row in (*counts, mean)))


def _text(share: float | None, *, running: bool) -> str:
    """`  45 %`, with a star while the period is not over."""
    if share is None:
        return " " * CELL
    return f"{share * 100:>4.0f}{'*' if running else '%'} "
