"""A list of lines with a cursor: movement, scrolling and the mouse, without any data."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from textual import events
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.strip import Strip

from rusvel_tui.keys import MOVES
from rusvel_tui.widgets.lines import Lines

NO_SCROLL = 10**9
"""A movement that is certain to reach the end."""


class CursorList(Lines):
    """`count` rows of one line below `HEAD` pinned lines; a cursor movement repaints two lines."""

    HEAD: ClassVar[int] = 1
    ACTIONS = MOVES

    cursor: reactive[int] = reactive(0, repaint=False, init=False)

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.count = 0

    @abstractmethod
    def draw_row(self, index: int) -> Strip:
        """The line of one row."""

    @abstractmethod
    def draw_head(self, y: int) -> Strip:
        """A pinned line."""

    def draw_rest(self, y: int) -> Strip:
        """A line below the last row; `y` counts from the first of them."""
        return self.blank()

    def resize_rows(self, count: int) -> None:
        """The list has this many rows now."""
        self.count = count
        self.virtual_size = Size(0, count + self.HEAD)
        self.cursor = self.cursor  # the validator keeps it inside
        self.refresh()

    def render_line(self, y: int) -> Strip:
        if y < self.HEAD:
            return self.draw_head(y)
        index = y - self.HEAD + self.scroll_offset.y
        return self.draw_row(index) if index < self.count else self.draw_rest(index - self.count)

    @property
    def room(self) -> int:
        """How many rows are visible at once."""
        return max(1, self.size.height - self.HEAD)

    def validate_cursor(self, index: int) -> int:
        return max(0, min(index, self.count - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        self.refresh_row(old)
        self.refresh_row(new)
        self.reveal(new)

    def refresh_row(self, index: int) -> None:
        """Repaint one row, if it is visible."""
        y = index - self.scroll_offset.y
        if 0 <= y < self.room:
            bar = self.scrollbar_size_vertical  # repainting a cell of it costs as much as a column
            self.refresh(Region(0, y + self.HEAD, self.size.width - bar, 1))

    def reveal(self, index: int) -> None:
        """Scroll so that the row shows; by half a page, because a scroll repaints everything."""
        top = self.scroll_offset.y
        if index < top:
            self.scroll_to(y=max(0, min(index, top - self.room // 2)), animate=False, force=True)
        elif index >= top + self.room:
            least = index - self.room + 1
            most = max(least, min(top + self.room // 2, self.count - self.room))
            self.scroll_to(y=most, animate=False, force=True)

    def on_resize(self) -> None:
        """The row under the cursor stays in sight, however small the terminal gets."""
        if self.count:
            self.reveal(self.cursor)

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        self.refresh_row(self.cursor)

    def action_move(self, by: int) -> None:
        """Move the cursor by rows."""
        self.cursor += by

    def action_page(self, halves: int) -> None:
        """Move the cursor by half pages."""
        self.action_move(halves * max(1, self.room // 2))

    def row_at(self, event: events.MouseEvent) -> int | None:
        """The row under the mouse."""
        offset = event.get_content_offset(self)
        if offset is None or offset.y < self.HEAD:
            return None
        index = offset.y - self.HEAD + self.scroll_offset.y
        return index if index < self.count else None
