"""The lines below a filter that is being typed: what can come next, what it means, or what is wrong and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.geometry import Size
from textual.strip import Strip

from rusvel_tui.widgets.lines import Painted, Piece, strip_of
from rusvel_tui.widgets.plain import cells, fit


@dataclass(frozen=True, slots=True)
class Hint:
    """One way to go on: the text that takes the place of what was begun, and what it is."""

    text: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong: a sentence, and which characters of the text are meant, `column` counted from 1."""

    text: str
    column: int
    width: int = 1

    def holds(self, cursor: int) -> bool:
        """Whether the cursor, after so many characters, stands in or right behind what is meant."""
        return self.column - 1 <= cursor <= self.column - 1 + self.width


class FilterHints(Painted):
    """One line, or two while carets point at a problem."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.offers: Sequence[Hint] = ()
        self.chosen = -1
        """Which offer was taken last."""
        self.meaning = ""
        self.problem: Problem | None = None
        self.caret = (0, 1)
        """From which cell the carets stand, and how many."""

    def say(self, *, meaning: str = "") -> None:
        """Nothing is wrong; this is what the filter means."""
        self.problem, self.meaning = None, meaning
        self.refresh(layout=True)

    def complain(self, problem: Problem, first: int, count: int) -> None:
        """Point at a problem with so many carets from a cell on."""
        self.problem, self.caret = problem, (first, max(1, count))
        self.refresh(layout=True)

    def offer(self, offers: Sequence[Hint], chosen: int = -1) -> None:
        """Show what can come next."""
        self.offers, self.chosen = tuple(offers), chosen
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 2 if self.problem is not None else 1

    def render_line(self, y: int) -> Strip:
        width, fill = self.size.width, self.look(row="strip")
        if self.problem is None:
            return strip_of(self._offers(width), width, fill)
        if y == 0:
            first, count = self.caret
            return strip_of([(" " * first + "^" * count, self.look("bad", "strip"))], width, fill)
        return strip_of(
            [(fit(f" {self.problem.text}", width), self.look("bad", "strip"))], width, fill
        )

    def _offers(self, width: int) -> list[Piece]:
        """As many offers as fit, the chosen one among them with its help; else the meaning."""
        fill, muted = self.look(row="strip"), self.look("muted", "strip")
        if not self.offers:
            return [(fit(f" {self.meaning}", width), muted)]
        first = max(0, self.chosen)
        pieces: list[Piece] = [(" ", fill)]
        room = width - 1
        for number, hint in enumerate(self.offers[first:], first):
            text = f"{hint.text}  "
            if cells(text) > room:
                break
            room -= cells(text)
            pieces.append((text, self.look("accent" if number == self.chosen else "", "strip")))
        told = self.offers[first].help
        pieces.append((fit(told, max(0, room - 1)), muted))
        return pieces
