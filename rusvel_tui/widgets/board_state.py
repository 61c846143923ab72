"""A board as plain state: lanes of cards, a cursor and a scroll position in each, and where lanes lie on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

HEAD = 4
"""Lines above the cards: title and count, sum, detail, rule."""
LEAST = 18
"""Cells that a lane needs to be readable."""
FOLDED = 4
"""Cells of a collapsed lane."""


@dataclass(frozen=True, slots=True)
class Card:
    """Three lines: the title, who and how much, a note."""

    id: str
    title: str
    who: str = ""
    amount: str = ""
    note: tuple[str, ...] = ()
    """Said as far as there is room; the weightiest part comes first."""
    tone: str = "muted"
    """How the note looks."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One column of the board."""

    id: str
    title: str
    cards: tuple[Card, ...] = ()
    summary: str = ""
    """Sums under the title."""
    detail: str = ""
    """A second line under the title."""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a lane is drawn: its first cell and how many, the gap behind it included."""

    lane: int
    x: int
    width: int
    folded: bool


class BoardState:
    """Everything about a board but its drawing."""

    def __init__(self) -> None:
        self.lanes: list[Lane] = []
        self.at = 0
        self.first = 0
        """The first lane on the screen."""
        self.cursors: list[int] = []
        self.tops: list[int] = []
        self.folded: set[str] = set()

    def show(self, lanes: Sequence[Lane]) -> None:
        """Other cards; each lane's cursor stays on its card when the card is still there."""
        before = {
            lane.id: (lane.cards[cursor].id if lane.cards else "", cursor, top)
            for lane, cursor, top in zip(self.lanes, self.cursors, self.tops, strict=True)
        }
        self.lanes = list(lanes)
        self.cursors, self.tops = [], []
        for lane in self.lanes:
            card_id, cursor, top = before.get(lane.id, ("", 0, 0))
            found = next((i for i, card in enumerate(lane.cards) if card.id == card_id), cursor)
            self.cursors.append(max(0, min(found, len(lane.cards) - 1)))
            self.tops.append(max(0, min(top, len(lane.cards) - 1)))
        self.at = max(0, min(self.at, len(self.lanes) - 1))

    @property
    def current(self) -> Card | None:
        """The card under the cursor."""
        cards = self.lanes[self.at].cards if self.lanes else ()
        return cards[self.cursors[self.at]] if cards else None

    def seek(self, card_id: str) -> bool:
        """Put the cursor on a card; False when it is not on the board."""
        for number, lane in enumerate(self.lanes):
            for index, card in enumerate(lane.cards):
                if card.id == card_id:
                    self.at, self.cursors[number] = number, index
                    return True
        return False

    def move(self, across: int, down: int) -> None:
        """Move the cursor; it stops at the edges."""
        if self.lanes:
            self.at = max(0, min(len(self.lanes) - 1, self.at + across))
            last = len(self.lanes[self.at].cards) - 1
            self.cursors[self.at] = max(0, min(last, self.cursors[self.at] + down))

    def carry(self, to: int, index: int | None = None) -> int | None:
        """Take the current card to a lane, at `index` or on top, and follow it; its new index, None when nothing moves."""
        card = self.current
        if card is None or not 0 <= to < len(self.lanes):
            return None
        start, old = self.at, self.cursors[self.at]
        rest = [other for other in self.lanes[start].cards if other is not card]
        target = rest if to == start else list(self.lanes[to].cards)
        new = max(0, min(len(target), 0 if index is None else index))
        if (start, old) == (to, new):
            return None
        self._put(start, rest)
        self._put(to, [*target[:new], card, *target[new:]])
        self.at, self.cursors[to] = to, new
        return new

    def fold(self, folded: bool) -> None:
        """Collapse or expand the lane under the cursor."""
        lane_id = self.lanes[self.at].id if self.lanes else ""
        (self.folded.add if folded else self.folded.discard)(lane_id)

    def scroll(self, lane: int, by: int, rows: int) -> bool:
        """Scroll a lane by cards, leaving its cursor where it is; True when it moved."""
        top = max(0, min(len(self.lanes[lane].cards) - rows, self.tops[lane] + by))
        moved, self.tops[lane] = top != self.tops[lane], top
        return moved

    def follow_cursor(self, rows: int) -> bool:
        """Scroll the lane under the cursor so that the cursor is among `rows` visible cards; True when it moved."""
        if not self.lanes:
            return False
        cursor, top = self.cursors[self.at], self.tops[self.at]
        if top <= cursor < top + rows:
            return False
        last = max(0, len(self.lanes[self.at].cards) - rows)
        wanted = cursor - rows // 2 if cursor >= top + rows else cursor - (rows - 1) // 2
        self.tops[self.at] = max(0, min(last, wanted))
        return True

    def places(self, width: int) -> list[Place]:
        """The lanes that fit into `width` cells, the one under the cursor always among them."""
        if not self.lanes:
            return []
        self.first = max(0, min(self.first, self.at))
        while (
            sum(self._least(n) for n in range(self.first, self.at + 1)) > width
            and self.first < self.at
        ):
            self.first += 1
        shown: list[int] = []
        for number in range(self.first, len(self.lanes)):
            if shown and sum(map(self._least, [*shown, number])) > width:
                break
            shown.append(number)
        while self.first and sum(map(self._least, [self.first - 1, *shown])) <= width:
            self.first -= 1
            shown.insert(0, self.first)
        return self._share(shown, width)

    def _share(self, shown: Sequence[int], width: int) -> list[Place]:
        """Equal widths for all open lanes."""
        is_open = [self.lanes[n].id not in self.folded for n in shown]
        room = width - FOLDED * is_open.count(False)
        count, x = max(1, is_open.count(True)), 0
        places: list[Place] = []
        for number, wide in zip(shown, is_open, strict=True):
            opened = sum(1 for place in places if not place.folded)
            size = (room * (opened + 1) // count - room * opened // count) if wide else FOLDED
            places.append(Place(number, x, size, not wide))
            x += size
        return places

    def _least(self, number: int) -> int:
        return FOLDED if self.lanes[number].id in self.folded else LEAST

    def _put(self, number: int, cards: Sequence[Card]) -> None:
        self.lanes[number] = replace(self.lanes[number], cards=tuple(cards))
        self.cursors[number] = max(0, min(self.cursors[number], len(cards) - 1))
