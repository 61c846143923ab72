"""Text to read: labelled facts, paragraphs and notices, wrapped to the width and scrolled by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.geometry import Size
from textual.strip import Strip

from rusvel_tui.keys import TEXT
from rusvel_tui.widgets.charts.drawn import Drawn, Line
from rusvel_tui.widgets.lines import Lines, strip_of
from rusvel_tui.widgets.marked_text import Marked, wrap_marked
from rusvel_tui.widgets.plain import cells, fit, wrap
from rusvel_tui.widgets.seeking import SEEK, Seeking


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its value, side by side."""

    label: str
    value: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Prose:
    """Running text; its own line ends stay."""

    text: str
    tone: str = ""
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that begins a part."""

    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across."""


Block = Fact | Prose | Heading | Rule | Marked | Drawn

READABLE = 88
"""Lines of prose are not longer than this, however wide the terminal is."""


class TextView(Seeking, Lines):
    """Shows blocks of untrusted text."""

    ACTIONS = (*TEXT, *SEEK)

    def __init__(
        self, blocks: Sequence[Block] = (), *, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.blocks = tuple(blocks)
        self._lines: list[Line] = []
        self._line = 0
        """The line that was found last; the end of a text cannot be scrolled to the top."""

    def show(self, blocks: Sequence[Block]) -> None:
        """Show other text, from its beginning; nothing happens when it is the same."""
        if tuple(blocks) == self.blocks and self._lines:
            return
        self.blocks = tuple(blocks)
        self._lay_out()
        self.scroll_to(y=0, animate=False, force=True)

    def on_resize(self) -> None:
        self._lay_out()

    def render_line(self, y: int) -> Strip:
        index = y + self.scroll_offset.y
        if index >= len(self._lines):
            return self.blank()
        pieces = [(text, self.look(tone)) for text, tone in self._lines[index]]
        return strip_of(pieces, self.size.width, self.look())

    def action_scroll(self, by: int) -> None:
        """Scroll by lines."""
        self.scroll_to(y=self.scroll_offset.y + by, animate=False, force=True)

    def action_page(self, pages: int) -> None:
        """Scroll by screens."""
        self.action_scroll(pages * max(1, self.size.height - 1))

    def seek(self, by: int, *, here: bool = False) -> None:
        """The line goes to the top of the view; one that is there already is passed over."""
        count = len(self._lines)
        for step in range(0 if here else 1, count + 1):
            index = (self._line + by * step) % max(1, count)
            if self.holds("".join(text for text, _ in self._lines[index])):
                self.put(index)
                return
        self.post_message(self.NothingFound(self))

    def place(self) -> int:
        return self._line

    def put(self, place: int) -> None:
        self._line = place
        self.scroll_to(y=place, animate=False, force=True)

    def _lay_out(self) -> None:
        width = max(1, self.size.width - 2)
        self._lines = lay_out(self.blocks, width)
        self.virtual_size = Size(0, len(self._lines))
        self.refresh()


def lay_out(blocks: Sequence[Block], width: int) -> list[Line]:
    """The lines of these blocks at a width in cells."""
    column = max((cells(block.label) for block in blocks if isinstance(block, Fact)), default=0) + 2
    lines: list[Line] = []
    for block in blocks:
        match block:
            case Fact():
                lines += _fact(block, min(column, max(1, width // 2)), width)
            case Prose():
                room = min(width, READABLE) - block.indent
                lines += [
                    ((" " * (block.indent + 1) + text, block.tone),)
                    for text in wrap(block.text, room)
                ]
            case Heading():
                lines += [(), ((" " + fit(block.text, min(cells(block.text), width)), "strong"),)]
            case Marked():
                lines += wrap_marked(block, min(width, READABLE))
            case Drawn():
                lines += block.lines(width)
            case Rule():
                lines.append(((" " + "─" * min(width, READABLE), "rule"),))
    return lines


def _fact(fact: Fact, column: int, width: int) -> list[Line]:
    """The value wrapped beside its label."""
    values = wrap(fact.value, width - column)
    labels = [fit(fact.label, column)] + [" " * column] * (len(values) - 1)
    return [
        ((" " + label, "muted"), (value, fact.tone))
        for label, value in zip(labels, values, strict=True)
    ]
