"""What the coming days bring, played through with the function that decides about every real mail. Pure.

Every draft gets its yes in time, nobody answers, no branch is taken, calls and tasks are done at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from zoneinfo import ZoneInfo

from rusvel_tui.engine import calendar
from rusvel_tui.engine.context import Policy
from rusvel_tui.engine.gtm.outreach.decide import Decision, Facts, Verdict, decide
from rusvel_tui.engine.gtm.outreach.limits import Counts, History, is_limited, limits
from rusvel_tui.engine.gtm.outreach.pace import Limit
from rusvel_tui.engine.gtm.outreach.schedules import jitter_key
from rusvel_tui.engine.gtm.outreach.send_times import SendTimes
from rusvel_tui.engine.gtm.outreach.step_kinds import StepType

_NOTHING_ELSE = Facts(
    contact_there=True,
    addresses=frozenset({""}),
    recipient_key="",
    suppressed=False,
    enrollment="active",
    sequence="active",
    sender="me",
    mail_from="me",
    mailer="any",
)


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step as the plan sees it."""

    key: str
    number: int
    type: StepType
    channel: str
    delay: int
    unit: str
    mail: bool


@dataclass(frozen=True, slots=True)
class Traveller:
    """Somebody before a step of a sequence."""

    enrollment_id: str
    sequence_id: str
    steps: tuple[PlannedStep, ...]
    at: int
    due: datetime
    times: SendTimes
    new: bool
    """Whether nothing was written to them so far."""

    @property
    def step(self) -> PlannedStep:
        return self.steps[self.at]

    @property
    def turn(self) -> int:
        return int(self.new and self.step.mail)


@dataclass(frozen=True, slots=True)
class Done:
    """A step at the moment at which it is done."""

    traveller: Traveller
    at: datetime

    def is_moved(self, now: datetime, zone: ZoneInfo) -> bool:
        """Whether the limits put it off to a later day."""
        free = self.traveller.times.next_open(max(self.traveller.due, now)) or self.at
        return self.at.astimezone(zone).date() > free.astimezone(zone).date()


class Simulation:
    """One sender's coming days."""

    def __init__(self, now: datetime, zone: ZoneInfo, policy: Policy, history: History) -> None:
        self._now = now
        self._zone = zone
        self._policy = policy
        self._history = history
        self._sent: Counter[tuple[str, bool]] = Counter()
        self._last: datetime | None = None
        self._tomorrow = calendar.day_bounds(now, zone)[1]

    def begin(self, sent: Counter[tuple[str, bool]], last: datetime | None) -> None:
        """What left today already, by sequence and whether it was a first mail, and when the last one did."""
        self._sent, self._last = sent, last

    def run(self, people: Iterable[Traveller], until: datetime) -> Iterator[Done]:
        """Every step that is done before that moment, in the order in which the worker comes to it."""
        numbers = iter(range(10**9))
        future = [(max(p.due, self._now), next(numbers), p) for p in people]
        heapify(future)
        ready: list[tuple[int, datetime, int, Traveller]] = []
        clock = self._now
        while future or ready:
            clock = clock if ready else max(clock, future[0][0])
            while future and future[0][0] <= clock:
                at, number, one = heappop(future)
                heappush(ready, (one.turn, at, number, one))
            if clock >= until:
                return
            _, at, number, one = heappop(ready)
            moment = clock if one.step.mail else at
            decision = self._decide(one, moment)
            if decision.verdict is Verdict.GO:
                yield Done(one, moment)
                if (following := self._note(one, moment)) is not None:
                    heappush(future, (following.due, next(numbers), following))
                continue
            heappush(future, (decision.next_time or until, number, one))
            clock = max(clock, decision.everybody_until or clock)

    def _decide(self, one: Traveller, moment: datetime) -> Decision:
        """What the worker would decide about the step at that moment; calls and tasks know no limits."""
        facts = replace(_NOTHING_ELSE, times=one.times, due=one.due)
        if not one.step.mail:
            return decide(moment, facts)
        self._begin_day(moment)
        schedule = one.times.schedule
        gap = max(self._policy.min_gap_seconds or 0, schedule.min_gap_seconds or 0)
        return decide(
            moment,
            replace(
                facts,
                limits=self._limits(one) if is_limited(self._policy, schedule) else (),
                last_intent=self._last,
                min_gap=timedelta(seconds=gap) if gap else None,
            ),
        )

    def _limits(self, one: Traveller) -> tuple[Limit, ...]:
        counts = Counts(
            total=self._sent.total(),
            new=sum(count for (_, new), count in self._sent.items() if new),
            of_sequence=self._sent[one.sequence_id, True] + self._sent[one.sequence_id, False],
            new_of_sequence=self._sent[one.sequence_id, True],
            tomorrow=self._tomorrow,
        )
        ramp = self._policy.ramp and self._history.allows(self._policy.ramp)
        return limits(self._policy, one.times.schedule, counts, ramp, new=one.new)

    def _begin_day(self, moment: datetime) -> None:
        """With each local day the counts begin anew, and the ramp looks a day further."""
        while moment >= self._tomorrow:
            self._history = self._history.after(self._sent.total())
            self._sent.clear()
            self._tomorrow = calendar.day_bounds(self._tomorrow, self._zone)[1]

    def _note(self, one: Traveller, moment: datetime) -> Traveller | None:
        """Count what left; the same person before the next step, or None at the end."""
        if one.step.mail:
            self._sent[one.sequence_id, one.new] += 1
            self._last = moment
        if one.at + 1 == len(one.steps):
            return None
        step = one.steps[one.at + 1]
        times = replace(one.times, key=jitter_key(one.enrollment_id, step.key))
        due = times.due_at(moment, step.delay, step.unit)
        new = one.new and not one.step.mail
        return replace(one, at=one.at + 1, due=due, times=times, new=new)
