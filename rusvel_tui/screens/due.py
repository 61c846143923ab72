"""Days and times as people type them: `tomorrow`, `fri 14:00`, `in 3 days`, `2026-12-01`."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rusvel_tui.engine.errors import InvalidInput

MORNING = time(9)
"""When something is due on a day without a time."""
DAYS = "today, tomorrow, fri, 3 days, 2 weeks or 2026-12-01."
HELP = f"{DAYS} A time may follow: fri 14:00."
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = re.compile(r"(?:^| )(?:at )?([01]?\d|2[0-3]):([0-5]\d)$")
_SPAN = re.compile(r"(?:in )?(\d{1,3}|a|one) ?(d|days?|w|weeks?)")


def parse_due(text: str, now: datetime, zone: ZoneInfo, *, field: str = "due_at") -> datetime:
    """The moment that the text means in that zone, as UTC; raises `InvalidInput`. Nine o'clock when no time is said."""
    words = " ".join(text.lower().split())
    found = _TIME.search(words)
    clock = time(int(found[1]), int(found[2])) if found else MORNING
    day = _day(words[: found.start()].strip() if found else words, now.astimezone(zone).date())
    if day is None:
        raise InvalidInput(f"“{text}” is not a day. Write {HELP}", field=field)
    return datetime.combine(day, clock, zone).astimezone(UTC)


def parse_day(text: str, today: date, *, field: str) -> date:
    """The day that the text means, counted from today; raises `InvalidInput`."""
    day = _day(" ".join(text.lower().split()), today)
    if day is None:
        raise InvalidInput(f"“{text}” is not a day. Write {DAYS}", field=field)
    return day


def _day(words: str, today: date) -> date | None:
    if words in ("", "today"):
        return today
    if words == "tomorrow":
        return today + timedelta(days=1)
    if words[:3] in _DAYS and words.isalpha():  # the next one: today's name is a week from now
        return today + timedelta(days=(_DAYS.index(words[:3]) - today.weekday() - 1) % 7 + 1)
    if span := _SPAN.fullmatch(words):
        count = int(span[1]) if span[1].isdecimal() else 1
        return today + timedelta(days=count * (7 if span[2][0] == "w" else 1))
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None
