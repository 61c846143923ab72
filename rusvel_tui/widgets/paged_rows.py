"""A list that draws what is visible and asks for rows as they are needed; it never reads them itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Generic, TypeVar, cast

from textual.message import Message

from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.grid_list import GridList
from rusvel_tui.widgets.row_cache import BLOCK, RowCache

R = TypeVar("R")


class PagedRows(GridList[R], Generic[R]):
    """Rows in columns, fetched by their owner.

    The owner answers `PageWanted` with `set_total` and `set_page`, and calls `reload` when the data or the
    query changed: the rows shown stay until the new ones arrive, and the cursor stays on its row.
    """

    @dataclass
    class PageWanted(Message):
        """Rows are needed: `count` from index `first` of version `version`."""

        widget: PagedRows[Any]
        version: int
        first: int
        count: int

        @property
        def control(self) -> PagedRows[Any]:
            return self.widget

    @dataclass
    class Highlighted(Message):
        """The cursor stands on another row, or its row changed; None when there is none."""

        widget: PagedRows[Any]
        row: Any | None

        @property
        def control(self) -> PagedRows[Any]:
            return self.widget

    def __init__(
        self,
        columns: Sequence[Column[R]],
        *,
        key: Callable[[R], str] | str = "id",
        empty: str = "Nothing here yet.",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(columns, empty=empty, id=id, classes=classes)
        self.key = cast(Callable[[R], str], attrgetter(key) if isinstance(key, str) else key)
        self.rows: RowCache[R] = RowCache()
        self._asked: int | None = None
        self._anchor: str | None = None
        self._settling = False
        self._told: R | None = None

    def row_of(self, index: int) -> R | None:
        return self.rows.get(index)

    def reload(self, anchor: str | None = None) -> None:
        """Ask for everything again. The cursor goes to the row with the id `anchor`, else stays on its row.

        A row that it is on its way to already is not forgotten when news of something else come in between.
        """
        row = self.current
        self._anchor = anchor or self._anchor or (self.key(row) if row is not None else None)
        self.rows.restart()
        self._ask(self.cursor // BLOCK * BLOCK)

    def set_total(
        self, version: int, total: int, at: int | None = None, *, exact: bool = True
    ) -> None:
        """How many rows there are; `at` is where the anchored row is now, when the owner knows.

        A total that is not `exact` is the least there can be: the list grows as it is scrolled, until it is counted.
        """
        if version != self.rows.version:
            return
        self.rows.learn(total, exact=exact)
        self.known = True
        # A shorter list may move the cursor: its row is still to be found, and until then nothing is told.
        anchor, self._settling = self._anchor, True
        self.resize_rows(self.rows.total or 0)
        self._anchor, self._settling = anchor, False
        if at is not None:
            self._anchor = None
            self.cursor = at

    def set_page(self, version: int, first: int, rows: Sequence[R]) -> None:
        """The rows from index `first`, as asked for. Answers to an older question are ignored."""
        if version != self.rows.version:
            return
        self._asked = None
        self.rows.put(first, rows)
        self._find_anchor()
        self.refresh()
        self._tell()
        self.want()

    def lacking(self) -> int | None:
        """The first row of a block that is needed and not here."""
        top = self.scroll_offset.y
        return self.rows.missing(top, top + self.room) if self.rows.version else None

    def want(self) -> None:
        """Ask for what is needed; one question at a time, so fast scrolling skips what it passed."""
        first = self.lacking()
        if first is None:
            self._anchor = None
        elif self._asked is None:
            self._ask(first)

    def watch_cursor(self, old: int, new: int) -> None:
        super().watch_cursor(old, new)
        self._anchor = self._row_to_find(new)
        self.want()
        self._tell()

    def _row_to_find(self, index: int) -> str | None:
        """The id of a row that is out of date: others may stand there when the new ones arrive."""
        if self._anchor is None and self._asked is None:
            return None
        row = self.rows.get(index)
        return None if row is None or self.rows.is_fresh(index) else self.key(row)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self.want()

    def on_resize(self) -> None:
        self.want()

    def _ask(self, first: int) -> None:
        self._asked = first
        self.post_message(self.PageWanted(self, self.rows.version, first, BLOCK))

    def _find_anchor(self) -> None:
        """Put the cursor back on its row, at the same height of the screen."""
        if self._anchor is None:
            return
        for index, row in self.rows.fresh():
            if self.key(row) == self._anchor:
                moved = index - self.cursor
                self._anchor = None
                self.scroll_to(y=self.scroll_offset.y + moved, animate=False, force=True)
                self.cursor = index
                return

    def _tell(self) -> None:
        """Post what the cursor stands on, when it is another row than told before."""
        row = self.current
        if self._settling:
            return
        if row != self._told and (row is not None or self.rows.total == 0):
            self._told = row
            self.post_message(self.Highlighted(self, row))
