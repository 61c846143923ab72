"""How soon something should be dealt with: money × urgency. Pure arithmetic, no clock, no database.

    score   = money × urgency
    money   = 1 + log2(1 + amount / usual)      1 where there is no amount
    urgency = weight × (1 + log2(1 + late / patience))

`amount` is what is at stake: the open sum of an invoice, the value of a deal, or of the largest open deal of the
person whom it is about. `usual` is the median of all amounts of that currency that are looked at, so an amount is
only ever compared with others of its own currency: nothing is converted and nothing is added up. Twice the usual
amount counts alike in euros and in yen. Where several currencies are at stake, the one that counts most decides.

`late` is in days, not below zero; `weight` and `patience` belong to the kind of need. At a lateness of one patience
the urgency has doubled; it grows without end, but slower and slower, so that neither an old trifle nor a huge deal
hides everything else.

The score never falls when the amount or the lateness grows. Of equal scores the older thing is first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from statistics import median_low

from rusvel_tui.engine.money import Money


@dataclass(frozen=True, slots=True)
class Pace:
    """How a kind of need weighs, and after how many days its urgency has doubled."""

    weight: float
    patience: float


def usual_amounts(amounts: Iterable[Money]) -> dict[str, int]:
    """The lower median of the amounts above zero of each currency, in minor units."""
    found: dict[str, list[int]] = defaultdict(list)
    for amount in amounts:
        if amount.minor > 0:
            found[amount.currency].append(amount.minor)
    return {currency: median_low(minors) for currency, minors in found.items()}


def money_factor(amounts: Sequence[Money], usual: Mapping[str, int]) -> float:
    """From 1, where nothing is at stake; 2 for the usual amount of its currency. In minor units, as `usual` is."""
    return max((_factor(one, usual.get(one.currency, one.minor)) for one in amounts), default=1.0)


def _factor(amount: Money, usual: int) -> float:
    return 1.0 if amount.minor <= 0 else 1 + log2(1 + amount.minor / max(usual, 1))


def urgency_factor(pace: Pace, late_days: float) -> float:
    """From the weight of its kind, where it is not late; late is in days."""
    return pace.weight * (1 + log2(1 + max(late_days, 0.0) / pace.patience))


def score(
    pace: Pace, late_days: float, amounts: Sequence[Money], usual: Mapping[str, int]
) -> float:
    """Money × urgency, to six decimals, so that equal things are equal on every machine."""
    return round(money_factor(amounts, usual) * urgency_factor(pace, late_days), 6)
