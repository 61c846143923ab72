"""The last line of the screen: the keys that matter most on this page."""

from __future__ import annotations

from collections.abc import Sequence

from textual.reactive import reactive
from textual.strip import Strip

from rusvel_tui.actions import Action, first_key
from rusvel_tui.widgets.lines import Painted, Piece, strip_of
from rusvel_tui.widgets.plain import cells

FOOT = 5
"""Keys of the page that are named; `:` and `?` are always there."""


class Footer(Painted):
    """Static text: it is painted when the page changes, not when the cursor moves."""

    OWN_WORDS = True

    actions: reactive[tuple[Action, ...]] = reactive(())

    def show(self, actions: Sequence[Action]) -> None:
        """Name the first five of these that ask for it."""
        self.actions = tuple(action for action in actions if action.foot)[:FOOT]

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        left = [(first_key(action), action.label.lower()) for action in self.actions]
        right = [(":", "command"), ("?", "keys")]
        while left and _length([*left, *right]) > width:
            left.pop()
        end = self._pieces(right)
        start = self._pieces(left)
        space = width - sum(cells(text) for text, _ in [*start, *end])
        fill = self.look("muted", "head")
        return strip_of([*start, (" " * max(0, space), fill), *end], width, fill)

    def _pieces(self, keys: Sequence[tuple[str, str]]) -> list[Piece]:
        key, label = self.look("accent", "head"), self.look("muted", "head")
        return [piece for name, text in keys for piece in ((f" {name}", key), (f" {text} ", label))]


def _length(keys: Sequence[tuple[str, str]]) -> int:
    return sum(cells(name) + cells(text) + 3 for name, text in keys)
