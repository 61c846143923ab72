"""Draws one line of a board across all its lanes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.style import Style

from rusvel_tui.widgets.board_state import HEAD, BoardState, Card, Lane, Place
from rusvel_tui.widgets.lines import CURSOR, Piece
from rusvel_tui.widgets.plain import cells, fit, fitting

Look = Callable[[str, str], Style]


@dataclass(frozen=True, slots=True)
class Frame:
    """What the drawing needs beside the state: the lanes on the screen, the size, focus and a drag's target."""

    places: Sequence[Place]
    height: int
    pitch: int
    cursor_row: str
    drop: tuple[int, int] | None = None

    @property
    def visible(self) -> int:
        """How many whole cards of a lane are visible."""
        return max(1, (self.height - HEAD) // self.pitch)


def draw(state: BoardState, frame: Frame, y: int, look: Look) -> list[Piece]:
    """The pieces of line `y`."""
    pieces: list[Piece] = []
    for place in frame.places:
        lane = state.lanes[place.lane]
        if place.folded:
            pieces += _folded(state, place, lane, y, look)
        elif y < HEAD:
            pieces += _head(state, frame, place, lane, y, look)
        else:
            pieces += _cards(state, frame, place, lane, y, look)
    return pieces


def _folded(state: BoardState, place: Place, lane: Lane, y: int, look: Look) -> list[Piece]:
    """A narrow lane: its count, then its title from top to bottom."""
    active = place.lane == state.at
    text = (
        str(len(lane.cards)) if y == 0 else lane.title[y - HEAD : y - HEAD + 1] if y >= HEAD else ""
    )
    bar = CURSOR if active and y == 0 else " "
    if y == HEAD - 1:
        return [((("━" if active else "─") * (place.width - 1)) + " ", look(lane.tone, ""))]
    return [
        (bar, look("accent", "")),
        (fit(text, place.width - 2) + " ", look(lane.tone or "muted", "")),
    ]


def _head(
    state: BoardState, frame: Frame, place: Place, lane: Lane, y: int, look: Look
) -> list[Piece]:
    """Title and count, two lines of sums, and a rule that is heavy under the lane with the cursor."""
    active = place.lane == state.at
    room = place.width - 1
    target = frame.drop is not None and frame.drop[0] == place.lane
    kind = "drop" if target else ""
    if y == HEAD - 1:
        return [(("━" if active else "─") * room + " ", look(lane.tone, ""))]
    if y in (1, 2):
        text = lane.summary if y == 1 else lane.detail
        return [(" " + fit(text, room - 1), look("muted", kind)), (" ", look("", ""))]
    more = _more(state, frame, place)
    count = f"{len(lane.cards)}{more} "
    title = " " + fit(lane.title, room - 1 - cells(count))
    return [
        (title, look("strong" if active else lane.tone, kind)),
        (count, look("muted", kind)),
        (" ", look("", "")),
    ]


def _more(state: BoardState, frame: Frame, place: Place) -> str:
    """How many lanes lie beyond the edge of the screen, at the lanes next to it."""
    left, right = frame.places[0].lane, len(state.lanes) - 1 - frame.places[-1].lane
    before = f" ‹{left}" if left and place is frame.places[0] else ""
    after = f" {right}›" if right and place is frame.places[-1] else ""
    return before + after


def _cards(
    state: BoardState, frame: Frame, place: Place, lane: Lane, y: int, look: Look
) -> list[Piece]:
    index, part = divmod(y - HEAD, frame.pitch)
    index += state.tops[place.lane]
    room = place.width - 1
    rail = (_rail(state, frame, place, y), look("rule", ""))
    if frame.drop == (place.lane, index) and part == 0:
        return [("┄" * room, look("accent", "")), rail]
    if index >= len(lane.cards) or part == 3:
        return [(" " * room, look("", "")), rail]
    here = place.lane == state.at and index == state.cursors[place.lane]
    return [*_card(lane.cards[index], part, room, frame.cursor_row if here else "", look), rail]


def _card(card: Card, part: int, room: int, kind: str, look: Look) -> list[Piece]:
    bar = (CURSOR, look("accent", kind)) if kind else (" ", look("", ""))
    if part == 0:
        return [bar, (fit(card.title, room - 1), look("" if kind else "strong", kind))]
    tone = "" if kind else "muted" if part == 1 else card.tone
    if part == 2:
        return [bar, (fit(fitting(card.note, room - 1), room - 1), look(tone, kind))]
    amount = fit(card.amount, min(cells(card.amount), room - 2))
    left = room - 1 - cells(amount)
    return [bar, (fit(card.who, left - 1) + " " + amount, look(tone, kind))]


def _rail(state: BoardState, frame: Frame, place: Place, y: int) -> str:
    """The gap behind a lane: a thumb where its visible cards lie among all, when not all are visible."""
    total, room = len(state.lanes[place.lane].cards), frame.height - HEAD
    if total * frame.pitch <= room:
        return " "
    size = max(1, room * room // (total * frame.pitch))
    shown = max(1, room // frame.pitch)
    start = (room - size) * state.tops[place.lane] // max(1, total - shown)
    return "┃" if start <= y - HEAD < start + size else " "
