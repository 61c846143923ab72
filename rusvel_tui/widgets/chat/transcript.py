"""A conversation to read: entries below each other, the last one growing, with a cursor that goes from one to the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from rusvel_tui.keys import MOVES, ROWS
from rusvel_tui.widgets.charts.drawn import Line
from rusvel_tui.widgets.chat.entries import Answer, Asked, Entry, ToolUse, draw, opens
from rusvel_tui.widgets.chat.streamed import Streamed
from rusvel_tui.widgets.lines import CURSOR, Lines, strip_of

_SPARE = 64
"""Lines of room that a growing conversation is given at once."""
_STEP = 3
"""Lines that one press scrolls inside an entry longer than the screen."""


class Laid:
    """The lines of entries, kept until one of them changes."""

    def __init__(self) -> None:
        self._streams: dict[str, Streamed] = {}
        self._kept: dict[str, tuple[Entry, int, bool, list[Line]]] = {}

    def __call__(self, entry: Entry, width: int, opened: AbstractSet[str]) -> list[Line]:
        """The lines of an entry at a width."""
        if isinstance(entry, Answer):
            return self._streams.setdefault(entry.id, Streamed()).lines(entry.text, width)
        is_open = entry.id in opened
        kept = self._kept.get(entry.id)
        if kept is None or kept[:3] != (entry, width, is_open):
            kept = (entry, width, is_open, draw(entry, width, opened=is_open))
            self._kept[entry.id] = kept
        return kept[3]


class Transcript(Lines):
    """Shows entries of untrusted text and stays at their end until somebody scrolls up."""

    ACTIONS = (*MOVES, *(action for action in ROWS if action.id == "rows.open"))

    cursor: reactive[int] = reactive(0, repaint=False, init=False)

    @dataclass
    class Toggled(Message):
        """An entry was opened or closed."""

        entry: Entry

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.entries: tuple[Entry, ...] = ()
        self.when_empty: Callable[[int], Sequence[Line]] = lambda width: ()
        """What an empty conversation shows at a width."""
        self.at_end = True
        """Whether new words scroll into view."""
        self._opened: set[str] = set()
        self._laid = Laid()
        self._lines: list[tuple[int, Line]] = []
        self._places: list[tuple[int, int]] = []
        self._spare = 1

    @property
    def _bottom(self) -> int:
        """How far down it can be scrolled, so that the last line is the lowest."""
        return max(0, len(self._lines) - self.size.height)

    def validate_scroll_y(self, value: float) -> float:
        return min(super().validate_scroll_y(value), self._bottom)

    @property
    def current(self) -> Entry | None:
        """The entry under the cursor."""
        return self.entries[self.cursor] if self.cursor < len(self.entries) else None

    def begin(self, entries: Sequence[Entry]) -> None:
        """Show another conversation, at its end."""
        self._opened.clear()
        self._laid = Laid()
        self.at_end = True
        self.entries = tuple(entries)
        self._lay_out()
        self.cursor = len(self.entries) - 1
        self.refresh()

    def show(self, entries: Sequence[Entry], *, growing: bool = False) -> None:
        """Show this conversation further; the cursor stays on its entry, or goes along at the end.

        While it is `growing`, room is made for many lines at once: each new size lays out the whole screen.
        """
        self._spare = _SPARE if growing else 1
        before, last = self.current, self.cursor >= len(self.entries) - 1
        old, self.entries = self.entries, tuple(entries)
        ids = [entry.id for entry in self.entries]
        first = next((at for at, pair in enumerate(zip(old, self.entries, strict=False)) if pair[0] != pair[1]), min(len(old), len(ids)))  # fmt: skip
        self._lay_out(first)
        if self.at_end and last:
            self.cursor = len(ids) - 1
        elif before is not None and before.id in ids:
            self.cursor = ids.index(before.id)

    def say_when_empty(self, when_empty: Callable[[int], Sequence[Line]]) -> None:
        """What stands there as long as nothing was said."""
        self.when_empty = when_empty
        if not self.entries:
            self._lay_out()
            self.refresh()

    def on_resize(self) -> None:
        self._lay_out()

    def validate_cursor(self, index: int) -> int:
        return max(0, min(index, len(self.entries) - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        self._refresh_entry(old)
        self._refresh_entry(new)

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        self._refresh_entry(self.cursor)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self.at_end = new_value >= self._bottom

    def action_move(self, by: int) -> None:
        """To the next entry; inside one that is longer than the screen, some lines on."""
        if self._places and not self._scrolled_within(by):
            self.cursor += by
            self._reveal(self.cursor, last=by > 0)

    def _scrolled_within(self, by: int) -> bool:
        """Whether the entry under the cursor was too long for the screen and moved some lines."""
        first, end = self._places[self.cursor]
        top, height = self.scroll_offset.y, self.size.height
        if abs(by) != 1 or end - first <= height:
            return False
        to = min(top + _STEP, end - height) if by > 0 else max(top - _STEP, first)
        if (to - top) * by <= 0:
            return False
        self._scroll(to)
        return True

    def action_page(self, halves: int) -> None:
        """Scroll by half screens; the cursor comes along."""
        self._scroll(self.scroll_offset.y + halves * max(1, self.size.height // 2))
        top, bottom = self.scroll_offset.y, self.scroll_offset.y + self.size.height
        seen = [at for at, (first, end) in enumerate(self._places) if first < bottom and end > top]
        if seen and self.cursor not in seen:
            self.cursor = seen[-1] if halves > 0 else seen[0]

    def action_open(self) -> None:
        """Show what is inside the entry, or hide it again."""
        entry = self.current
        if entry is None or not opens(entry):
            return
        self._opened ^= {entry.id}
        self._lay_out(self.cursor)
        self._reveal(self.cursor)
        self.post_message(self.Toggled(entry))

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        index = offset.y + self.scroll_offset.y if offset is not None else len(self._lines)
        if index < len(self._lines) and self._lines[index][0] >= 0:
            same = self.cursor == self._lines[index][0]
            self.cursor = self._lines[index][0]
            if same or event.chain == 2 or isinstance(self.current, ToolUse):
                self.action_open()

    def render_line(self, y: int) -> Strip:
        index = y + self.scroll_offset.y
        if index >= len(self._lines):
            return self.blank()
        entry, line = self._lines[index]
        here = self.has_focus and entry >= 0 and entry == self.cursor
        kind = "cursor" if here and isinstance(self.entries[entry], ToolUse) else ""
        gutter = (f"{CURSOR if here else ' '} ", self.look("accent" if here else "", kind))
        pieces = [(text, self.look(tone, kind)) for text, tone in line]
        return strip_of([gutter, *pieces], self.size.width, self.look("", kind))

    def _lay_out(self, first: int = 0) -> None:
        """Work out the lines from an entry on; those above stay as they are."""
        width = self.size.width - 3
        if width < 8:
            return
        first = min(first, len(self._places))
        keep = self._places[first - 1][1] if first else 0
        unchanged = self._lines[keep:]
        self._lines = self._lines[:keep]
        self._places = self._places[:first]
        if not self.entries:
            self._lines = [(-1, line) for line in self.when_empty(width)]
        for at in range(first, len(self.entries)):
            if at and _parted(self.entries[at - 1], self.entries[at]):
                self._lines.append((-1, ()))
            begin = len(self._lines)
            self._lines += (
                (at, line) for line in self._laid(self.entries[at], width, self._opened)
            )
            self._places.append((begin, len(self._lines)))
        self._repaint(keep, unchanged)

    def _repaint(self, keep: int, before: list[tuple[int, Line]]) -> None:
        """Paint what is new; everything only when the lines move."""
        follow = self.at_end
        size = Size(0, -(-len(self._lines) // self._spare) * self._spare)
        if size != self.virtual_size:
            self.virtual_size = size
        bottom = self._bottom
        if follow and bottom != self.scroll_offset.y:
            self._scroll(bottom)
            self.at_end = True
            self.refresh()
            return
        after = self._lines[keep:]
        same = next((n for n, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), min(len(before), len(after)))  # fmt: skip
        top = max(0, keep + same - self.scroll_offset.y)
        rows = min(self.size.height, max(len(before), len(after)) + keep - self.scroll_offset.y) - top  # fmt: skip
        if rows > 0:
            self.refresh(Region(0, top, self.size.width, rows))

    def _scroll(self, to: int) -> None:
        self.scroll_to(y=to, animate=False, force=True)

    def _refresh_entry(self, entry: int) -> None:
        if 0 <= entry < len(self._places):
            first, end = self._places[entry]
            top = max(0, first - self.scroll_offset.y)
            rows = min(self.size.height, end - self.scroll_offset.y) - top
            if rows > 0:
                self.refresh(Region(0, top, self.size.width, rows))

    def _reveal(self, entry: int, *, last: bool = False) -> None:
        """Scroll so that the entry shows; of a long one its beginning."""
        if not 0 <= entry < len(self._places):
            return
        first, end = self._places[entry]
        top, height = self.scroll_offset.y, self.size.height
        if entry == len(self._places) - 1 and last:
            self._scroll(max(first, end - height) if end - first > height else end - height)
        elif first < top or end - first >= height:
            self._scroll(max(0, first - 1))
        elif end > top + height:
            self._scroll(end - height)


def _parted(before: Entry, after: Entry) -> bool:
    """Whether a blank line stands between two entries: tools stand close."""
    return not (isinstance(before, ToolUse) and isinstance(after, ToolUse)) or isinstance(after, Asked)  # fmt: skip
