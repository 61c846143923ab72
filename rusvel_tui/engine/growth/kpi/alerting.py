"""The states of an alert over a series of readings: pure, so that it can be replayed.

`inactive`, `pending` (the condition holds, not yet long enough), `firing`. After Prometheus' alerting rules, with
hysteresis (`clear`), rate of change and missing readings besides.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isnan


class AlertState(StrEnum):
    """How an alert stands."""

    INACTIVE = "inactive"
    PENDING = "pending"
    FIRING = "firing"


class NoData(StrEnum):
    """What a missing reading means."""

    KEEP = "keep"
    """What fires goes on; what is pending begins anew."""
    ALERT = "alert"
    """That is an alert."""
    OK = "ok"
    """All is well."""


OPS: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AlertRule:
    """When to alert. Counts are in readings."""

    op: str
    threshold: float
    clear: float | None = None
    """Where it ends, on the safe side of the threshold; the threshold itself when left out."""
    for_periods: int = 0
    """For how many further readings the condition must hold before it fires."""
    keep_firing_periods: int = 0
    """For how many readings it fires on after the condition ended."""
    change_over: int = 0
    """Look at the change in per cent against so many readings before, not at the value."""
    no_data: NoData = NoData.KEEP


def replay(rule: AlertRule, points: Sequence[float | None]) -> list[AlertState]:
    """The state after each reading; None is a missing one."""
    machine = _Machine(rule)
    return [machine.step(value) for value in measured(rule, points)]


def measured(rule: AlertRule, points: Sequence[float | None]) -> list[float | None]:
    """What the threshold is compared with: the readings, or their changes in per cent; none without a base."""
    if not rule.change_over:
        return list(points)
    before = [*([None] * rule.change_over), *points]
    return [_change(value, base) for value, base in zip(points, before, strict=False)]


def _change(value: float | None, base: float | None) -> float | None:
    return None if value is None or not base else (value - base) / abs(base) * 100


class _Machine:
    """One alert on its way through the readings."""

    def __init__(self, rule: AlertRule) -> None:
        self._rule = rule
        self._holds = OPS[rule.op]
        self._state = AlertState.INACTIVE
        self._held = 0
        """Readings in a row for which the condition holds."""
        self._kept = 0
        """Readings in a row for which it fires on."""

    def step(self, value: float | None) -> AlertState:
        """The state after one more reading."""
        if value is None:
            self._missing()
        elif self._bad(value):
            self._held, self._kept = self._held + 1, 0
            firing = self._firing or self._held > self._rule.for_periods
            self._state = AlertState.FIRING if firing else AlertState.PENDING
        else:
            self._well()
        return self._state

    @property
    def _firing(self) -> bool:
        return self._state is AlertState.FIRING

    def _bad(self, value: float) -> bool:
        """Whether the condition holds; what fires holds until the clear threshold is reached. NaN is never bad."""
        rule = self._rule
        if isnan(value):
            return False
        if self._firing and rule.clear is not None and not self._kept:
            return value > rule.clear if rule.op.startswith(">") else value < rule.clear
        return self._holds(value, rule.threshold)

    def _well(self) -> None:
        self._held = 0
        if self._firing and self._kept < self._rule.keep_firing_periods:
            self._kept += 1
        else:
            self._kept = 0
            self._state = AlertState.INACTIVE

    def _missing(self) -> None:
        if self._rule.no_data is NoData.ALERT:
            self._state = AlertState.FIRING
        elif not self._firing or self._rule.no_data is NoData.OK:
            self._held = self._kept = 0
            self._state = AlertState.INACTIVE
