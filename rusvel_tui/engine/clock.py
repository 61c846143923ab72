"""Time as the engine sees it: aware, UTC, one text format of fixed width."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rusvel_tui.engine.errors import InvalidInput

Stamp = str
"""A moment as stored: `2026-11-21T09:30:00.000Z`. Text order is time order."""


def stamp(moment: datetime) -> Stamp:
    """The stored form of an aware moment; refuses a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    return f"{utc.isoformat(timespec='milliseconds')}Z"


def moment(text: Stamp) -> datetime:
    """The aware moment behind a stored text."""
    return datetime.fromisoformat(text)


def parse_moment(text: str) -> datetime:
    """An ISO 8601 moment typed by a person; a date alone means its first second in UTC."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise InvalidInput(f"{text!r} is not a time. Write it like 2026-11-21T09:30:00Z.") from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def zone(name: str) -> ZoneInfo:
    """The time zone of that IANA name (`Europe/Berlin`); refuses an unknown one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidInput(
            f"{name!r} is not a time zone. Use a name such as Europe/Berlin or UTC.",
            field="timezone",
        ) from None


def is_zone(name: str) -> bool:
    """Whether this machine knows a time zone of that name."""
    try:
        zone(name)
    except InvalidInput:
        return False
    return True


def add_days(start: datetime, days: int, where: ZoneInfo) -> datetime:
    """The same wall-clock time `days` calendar days later in that zone, as UTC.

    A time that a daylight-saving change skips is as much later as the clock was put forward; of a
    time that exists twice the first one counts.
    """
    local = start.astimezone(where)
    return (local + timedelta(days=days)).astimezone(UTC)
