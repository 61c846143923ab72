"""Comparisons with time: a date is a stretch of the calendar, a duration a distance from now."""

from __future__ import annotations

from datetime import datetime

from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.filters.faults import Fault
from rusvel_tui.engine.filters.fields import Field, Scope
from rusvel_tui.engine.filters.syntax import Value
from rusvel_tui.engine.filters.times import Stretch, read_time
from rusvel_tui.engine.filters.where import Where, all_of

_CALENDAR = {"<": ("<", "start"), "<=": ("<", "end"), ">": (">=", "end"), ">=": (">=", "start")}
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def period(field: Field, sign: str, value: Value, scope: Scope, *, days: bool) -> Where:
    """The column compared with a time; `days` for columns that hold a date, `''` when there is none."""
    column = field.column
    first, dots, last = value.text.partition("..")
    direction = 1 if field.ahead else -1

    def read(text: str) -> Stretch:
        return read_time(Value(text, value.place), scope.now, scope.zone, direction)

    def bound(compare: str, moment: datetime) -> Where:
        stored = moment.astimezone(scope.zone).date().isoformat() if days else stamp(moment)
        return Where(f"{column} {compare} ?", (stored,))

    if dots and sign in (":", "="):
        found = _range(read(first) if first else None, read(last) if last else None, direction)
    elif sign in (":", "="):
        found = _within(read(value.text), scope.now)
    else:
        found = [_compared(sign, read(value.text), direction)]
    if not found:
        raise Fault("A range needs a beginning or an end: 7d..14d or 2026-01..", value.place)
    there = [Where(f"{column} <> ''")] if days else []
    return all_of([*there, *(bound(compare, moment) for compare, moment in found)])


Bound = tuple[str, datetime]


def _compared(sign: str, found: Stretch, direction: int) -> Bound:
    """One comparison; less far back is later."""
    if found.distance:
        return (_FLIPPED[sign] if direction < 0 else sign), found.start
    compare, end = _CALENDAR[sign]
    return compare, found.start if end == "start" else found.end


def _within(found: Stretch, now: datetime) -> list[Bound]:
    """Inside the stretch, or between now and a distance."""
    if not found.distance:
        return [(">=", found.start), ("<", found.end)]
    return [(">=", min(now, found.start)), ("<=", max(now, found.start))]


def _range(first: Stretch | None, last: Stretch | None, direction: int) -> list[Bound]:
    """From one to the other; distances count away from now, so back they run the other way."""
    if first and last and first.start > last.start:
        first, last = last, first
    elif direction < 0 and not (first and last) and (found := first or last) and found.distance:
        first, last = (None, found) if first else (found, None)
    low: list[Bound] = [(">=", first.start)] if first else []
    high: list[Bound] = [("<=" if last.distance else "<", last.end)] if last else []
    return low + high
