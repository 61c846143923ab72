"""Whether a mail may leave now, decided from plain facts by the scheduler, the gate and the explanation alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from rusvel_tui.engine.gtm.outreach.timing.gates import (
    LATE,
    Facts,
    Gate,
    Opens,
    Verdict,
    gates,
    person,
    running,
)

LOOK_AGAIN = timedelta(minutes=5)
"""When to look again at something that waits for a person or a setting."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict with its reasons in words, and the next moment to look again."""

    verdict: Verdict
    reasons: tuple[str, ...] = ()
    next_time: datetime | None = None
    """The first moment at which it may leave, if nothing changes; where somebody has to act, the next look."""
    ended: str = ""
    """The reason with which the enrollment ends, when the mail is dropped."""
    by_itself: bool = False
    """Whether it may leave at `next_time` without anybody doing anything."""
    on_plan: bool = False
    """Whether it waits for nothing but its own time."""
    everybody_until: datetime | None = None
    """Until when every other mail of the sender waits as well, and why."""
    everybody_why: str = ""

    @property
    def why(self) -> str:
        return "; ".join(self.reasons)


def decide(now: datetime, facts: Facts) -> Decision:
    """Whether a mail with these facts may leave at this moment. Pure: the explanation cannot lie."""
    return conclude(now, facts, [g for g in gates(now, facts) if g.verdict is not Verdict.GO])


def may_draft(now: datetime, facts: Facts) -> Decision:
    """Whether a draft is worth writing: nobody is written to who must not be."""
    asked = (*person(facts), *running(facts))
    shut = [gate for gate in asked if gate.verdict is not Verdict.GO]
    return conclude(now, facts, shut) if shut else Decision(Verdict.GO)


def conclude(now: datetime, facts: Facts, shut: list[Gate]) -> Decision:
    """What follows from the gates that are shut."""
    for verdict in (Verdict.DROP, Verdict.ASK_AGAIN):
        for gate in shut:
            if gate.verdict is verdict:
                return Decision(verdict, (gate.text,), ended=gate.ended)
    return _wait(now, facts, shut) if shut else Decision(Verdict.GO)


def _wait(now: datetime, facts: Facts, shut: list[Gate]) -> Decision:
    """Until the last gate is open, and a window besides."""
    opening = [gate.opens for gate in shut if gate.opens is not None]
    earliest = max(*opening, now) if opening else now
    by_itself = len(opening) == len(shut)
    if not by_itself:
        earliest = max(earliest, now + LOOK_AGAIN)
    everybody = [gate for gate in shut if gate.opens and gate.waits_for is Opens.SENDER]
    return Decision(
        Verdict.WAIT,
        tuple(gate.text for gate in shut),
        facts.times.next_open(earliest) or earliest + LATE,
        by_itself=by_itself,
        on_plan=all(gate.waits_for is Opens.PLAN for gate in shut),
        everybody_until=max((gate.opens for gate in everybody if gate.opens), default=None),
        everybody_why="; ".join(gate.text for gate in everybody),
    )


__all__ = ["LATE", "LOOK_AGAIN", "Decision", "Facts", "Verdict", "decide", "may_draft"]
