"""A paged list whose rows can be marked: a sign at each, and how many in the head."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from rich.segment import Segment
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from rusvel_tui.widgets.lines import MARK
from rusvel_tui.widgets.marks import NO_MARKS, Marks
from rusvel_tui.widgets.paged_list import PagedList

R = TypeVar("R")


class MarkList(PagedList[R], Generic[R]):
    """Shows marks and tells about them; keys that set them are in `VirtualList`."""

    @dataclass
    class Marked(Message):
        """Other rows are marked than before; `count` is how many."""

        widget: MarkList[Any]
        marks: Marks
        count: int

        @property
        def control(self) -> MarkList[Any]:
            return self.widget

    marks: Marks = NO_MARKS

    @property
    def marked_count(self) -> int:
        """How many rows are marked."""
        return self.marks.count(self.rows.total or 0)

    def marked(self, row: R) -> bool:
        return self.marks.has(self.key(row))

    def draw_head(self, y: int) -> Strip:
        strip = super().draw_head(y)
        if not self.marks.ids and not self.marks.every:
            return strip
        label = f" {MARK} {self.marked_count:,} marked ".replace(",", " ")
        at = max(0, self.size.width - len(label))
        return Strip.join([strip.crop(0, at), Strip([Segment(label, self.look("accent", "head"))])])

    def mark(self, marks: Marks) -> None:
        """Other marks; repaints only the rows that look different now."""
        before, self.marks = self.marks, marks
        if before == marks:
            return
        top = self.scroll_offset.y
        for index in range(top, top + self.room):
            row = self.rows.get(index)
            if row is not None and before.has(self.key(row)) != self.marked(row):
                self.refresh_row(index)
        self.refresh(Region(0, 0, self.size.width, self.HEAD))
        self.post_message(self.Marked(self, marks, self.marked_count))
