"""Dates as other systems export them; what cannot be read is no date."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache

from rusvel_tui.engine.clock import stamp

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_NAMED = re.compile(r"(\d{1,2}) ([A-Za-z]{3})[a-z]* (\d{4})")
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:,? .*)?")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?: .*)?")


@lru_cache(maxsize=4096)
def read_date(text: str) -> str:
    """The moment as stored, empty when there is none.

    `2024-03-12 09:14` and other ISO forms, `03 Jan 2024`, `1/3/2024` with the month first unless it cannot be one,
    `3.1.2024`. A form without a zone is taken as UTC.
    """
    try:
        found = _read(text.strip())
        return stamp(found) if found and 1900 <= found.year <= 2200 else ""
    except (ValueError, OverflowError):
        return ""


def _read(text: str) -> datetime | None:
    if found := _NAMED.fullmatch(text):
        day, name, year = found.groups()
        return datetime(int(year), _MONTHS.index(name.lower()) + 1, int(day), tzinfo=UTC)
    if found := _AMERICAN.fullmatch(text):
        first, second, year = map(int, found.groups())
        month, day = (second, first) if first > 12 else (first, second)
        return datetime(year, month, day, tzinfo=UTC)
    if found := _DOTTED.fullmatch(text):
        day, month, year = map(int, found.groups())
        return datetime(year, month, day, tzinfo=UTC)
    if not text[:4].isdecimal():
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
