"""A kanban board in one widget: a key press repaints two cards, whatever the number of cards."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.message import Message

from rusvel_tui.keys import BOARD
from rusvel_tui.widgets.board_state import HEAD, Card
from rusvel_tui.widgets.board_view import BoardView
from rusvel_tui.widgets.seeking import SEEK, Seeking


class Board(Seeking, BoardView):
    """It moves a card at once and says so; the owner writes the change and calls `show` with the truth."""

    ACTIONS = (*BOARD, *SEEK)

    @dataclass
    class Opened(Message):
        """Enter or a double click on a card."""

        card: Card

    @dataclass
    class Moved(Message):
        """A card was taken to another lane, to this index."""

        card_id: str
        to_column: str
        index: int

    @dataclass
    class Reordered(Message):
        """A card was taken to another index of its lane."""

        card_id: str
        column: str
        index: int

    _grabbed: tuple[int, int] | None = None

    def send_to(self, lane_id: str, index: int | None = None) -> None:
        """Take the current card to a lane, on top or to an index of it."""
        card, start = self.state.current, self.state.at
        to = next((n for n, lane in enumerate(self.state.lanes) if lane.id == lane_id), -1)
        at = self.state.carry(to, index)
        if card is None or at is None:
            return
        if to == start:
            self.post_message(self.Reordered(card.id, lane_id, at))
        else:
            self.post_message(self.Moved(card.id, lane_id, at))
        self.change(lambda: None)
        self.repaint(start)
        self.repaint(to)

    def action_move(self, across: int, down: int) -> None:
        """Move the cursor."""
        self.change(lambda: self.state.move(across, down))

    def action_page(self, pages: int) -> None:
        """Move the cursor by screens."""
        self.action_move(0, pages * self.frame().visible)

    def action_open(self) -> None:
        """Open the card under the cursor."""
        if self.current is not None:
            self.post_message(self.Opened(self.current))

    def action_shift(self, by: int) -> None:
        """Take the card to a lane beside this one."""
        to = self.state.at + by
        if 0 <= to < len(self.state.lanes):
            self.send_to(self.state.lanes[to].id)

    def action_reorder(self, by: int) -> None:
        """Take the card up or down in its lane."""
        at = self.state.at
        if self.current is not None and self.state.cursors[at] + by >= 0:
            self.send_to(self.state.lanes[at].id, self.state.cursors[at] + by)

    def action_collapse(self, folded: bool) -> None:
        """Make the lane narrow or wide."""
        self.state.fold(folded)
        self.refresh()

    def seek(self, by: int, *, here: bool = False) -> None:
        cards = self._cards
        for step in range(0 if here else 1, len(cards) + 1):
            card = cards[(self.place() + by * step) % len(cards)]
            if self.holds(f"{card.title} {card.who} {card.amount} {' '.join(card.note)}"):
                self.select(card.id)
                return
        self.post_message(self.NothingFound(self))

    def place(self) -> int:
        current = self.current
        return self._cards.index(current) if current is not None else 0

    def put(self, place: int) -> None:
        if place < len(cards := self._cards):
            self.select(cards[place].id)

    @property
    def _cards(self) -> list[Card]:
        """All cards, lane by lane."""
        return [card for lane in self.state.lanes for card in lane.cards]

    def on_mouse_down(self, event: events.MouseDown) -> None:
        place = self.hit(event)
        if place is None:
            return
        lane, index = place
        if event.y < HEAD or index >= len(self.state.lanes[lane].cards):
            self.change(lambda: setattr(self.state, "at", lane))
            return
        self.change(lambda: self.state.seek(self.state.lanes[lane].cards[index].id))
        self._grabbed = place
        self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._grabbed is not None and (place := self.hit(event)) is not None:
            self._aim(None if place == self._grabbed else place)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        self.release_mouse()
        drop, self._grabbed = self.drop, None
        self._aim(None)
        if drop is not None:
            self.send_to(self.state.lanes[drop[0]].id, drop[1])

    def on_click(self, event: events.Click) -> None:
        place = self.hit(event)
        if place is not None and self.state.lanes[place[0]].id in self.state.folded:
            self.action_collapse(False)
        elif place is not None and event.chain == 2 and event.y >= HEAD:
            self.action_open()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, -1)

    def _wheel(self, event: events.MouseEvent, by: int) -> None:
        """Scroll the lane under the mouse."""
        place = self.hit(event)
        if place is not None and self.state.scroll(place[0], by, self.frame().visible):
            self.repaint(place[0])

    def _aim(self, drop: tuple[int, int] | None) -> None:
        """Show where a dragged card would go."""
        before, self.drop = self.drop, drop
        for target in {before, drop}:
            if target is not None and before != drop:
                self.repaint(target[0])
