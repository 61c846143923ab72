"""What can follow in a line that is being typed, one to a line; and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from rusvel_tui.widgets.lines import CURSOR, Painted, strip_of
from rusvel_tui.widgets.plain import cells, fit

MOST = 8
"""Lines that are shown at once; the chosen one is always among them."""


@dataclass(frozen=True, slots=True)
class LineHint:
    """One way to go on."""

    line: str
    """The whole line as it would be."""
    label: str
    """The part of it that is new."""
    help: str = ""


class HintLines(Painted):
    """Lies over the lines above the footer while a line is typed; a click takes a hint."""

    @dataclass
    class Taken(Message):
        """A click on a hint."""

        index: int

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.hints: tuple[LineHint, ...] = ()
        self.chosen = -1
        self.problem = ""

    def on_mount(self) -> None:
        self.display = False

    def show(self, hints: Sequence[LineHint] = (), chosen: int = -1, problem: str = "") -> None:
        """Show these, or what is wrong, or nothing."""
        self.hints, self.chosen, self.problem = tuple(hints), chosen, problem
        self.display = bool(self.hints or problem)
        self.styles.offset = (0, -self._height)  # it ends above the line
        self.refresh(layout=True)

    @property
    def first(self) -> int:
        """The hint in the first line."""
        return max(0, min(self.chosen - MOST + 1, len(self.hints) - MOST))

    @property
    def _height(self) -> int:
        return min(MOST, len(self.hints)) + bool(self.problem)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return self._height

    def render_line(self, y: int) -> Strip:
        width, fill = self.size.width, self.look(row="strip")
        if self.problem:
            if y == 0:
                return strip_of([(fit(f" ✗ {self.problem}", width), self.look("bad", "strip"))], width, fill)  # fmt: skip
            y -= 1
        index = self.first + y
        return self._line(index, width) if index < len(self.hints) else self.blank()

    def _line(self, index: int, width: int) -> Strip:
        hint, row = self.hints[index], "cursor" if index == self.chosen else "strip"
        column = min(max(cells(one.label) for one in self.hints) + 3, width * 3 // 5)
        left = len(self.hints) - self.first - MOST
        more = f" +{left} " if left > 0 and index == self.first + MOST - 1 else ""
        pieces = [
            (CURSOR if row == "cursor" else " ", self.look("accent", row)),
            (fit(hint.label, column - 1), self.look("accent", row)),
            (fit(hint.help, max(0, width - column - cells(more))), self.look("muted", row)),
            (more, self.look("faint", row)),
        ]
        return strip_of(pieces, width, self.look(row=row))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        index = self.first + event.y - bool(self.problem)
        if 0 <= index < len(self.hints):
            self.post_message(self.Taken(index))
