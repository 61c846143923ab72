"""Days, weeks and months by name: `2026-11-24`, `2026-W48` (ISO 8601, Monday first), `2026-11`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from rusvel_tui.engine.calendar import midnight
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.text import one_line

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
_WEEK = re.compile(r"(\d{4})-W(\d\d)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_FIRST, _LAST = 1970, 2200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class PeriodKind(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A day, an ISO week or a month of a calendar, by its first day."""

    kind: PeriodKind
    start: date

    def later(self, count: int) -> Period:
        """The one that comes so many periods after this; negative: before."""
        if self.kind is PeriodKind.MONTH:
            year, month = divmod(self.start.year * 12 + self.start.month - 1 + count, 12)
            return Period(self.kind, date(year, month + 1, 1))
        days = count * (7 if self.kind is PeriodKind.WEEK else 1)
        return Period(self.kind, self.start + timedelta(days=days))

    def begins(self, zone: ZoneInfo) -> datetime:
        """Its first instant in that zone, as UTC."""
        return midnight(self.start, zone)

    def ends(self, zone: ZoneInfo) -> datetime:
        """The first instant after it in that zone, as UTC."""
        return self.later(1).begins(zone)

    def ages(self, other: Period) -> int:
        """How many periods this one is after another of its kind."""
        if self.kind is PeriodKind.MONTH:
            return (self.start.year - other.start.year) * 12 + self.start.month - other.start.month
        return (self.start - other.start).days // (7 if self.kind is PeriodKind.WEEK else 1)

    def __str__(self) -> str:
        if self.kind is PeriodKind.MONTH:
            return f"{self.start:%Y-%m}"
        if self.kind is PeriodKind.WEEK:
            year, week, _ = self.start.isocalendar()
            return f"{year}-W{week:02}"
        return self.start.isoformat()


def parse_period(text: str) -> Period:
    """The period of that name; raises `InvalidInput` for one that the calendar does not have."""
    words = text.strip().upper()
    try:
        if _MONTH.fullmatch(words):
            return _sane(Period(PeriodKind.MONTH, date.fromisoformat(f"{words}-01")))
        if found := _WEEK.fullmatch(words):
            return _sane(
                Period(PeriodKind.WEEK, date.fromisocalendar(int(found[1]), int(found[2]), 1))
            )
        if _DAY.fullmatch(words):
            return _sane(Period(PeriodKind.DAY, date.fromisoformat(words)))
    except ValueError:
        pass
    raise InvalidInput(
        f"{one_line(text)[:40]!r} is not a period. Write 2026-11, 2026-W48 or 2026-11-24.",
        field="period",
    )


def _sane(period: Period) -> Period:
    if not _FIRST <= period.start.year < _LAST:
        raise ValueError(period)
    return period


def period_of(kind: PeriodKind, day: date) -> Period:
    """The period of that kind in which a day lies."""
    if kind is PeriodKind.MONTH:
        return Period(kind, day.replace(day=1))
    if kind is PeriodKind.WEEK:
        return Period(kind, day - timedelta(days=day.weekday()))
    return Period(kind, day)


def parse_day(text: str, *, field: str) -> date:
    """A day written like 2026-11-24; raises `InvalidInput`."""
    try:
        if _DAY.fullmatch(text.strip()):
            return _sane(Period(PeriodKind.DAY, date.fromisoformat(text.strip()))).start
    except ValueError:
        pass
    raise InvalidInput(
        f"{one_line(text)[:40]!r} is not a day. Write it like 2026-11-24.", field=field
    )


def micros(moment: datetime) -> int:
    """Whole microseconds since 1970 (UTC)."""
    return (moment - _EPOCH) // _MICROSECOND


def from_micros(count: int) -> datetime:
    """The moment behind such a count."""
    return _EPOCH + count * _MICROSECOND
