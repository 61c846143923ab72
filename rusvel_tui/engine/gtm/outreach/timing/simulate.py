"""What the coming days bring, played through with the function that decides about every real mail. Pure.

Every draft gets its yes in time, nobody answers, calls and tasks are done at once and without a special outcome.
Conditions and branches go by what is known today.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import heappop, heappush
from itertools import count
from zoneinfo import ZoneInfo

from rusvel_tui.engine import calendar
from rusvel_tui.engine.context import Policy
from rusvel_tui.engine.gtm.outreach.sequences.branches import PathStep, next_step, unmet
from rusvel_tui.engine.gtm.outreach.sequences.conditions import StepFacts
from rusvel_tui.engine.gtm.outreach.sequences.step_kinds import SKIPPED, StepType
from rusvel_tui.engine.gtm.outreach.timing.decide import Decision, Facts, Verdict, decide
from rusvel_tui.engine.gtm.outreach.timing.limits import Counts, History, gap_of, is_limited, limits
from rusvel_tui.engine.gtm.outreach.timing.pace import Limit
from rusvel_tui.engine.gtm.outreach.timing.schedules import jitter_key
from rusvel_tui.engine.gtm.outreach.timing.send_times import SendTimes

NO_FACTS = StepFacts()
DONE = "done"
"""The outcome of a call or task in the plan."""
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
    path: tuple[PathStep, ...] = ()
    """The steps with their conditions and branches; empty where nothing parts."""
    facts: StepFacts = NO_FACTS
    had: frozenset[str] = frozenset()
    """The keys of the steps that were played through."""

    @property
    def is_passed_over(self) -> bool:
        """Whether the conditions of the step do not hold."""
        return bool(self.path) and bool(unmet(self.path[self.at], self.facts))

    def following(self, outcome: str) -> int | None:
        """The step after this one; a mail is not sent twice, and a task that comes again ends the plan."""
        at, had = self._after(self.at, outcome), self.had | {self.step.key}
        for _ in self.steps:
            if at is None or self.steps[at].key not in had:
                return at
            at = self._after(at, SKIPPED) if self.steps[at].mail else None
        return None

    def _after(self, at: int, outcome: str) -> int | None:
        if self.path:
            return next_step(self.path, at, replace(self.facts, outcome=outcome))
        return at + 1 if at + 1 < len(self.steps) else None

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
        self._shut_until = now
        """Until when no more mail leaves: the day is full."""
        self._numbers = count()
        self._future: list[tuple[datetime, int, Traveller]] = []
        self._ready: list[tuple[int, datetime, int, Traveller]] = []

    def begin(self, sent: Counter[tuple[str, bool]], last: datetime | None) -> None:
        """What left today already, by sequence and whether it was a first mail, and when the last one did."""
        self._sent, self._last = sent, last

    def run(self, people: Iterable[Traveller], until: datetime) -> Iterator[Done]:
        """Every step that is done before that moment, in the order in which the worker comes to it."""
        for one in people:
            self._later(one, max(one.due, self._now))
        clock = self._now
        while self._future or self._ready:
            clock = clock if self._ready else max(clock, self._future[0][0])
            self._wake(clock)
            if clock >= until:
                return
            if not self._ready:
                continue
            _, at, number, one = heappop(self._ready)
            moment = clock if one.step.mail else at
            if one.is_passed_over:
                self._follow(one, at, SKIPPED)
                continue
            decision = self._decide(one, moment)
            if decision.verdict is Verdict.GO:
                yield Done(one, moment)
                self._go_on(one, moment)
                continue
            self._later(one, decision.next_time or until, number)
            clock = max(clock, decision.everybody_until or clock)
            if decision.everybody_until == self._tomorrow:
                self._close_the_day()

    def _close_the_day(self) -> None:
        """Nothing leaves any more today: whoever is ready waits on."""
        self._shut_until = self._tomorrow
        for _, at, number, one in self._ready:
            self._later(one, at, number)
        self._ready.clear()

    def _later(self, one: Traveller, at: datetime, number: int | None = None) -> None:
        """Put somebody into the queue; who was there before keeps the place."""
        heappush(self._future, (at, next(self._numbers) if number is None else number, one))

    def _wake(self, clock: datetime) -> None:
        """Who is due by then is ready; when the day is full, mails go straight to their next window."""
        while self._future and self._future[0][0] <= clock:
            at, number, one = heappop(self._future)
            opens = one.times.next_open(self._shut_until) if at < self._shut_until else None
            if one.step.mail and opens is not None and opens > clock:
                self._later(one, opens, number)
            else:
                heappush(self._ready, (one.turn, at, number, one))

    def _decide(self, one: Traveller, moment: datetime) -> Decision:
        """What the worker would decide about the step at that moment; calls and tasks know no limits."""
        facts = replace(_NOTHING_ELSE, times=one.times, due=one.due)
        if not one.step.mail:
            return decide(moment, facts)
        self._begin_day(moment)
        schedule = one.times.schedule
        counted = self._limits(one) if is_limited(self._policy, schedule) else ()
        gap = gap_of(self._policy, schedule)
        return decide(moment, replace(facts, limits=counted, last_intent=self._last, **gap))

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

    def _go_on(self, one: Traveller, moment: datetime) -> None:
        """Count what left, and put the person before the next step."""
        if one.step.mail:
            self._sent[one.sequence_id, one.new] += 1
            self._last = moment
        self._follow(one, moment, "sent" if one.step.mail else DONE)

    def _follow(self, one: Traveller, moment: datetime, outcome: str) -> None:
        """Put the person before the step that follows such an outcome."""
        following = one.following(outcome)
        if following is None:
            return
        step = one.steps[following]
        times = replace(one.times, key=jitter_key(one.enrollment_id, step.key))
        due = times.due_at(moment, step.delay, step.unit)
        new = one.new and (outcome == SKIPPED or not one.step.mail)
        had = one.had | {one.step.key}
        self._later(replace(one, at=following, due=due, times=times, new=new, had=had), due)
