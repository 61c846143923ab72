"""SQL with its values: pieces that can only be put together so that every value stays bound."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_HOLE = re.compile(r"(\{test\}|:session|:now|:midnight|:today)")


@dataclass(frozen=True, slots=True)
class Where:
    """A condition for a WHERE, and the values of its question marks in their order."""

    sql: str
    values: tuple[Any, ...] = ()
    narrow: bool = False
    """Whether an index names the few rows that can fit: they are better sorted than looked for in order."""


ALWAYS = Where("1")
NEVER = Where("0")


def all_of(parts: Iterable[Where]) -> Where:
    """What holds when every part does."""
    found = list(parts)
    made = _joined(found, " AND ", ALWAYS)
    return Where(made.sql, made.values, any(part.narrow for part in found))


def any_of(parts: Iterable[Where]) -> Where:
    """What holds when some part does."""
    found = list(parts)
    made = _joined(found, " OR ", NEVER)
    return Where(made.sql, made.values, bool(found) and all(part.narrow for part in found))


def none_of(part: Where) -> Where:
    """What holds when the part does not; an unknown (NULL) is no yes."""
    return Where(f"({part.sql}) IS NOT TRUE", part.values)


def filled(template: str, given: Mapping[str, str], test: Where = ALWAYS) -> Where:
    """A template with its test in place and what is given for its names; the values keep the order of the text."""
    sql = ""
    values: list[Any] = []
    for piece in _HOLE.split(template):
        if piece == "{test}":
            sql, values = f"{sql}({test.sql})", [*values, *test.values]
        elif piece.startswith(":"):
            sql, values = f"{sql}?", [*values, given[piece]]
        else:
            sql += piece
    return Where(sql, tuple(values))


def _joined(parts: list[Where], word: str, none: Where) -> Where:
    if len(parts) < 2:
        return parts[0] if parts else none
    sql = word.join(f"({part.sql})" for part in parts)
    return Where(f"({sql})", tuple(value for part in parts for value in part.values))
