"""The list of every tab: rows fetched as they are needed, a cursor, and marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from textual import events
from textual.message import Message

from rusvel_tui.keys import ROWS
from rusvel_tui.widgets.columns import GUTTER
from rusvel_tui.widgets.mark_list import MarkList
from rusvel_tui.widgets.marks import EVERY, NO_MARKS, Span
from rusvel_tui.widgets.row_cache import BLOCK

R = TypeVar("R")


class VirtualList(MarkList[R], Generic[R]):
    """A paged list whose rows can be opened and marked; see `PagedList` for how it gets its rows."""

    ACTIONS = ROWS

    @dataclass
    class Opened(Message):
        """Enter or a double click on a row."""

        widget: VirtualList[Any]
        row: Any

        @property
        def control(self) -> VirtualList[Any]:
            return self.widget

    _span: Span | None = None

    def clear_marks(self) -> bool:
        """Take all marks away; True when there were any."""
        had = self.marks != NO_MARKS or self._span is not None
        self._span = None
        self.mark(NO_MARKS)
        return had

    def reload(self, anchor: str | None = None) -> None:
        self._span = None  # its row numbers would mean other rows
        super().reload(anchor)

    def set_page(self, version: int, first: int, rows: Sequence[R]) -> None:
        super().set_page(version, first, rows)
        self._extend()

    def lacking(self) -> int | None:
        visible = super().lacking()
        if (
            visible is None
            and self._span is not None
            and (number := self._span.lacking()) is not None
        ):
            return number * BLOCK
        return visible

    def watch_cursor(self, old: int, new: int) -> None:
        super().watch_cursor(old, new)
        self._extend()

    def action_move(self, by: int) -> None:
        if self._span is not None and not self._span.sticky:
            self._span.open = False
        super().action_move(by)

    def action_extend(self, by: int) -> None:
        """Move and mark what is passed."""
        if self._span is None or not self._span.open:
            self._span = Span(self.marks, self.cursor, self.cursor, BLOCK, sticky=False)
        self.cursor += by
        self._extend()

    def action_range(self) -> None:
        """Range mode on or off: while it is on, every movement marks what is passed."""
        if self._span is not None and self._span.open:
            self._span.open = False
        else:
            self._span = Span(self.marks, self.cursor, self.cursor, BLOCK)
        self._extend()

    def action_mark(self) -> None:
        """Mark or unmark the row and go to the next."""
        if (row := self.current) is not None:
            self.mark(self.marks.flip(self.key(row)))
            self.action_move(1)

    def action_mark_all(self) -> None:
        """Mark every row of the query, or none when all are."""
        self._span = None
        self.mark(NO_MARKS if self.marks == EVERY else EVERY)

    def action_open(self) -> None:
        """Open the row under the cursor."""
        if (row := self.current) is not None:
            self.post_message(self.Opened(self, row))

    def on_click(self, event: events.Click) -> None:
        index = self.row_at(event)
        if index is None:
            return
        self.cursor = index
        offset = event.get_content_offset(self)
        if offset is not None and offset.x < GUTTER:
            self.action_mark()
        elif event.chain == 2:
            self.action_open()

    def _extend(self) -> None:
        """Bring the marks of the range up to the cursor, as far as its rows are here."""
        span = self._span
        if span is None:
            return
        if span.open:
            span.end = self.cursor
        while (number := span.lacking()) is not None and (
            rows := self.rows.block(number)
        ) is not None:
            span.learn(number, [self.key(row) for row in rows])
        self.mark(span.marks())
        if number is not None:
            self.want()
        elif not span.open:
            self._span = None
