"""Jump mode: letters lie over rows, cards, tabs and panes; typing one goes there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Static

from rusvel_tui.widgets.board import Board
from rusvel_tui.widgets.board_state import HEAD
from rusvel_tui.widgets.cursor_list import CursorList
from rusvel_tui.widgets.header import Header
from rusvel_tui.widgets.tab_line import TabLine

LETTERS = "fjdksalghrueiwoqptyvbncmxz"
"""In the order in which fingers find them."""


@dataclass(frozen=True, slots=True)
class Target:
    """A place on the screen, in cells from the top left, and what going there does."""

    x: int
    y: int
    go: Callable[[], object]


def targets_of(screen: Screen[Any]) -> list[Target]:
    """What can be jumped to, from the top to the bottom; tabs come last, since `g` and a letter reaches them, too."""
    found: list[Target] = []
    for widget in screen.query("*"):
        if widget.region and widget.is_on_screen and _is_shown(widget):
            found += _targets(widget)
    return sorted(found, key=lambda target: (target.y == 0, target.y, target.x))


def labels_for(count: int) -> list[str]:
    """So many labels of one letter, or of two where one is not enough; none begins another."""
    size = len(LETTERS)
    prefixes = next((n for n in range(size + 1) if size - n + n * size >= count), size)
    single = list(LETTERS[: size - prefixes])
    double = [first + second for first in LETTERS[size - prefixes :] for second in LETTERS]
    return (single + double)[:count]


class JumpScreen(ModalScreen[None]):
    """Shows the labels until one is typed; any other key or a click leaves."""

    AUTO_FOCUS = ""

    def __init__(self, targets: Sequence[Target]) -> None:
        super().__init__()
        self.labels = dict(zip(labels_for(len(targets)), targets, strict=False))
        self.typed = ""

    def compose(self) -> ComposeResult:
        for label, target in self.labels.items():
            made = Static(label, classes="jump-label", markup=False)
            made.styles.offset = (target.x, target.y)
            yield made

    def on_key(self, event: events.Key) -> None:
        event.stop()
        self.typed += event.character or "\0"
        if (target := self.labels.get(self.typed)) is not None:
            self.dismiss()
            target.go()
        elif not any(label.startswith(self.typed) for label in self.labels):
            self.dismiss()
        else:
            self._narrow()

    def on_click(self) -> None:
        self.dismiss()

    def _narrow(self) -> None:
        """Only the labels that can still be meant."""
        for made, label in zip(self.query(Static), self.labels, strict=True):
            made.display = label.startswith(self.typed)
            made.update(label[len(self.typed) :])


def _is_shown(widget: Widget) -> bool:
    return all(one.display for one in widget.ancestors_with_self if isinstance(one, Widget))


def _targets(widget: Widget) -> Iterator[Target]:
    """The rows, cards or tabs of a widget; a pane that has none of them is one target."""
    x, y = widget.region.offset
    match widget:
        case CursorList() if widget.focusable and widget.count:
            top = widget.scroll_offset.y
            for line in range(min(widget.room, widget.count - top)):
                yield Target(x, y + widget.HEAD + line, partial(_to_row, widget, top + line))
        case Board() if widget.state.lanes:
            yield from _cards(widget, x, y)
        case Header():
            yield from (
                Target(x + at, y, partial(widget.choose, tab)) for at, tab in widget.starts()
            )
        case TabLine():
            yield from (
                Target(x + at, y, partial(widget.choose, tab)) for at, tab in widget.starts()
            )
        case _ if widget.focusable:
            yield Target(x, y, widget.focus)


def _cards(board: Board, x: int, y: int) -> Iterator[Target]:
    frame = board.frame()
    for place in frame.places:
        lane = board.state.lanes[place.lane]
        top = board.state.tops[place.lane]
        shown = lane.cards[top : top + frame.visible] if lane.id not in board.state.folded else ()
        for number, card in enumerate(shown):
            go = partial(_to_card, board, card.id)
            yield Target(x + place.x, y + HEAD + number * frame.pitch, go)


def _to_row(widget: CursorList, index: int) -> None:
    widget.focus()
    widget.cursor = index


def _to_card(board: Board, card_id: str) -> None:
    board.focus()
    board.select(card_id)
