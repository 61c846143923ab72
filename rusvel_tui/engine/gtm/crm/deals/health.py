"""Whether a deal is well, how likely it is won and when: fixed rules over facts, each with what it does. Pure.

The probability starts at what the stage (or a person, or the session's own history) says. Each rule that fits
multiplies the odds p/(1-p) by its ratio; what that changes, in percentage points, is the effect of the factor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from rusvel_tui.engine.gtm.crm.deals.learning import Lessons
from rusvel_tui.engine.operation import View
from rusvel_tui.engine.spelled import Spelled

QUIET_DAYS = 14
"""The limit of a stage that has none of its own."""
FRESH_DAYS = 7
CAP = 25
"""Per cent that a stalled deal has at most."""
NO_LESSONS = Lessons()
LEAST_WINS = 5
"""Won deals that took longer than this one so far, from which on a date can be told."""


class Health(Spelled):
    """How a deal is."""

    GOOD = "GOOD"
    AT_RISK = "AT_RISK"
    STALLED = "STALLED"


class Confidence(Spelled):
    """How much the figures rest on."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Factor(View):
    """One thing that makes a win more or less likely."""

    label: str
    effect: int
    """Percentage points; all of them add up to the way from the base to the probability."""
    evidence: str


class CloseRange(View):
    """When it is likely won, if it is: half, and four of five, of the deals that were won took no longer."""

    p50: date
    p80: date
    wins: int
    """How many won deals this rests on."""


@dataclass(frozen=True, slots=True)
class HealthFacts:
    """All that the rules look at."""

    today: date
    stage: str
    base: int
    """Per cent to start from."""
    in_stage: timedelta
    quiet_days: int
    limit_days: int
    talked: bool
    """Whether there was a call, a meeting or a mail of theirs at all."""
    talks: int
    """How many in the last 30 days."""
    has_next: bool
    planned: bool
    """The next action is still to come, or the deal is snoozed."""
    days_to_close: int | None
    """Until the expected close; less than 0 when it has passed."""
    valued: bool
    lessons: Lessons = NO_LESSONS


@dataclass(frozen=True, slots=True)
class Rule:
    """When it fits, the odds of a win are multiplied by the ratio."""

    label: str
    ratio: float
    fits: Callable[[HealthFacts], bool]
    evidence: Callable[[HealthFacts], str]


def is_stalled(facts: HealthFacts) -> bool:
    """Quiet for more than twice what its stage allows, and nothing planned."""
    return facts.quiet_days > 2 * facts.limit_days and not facts.planned


def is_quiet(facts: HealthFacts) -> bool:
    return facts.quiet_days > facts.limit_days and not facts.planned and not is_stalled(facts)


def is_late(facts: HealthFacts) -> bool:
    return facts.days_to_close is not None and facts.days_to_close < 0


def usual_time(facts: HealthFacts) -> timedelta | None:
    """The median time in the stage; none while it is not known."""
    return quantile(facts.lessons.in_stage, 0.5)


def is_slow(facts: HealthFacts, times: float = 1.8) -> bool:
    """Much longer in its stage than half of the closed deals were."""
    usual = usual_time(facts)
    return bool(usual) and usual is not None and facts.in_stage > usual * times


def _plural(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _quiet_for(facts: HealthFacts) -> str:
    return f"{_plural(facts.quiet_days, 'day')} without contact; {facts.stage} allows {facts.limit_days}"


def _time_here(facts: HealthFacts) -> str:
    usual = usual_time(facts) or timedelta()
    return f"{_plural(facts.in_stage.days, 'day')} in {facts.stage}; usual are {usual.days}"


RULES = (
    Rule("Stalled", 0.2, is_stalled, _quiet_for),
    Rule("Quiet", 0.5, is_quiet, _quiet_for),
    Rule("Fresh contact", 1.6, lambda f: f.talked and f.quiet_days <= FRESH_DAYS,
         lambda f: f"last contact {_plural(f.quiet_days, 'day')} ago" if f.quiet_days else "contact today"),
    Rule("Lively exchange", 1.4, lambda f: f.talks >= 3,
         lambda f: f"{f.talks} calls, meetings or replies in 30 days"),
    Rule("Never talked", 0.8, lambda f: not f.talked, lambda f: "no call, meeting or reply yet"),
    Rule("Next step planned", 1.3, lambda f: f.planned, lambda f: "the next action is booked"),
    Rule("Next step overdue", 0.7, lambda f: f.has_next and not f.planned, lambda f: "its day has passed"),
    Rule("No next step", 0.8, lambda f: not f.has_next and not f.planned, lambda f: "nothing is planned"),
    Rule("Close date passed", 0.5, is_late,
         lambda f: f"expected {_plural(-(f.days_to_close or 0), 'day')} ago"),
    Rule("Slow in its stage", 0.6, is_slow, _time_here),
    Rule("No value", 0.9, lambda f: not f.valued, lambda f: "nobody wrote down what it is worth"),
)  # fmt: skip
"""Every rule, in the order in which they are applied."""


def state_of(facts: HealthFacts) -> Health:
    """Stalled; at risk when it is quiet, late or slow or its next step is overdue; else good."""
    if is_stalled(facts):
        return Health.STALLED
    overdue = facts.has_next and not facts.planned
    risky = is_quiet(facts) or is_late(facts) or is_slow(facts) or overdue
    return Health.AT_RISK if risky else Health.GOOD


def confidence_of(facts: HealthFacts) -> Confidence:
    """Low when nobody talked lately; high when both the deal and the history of the stage say something."""
    if not facts.talked or facts.quiet_days > max(30, facts.limit_days) or is_stalled(facts):
        return Confidence.LOW
    known = facts.lessons.share is not None and facts.talks > 0
    return Confidence.HIGH if known else Confidence.MEDIUM


def weigh(facts: HealthFacts) -> tuple[int, tuple[Factor, ...]]:
    """The probability of a win in per cent, and the factors from the weightiest to the least."""
    factors = tuple(_weigh(facts))
    final = facts.base + sum(factor.effect for factor in factors)
    return final, tuple(sorted(factors, key=lambda factor: -abs(factor.effect)))


def _weigh(facts: HealthFacts) -> Iterator[Factor]:
    percent = min(max(facts.base, 1), 99)
    shown, odds = facts.base, percent / (100 - percent)
    for rule in RULES:
        if rule.fits(facts):
            odds *= rule.ratio
            after = min(99, max(1, round(100 * odds / (1 + odds))))
            yield Factor(label=rule.label, effect=after - shown, evidence=rule.evidence(facts))
            shown = after
    if is_stalled(facts) and shown > CAP:
        evidence = f"a stalled deal has {CAP} % at most"
        yield Factor(label="Stalled for long", effect=CAP - shown, evidence=evidence)


def close_range(facts: HealthFacts) -> CloseRange | None:
    """From the won deals that took longer than this one took so far; None without enough of them."""
    left = [took - facts.in_stage for took in facts.lessons.to_win if took > facts.in_stage]
    if len(left) < LEAST_WINS:
        return None
    p50, p80 = (facts.today + timedelta(days=_days(quantile(left, part))) for part in (0.5, 0.8))
    return CloseRange(p50=p50, p80=p80, wins=len(left))


def quantile(
    sorted_times: tuple[timedelta, ...] | list[timedelta], part: float
) -> timedelta | None:
    """The nearest-rank quantile of times that are sorted; None when there are none."""
    if not sorted_times:
        return None
    return sorted_times[ceil(part * len(sorted_times)) - 1]


def _days(time: timedelta | None) -> int:
    return ceil((time or timedelta()) / timedelta(days=1))
