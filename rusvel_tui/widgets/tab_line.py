"""One line of boxes with counts, the active one marked; the digits choose."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from rusvel_tui.widgets.lines import CURSOR, Painted, Piece, strip_of
from rusvel_tui.widgets.plain import cells


@dataclass(frozen=True, slots=True)
class Choice:
    """One box: its id, its name, how many things are in it, and the tone of that number."""

    id: str
    label: str
    count: int = 0
    tone: str = "muted"


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

    def on_click(self, event: events.Click) -> None:
        x = event.x
        for choice, part in self._shown(self.size.width):
            x -= sum(cells(text) for text, _ in part)
            if x < 0:
                self.post_message(self.Chosen(choice.id))
                return

    def _shown(self, width: int) -> list[tuple[Choice, list[Piece]]]:
        """The choices that fit, each with its pieces; the numbers stay the same."""
        numbered = list(enumerate(self.choices, 1))
        parts = [(choice, self._part(number, choice)) for number, choice in numbered]
        while parts and sum(cells(text) for _, part in parts for text, _ in part) > width:
            spare = [pair for pair in parts if not pair[0].count and pair[0].id != self.active]
            parts.remove((spare or parts)[-1])
        return parts

    def _part(self, number: int, choice: Choice) -> list[Piece]:
        active = choice.id == self.active
        label = self.look("strong" if active else "muted" if choice.count else "faint")
        bar = (CURSOR if active else " ", self.look("accent"))
        count = (f" {choice.count}", self.look(choice.tone)) if choice.count else ("", label)
        return [
            bar,
            (f"{number} ", self.look("faint")),
            (choice.label, label),
            count,
            ("  ", label),
        ]
