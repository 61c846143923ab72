"""What deals may bring: committed, weighted and best case, one currency at a time, in whole minor units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rusvel_tui.engine.gtm.crm.pipelines.stages import StageKind
from rusvel_tui.engine.money import Money

COMMITTED = 90
"""Per cent from which an open deal counts as committed."""


def weighted(minor: int, percent: int) -> int:
    """A value times its probability in minor units; halves go to the even one.

    Each deal is rounded by itself, so that sums equal their parts however they are grouped.
    """
    whole, rest = divmod(minor * percent, 100)
    return whole + (rest > 50 or (rest == 50 and whole % 2 == 1))


@dataclass(slots=True)
class Worth:
    """A group of deals in one currency. A lost deal is counted and has its value, and brings nothing."""

    deals: int = 0
    value: int = 0
    best: int = 0
    """What it brings when all of them are won."""
    weighted: int = 0
    committed: int = 0
    """Won, or at least 90 per cent sure."""
    committed_deals: int = 0
    won: int = 0
    won_deals: int = 0

    def add(self, minor: int, percent: int, kind: StageKind) -> None:
        """Count one deal."""
        self.deals += 1
        self.value += minor
        if kind is StageKind.LOST:
            return
        won = kind is StageKind.WON
        self.best += minor
        self.weighted += minor if won else weighted(minor, percent)
        if won or percent >= COMMITTED:
            self.committed += minor
            self.committed_deals += 1
        if won:
            self.won += minor
            self.won_deals += 1


def amounts(worths: Mapping[str, Worth], what: str) -> tuple[str, ...]:
    """One amount of that name per currency, for people: `1,250.00 EUR`."""
    return tuple(str(Money(getattr(worths[code], what), code)) for code in sorted(worths))


def total(worths: Iterable[Mapping[str, Worth]]) -> dict[str, Worth]:
    """Groups added up, each currency by itself."""
    found: dict[str, Worth] = {}
    for group in worths:
        for code, worth in group.items():
            into = found.setdefault(code, Worth())
            for name in Worth.__slots__:
                setattr(into, name, getattr(into, name) + getattr(worth, name))
    return found
