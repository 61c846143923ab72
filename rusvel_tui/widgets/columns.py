"""Columns of a list: how wide each is, and which are left out when the terminal is narrow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

from rich.style import Style
from textual.strip import Strip

from rusvel_tui.widgets.lines import Piece, strip_of
from rusvel_tui.widgets.plain import fit

R = TypeVar("R")

GUTTER = 3
"""Cells before the first column: the cursor's bar, the mark, a blank."""


@dataclass(frozen=True)  # with slots, Python 3.11 cannot make a `Column[Row](…)`
class Column(Generic[R]):
    """One column: its head, what it shows of a row, and its claim on the width (in cells)."""

    title: str
    text: Callable[[R], str]
    width: int = 8
    """The least it needs."""
    grow: int = 0
    """Its share of what is left; 0 keeps it at `width`."""
    most: int = 40
    """A growing column stops here."""
    drop: int = 0
    """0 stays always; of the others the highest goes first."""
    align: str = "left"
    tone: str | Callable[[R], str] = ""
    by: Callable[[R], Any] | None = None
    """What rows are compared by when a person sorts by this column; without it nobody can."""

    def tone_of(self, row: R) -> str:
        """The tone of this column for that row."""
        return self.tone if isinstance(self.tone, str) else self.tone(row)


def gap(width: int) -> int:
    """Blank cells between columns."""
    return 2 if width >= 100 else 1


def lay_out(columns: Sequence[Column[R]], width: int) -> tuple[tuple[Column[R], int], ...]:
    """The columns that fit into `width` cells, each with its own width."""
    shown = list(columns)
    while _least(shown, width) > width and any(column.drop for column in shown):
        shown.remove(max(shown, key=lambda column: column.drop))
    widths = [column.width for column in shown]
    spare = width - _least(shown, width)
    for _ in range(-spare):  # narrower than what must stay: the widest gives
        widest = widths.index(max(widths))
        widths[widest] = max(1, widths[widest] - 1)
    _share(shown, widths, spare)
    return tuple(zip(shown, widths, strict=True))


def _least(shown: Sequence[Column[R]], width: int) -> int:
    return sum(column.width for column in shown) + gap(width) * max(0, len(shown) - 1)


def _share(shown: Sequence[Column[R]], widths: list[int], spare: int) -> None:
    """Give `spare` cells to the growing columns by weight, none beyond its `most`."""
    hungry = [i for i, column in enumerate(shown) if column.grow]
    while spare > 0 and hungry:
        total = sum(shown[i].grow for i in hungry)
        for i in tuple(hungry):
            share = max(1, spare * shown[i].grow // total)
            taken = min(share, shown[i].most - widths[i], spare)
            widths[i] += max(0, taken)
            spare -= max(0, taken)
            if widths[i] >= shown[i].most:
                hungry.remove(i)


class Grid(Generic[R]):
    """Draws rows of columns; the widths are worked out once per terminal width."""

    def __init__(self, columns: Sequence[Column[R]]) -> None:
        self.columns = columns
        self.layout = lru_cache(maxsize=4)(lambda width: lay_out(columns, width - GUTTER - 1))

    def strip(
        self,
        width: int,
        gutter: Sequence[Piece],
        text: Callable[[Column[R]], str],
        look: Callable[[Column[R]], Style],
        fill: Style,
    ) -> Strip:
        """One line: the gutter, then each column's text in its look."""
        space = " " * gap(width)
        pieces = list(gutter)
        pieces += [
            (fit(text(column), size, column.align) + space, look(column))
            for column, size in self.layout(width)
        ]
        return strip_of(pieces, width, fill)
