"""How many mails may leave in a day and how fast one after the other. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

RAMP_DAYS = 14
"""How far back the ramp-up looks, in local days before today."""
RAMP_GROWTH = 1.2
"""So many times what was usual may leave."""
BOUNCED_TOO_MUCH = 0.05
_ENOUGH_BOUNCES = 3
"""Fewer bounces than that say nothing, unless `_ENOUGH_MAILS` were sent."""
_ENOUGH_MAILS = 50


@dataclass(frozen=True, slots=True)
class Limit:
    """So many mails in one local day; the day after, the count begins anew."""

    what: str
    """`daily cap of {} mails`, with a place for the number."""
    allowed: int
    used: int
    frees_at: datetime
    """When the next local day begins."""
    everybody: bool = True
    """Whether it holds back every mail of the sender, not only those of one sequence or to new people."""

    @property
    def name(self) -> str:
        return self.what.format(self.allowed)

    def is_full(self, now: datetime) -> bool:
        """A limit of nothing is full on every day."""
        return not self.allowed or (self.used >= self.allowed and now < self.frees_at)


def ramp_up(start: int, sent: Sequence[int], *, bounced: int, tried: int) -> int:
    """Mails that a growing sender may send today: the upper quartile of what left per day, and a fifth more.

    `sent` are the mails that left on each of the last local days; days without any do not count, and `start`
    is what a sender without a past begins with. When too many of those `tried` bounced, half.
    """
    days = sorted(count for count in sent if count)
    usual = days[ceil(0.75 * len(days)) - 1] if days else 0  # nearest rank
    allowed = max(start, ceil(usual * RAMP_GROWTH))
    enough = bounced >= _ENOUGH_BOUNCES or tried >= _ENOUGH_MAILS
    if enough and bounced >= BOUNCED_TOO_MUCH * tried:
        allowed //= 2
    return max(allowed, 1)


def room(limit: Limit) -> tuple[int, int]:
    """What is left of a limit; of those with as much left, the lower one is felt first."""
    return limit.allowed - limit.used, limit.allowed


def smallest(limits: Sequence[Limit]) -> Limit | None:
    """The limit that is felt first."""
    return min(limits, key=room, default=None)
