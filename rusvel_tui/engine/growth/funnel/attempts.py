"""How far people come through the steps of a funnel: pure, over the events of one person at a time.

Every event of the first step starts an attempt; the attempt that comes farthest counts, of equals the earliest. The
definitions are PostHog's: ordered (other events may lie between), strict (nothing between), any order.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import inf

Moment = tuple[int, int]
"""When, in microseconds, and the number of the event's name."""
Attempt = tuple[int, ...]
"""When each step was reached, for those that were."""


class StepOrder(StrEnum):
    """What may lie between two steps."""

    ORDERED = "ordered"
    STRICT = "strict"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Exclusion:
    """An event that spoils an attempt between two steps, counted from 1."""

    event: int
    from_step: int
    to_step: int


@dataclass(frozen=True, slots=True)
class Rules:
    """The steps by the numbers of their names, and how they may be reached. The window is in microseconds."""

    steps: tuple[int, ...]
    window: int
    order: StepOrder = StepOrder.ORDERED
    exclusions: tuple[Exclusion, ...] = ()
    since: float = -inf
    """Attempts begin in [since, until)."""
    until: float = inf


def best_attempt(moments: Sequence[Moment], rules: Rules) -> Attempt | None:
    """The best attempt of one person, whose moments are in order; none when every attempt was spoilt, or none began."""
    times: defaultdict[int, list[int]] = defaultdict(list)
    for at, name in moments:
        times[name].append(at)
    best: Attempt | None = None
    for attempt in _attempts(moments, times, rules):
        if rules.since <= attempt[0] < rules.until and not _spoilt(attempt, times, rules):
            if best is None or len(attempt) > len(best):
                best = attempt
            if len(best) == len(rules.steps):
                break
    return best


def _attempts(
    moments: Sequence[Moment], times: dict[int, list[int]], rules: Rules
) -> Iterator[Attempt]:
    if rules.order is StepOrder.ORDERED:
        return (_ordered(start, times, rules) for start in times[rules.steps[0]])
    if rules.order is StepOrder.STRICT:
        starts = (i for i, (_, name) in enumerate(moments) if name == rules.steps[0])
        return (_strict(i, moments, rules) for i in starts)
    wanted = Counter(rules.steps)
    return (_any(at, times, wanted, rules) for at, name in moments if name in wanted)


def _ordered(start: int, times: dict[int, list[int]], rules: Rules) -> Attempt:
    """Each further step at the first moment that is left for it; one event never fills two steps."""
    reached, used = [start], {rules.steps[0]: start}
    for name in rules.steps[1:]:
        earliest = max(reached[-1], used[name] + 1) if name in used else reached[-1]
        known = times[name]
        place = bisect_left(known, earliest)
        if place == len(known) or known[place] > start + rules.window:
            break
        reached.append(known[place])
        used[name] = known[place]
    return tuple(reached)


def _strict(first: int, moments: Sequence[Moment], rules: Rules) -> Attempt:
    start = moments[first][0]
    reached = [start]
    for (at, name), wanted in zip(moments[first + 1 :], rules.steps[1:], strict=False):
        if name != wanted or at > start + rules.window:
            break
        reached.append(at)
    return tuple(reached)


def _any(start: int, times: dict[int, list[int]], wanted: Counter[int], rules: Rules) -> Attempt:
    """The first of each step from here on, in the order in which they came."""
    reached: list[int] = []
    for name, count in wanted.items():
        known = times[name]
        # What came at the same moment under another name still belongs to this attempt.
        place = bisect_left(known, start)
        reached += [at for at in known[place : place + count] if at <= start + rules.window]
    return tuple(sorted(reached))


def _spoilt(attempt: Attempt, times: dict[int, list[int]], rules: Rules) -> bool:
    """Whether an excluded event lies between two steps, or after the first of them while the other may still come."""
    for rule in rules.exclusions:
        if len(attempt) < rule.from_step:
            continue
        low = attempt[rule.from_step - 1]
        whole = len(attempt) >= rule.to_step
        high = attempt[rule.to_step - 1] if whole else attempt[0] + rules.window + 1
        known = times.get(rule.event, [])
        place = bisect_left(known, low + 1)
        if place < len(known) and known[place] < high:
            return True
    return False


def farthest(attempts: Iterable[tuple[int | None, ...]]) -> Iterator[tuple[int | None, ...]]:
    """The best attempt of each person, of rows of a person and a moment for each step; None where it was not reached."""
    best: dict[int | None, tuple[int | None, ...]] = {}
    for attempt in attempts:
        other = best.get(attempt[0])
        if other is None or _beats(attempt, other):
            best[attempt[0]] = attempt
    return (attempt[1:] for attempt in best.values())


def _beats(one: tuple[int | None, ...], other: tuple[int | None, ...]) -> bool:
    """Whether an attempt comes farther than another, or as far and began before it."""
    missing, less = one.count(None), other.count(None)
    return missing < less or (missing == less and (one[1] or 0) < (other[1] or 0))
