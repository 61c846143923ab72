"""The drawing half of the board: what is on the screen, and repainting no more of it than changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from rusvel_tui.widgets.board_painter import Frame, draw
from rusvel_tui.widgets.board_state import HEAD, BoardState, Card, Lane
from rusvel_tui.widgets.lines import Painted, strip_of


class BoardView(Painted, can_focus=True):
    """Lanes of cards with a cursor, drawn line by line across all lanes."""

    @dataclass
    class Highlighted(Message):
        """The cursor stands on another card, or its card changed."""

        card: Card | None

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.state = BoardState()
        self.drop: tuple[int, int] | None = None
        """Lane and index that a dragged card would get."""
        self._told: Card | None = None
        self._painted = Frame((), 0, 3, "")

    @property
    def current(self) -> Card | None:
        """The card under the cursor."""
        return self.state.current

    def show(self, lanes: Sequence[Lane]) -> None:
        """Draw these lanes; the cursor stays on its card."""
        self.state.show(lanes)
        self.state.follow_cursor(self.frame().visible)
        self.refresh()
        self._tell()

    def select(self, card_id: str) -> None:
        """Put the cursor on a card."""
        self.change(lambda: self.state.seek(card_id))

    def frame(self) -> Frame:
        """What is on the screen now."""
        height = self.size.height
        pitch = 4 if height >= 30 else 3  # a blank line between cards when there is room
        row = "cursor" if self.has_focus else "blurred"
        return Frame(self.state.places(self.size.width), height, pitch, row, self.drop)

    def render_lines(self, crop: Region) -> list[Strip]:
        self._painted = self.frame()  # the same for all lines of one repaint
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        return strip_of(draw(self.state, self._painted, y, self.look), self.size.width, self.look())

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        self._repaint_card(self.state.at)

    def on_resize(self) -> None:
        self.state.follow_cursor(self.frame().visible)

    def change(self, how: Callable[[], object]) -> None:
        """Move the cursor somehow and repaint what looks different then."""
        state = self.state
        lane, first = state.at, state.first
        self._repaint_card(lane)
        how()
        scrolled = state.follow_cursor(self.frame().visible)
        if first != state.first:
            self.refresh()
        if scrolled:
            self.repaint(state.at)
        if lane != state.at:
            self.repaint(lane, 0, HEAD)
            self.repaint(state.at, 0, HEAD)
        self._repaint_card(state.at)
        self._tell()

    def repaint(self, lane: int, y: int = 0, height: int | None = None, gap: int = 1) -> None:
        """Repaint some lines of one lane, all of them by default, with or without the gap behind it."""
        for place in self.state.places(self.size.width):
            if place.lane == lane:
                self.refresh(
                    Region(
                        place.x,
                        y,
                        place.width - 1 + gap,
                        self.size.height if height is None else height,
                    )
                )

    def hit(self, event: events.MouseEvent) -> tuple[int, int] | None:
        """The lane and the index of the card under the mouse; the index may lie behind the last card."""
        frame = self.frame()
        for place in frame.places:
            if place.x <= event.x < place.x + place.width:
                return place.lane, self.state.tops[place.lane] + max(
                    0, event.y - HEAD
                ) // frame.pitch
        return None

    def _repaint_card(self, lane: int) -> None:
        if self.state.lanes:
            pitch = self.frame().pitch
            y = HEAD + (self.state.cursors[lane] - self.state.tops[lane]) * pitch
            self.repaint(lane, y, 3, gap=0)

    def _tell(self) -> None:
        card = self.state.current
        if card != self._told:
            self._told = card
            self.post_message(self.Highlighted(card))
