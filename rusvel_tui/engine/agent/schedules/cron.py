"""When a cron expression fires in a time zone; pure.

Minute, hour, day of the month, month, day of the week; where both days are restricted either is enough. A fixed hour
that the clock skips fires once right after the gap, one that comes twice fires the first time. What runs in every hour
follows the clock on the wall.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from rusvel_tui.engine.errors import InvalidInput

MACROS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
FIELDS = ("minute", "hour", "day", "month", "weekday")
_HELP = "Five fields: minute, hour, day, month, weekday, such as `30 9 * * mon-fri`, or @daily."
_ALONE = re.compile(r"\b(\w+)-\1/\d+", re.IGNORECASE)
"""A range of one value with a step, which is that value."""
_SAFE = timedelta(hours=3)
"""More than any clock is set back."""
_ANY = datetime(2024, 1, 1, tzinfo=UTC)
_WINDOWS = (timedelta(hours=2), timedelta(days=2), timedelta(days=60), timedelta(days=800))


class Due(NamedTuple):
    """The newest fire times of a span, oldest first, and whether there were older ones in it."""

    times: tuple[datetime, ...]
    more: bool


def parse(text: str) -> str:
    """The expression as it is evaluated; raises `InvalidInput` with what is wrong and how it is written."""
    words = MACROS.get(text.strip().casefold(), text).split()
    if len(words) != len(FIELDS):
        raise InvalidInput(f"{text!r} is no cron expression. {_HELP}", field="cron")
    minute, hour, *rest = words
    if not hour.startswith(
        "*"
    ):  # with a fixed hour `*/30` is a list of minutes, also where an hour is missing
        minute = "0-59" + minute[1:] if minute.startswith("*") else minute
    made = _ALONE.sub(r"\1", " ".join((minute, hour, *rest)))
    try:
        CronSim(made, _ANY)
    except CronSimError as error:
        raise InvalidInput(f"{text!r}: {_said(error)}. {_HELP}", field="cron") from None
    return made


def fires(cron: str, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    """The fire times after a moment, in UTC.

    The library is asked for times on the wall of a place without daylight saving; what they are in the zone is ours.
    """
    made = parse(cron)
    start = after.astimezone(zone).replace(tzinfo=UTC) - _SAFE
    walls = (moment.replace(tzinfo=None) for moment in CronSim(made, start))
    fixed = not made.split()[1].startswith("*")
    times = _fixed(walls, zone) if fixed else _each(walls, zone)
    last = after
    for moment in times:
        if moment > last:
            last = moment
            yield moment


def _fixed(walls: Iterator[datetime], zone: ZoneInfo) -> Iterator[datetime]:
    """One moment for each: the first of two, and the end of the gap for a time that is never shown."""
    for wall in walls:
        moment = _moment(wall, zone)
        yield moment if _shown(wall, moment, zone) else _gap_end(wall, zone)


def _each(walls: Iterator[datetime], zone: ZoneInfo) -> Iterator[datetime]:
    """Every moment at which the wall shows one of these times, in their order: some twice, some never."""
    later: list[datetime] = []
    for wall in walls:
        first, second = _moment(wall, zone), _moment(wall, zone, fold=1)
        while later and later[0] <= first:
            yield heappop(later)
        if _shown(wall, first, zone):
            yield first
            if second > first:
                heappush(later, second)


def _moment(wall: datetime, zone: ZoneInfo, fold: int = 0) -> datetime:
    return wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)


def _shown(wall: datetime, moment: datetime, zone: ZoneInfo) -> bool:
    return moment.astimezone(zone).replace(tzinfo=None, fold=0) == wall


def _gap_end(wall: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which the clock sprang over this time."""
    before, behind = _moment(wall, zone, fold=1), _moment(wall, zone)
    offset = before.astimezone(zone).utcoffset()
    while behind - before > timedelta(seconds=1):
        middle = before + (behind - before) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            behind = middle
    return (before + timedelta(seconds=1)).replace(microsecond=0)


def coming(cron: str, zone: ZoneInfo, after: datetime, count: int) -> tuple[datetime, ...]:
    """The next fire times."""
    return tuple(islice(fires(cron, zone, after), count))


def due(cron: str, zone: ZoneInfo, after: datetime, until: datetime, most: int) -> Due:
    """The newest fire times after a moment up to another one.

    A short span before its end is looked at first: after years of sleep nobody counts every minute.
    """
    for window in (*_WINDOWS, until - after):
        start = max(after, until - window)
        found: list[datetime] = []
        for moment in fires(cron, zone, start):
            if moment > until:
                break
            found.append(moment)
        if start <= after or len(found) > most:
            break
    return Due(tuple(found[-most:]), len(found) > most or start > after)


def _said(error: CronSimError) -> str:
    text = str(error)
    return f"{text[:1].lower()}{text[1:]}".rstrip(".")
