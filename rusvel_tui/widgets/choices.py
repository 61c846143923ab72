"""Numbered choices that flow over as many lines as they need; the chosen one is marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from rusvel_tui.widgets.lines import CURSOR, Painted, Piece, strip_of
from rusvel_tui.widgets.plain import cells, fit

_SIGNS = 3
"""Cells before a choice: the mark, its number and a blank."""


class Choices(Painted):
    """A digit or a click chooses; whoever owns it listens to the digits."""

    @dataclass
    class Chosen(Message):
        """A click on a choice; `number` counts from 1."""

        number: int

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.options: tuple[str, ...] = ()
        self.chosen = 0
        """The number of the chosen one; 0 for none."""

    def show(self, options: Sequence[str], chosen: int = 0) -> None:
        """Offer these."""
        self.options, self.chosen = tuple(options), chosen
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._rows(width))

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        rows = self._rows(width)
        pieces: list[Piece] = []
        for number in rows[y] if y < len(rows) else ():
            chosen = number == self.chosen
            pieces += [
                (CURSOR if chosen else " ", self.look("accent")),
                (f"{number} ", self.look("accent" if chosen else "muted")),
                (self._label(number, width), self.look("strong" if chosen else "")),
            ]
        return strip_of(pieces, width, self.look())

    def on_click(self, event: events.Click) -> None:
        width, x = self.size.width, event.x
        rows = self._rows(width)
        for number in rows[event.y] if event.y < len(rows) else ():
            x -= cells(self._label(number, width)) + _SIGNS
            if x < 0:
                self.post_message(self.Chosen(number))
                return

    def _label(self, number: int, width: int) -> str:
        """The choice with two blanks after it."""
        text = self.options[number - 1]
        return fit(text, min(cells(text), width - _SIGNS)) + "  "

    def _rows(self, width: int) -> list[list[int]]:
        """The numbers of each line: as many as fit."""
        rows: list[list[int]] = []
        room = 0
        for number in range(1, len(self.options) + 1):
            size = cells(self._label(number, width)) + _SIGNS
            if size > room:
                rows.append([])
                room = width
            rows[-1].append(number)
            room -= size
        return rows
