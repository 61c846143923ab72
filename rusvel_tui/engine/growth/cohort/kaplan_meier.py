"""Survival of customers with their own dates: pure (Kaplan & Meier 1958, Greenwood 1926, Mantel 1966)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist

Life = tuple[float, bool]
"""How long somebody was seen, and whether they left then; else they are still there."""
_Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Survived:
    """The curve after one time at which somebody left."""

    time: float
    at_risk: int
    lost: int
    survival: float
    error: float
    """Greenwood's standard error."""
    low: float
    high: float
    """Bounds of 95 %, on the log(−log) scale (Kalbfleisch & Prentice)."""


def curve(lives: Sequence[Life]) -> list[Survived]:
    """The survival curve; who is still there counts as long as they were seen."""
    found = []
    survival, spread = 1.0, 0.0
    for time, at_risk, lost in _losses(lives):
        survival *= 1 - lost / at_risk
        spread += lost / (at_risk * (at_risk - lost)) if at_risk > lost else 0.0
        error = survival * math.sqrt(spread)
        found.append(Survived(time, at_risk, lost, survival, error, *_bounds(survival, spread)))
    return found


def median_life(found: Sequence[Survived]) -> float | None:
    """When half are gone; none while more than half are there."""
    return next((one.time for one in found if one.survival <= 0.5 + 1e-12), None)


def log_rank(one: Sequence[Life], other: Sequence[Life]) -> tuple[float, float]:
    """The log-rank test of two groups: chi-squared with one degree of freedom, and p."""
    first = {time: (at_risk, lost) for time, at_risk, lost in _losses(one)}
    gap, variance = 0.0, 0.0
    for time, at_risk, lost in _losses([*one, *other]):
        own = sum(1 for seen, _ in one if seen >= time)
        gap += first.get(time, (0, 0))[1] - lost * own / at_risk
        if at_risk > 1:
            share = own / at_risk
            variance += lost * share * (1 - share) * (at_risk - lost) / (at_risk - 1)
    chi = gap * gap / variance if variance else 0.0
    return chi, math.erfc(math.sqrt(chi / 2))


def _losses(lives: Sequence[Life]) -> Iterator[tuple[float, int, int]]:
    """Each time at which somebody left: how many were there until then, and how many left."""
    seen = Counter(time for time, _ in lives)
    lost = Counter(time for time, gone in lives if gone)
    at_risk = len(lives)
    for time in sorted(seen):
        if lost[time]:
            yield time, at_risk, lost[time]
        at_risk -= seen[time]


def _bounds(survival: float, spread: float) -> tuple[float, float]:
    if not 0 < survival < 1:
        return survival, survival
    width = _Z * math.sqrt(spread) / math.log(survival)
    return survival ** math.exp(-width), survival ** math.exp(width)
