"""Times in filters: dates are stretches of the calendar, durations are distances from now."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rusvel_tui.engine.filters.faults import Fault
from rusvel_tui.engine.filters.syntax import Value

_DURATION = re.compile(r"(\d{1,5})(h|d|w|mo|y)", re.ASCII)
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}
_HELP = "Write a date (2026-11-21, 2026-11, today) or a distance from now (6h, 14d, 2w, 3mo, 1y)."
NAMED = tuple(_DAYS)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `start` to before `end`, local time; a distance is a point, where both are the same."""

    start: datetime
    end: datetime
    distance: bool = False


def read_time(value: Value, now: datetime, zone: ZoneInfo, direction: int) -> Stretch:
    """The time that was typed; a distance goes back for a `direction` of -1 and ahead for 1."""
    local = now.astimezone(zone)
    try:
        if found := _DURATION.fullmatch(value.text.lower()):
            point = _moved(local, direction * int(found[1]), found[2])
            return _known(Stretch(point, point, True))
        return _known(_calendar(value.text.lower(), local))
    except (ValueError, OverflowError):
        raise Fault(f"{value.text!r} is not a time. {_HELP}", value.place) from None


def _known(found: Stretch) -> Stretch:
    """Four digits of the year, in every time zone."""
    if not 1000 < found.start.year <= found.end.year < 9999:
        raise ValueError(found)
    return found


def _moved(local: datetime, count: int, unit: str) -> datetime:
    if unit in ("mo", "y"):
        months = local.year * 12 + local.month - 1 + count * (12 if unit == "y" else 1)
        year, month = divmod(months, 12)
        return local.replace(year=year, month=month + 1, day=min(local.day, _length(year, month)))
    if unit == "h":
        return (local.astimezone(UTC) + timedelta(hours=count)).astimezone(local.tzinfo)
    return local + timedelta(days=count * (7 if unit == "w" else 1))


def _length(year: int, month: int) -> int:
    """Days of a month; `month` counts from 0."""
    first = date(year, month + 1, 1)
    return ((first + timedelta(days=31)).replace(day=1) - first).days


def _calendar(text: str, local: datetime) -> Stretch:
    """A day, month or year."""
    if text in _DAYS:
        first = local.date() + timedelta(days=_DAYS[text])
        return _days(first, first + timedelta(days=1), local)
    found = _DATE.fullmatch(text)
    if found is None:
        raise ValueError(text)
    year, month, day = (int(part) if part else None for part in found.groups())
    first = date(year or 0, month or 1, day or 1)
    if day:
        return _days(first, first + timedelta(days=1), local)
    if month:
        return _days(first, (first + timedelta(days=31)).replace(day=1), local)
    return _days(first, date(first.year + 1, 1, 1), local)


def _days(first: date, after: date, local: datetime) -> Stretch:
    midnight = time(tzinfo=local.tzinfo)
    return Stretch(datetime.combine(first, midnight), datetime.combine(after, midnight))
