"""Results as Markdown that a person reads; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from rusvel_tui.adapters.models.offline.reading import SYMBOLS
from rusvel_tui.engine.text import cut, one_line

_SIGNS = {code: sign for sign, code in SYMBOLS.items()}
_WIDTH = 40


def table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table; what would break it is taken out of the cells."""
    lines = [_row(heads), _row(["---"] * len(heads))]
    return "\n".join([*lines, *(_row(row) for row in rows)])


def bullets(lines: Iterable[Any]) -> str:
    """A list."""
    return "\n".join(f"- {one_line(str(line))}" for line in lines)


def count(number: int, one: str, many: str = "") -> str:
    """`1 contact`, `3 contacts`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def valued(value: Any, unit: str = "") -> str:
    """A number as people write it: `$12,000`, `4.2 %`, `45 users`."""
    if value is None:
        return "–"
    number = Decimal(str(value))
    text = _digits(abs(number))
    sign = "-" if number < 0 else ""
    if unit in _SIGNS:
        return f"{sign}{_SIGNS[unit]}{text}"
    return f"{sign}{text} {unit}".strip()


def share(part: Any) -> str:
    """A share as a percentage; nothing known is a dash."""
    return "–" if part is None else f"{Decimal(str(part)) * 100:.1f} %"


def day(moment: Any) -> str:
    """The day of a moment; never is a dash."""
    return str(moment)[:10] if moment else "–"


def more(found: int, shown: int) -> str:
    """How many are not shown."""
    return f"\n\n{found - shown:,} more are not shown." if found > shown else ""


def _digits(number: Decimal) -> str:
    text = f"{number:,.2f}"
    return text.removesuffix(".00")


def _row(cells: Sequence[Any]) -> str:
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(value: Any) -> str:
    text = cut(one_line(str(value)).replace("|", "/"), _WIDTH)
    return text or "–"
