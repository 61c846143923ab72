"""Trends of a series of readings: pure, and honest about few points.

Theil–Sen slope (Sen 1968), Mann–Kendall test with the correction for ties (Mann 1945, Kendall 1975). The word is
never said of fewer than five readings: of four no order can be significant.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean, median

LEAST = 5
"""Readings from which on a trend is named."""
TOO_FEW = f"too few points (need {LEAST})"
SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line over readings that are counted from 0."""

    slope: float
    intercept: float


@dataclass(frozen=True, slots=True)
class MannKendall:
    """Whether readings go one way: S, its variance, the normal score and its two-sided p."""

    s: int
    variance: float
    z: float
    p: float


def theil_sen(values: Sequence[float]) -> Line | None:
    """The median of the slopes of all pairs; none for fewer than two readings."""
    if len(values) < 2:
        return None
    slopes = [
        (values[j] - values[i]) / (j - i)
        for i in range(len(values))
        for j in range(i + 1, len(values))
    ]
    slope = median(slopes)
    return Line(slope, median(values) - slope * (len(values) - 1) / 2)


def mann_kendall(values: Sequence[float]) -> MannKendall:
    """The test of a monotonic trend; a variance of 0 (all equal) gives a p of 1."""
    n, s = len(values), _concordance(values)
    ties = sum(t * (t - 1) * (2 * t + 5) for t in Counter(values).values())
    variance = (n * (n - 1) * (2 * n + 5) - ties) / 18
    z = (s - math.copysign(1, s)) / math.sqrt(variance) if s and variance else 0.0
    p = 2 * NormalDist().cdf(-abs(z)) if variance else 1.0
    return MannKendall(s, variance, z, min(p, 1.0))


def _concordance(values: Sequence[float]) -> int:
    """Pairs that rise minus pairs that fall."""
    s = 0
    before: list[float] = []
    for value in values:
        s += bisect_left(before, value) - (len(before) - bisect_right(before, value))
        insort(before, value)
    return s


def trend_word(values: Sequence[float]) -> str:
    """`rising`, `falling`, `no clear trend`, or that there are too few points."""
    if len(values) < LEAST:
        return TOO_FEW
    test = mann_kendall(values)
    if test.p >= SIGNIFICANT:
        return "no clear trend"
    return "rising" if test.s > 0 else "falling"


def moving_average(values: Sequence[float], width: int) -> list[float | None]:
    """The mean of so many readings up to each; none where there are not as many."""
    return [
        fmean(values[end - width : end]) if end >= width else None
        for end in range(1, len(values) + 1)
    ]


def holt(
    values: Sequence[float],
    ahead: int,
    *,
    alpha: float = 0.8,
    beta: float = 0.2,
    damping: float = 1.0,
) -> list[float]:
    """Holt's linear forecast, damped by `damping` (Holt 1957, Gardner & McKenzie 1985); needs two readings.

    Level and slope before the first reading are that reading and the first difference.
    """
    level, slope = values[0], values[1] - values[0]
    for value in values:
        before = level
        level = alpha * value + (1 - alpha) * (level + damping * slope)
        slope = beta * (level - before) + (1 - beta) * damping * slope
    found, reach = [], 0.0
    for step in range(1, ahead + 1):
        reach += damping**step
        found.append(level + reach * slope)
    return found
