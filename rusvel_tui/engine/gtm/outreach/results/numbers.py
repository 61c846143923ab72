"""The numbers of a part of a sequence: counted, added up, and shown with no more said than they allow. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from statistics import median
from typing import NamedTuple

from rusvel_tui.engine.beta import share_interval
from rusvel_tui.engine.operation import View


class Place(NamedTuple):
    """Where something happened: a step of a version, and its variant."""

    version_id: str
    key: str
    variant: str = ""


@dataclass(slots=True)
class Count:
    """What is counted at one place; counts of several places add up."""

    enrolled: int = 0
    drafted: int = 0
    approved: int = 0
    edited: int = 0
    sent: int = 0
    done: int = 0
    refused: int = 0
    bounced: int = 0
    positive: int = 0
    negative: int = 0
    other: int = 0
    ripe: int = 0
    ripe_replied: int = 0
    unsubscribed: int = 0
    meetings: int = 0
    won: int = 0
    waits: list[float] = field(default_factory=list)
    """Seconds from each mail to its answer."""

    @property
    def replied(self) -> int:
        return self.positive + self.negative + self.other

    @property
    def tried(self) -> int:
        """Mails that left, or were refused because the address is dead."""
        return self.sent + self.refused

    def add(self, other: Count) -> None:
        """Add what was counted elsewhere."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


def total(counts: Iterable[Count]) -> Count:
    """All of them together."""
    whole = Count()
    for one in counts:
        whole.add(one)
    return whole


class Numbers(View):
    """What came of a sequence, a version, a step or a variant. Every answer counts at the mail before it."""

    enrolled: int
    """Of a sequence or version: people in it. Of a step or variant: those who came to it."""
    drafted: int
    approved: int
    edited: int
    """Of those with a yes: how many a person had changed."""
    sent: int
    done: int
    """Calls and tasks that were done."""
    bounced: int
    """Mails that came back, or met an address that the server knew to be dead."""
    replied: int
    positive: int
    negative: int
    other: int
    """Questions, and answers that say neither yes nor no."""
    unsubscribed: int
    """People who asked not to be written to."""
    meetings: int
    """People with whom a meeting was made."""
    won: int
    """People with whom a deal was won."""
    edited_share: float
    bounce_rate: float
    """Of the mails that were tried."""
    reply_rate: float
    """Answers for each mail that left."""
    low: float
    """With 95 % probability the true reply rate lies between `low` and `high`."""
    high: float
    reply_hours: float | None
    """The median time to an answer, in hours; none without answers."""


def numbers(count: Count) -> Numbers:
    """The counts as they are shown."""
    base = count.sent or count.done
    # Somebody who answered without a mail has no mail to count for.
    replied = min(count.replied, base)
    low, high = share_interval(replied, base)
    shown = {name: getattr(count, name) for name in Numbers.model_fields if hasattr(count, name)}
    return Numbers(
        **shown,
        edited_share=_share(count.edited, count.approved),
        bounce_rate=_share(count.bounced, count.tried),
        reply_rate=_share(replied, base),
        low=low,
        high=high,
        reply_hours=median(count.waits) / 3600 if count.waits else None,
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
