"""A feed: entries of several lines under headings, with a cursor that goes from entry to entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from rusvel_tui.keys import MOVES, ROWS
from rusvel_tui.widgets.lines import CURSOR, Lines, strip_of
from rusvel_tui.widgets.plain import cells, fit, wrap

READABLE = 92
"""Lines of an entry are not longer than this, however wide the terminal is."""
_NEAR = 8
"""Entries before the last one at which older ones are asked for."""


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One entry as it is drawn."""

    id: str
    heading: str
    """What it stands under; one that follows another with the same heading stands under that."""
    time: str
    kind: str
    title: str
    detail: str = ""
    tone: str = ""
    """Of the kind."""
    title_tone: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    """One line on the screen: the entry that it belongs to, none for a heading, and its pieces."""

    entry: int | None
    pieces: tuple[tuple[str, str], ...]


class Feed(Lines):
    """Shows entries of untrusted text; its owner fills it, and adds older ones when they are wanted."""

    ACTIONS = (*MOVES, *(action for action in ROWS if action.id == "rows.open"))

    cursor: reactive[int] = reactive(0, repaint=False, init=False)

    @dataclass
    class Opened(Message):
        """Enter or a double click on an entry."""

        feed: Feed
        id: str

        @property
        def control(self) -> Feed:
            return self.feed

    @dataclass
    class OlderWanted(Message):
        """The end is near."""

        feed: Feed

        @property
        def control(self) -> Feed:
            return self.feed

    def __init__(self, *, empty: str = "Nothing yet.", most: int = 4, **how: Any) -> None:
        """`most` lines of each detail are shown."""
        super().__init__(**how)
        self.empty, self.most = empty, most
        self.items: tuple[FeedItem, ...] = ()
        self._lines: list[_Line] = []
        self._places: list[tuple[int, int]] = []
        self._more = False
        self._known = False

    @property
    def current(self) -> FeedItem | None:
        return self.items[self.cursor] if self.cursor < len(self.items) else None

    def show(self, items: Sequence[FeedItem], *, more: bool = False) -> None:
        """Show these entries; the cursor stays on its entry if that is among them. `more`: there are older ones."""
        before = self.current
        self.items, self._more, self._known = tuple(items), more, True
        self._lay_out()
        ids = [item.id for item in self.items]
        self.cursor = ids.index(before.id) if before and before.id in ids else 0
        self.refresh()

    def on_resize(self) -> None:
        self._lay_out()

    def validate_cursor(self, index: int) -> int:
        return max(0, min(index, len(self.items) - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        self._refresh_entry(old)
        self._refresh_entry(new)
        self._reveal(new)
        self._ask()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._ask()

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        self._refresh_entry(self.cursor)

    def action_move(self, by: int) -> None:
        """Move the cursor by entries."""
        self.cursor += by

    def action_page(self, halves: int) -> None:
        """Move the cursor by half pages."""
        if not self._places:
            return
        line = self._places[self.cursor][0] + halves * max(1, self.size.height // 2)
        at = max((i for i, (first, _) in enumerate(self._places) if first <= line), default=0)
        self.cursor = at if at != self.cursor else self.cursor + (1 if halves > 0 else -1)

    def action_open(self) -> None:
        """Open the entry under the cursor."""
        if (item := self.current) is not None:
            self.post_message(self.Opened(self, item.id))

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        index = offset.y + self.scroll_offset.y if offset is not None else len(self._lines)
        if index < len(self._lines) and (entry := self._lines[index].entry) is not None:
            self.cursor = entry
            if event.chain == 2:
                self.action_open()

    def render_line(self, y: int) -> Strip:
        index = y + self.scroll_offset.y
        if not self.items and self._known:
            lines = wrap(self.empty, self.size.width - 3)
            text = f"  {lines[index - 1]}" if 1 <= index <= len(lines) else ""
            return strip_of([(text, self.look("muted"))], self.size.width, self.look())
        if index >= len(self._lines):
            return self.blank()
        line = self._lines[index]
        at_cursor = line.entry is not None and line.entry == self.cursor
        kind = self.cursor_row if at_cursor else ""
        gutter = (CURSOR if at_cursor else " ", self.look("accent" if at_cursor else "", kind))
        pieces = [(text, self.look("" if at_cursor else tone, kind)) for text, tone in line.pieces]
        return strip_of([gutter, *pieces], self.size.width, self.look("", kind))

    def _ask(self) -> None:
        """Ask for older entries when the cursor or the last line on the screen comes near the end."""
        bottom = self.scroll_offset.y + 2 * self.size.height
        if self._more and (self.cursor >= len(self.items) - _NEAR or bottom >= len(self._lines)):
            self._more = False  # once
            self.post_message(self.OlderWanted(self))

    def _refresh_entry(self, entry: int) -> None:
        if entry < len(self._places):
            first, end = self._places[entry]
            top = first - self.scroll_offset.y
            self.refresh(Region(0, top, self.size.width, end - first))

    def _reveal(self, entry: int) -> None:
        """Scroll so that the whole entry shows, with its heading above it; its beginning when it is too long."""
        if entry >= len(self._places):
            return
        first, end = self._places[entry]
        if first and self._lines[first - 1].entry is None:
            first = max(0, first - 2)
        top, height = self.scroll_offset.y, self.size.height
        if first < top or end - first >= height:
            self.scroll_to(y=first, animate=False, force=True)
        elif end > top + height:
            self.scroll_to(y=end - height, animate=False, force=True)

    def _lay_out(self) -> None:
        self._lines, self._places = lay_out(self.items, self.size.width - 2, self.most)
        self.virtual_size = Size(0, len(self._lines))
        self.refresh()
        self._ask()


def lay_out(
    items: Sequence[FeedItem], width: int, most: int
) -> tuple[list[_Line], list[tuple[int, int]]]:
    """The lines of these entries at a width in cells, and where each entry begins and ends."""
    time = max((cells(item.time) for item in items), default=0) + 1
    kind = max((cells(item.kind) for item in items), default=0) + 2
    lines: list[_Line] = []
    places: list[tuple[int, int]] = []
    heading = ""
    for index, item in enumerate(items):
        if item.heading != heading:
            heading = item.heading
            lines += [_Line(None, ())] * bool(lines)
            lines.append(_Line(None, ((fit(heading, width), "strong"),)))
        first = len(lines)
        lines += (_Line(index, pieces) for pieces in _entry(item, time, kind, width, most))
        places.append((first, len(lines)))
    return lines, places


Pieces = tuple[tuple[str, str], ...]


def _entry(item: FeedItem, time: int, kind: int, width: int, most: int) -> list[Pieces]:
    """Time, kind and title side by side, the detail below the title."""
    left = min(time + kind, max(4, width // 2))
    room = max(1, min(width, READABLE + left) - left)
    title, *more = _some(wrap(item.title, room), most)
    head: Pieces = (
        (fit(item.time, min(time, left)), "muted"),
        (fit(item.kind, left - min(time, left)), item.tone),
        (title, item.title_tone),
    )
    detail = [line for line in wrap(item.detail, room) if line]  # blank lines would part one entry
    below = [(line, item.title_tone) for line in more]
    below += [(line, "muted") for line in _some(detail, most)]
    return [head, *(((" " * left, ""), piece) for piece in below)]


def _some(lines: list[str], most: int) -> list[str]:
    """The first lines, and how many more there are; a single one more is shown itself."""
    hidden = len(lines) - most
    return [*lines[:most], f"… {hidden} more lines"] if hidden > 1 else lines
