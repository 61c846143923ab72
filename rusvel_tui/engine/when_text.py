"""Days and times as people type them: `tomorrow`, `fri 14:00`, `in 3 days`, `24 dec`, `2026-12-01`."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.text import one_line

MORNING = time(9)
"""When something is due on a day without a time."""
DAYS = "today, tomorrow, fri, 3 days, 2 weeks, 24 dec or 2026-12-01."
HELP = f"{DAYS} A time may follow: fri 14:00."
_LATER = timedelta(hours=3)
_PARTS = {"morning": MORNING, "noon": time(12), "afternoon": time(14), "evening": time(18)}
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_YEAR = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[t ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(z|[+-]\d\d:\d\d)?")
_CLOCK = re.compile(
    r"(?:^| )(?:at )?(?:([01]?\d|2[0-3]):([0-5]\d)|(0?[1-9]|1[0-2])(?::([0-5]\d))? ?([ap])m"
    rf"|(?:in the )?({'|'.join(_PARTS)}))$"
)
_HOURS = re.compile(r"(?:in )?(\d{1,4}|an?|one) ?(h|hours?|min|mins|minutes?)( ago)?")
_SPAN = re.compile(r"(?:in )?(\d{1,3}|a|one) ?(d|days?|w|weeks?|months?)( ago)?")
_DATE = re.compile(
    r"(\d{1,2})\.? ([a-z]{3,9})\.?,?(?: (\d{4}))?|([a-z]{3,9})\.? (\d{1,2}),?(?: (\d{4}))?"
)


def _typed(value: Any) -> Any:
    """A moment or a day as the text that stands for it."""
    return value.isoformat() if isinstance(value, date) else value


When = Annotated[str, BeforeValidator(_typed)]
"""A moment in the input of an operation: as typed, or exact."""


def parse_when(text: str, now: datetime, zone: ZoneInfo, *, field: str = "due_at") -> datetime:
    """The moment that the text means in that zone, as UTC; raises `InvalidInput`. Nine o'clock when no time is said."""
    words = _words(text)
    try:
        exact = _exact(words, now, zone)
        if exact is not None:
            return exact.astimezone(UTC)
        found = _CLOCK.search(words)
        day = _day(words[: found.start()].strip() if found else words, now.astimezone(zone).date())
        if day is not None:
            clock = _clock(found) if found else MORNING
            return datetime.combine(day, clock, zone).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise _refused(text, HELP, field)


def parse_day(text: str, today: date, *, field: str) -> date:
    """The day that the text means, counted from today; raises `InvalidInput`."""
    try:
        day = _day(_words(text), today)
    except (ValueError, OverflowError):
        day = None
    if day is None:
        raise _refused(text, DAYS, field)
    return day


def day_bounds(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When the present day begins in that zone, and when the next one does."""
    today = now.astimezone(zone).date()
    begin = datetime.combine(today, time(), zone)
    return begin.astimezone(UTC), datetime.combine(today + timedelta(1), time(), zone).astimezone(
        UTC
    )


def _refused(text: str, help_: str, field: str) -> InvalidInput:
    return InvalidInput(f"“{one_line(text)[:60]}” is not a day. Write {help_}", field=field)


def _words(text: str) -> str:
    return " ".join(text.lower().split())


def _exact(words: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """A whole moment, or a time from now; days are counted elsewhere."""
    if words == "now":
        return now
    if words in ("later", "later today"):
        return now + _LATER
    if _MOMENT.fullmatch(words):
        moment = datetime.fromisoformat(words.upper())
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)
    if span := _HOURS.fullmatch(words):
        unit = timedelta(hours=1) if span[2].startswith("h") else timedelta(minutes=1)
        return now + _count(span[1]) * unit * (-1 if span[3] else 1)
    return None


def _clock(found: re.Match[str]) -> time:
    hour, minute, hour12, minute12, half, part = found.groups()
    if part:
        return _PARTS[part]
    if half:
        return time(int(hour12) % 12 + (12 if half == "p" else 0), int(minute12 or 0))
    return time(int(hour), int(minute))


def _day(words: str, today: date) -> date | None:
    if (near := _NEAR.get(words)) is not None:
        return today + timedelta(near)
    if words == "next week":
        return today + timedelta(7 - today.weekday())
    if words == "next month":
        return _add_months(today.replace(day=1), 1)
    if (weekday := _place(_WEEK, words.removeprefix("next "))) is not None:
        # The next one: today's name is a week from now.
        return today + timedelta((weekday - today.weekday() - 1) % 7 + 1)
    if span := _SPAN.fullmatch(words):
        count = _count(span[1]) * (-1 if span[3] else 1)
        if span[2].startswith("m"):
            return _add_months(today, count)
        return today + timedelta(count * (7 if span[2].startswith("w") else 1))
    if found := _DATE.fullmatch(words):
        return _date(found, today)
    return date.fromisoformat(words) if len(words) == len("2026-12-01") else None


_NEAR = {"": 0, "today": 0, "tomorrow": 1, "yesterday": -1}


def _count(text: str) -> int:
    return int(text) if text.isdecimal() else 1


def _place(names: tuple[str, ...], word: str) -> int | None:
    """Where the word stands among names of which three letters are enough."""
    found = (place for place, name in enumerate(names) if name.startswith(word))
    return next(found, None) if len(word) >= 3 else None


def _date(found: re.Match[str], today: date) -> date | None:
    """A day and a month; without a year it is the next one that comes."""
    day, month = found[1] or found[5], _place(_YEAR, found[2] or found[4])
    if month is None:
        return None
    if year := found[3] or found[6]:
        return date(int(year), month + 1, int(day))
    this_year = date(today.year, month + 1, int(day))
    return this_year if this_year >= today else this_year.replace(year=today.year + 1)


def _add_months(day: date, count: int) -> date:
    """The same day of another month, or its last one where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
