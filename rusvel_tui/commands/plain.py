"""Plain aligned text: tables, fields and outlines of whatever a view holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from rusvel_tui.engine.money import Money
from rusvel_tui.engine.text import cells, one_line

_WIDEST = 48
"""Columns of a cell in a table; longer texts are cut."""
_NOTHING = "-"


def table(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Rows under their headings; the last column is never cut, so that ids can be copied from it."""
    body = [[_cell(value, last=i == len(row) - 1) for i, value in enumerate(row)] for row in rows]
    lines = [list(headings), *body]
    widths = [max(map(cells, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        yield "  ".join(map(pad, line, widths)).rstrip()


def fields(pairs: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """Names and values in two columns; what has no value is left out."""
    kept = [(name, one_line(str(value))) for name, value in pairs if value not in ("", None)]
    widest = max((cells(name) for name, _ in kept), default=0)
    for name, value in kept:
        yield f"{pad(name, widest)}  {value}"


def outline(data: Any, zone: ZoneInfo, indent: str = "") -> Iterator[str]:
    """Any plain data as an indented outline."""
    if isinstance(data, Mapping):
        widest = max((cells(str(_plain(key, zone))) for key in data), default=0)
        for key, value in data.items():
            yield from _entry(pad(str(_plain(key, zone)), widest), value, zone, indent)
    else:
        for value in data:
            yield from _entry("-", value, zone, indent)


def _entry(name: str, value: Any, zone: ZoneInfo, indent: str) -> Iterator[str]:
    nested = isinstance(value, (Mapping, list, tuple))
    if nested and value and not _is_short(value):
        yield f"{indent}{name.rstrip()}"
        yield from outline(value, zone, f"{indent}  ")
    elif isinstance(value, str) and "\n" in value:
        yield f"{indent}{name.rstrip()}"
        yield from (f"{indent}  | {line}" for line in value.splitlines())
    else:
        shown = ", ".join(map(str, value)) if nested else str(_plain(value, zone))
        yield f"{indent}{name}  {one_line(shown) or _NOTHING}"


def _is_short(value: Any) -> bool:
    """A list of short texts is shown in one line."""
    return isinstance(value, (list, tuple)) and all(
        isinstance(item, str) and "\n" not in item and len(item) < _WIDEST for item in value
    )


def _plain(value: Any, zone: ZoneInfo) -> Any:
    if isinstance(value, datetime):
        return when(value, zone)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _NOTHING if value is None else value


def when(moment: datetime | None, zone: ZoneInfo) -> str:
    """A moment as the clock on the session's wall shows it."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else ""


def amount(value: str, currency: str) -> str:
    """An amount with its currency: `1,250.00 EUR`."""
    return str(Money.parse(value, currency))


def mailbox(name: str, address: str) -> str:
    """Who a mail is from or for: `Ada Lovelace <ada@example.com>`, or what there is of it."""
    return f"{name} <{address}>" if name and address else address or name


def many(count: int, what: str) -> str:
    """A count with its noun: `1 job`, `2 jobs`, `2 addresses`."""
    if count == 1:
        return f"1 {what}"
    return f"{count:,} {what}{'es' if what.endswith('s') else 's'}"


def pad(text: str, wanted: int) -> str:
    """The text with blanks up to that width."""
    return text + " " * (wanted - cells(text))


def _cell(value: Any, *, last: bool) -> str:
    text = one_line("" if value is None else str(value))
    if last or cells(text) <= _WIDEST:
        return text
    while cells(text) > _WIDEST - 1:
        text = text[:-1]
    return f"{text}…"
