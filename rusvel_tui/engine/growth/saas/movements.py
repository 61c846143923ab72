"""How money that comes back every month moves: pure, in minor units, and the parts add up to the cent.

The definitions are ChartMogul's. A month is a whole number: year times twelve plus the month from 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

History = Mapping[int, int]
"""What one customer paid by month, in minor units; a month without an entry counts as nothing."""


@dataclass(slots=True)
class Movement:
    """One month. end = start + new + reactivation + expansion − contraction − churn."""

    month: int
    start: int = 0
    new: int = 0
    """Of customers who pay for the first time ever."""
    reactivation: int = 0
    """Of customers who had paid before, but not in the month before."""
    expansion: int = 0
    contraction: int = 0
    churn: int = 0
    end: int = 0
    customers_start: int = 0
    customers_new: int = 0
    customers_back: int = 0
    customers_lost: int = 0
    customers_end: int = 0

    def add(self, before: int, after: int, *, known: bool) -> None:
        """Count one customer, who paid that much in the month before and in this one."""
        self.start += before
        self.end += after
        self.customers_start += before > 0
        self.customers_end += after > 0
        if before and after:
            self.expansion += max(after - before, 0)
            self.contraction += max(before - after, 0)
        elif before:
            self.churn += before
            self.customers_lost += 1
        elif after and known:
            self.reactivation += after
            self.customers_back += 1
        elif after:
            self.new += after
            self.customers_new += 1


def movements(customers: Sequence[History], first: int, last: int) -> list[Movement]:
    """The months from first to last, of all customers together."""
    found = [Movement(month) for month in range(first, last + 1)]
    for history in customers:
        paid = [month for month, minor in history.items() if minor > 0]
        began = min(paid, default=last + 1)
        for movement in found:
            before, after = history.get(movement.month - 1, 0), history.get(movement.month, 0)
            if before or after:
                movement.add(before, after, known=began < movement.month)
    return found


def gross_churn(move: Movement) -> float | None:
    """(churn + contraction) ÷ start."""
    return (move.churn + move.contraction) / move.start if move.start else None


def net_churn(move: Movement) -> float | None:
    """(churn + contraction − expansion − reactivation) ÷ start; negative when those who stay pay more."""
    lost = move.churn + move.contraction - move.expansion - move.reactivation
    return lost / move.start if move.start else None


def gross_retention(move: Movement) -> float | None:
    """GRR: (start − contraction − churn) ÷ start; never above 1."""
    return (move.start - move.contraction - move.churn) / move.start if move.start else None


def net_retention(move: Movement) -> float | None:
    """NRR: with expansion; without new business."""
    kept = move.start - move.contraction - move.churn + move.expansion
    return kept / move.start if move.start else None


def customer_churn(move: Movement) -> float | None:
    """Customers lost ÷ customers at the start."""
    return move.customers_lost / move.customers_start if move.customers_start else None


def quick_ratio(move: Movement) -> float | None:
    """(new + expansion) ÷ (churn + contraction), reactivation left out; none when nothing was lost."""
    lost = move.churn + move.contraction
    return (move.new + move.expansion) / lost if lost else None


def monthly(amount: int, months: int) -> int:
    """A price for several months as one month's, rounded half up: 2,000.00 a year is 166.67."""
    return (2 * amount + months) // (2 * months)
