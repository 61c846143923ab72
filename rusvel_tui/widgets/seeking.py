"""Finding in a list, a board or a text: `/` and words, then `n` and `N` from one match to the next."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from rusvel_tui.actions import MOVE, Action, Acts
from rusvel_tui.engine.text import fold

if TYPE_CHECKING:
    from textual.widget import Widget

    Base = Widget
else:
    Base = object

SEEK: tuple[Action, ...] = (
    Action("find.next", "n", "Next match", "seek(1)", "next match", "Go to the next row that holds the words.", MOVE),
    Action("find.previous", "N", "Match before", "seek(-1)", "match before", "Go to the match before.", MOVE),
)  # fmt: skip
"""They count only after `/`: a page may give the same keys another meaning until then."""


class Seeking(Acts, Base):
    """Something with places that hold text, and a cursor among them."""

    @dataclass
    class NothingFound(Message):
        """No place holds the words."""

        widget: Widget

    sought = ""
    """The words, folded; nothing is sought when there are none."""

    @abstractmethod
    def seek(self, by: int, *, here: bool = False) -> None:
        """Go to the next place that holds the words, in that direction and around the end; `here` counts, too."""

    @abstractmethod
    def place(self) -> int:
        """Where the cursor is, so that it can be put back."""

    @abstractmethod
    def put(self, place: int) -> None:
        """Put the cursor there."""

    def look_for(self, words: str) -> None:
        """From now on these words are meant; nothing moves."""
        self.sought = fold(words).strip()

    def forget(self) -> None:
        """Seek nothing any more."""
        self.sought = ""

    def holds(self, text: str) -> bool:
        """Whether a text holds all the words."""
        folded = fold(text)
        return all(word in folded for word in self.sought.split())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """`n` and `N` are other keys as long as nothing is sought."""
        return bool(self.sought) if action == "seek" else super().check_action(action, parameters)

    def action_seek(self, by: int) -> None:
        """The next match, or the one before."""
        self.seek(by)
