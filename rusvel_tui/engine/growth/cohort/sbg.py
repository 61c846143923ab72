"""The shifted-beta-geometric model of who stays: pure (Fader & Hardie 2007, Journal of Interactive Marketing 21(1)).

Each customer leaves with a probability of their own in every period; these are beta distributed over the customers.
Retention then rises with age although nobody changes: those who leave easily are gone first. Fitted over all cohorts
at once by maximum likelihood; the interval is a parametric bootstrap.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

_REFITS = 200
_STEPS = 400
_FAR = 12.0
"""Bound of the logarithms of alpha and beta: beyond, the model is a plain geometric one."""


@dataclass(frozen=True, slots=True)
class Fit:
    """The parameters of the beta distribution and their log-likelihood."""

    alpha: float
    beta: float
    log_likelihood: float


@dataclass(frozen=True, slots=True)
class Projected:
    """The share that survives so many periods, with the bounds between which 90 % of refits lie."""

    period: int
    survival: float
    low: float
    high: float


Cohorts = Sequence[Sequence[int]]
"""Survivors by age, beginning with the size; each list ends at its cohort's age."""


def survival(alpha: float, beta: float, periods: int) -> list[float]:
    """S(0), S(1) … S(periods)."""
    found = [1.0]
    for t in range(1, periods + 1):
        found.append(found[-1] * (beta + t - 1) / (alpha + beta + t - 1))
    return found


def fit(cohorts: Cohorts) -> Fit:
    """The most likely parameters. Somebody must have left."""
    lost, alive = _totals(cohorts)

    def against(point: Sequence[float]) -> float:
        if max(map(abs, point)) > _FAR:
            return math.inf
        return -_log_likelihood(math.exp(point[0]), math.exp(point[1]), lost, alive)

    best, value = _nelder_mead(against, (0.0, 1.0))
    return Fit(math.exp(best[0]), math.exp(best[1]), -value)


def project(cohorts: Cohorts, found: Fit, ahead: int, *, seed: int = 1) -> list[Projected]:
    """Survival in the periods after the last one known. The same cohorts give the same interval."""
    last = max(len(cohort) for cohort in cohorts) - 1
    curve = survival(found.alpha, found.beta, last + ahead)
    refits = list(_refits(cohorts, curve, last + ahead, Random(seed)))  # noqa: S311 - a simulation
    return [
        Projected(t, curve[t], *_middle([refit[t] for refit in refits], curve[t]))
        for t in range(last + 1, last + ahead + 1)
    ]


def _totals(cohorts: Cohorts) -> tuple[dict[int, int], dict[int, int]]:
    """How many left at each age, and how many were there at the end of what is known, over all cohorts."""
    lost: dict[int, int] = {}
    alive: dict[int, int] = {}
    for cohort in cohorts:
        for t in range(1, len(cohort)):
            lost[t] = lost.get(t, 0) + cohort[t - 1] - cohort[t]
        alive[len(cohort) - 1] = alive.get(len(cohort) - 1, 0) + cohort[-1]
    return lost, alive


def _log_likelihood(
    alpha: float, beta: float, lost: dict[int, int], alive: dict[int, int]
) -> float:
    curve = survival(alpha, beta, max(max(lost), max(alive)))
    gone = (
        count * math.log(max(curve[t - 1] - curve[t], 1e-300)) for t, count in lost.items() if count
    )
    here = (count * math.log(max(curve[t], 1e-300)) for t, count in alive.items() if count)
    return sum(gone) + sum(here)


def _refits(
    cohorts: Cohorts, curve: Sequence[float], last: int, rng: Random
) -> Iterator[list[float]]:
    """Survival curves fitted to cohorts that the model made."""
    for _ in range(_REFITS):
        made = [_made(cohort, curve, rng) for cohort in cohorts]
        if any(cohort[-1] < cohort[0] for cohort in made):
            again = fit(made)
            yield survival(again.alpha, again.beta, last)
        else:
            yield [1.0] * (last + 1)


def _made(cohort: Sequence[int], curve: Sequence[float], rng: Random) -> list[int]:
    found = [cohort[0]]
    for t in range(1, len(cohort)):
        found.append(binomial(rng, found[-1], curve[t] / curve[t - 1]))
    return found


def binomial(rng: Random, n: int, p: float) -> int:
    """How many of n happen: counted by waiting times, and where many do and do not by the normal curve."""
    if p > 0.5:
        return n - binomial(rng, n, 1 - p)
    if n * p > 60:
        drawn = round(rng.gauss(n * p, math.sqrt(n * p * (1 - p))))
        return min(max(drawn, 0), n)
    if p <= 0:
        return 0
    count, place = 0, 0
    scale = math.log1p(-p)
    while (place := place + 1 + int(math.log(1 - rng.random()) / scale)) <= n:
        count += 1
    return count


def _middle(values: list[float], around: float) -> tuple[float, float]:
    """The bounds of the middle 90 %, which hold the estimate itself."""
    values.sort()
    cut = len(values) // 20
    return min(values[cut], around), max(values[-1 - cut], around)


Point = tuple[float, ...]


def _nelder_mead(function: Callable[[Sequence[float]], float], start: Point) -> tuple[Point, float]:
    """The minimum of a smooth function of a few numbers (Nelder & Mead 1965)."""
    simplex = [start] + [
        tuple(x + (0.5 if i == j else 0.0) for j, x in enumerate(start)) for i in range(len(start))
    ]
    ranked = sorted((function(point), point) for point in simplex)
    for _ in range(_STEPS):
        if abs(ranked[-1][0] - ranked[0][0]) < 1e-11 and _size(ranked) < 1e-9:
            break
        ranked = sorted(_improved(ranked, function))
    value, best = ranked[0]
    return best, value


Ranked = list[tuple[float, Point]]


def _size(ranked: Ranked) -> float:
    best = ranked[0][1]
    return max(abs(a - b) for _, point in ranked for a, b in zip(point, best, strict=True))


def _improved(ranked: Ranked, function: Callable[[Sequence[float]], float]) -> Ranked:
    """One step: the worst corner is reflected, stretched or drawn in; else all are drawn to the best."""
    worst_value, worst = ranked[-1]
    rest = ranked[:-1]
    centre = tuple(sum(point[i] for _, point in rest) / len(rest) for i in range(len(worst)))

    def along(t: float) -> tuple[float, Point]:
        point = tuple(c + t * (w - c) for c, w in zip(centre, worst, strict=True))
        return function(point), point

    reflected = along(-1)
    if reflected[0] < rest[0][0]:
        return [*rest, min(reflected, along(-2))]
    if reflected[0] < rest[-1][0]:
        return [*rest, reflected]
    drawn = along(-0.5) if reflected[0] < worst_value else along(0.5)
    if drawn[0] < min(worst_value, reflected[0]):
        return [*rest, drawn]
    best = ranked[0][1]
    shrunk = (
        tuple((a + b) / 2 for a, b in zip(best, point, strict=True)) for _, point in ranked[1:]
    )
    return [ranked[0], *((function(point), point) for point in shrunk)]
