"""Moments as people read them, always in the session's zone."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo


def when(moment: datetime, zone: ZoneInfo) -> str:
    """Day and time: `Tue 21 Jan 09:30`."""
    return f"{moment.astimezone(zone):%a %d %b %H:%M}"


def short(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """In few cells: the time when it is today, else the day, else the month."""
    there, here = moment.astimezone(zone), now.astimezone(zone)
    if there.date() == here.date():
        return f"{there:%H:%M}"
    return f"{there:%d %b}" if there.year == here.year else f"{there:%b %Y}"


def since(moment: datetime, now: datetime) -> str:
    """How long ago, in one unit: `3 days`."""
    seconds = max(0, int((now - moment).total_seconds()))
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if (count := seconds // size) > 0:
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "just now"
