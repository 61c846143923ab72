"""A list that draws rows in columns, with a sign for the cursor and one for marks."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Generic, TypeVar

from textual.strip import Strip

from rusvel_tui.widgets.columns import GUTTER, Column, Grid
from rusvel_tui.widgets.cursor_list import CursorList
from rusvel_tui.widgets.lines import CURSOR, MARK, strip_of
from rusvel_tui.widgets.plain import fit, wrap

R = TypeVar("R")


class GridList(CursorList, Generic[R]):
    """Rows in columns below a head; a row that is not here is drawn as such."""

    def __init__(
        self, columns: Sequence[Column[R]], *, empty: str, id: str | None, classes: str | None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.grid = Grid(columns)
        self.empty = empty
        """What an empty list says, in one or more lines."""
        self.order: tuple[int, bool] | None = None
        """The column that the person sorts by, and whether it falls; None in the order it is read in."""
        self.known = False
        """Whether `count` is the truth; before the first answer nothing is called empty."""

    @abstractmethod
    def row_of(self, index: int) -> R | None:
        """The row at an index, None when it is not here."""

    @property
    def current(self) -> R | None:
        """The row under the cursor, None when it is not here."""
        return self.row_of(self.cursor) if self.count else None

    def marked(self, row: R) -> bool:
        """Whether a row carries the mark's sign."""
        return False

    def draw_head(self, y: int) -> Strip:
        style = self.look("muted", "head")
        return self.grid.strip(
            self.size.width,
            [(" " * GUTTER, style)],
            self._title,
            lambda _: style,
            style,
        )

    def _title(self, column: Column[R]) -> str:
        """The head of a column, with the way it is sorted."""
        if self.order is None or self.grid.columns[self.order[0]] is not column:
            return column.title
        return f"{column.title} {'↓' if self.order[1] else '↑'}"

    def draw_row(self, index: int) -> Strip:
        row = self.row_of(index)
        at_cursor = index == self.cursor
        marked = row is not None and self.marked(row)
        kind = self.cursor_row if at_cursor else "marked" if marked else ""
        fill = self.look("", kind)
        gutter = [
            (CURSOR, self.look("accent", kind)) if at_cursor else (" ", fill),
            (MARK, self.look("accent", kind)) if marked else (" ", fill),
            (" ", fill),
        ]
        if row is None:
            return strip_of(
                [*gutter, ("· · ·", self.look("faint", kind))], self.size.width, self.look("", kind)
            )
        return self.grid.strip(
            self.size.width,
            gutter,
            lambda column: column.text(row),
            # One style under the cursor: half the bytes of a key press go into this line.
            lambda column: fill if at_cursor else self.look(column.tone_of(row), kind),
            fill,
        )

    def draw_rest(self, y: int) -> Strip:
        if self.count or not self.known:
            return self.blank()
        lines = wrap(self.empty, self.size.width - GUTTER - 1)
        if not 1 <= y <= len(lines):
            return self.blank()
        text = " " * GUTTER + fit(lines[y - 1], self.size.width - GUTTER)
        return strip_of([(text, self.look("muted"))], self.size.width, self.look())
