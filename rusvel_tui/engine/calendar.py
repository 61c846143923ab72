"""Local time, purely: whether a wall clock shows an allowed time, when it next does, and days that count.

Allowed times are a function from a local day to its spans. An instant is allowed when the wall clock of
the zone shows a time of a span of its local day: what a skipped hour would have shown never comes, and
what a repeated hour shows comes twice. Zones and their changes are those of `zoneinfo` (IANA tz).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from rusvel_tui.engine import clock

DAY = 86_400
"""Seconds of a wall clock's day."""
HORIZON = 800
"""Days to look ahead for an allowed time."""
_SECOND = timedelta(seconds=1)


class Span(NamedTuple):
    """A part of a local day, in seconds of the wall clock: from `start` until just before `end`."""

    start: int
    end: int


Spans = Callable[[date], tuple[Span, ...]]
"""The allowed spans of a local day, in order and apart; none when the day is closed."""


def is_open(moment: datetime, zone: ZoneInfo, spans: Spans) -> bool:
    """Whether the wall clock shows an allowed time."""
    local = moment.astimezone(zone)
    at = local.hour * 3600 + local.minute * 60 + local.second
    return any(span.start <= at < span.end for span in spans(local.date()))


def next_open(
    moment: datetime, zone: ZoneInfo, spans: Spans, *, days: int = HORIZON
) -> datetime | None:
    """The first allowed instant from this one on, in UTC; none within so many days."""
    if is_open(moment, zone, spans):
        return moment.astimezone(UTC)
    today = moment.astimezone(zone).date()
    for day in (today + timedelta(days=ahead) for ahead in range(days)):
        allowed = spans(day)
        later = (t for t in _openings(day, zone, allowed) if t > moment) if allowed else ()
        if (first := min(later, default=None)) is not None:
            return first
    return None


def _openings(day: date, zone: ZoneInfo, allowed: tuple[Span, ...]) -> Iterator[datetime]:
    """The instants of a local day at which an allowed span can begin: at its start, or when the clock is changed."""
    wall = datetime.combine(day, time())
    for span in allowed:
        start = wall + timedelta(seconds=span.start)
        for fold in (0, 1):
            instant = start.replace(tzinfo=zone, fold=fold).astimezone(UTC)
            if instant.astimezone(zone).replace(tzinfo=None) == start:
                yield instant
    change = _change(day, zone)
    if change is not None and is_open(change, zone, lambda shown: allowed if shown == day else ()):
        yield change


def _change(day: date, zone: ZoneInfo) -> datetime | None:
    """The instant within a local day at which the clock is put forward or back, if it is."""
    low = datetime.combine(day, time(), zone).astimezone(UTC) - _SECOND
    high = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
    before = low.astimezone(zone).utcoffset()
    if high.astimezone(zone).utcoffset() == before:
        return None
    while high - low > _SECOND:
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


def day_bounds(moment: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first instants of the local day of this moment and of the day after, in UTC."""
    day = moment.astimezone(zone).date()
    return midnight(day, zone), midnight(day + timedelta(days=1), zone)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day, in UTC; when the clock skips midnight, the moment it is put forward."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def add_working_days(
    start: datetime, days: int, zone: ZoneInfo, works: Callable[[date], bool]
) -> datetime:
    """The same wall-clock time on the `days`-th working day after this local day, in UTC.

    Zero days is the moment itself. Raises `ValueError` when no day works.
    """
    today = start.astimezone(zone).date()
    ahead, left = 0, days
    while left:
        ahead += 1
        if works(today + timedelta(days=ahead)):
            left -= 1
        elif ahead > HORIZON + 7 * days:
            raise ValueError("no day is a working day")
    return clock.add_days(start, ahead, zone)
