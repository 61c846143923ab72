"""Lengths of time with their unit: `15s`, `5m`, `2h`, `14d`, `1w`."""

from __future__ import annotations

import re

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.text import one_line

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_WINDOW = re.compile(rf"(\d{{1,6}}) ?([{''.join(_UNITS)}])", re.ASCII)
LONGEST = 20 * 366 * 86_400


def parse_window(text: str, *, field: str = "window") -> int:
    """A length in seconds; raises `InvalidInput` without a unit, for nothing, and beyond twenty years."""
    found = _WINDOW.fullmatch(text.strip().lower())
    seconds = int(found[1]) * _UNITS[found[2]] if found else 0
    if not 0 < seconds <= LONGEST:
        raise InvalidInput(
            f"{one_line(text)[:40]!r} is not a length of time. Write 14d, 12h, 5m or 15s.",
            field=field,
        )
    return seconds
