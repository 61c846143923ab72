"""Whether people are at work where they are: Monday to Friday, nine to five by their own clock. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

_OPEN, _CLOSE, _SATURDAY = time(9), time(17), 5


def is_office_time(there: datetime) -> bool:
    """Whether a local time is one at which people expect to be called."""
    return there.weekday() < _SATURDAY and _OPEN <= there.time() < _CLOSE


def next_office_time(there: datetime) -> datetime:
    """When the office hours after a local time begin."""
    day = there.date() if there.time() < _OPEN else there.date() + timedelta(days=1)
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return datetime.combine(day, _OPEN, there.tzinfo)


def clock_words(now: datetime, zone: ZoneInfo) -> tuple[str, bool]:
    """Their clock in words, and whether it is a good time: `Tue 10:12, office hours`."""
    there = now.astimezone(zone)
    if is_office_time(there):
        return f"{there:%a %H:%M}, office hours", True
    return f"{there:%a %H:%M}, outside office hours until {next_office_time(there):%a %H:%M}", False
