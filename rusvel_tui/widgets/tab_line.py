"""One line of boxes with counts, the active one marked; the digits choose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from rusvel_tui.widgets.lines import CURSOR, Painted, Piece, strip_of
from rusvel_tui.widgets.plain import cells, fit


@dataclass(frozen=True, slots=True)
class Choice:
    """One box: its id, its name, how many things are in it, and the tone of that number."""

    id: str
    label: str
    count: int | None = None
    """None where nothing is counted; a box with 0 in it is empty."""
    tone: str = "muted"


_ALL = 99
_WAYS = (
    (2, _ALL, _ALL), (1, _ALL, _ALL), (0, _ALL, _ALL), (0, _ALL, 6), (0, _ALL, 5), (0, _ALL, 4),
    (2, _ALL, 0), (1, _ALL, 0), (0, _ALL, 0),
    (0, 8, 0), (0, 6, 0), (0, 5, 0), (0, 4, 0), (0, 0, 0),
)  # fmt: skip
"""Blanks behind a choice, letters of its name, and letters of that of an empty box, from the roomiest to the narrowest."""


class TabLine(Painted):
    """Choices side by side; empty ones give way first when the terminal is narrow."""

    OWN_WORDS = True

    choices: reactive[tuple[Choice, ...]] = reactive(())
    active: reactive[str] = reactive("")

    @dataclass
    class Chosen(Message):
        """A click on a choice."""

        choice: str

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        pieces = [piece for _, part in self._shown(width) for piece in part]
        return strip_of(pieces, width, self.look())

    def starts(self) -> Iterator[tuple[int, str]]:
        """Where each choice begins, and its id."""
        x = 0
        for choice, part in self._shown(self.size.width):
            yield x, choice.id
            x += sum(cells(text) for text, _ in part)

    def choose(self, choice: str) -> None:
        """As if it were clicked."""
        self.post_message(self.Chosen(choice))

    def on_click(self, event: events.Click) -> None:
        x = event.x
        for choice, part in self._shown(self.size.width):
            x -= sum(cells(text) for text, _ in part)
            if x < 0:
                self.post_message(self.Chosen(choice.id))
                return

    def _shown(self, width: int) -> list[tuple[Choice, list[Piece]]]:
        """The choices, each with its pieces: blanks give way first, then names, those of empty boxes before others.

        The digits that choose stay.
        """
        for room, letters, of_empty in _WAYS:
            parts = [
                (
                    choice,
                    self._part(number, choice, room, of_empty if choice.count == 0 else letters),
                )
                for number, choice in enumerate(self.choices, 1)
            ]
            if sum(cells(text) for _, part in parts for text, _ in part) <= width:
                return parts
        return parts

    def _part(self, number: int, choice: Choice, room: int, letters: int) -> list[Piece]:
        active = choice.id == self.active
        label = self.look("strong" if active else "muted" if choice.count else "faint")
        bar = (CURSOR if active else " ", self.look("accent"))
        count = (f" {choice.count}", self.look(choice.tone)) if choice.count else ("", label)
        return [
            bar,
            (f"{number} ", self.look("faint")),
            (choice.label if active else _short(choice.label, letters), label),
            count,
            (" " * room, label),
        ]


def _short(label: str, letters: int) -> str:
    """The name in so many cells; without any, the number alone stands for it."""
    return label if cells(label) <= letters else fit(label, letters).rstrip()
