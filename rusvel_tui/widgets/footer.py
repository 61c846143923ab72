"""The last line of the screen: the keys that matter most on this page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from rusvel_tui.actions import Action, first_key
from rusvel_tui.widgets.lines import Painted, Piece, strip_of
from rusvel_tui.widgets.plain import cells

FOOT = 5
"""Keys of the page that are named; `:` and `?` are always there."""


class Named(NamedTuple):
    """A key of the footer, what it does in a word, and the action that a click on it means."""

    key: str
    label: str
    action_id: str


ALWAYS = (Named(":", "command", "app.command"), Named("?", "keys", "app.help"))


class Footer(Painted):
    """Static text: it is painted when the page changes, not when the cursor moves."""

    @dataclass
    class Pressed(Message):
        """A click on a key."""

        action_id: str

    OWN_WORDS = True

    actions: reactive[tuple[Action, ...]] = reactive(())

    def show(self, actions: Sequence[Action]) -> None:
        """Name the first five of these that ask for it."""
        self.actions = tuple(action for action in actions if action.foot)[:FOOT]

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        left, right = self._shown(width)
        end = self._pieces(right)
        start = self._pieces(left)
        space = width - sum(cells(text) for text, _ in [*start, *end])
        fill = self.look("muted", "head")
        return strip_of([*start, (" " * max(0, space), fill), *end], width, fill)

    def _shown(self, width: int) -> tuple[list[Named], list[Named]]:
        """The keys that fit, and those on the right that are always there."""
        left = [Named(first_key(one), one.label.lower(), one.id) for one in self.actions]
        while left and _length([*left, *ALWAYS]) > width:
            left.pop()
        return left, list(ALWAYS)

    def on_click(self, event: events.Click) -> None:
        left, right = self._shown(self.size.width)
        x, keys = event.x, left
        if x >= self.size.width - _length(right):
            x, keys = x - (self.size.width - _length(right)), right
        for one in keys:
            x -= _length([one])
            if x < 0:
                self.post_message(self.Pressed(one.action_id))
                return

    def _pieces(self, keys: Sequence[Named]) -> list[Piece]:
        key, label = self.look("accent", "head"), self.look("muted", "head")
        return [
            piece for name, text, _ in keys for piece in ((f" {name}", key), (f" {text} ", label))
        ]


def _length(keys: Sequence[Named]) -> int:
    return sum(cells(name) + cells(text) + 3 for name, text, _ in keys)
