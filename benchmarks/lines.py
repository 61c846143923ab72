"""What a benchmark says: a figure, the goal that it belongs to, and whether it is reached."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from statistics import median
from typing import NamedTuple


class Line(NamedTuple):
    """One figure; without a limit it is there to look at."""

    goal: int
    """The number in the list of goals; 0 for what is measured besides."""
    what: str
    value: float
    limit: float | None = None
    least: bool = False
    """Whether the limit is the least, not the most."""
    more: str = ""
    """What the figure is made of."""

    @property
    def reached(self) -> bool:
        if self.limit is None:
            return True
        return self.value >= self.limit if self.least else self.value <= self.limit

    def __str__(self) -> str:
        number = str(self.goal) if self.goal else "-"
        figure = f"{self.value:.2f}" if self.value < 10 else f"{self.value:,.0f}"
        shown = f"{figure}  ({self.more})" if self.more else figure
        sign = ">=" if self.least else "<="
        goal = "" if self.limit is None else f"goal {sign} {self.limit:g}"
        mark = "" if self.reached else "FALLS SHORT"
        return f"{number:>2}  {self.what:<52} {shown:<38} {goal:<13} {mark}".rstrip()


def ratio(goal: int, what: str, ours: float, floor: float, limit: float, unit: str = "ms") -> Line:
    """So many times the floor, at most."""
    digits = 0 if floor >= 20 else 1 if floor >= 1 else 2
    more = f"{ours:,.{digits}f} / {floor:,.{digits}f} {unit}"
    return Line(goal, what, ours / floor, limit, more=more)


def share(goal: int, what: str, ours: float, floor: float, limit: float | None, unit: str) -> Line:
    """So much of what the floor does, at least."""
    return Line(goal, what, ours / floor, limit, True, f"{ours:,.0f} / {floor:,.0f} {unit}")


def percentile(times: Iterable[float], part: float) -> float:
    """The value that so many of all are at or below."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def milliseconds(work: Callable[[], object], rounds: int = 1) -> float:
    """How long it takes, the middle of some rounds."""
    return median(_timed(work) for _ in range(rounds))


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000
