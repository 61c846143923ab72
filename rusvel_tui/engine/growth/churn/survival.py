"""How long customers stay: the Kaplan–Meier curve of customers with their own months, also by size."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from pydantic import Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.growth.cohort import kaplan_meier
from rusvel_tui.engine.growth.cohort.kaplan_meier import Life
from rusvel_tui.engine.growth.numbers import Number, Shown, tidy
from rusvel_tui.engine.growth.saas.subscriptions import paid_by
from rusvel_tui.engine.operation import Input, View, operation


class SurvivalInput(Input):
    """Lives of customers; those of the subscriptions when left out."""

    lives: tuple[tuple[Number, bool], ...] = Field(default=(), max_length=100_000)
    """How long each was seen, and whether they left then."""
    currency: str = ""
    by_size: bool = False
    """Whether to compare those who pay less than the median with the others."""


class SurvivalPoint(View):
    """The curve after one time at which somebody left."""

    time: Shown
    at_risk: int
    lost: int
    survival: float
    error: float
    """Greenwood's standard error."""
    low: float
    high: float


class SurvivalCurve(View):
    """The curve of one group."""

    name: str
    customers: int
    lost: int
    points: tuple[SurvivalPoint, ...]
    median: Shown | None
    """When half are gone; none while more than half are there."""


class SurvivalView(View):
    """How long customers stay, in months."""

    curves: tuple[SurvivalCurve, ...]
    chi_squared: float | None
    """Of the log-rank test of two groups."""
    p: float | None
    words: str


@operation("growth.churn.survival", permission="growth.read")
def survival(ctx: Context, cmd: SurvivalInput) -> SurvivalView:
    """Show how long customers stay (Kaplan–Meier), with errors and the median; by size with a log-rank test."""
    if any(time < 0 for time, _ in cmd.lives):
        raise InvalidInput("Nobody was seen for less than no time.", field="lives")
    if cmd.lives:
        return SurvivalView(curves=(_curve("all", cmd.lives),), chi_squared=None, p=None, words="")
    lives = _lives(ctx, cmd.currency)
    everybody = [life for life, _ in lives]
    if not cmd.by_size or len(lives) < 2:
        return SurvivalView(curves=(_curve("all", everybody),), chi_squared=None, p=None, words="")
    middle = median(minor for _, minor in lives)
    small = [life for life, minor in lives if minor < middle]
    large = [life for life, minor in lives if minor >= middle]
    chi, p = kaplan_meier.log_rank(small, large)
    words = "they differ" if p < 0.05 else "no clear difference"
    curves = (_curve("smaller", small), _curve("larger", large))
    return SurvivalView(curves=curves, chi_squared=chi, p=p, words=words)


def _lives(ctx: Context, currency: str) -> list[tuple[Life, int]]:
    """Of each customer the months from the first payment until they left or were last seen, and what they paid first."""
    today = ctx.now.astimezone(ctx.zone).date()
    running = today.year * 12 + today.month - 1
    found: list[tuple[Life, int]] = []
    for history in paid_by(ctx, currency).values():
        paid = sorted(month for month, minor in history.items() if minor > 0 and month <= running)
        if not paid:
            continue
        end = next((month for month in range(paid[0], running + 1) if not history.get(month)), None)
        left = end is not None and end < running
        found.append(
            (((end if left and end is not None else running) - paid[0], left), history[paid[0]])
        )
    return found


def _curve(name: str, lives: Sequence[Life]) -> SurvivalCurve:
    points = kaplan_meier.curve(lives)
    middle = kaplan_meier.median_life(points)
    return SurvivalCurve(
        name=name,
        customers=len(lives),
        lost=sum(left for _, left in lives),
        points=tuple(
            SurvivalPoint(
                time=tidy(one.time), at_risk=one.at_risk, lost=one.lost, survival=one.survival,
                error=one.error, low=one.low, high=one.high,
            )
            for one in points
        ),
        median=None if middle is None else tidy(middle),
    )  # fmt: skip
