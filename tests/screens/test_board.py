"""The board: moving through it, moving cards, folding, narrow terminals, and how little is painted."""

from __future__ import annotations

import pytest
from textual import events

from rusvel_tui.widgets.board import Board
from rusvel_tui.widgets.board_state import HEAD, BoardState, Card, Lane
from rusvel_tui.widgets.board_view import BoardView
from tests.screens.pilots import (
    HOSTILE,
    WidgetApp,
    is_safe,
    painted,
    press,
    screen_lines,
    shows,
    strips,
)

STAGES = ("lead", "qualified", "proposal", "negotiation", "won", "lost")


def lanes(*counts: int) -> list[Lane]:
    """Lanes with so many cards each; the id of a card is `stage-number`."""
    return [
        Lane(
            stage,
            stage.title(),
            tuple(
                Card(f"{stage}-{n}", f"Deal {stage} {n}", f"Company {n}", f"{n} €", ("call",))
                for n in range(count)
            ),
            f"{count} €",
            stage,
        )
        for stage, count in zip(STAGES, counts, strict=False)
    ]


class BoardApp(WidgetApp):
    def __init__(self, *counts: int) -> None:
        self.board = Board()
        super().__init__(self.board)
        self.lanes = lanes(*counts)

    def on_mount(self) -> None:
        super().on_mount()
        self.board.show(self.lanes)


@pytest.mark.parametrize(
    ("keys", "card"),
    [
        ([], "lead-0"),
        (["j", "down", "k"], "lead-1"),
        (["l"], "qualified-0"),
        (["j", "l", "j", "j", "h"], "lead-1"),
        (["right", "right", "left"], "qualified-0"),
        (["l"] * 9, "lost-0"),
        (["G"], "lead-19"),
        (["G", "g", "g"], "lead-0"),
        (["end", "home"], "lead-0"),
        (["pagedown"], "lead-6"),
        (["pagedown", "pageup"], "lead-0"),
    ],
)
async def test_keys_move_the_cursor(keys: list[str], card: str) -> None:
    """Each lane keeps its own place."""
    app = BoardApp(20, 20, 20, 20, 20, 20)
    async with app.run_test(size=(120, 24), message_hook=app.hear) as pilot:
        await press(pilot, *keys)
        assert app.board.current is not None
        assert app.board.current.id == card
        assert app.heard(BoardView.Highlighted)[-1].card == app.board.current


async def test_a_card_shows_title_who_amount_and_note() -> None:
    app = BoardApp(2, 1, 0, 0, 0, 0)
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.pause()
        lines = screen_lines(app)
        assert lines[0].split()[:4] == ["Lead", "2", "Qualified", "1"]
        assert lines[1].startswith(" 2 €")
        assert lines[HEAD].startswith("▌Deal lead 0")
        assert lines[HEAD + 1].startswith("▌Company 0      0 €")
        assert lines[HEAD + 2].startswith("▌call")


async def test_a_key_repaints_two_cards() -> None:
    """Of one lane, whatever the number of cards."""
    app = BoardApp(500, 500, 500, 500, 500, 500)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "j")
        with painted(app.board) as lines:
            await press(pilot, "j")
        assert sorted(set(lines)) == [*range(HEAD + 4, HEAD + 7), *range(HEAD + 8, HEAD + 11)]


@pytest.mark.parametrize(
    ("keys", "moved"),
    [
        (["L"], ("lead-0", "qualified", 0)),
        (["shift+right"], ("lead-0", "qualified", 0)),
        (["l", "j", "H"], ("qualified-1", "lead", 0)),
        (["l", "shift+left"], ("qualified-0", "lead", 0)),
    ],
)
async def test_cards_move_to_the_next_lane(keys: list[str], moved: tuple[str, str, int]) -> None:
    """The message says which card, where to; the cursor goes with it."""
    app = BoardApp(3, 3, 3)
    async with app.run_test(size=(120, 24), message_hook=app.hear) as pilot:
        await press(pilot, *keys)
        told = app.heard(Board.Moved)
        assert [(m.card_id, m.to_column, m.index) for m in told] == [moved]
        assert app.board.current is not None
        assert app.board.current.id == moved[0]


async def test_a_card_moves_through_all_lanes_and_stops_at_the_end() -> None:
    app = BoardApp(1, 0, 0)
    async with app.run_test(size=(120, 24), message_hook=app.hear) as pilot:
        await press(pilot, "L", "L", "L", "L")
        assert [m.to_column for m in app.heard(Board.Moved)] == ["qualified", "proposal"]


async def test_cards_are_put_in_order() -> None:
    """`J` and `K` move a card inside its lane and stop at the edges."""
    app = BoardApp(3, 0)
    async with app.run_test(size=(80, 24), message_hook=app.hear) as pilot:
        await press(pilot, "J", "J", "J", "K")
        told = [(m.card_id, m.column, m.index) for m in app.heard(Board.Reordered)]
        assert told == [("lead-0", "lead", 1), ("lead-0", "lead", 2), ("lead-0", "lead", 1)]
        assert [card.id for card in app.board.state.lanes[0].cards] == [
            "lead-1",
            "lead-0",
            "lead-2",
        ]


async def test_a_card_can_be_sent_to_a_lane_by_name() -> None:
    app = BoardApp(2, 2, 2)
    async with app.run_test(size=(120, 24), message_hook=app.hear) as pilot:
        await pilot.pause()
        app.board.send_to("proposal", 1)
        app.board.send_to("nowhere")
        await pilot.pause()
        assert [(m.to_column, m.index) for m in app.heard(Board.Moved)] == [("proposal", 1)]


async def test_a_card_is_dragged_with_the_mouse() -> None:
    """To another lane it moves, inside its lane it is put in order, dropped where it was it stays."""
    app = BoardApp(4, 4, 4)
    async with app.run_test(size=(120, 24), message_hook=app.hear) as pilot:
        await pilot.mouse_down(Board, offset=(5, HEAD + 1))
        await pilot.hover(Board, offset=(45, HEAD + 7))
        assert app.board.drop == (1, 2)
        assert "┄" in screen_lines(app)[HEAD + 6]
        await pilot.mouse_up(Board, offset=(45, HEAD + 7))
        await pilot.pause()
        assert [(m.card_id, m.to_column, m.index) for m in app.heard(Board.Moved)] == [
            ("lead-0", "qualified", 2)
        ]
        await pilot.mouse_down(Board, offset=(5, HEAD + 1))
        await pilot.hover(Board, offset=(5, HEAD + 4))
        await pilot.mouse_up(Board, offset=(5, HEAD + 4))
        await pilot.pause()
        assert [(m.card_id, m.index) for m in app.heard(Board.Reordered)] == [("lead-1", 1)]
        await pilot.click(Board, offset=(5, HEAD + 1))
        await pilot.pause()
        assert len(app.heard(Board.Moved)) == 1


async def test_click_wheel_and_double_click() -> None:
    app = BoardApp(30, 30)
    async with app.run_test(size=(80, 24), message_hook=app.hear) as pilot:
        await pilot.double_click(Board, offset=(50, HEAD + 4))
        await pilot.pause()
        assert [m.card.id for m in app.heard(Board.Opened)] == ["qualified-1"]
        await pilot._post_mouse_events(
            [events.MouseScrollDown] * 3, widget=app.board, offset=(5, 10)
        )
        await pilot._post_mouse_events([events.MouseScrollUp], widget=app.board, offset=(5, 10))
        await pilot.pause()
        assert app.board.state.tops == [2, 0]
        await pilot.click(Board, offset=(5, 0))
        assert app.board.state.at == 0


async def test_enter_opens() -> None:
    app = BoardApp(1, 0)
    async with app.run_test(size=(80, 24), message_hook=app.hear) as pilot:
        await press(pilot, "enter", "l", "enter")
        assert [m.card.id for m in app.heard(Board.Opened)] == ["lead-0"]


async def test_a_lane_can_be_folded() -> None:
    """It keeps its count and its name, from top to bottom; a click opens it."""
    app = BoardApp(3, 3, 3)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "minus")
        lines = screen_lines(app)
        assert lines[0].startswith("▌3")
        assert [line[1] for line in lines[HEAD : HEAD + 4]] == ["L", "e", "a", "d"]
        await press(pilot, "plus")
        assert shows(app, "▌Deal lead 0")
        await press(pilot, "minus")
        await pilot.click(Board, offset=(1, 5))
        await pilot.pause()
        assert shows(app, "▌Deal lead 0")


@pytest.mark.parametrize(("width", "visible"), [(80, 4), (120, 6), (40, 2), (17, 1)])
async def test_narrow_terminals_show_some_lanes_and_say_how_many_more(
    width: int, visible: int
) -> None:
    app = BoardApp(2, 2, 2, 2, 2, 2)
    async with app.run_test(size=(width, 24)) as pilot:
        await pilot.pause()
        places = app.board.frame().places
        assert len(places) == visible
        assert sum(place.width for place in places) == width
        if 1 < visible < 6:
            assert f"{6 - visible}›" in screen_lines(app)[0]
        await press(pilot, *["l"] * 5)
        assert app.board.frame().places[-1].lane == 5
        if 1 < visible < 6:
            assert f"‹{6 - visible}" in screen_lines(app)[0]


async def test_a_long_lane_scrolls_and_shows_where_it_is() -> None:
    app = BoardApp(100, 3)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, *["j"] * 20)
        assert shows(app, "▌Deal lead 20")
        assert shows(app, "┃")
        await press(pilot, "G")
        assert screen_lines(app)[-3].startswith("▌") or shows(app, "▌Deal lead 99")


async def test_new_cards_leave_the_cursor_on_its_card() -> None:
    app = BoardApp(5, 5)
    async with app.run_test(size=(80, 24), message_hook=app.hear) as pilot:
        await press(pilot, "j", "j")
        fresh = lanes(5, 5)
        fresh[0] = Lane("lead", "Lead", (Card("new", "New"), *fresh[0].cards))
        app.board.show(fresh)
        await pilot.pause()
        assert app.board.current is not None
        assert app.board.current.id == "lead-2"


async def test_a_card_can_be_selected_by_its_id() -> None:
    app = BoardApp(50, 50)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.board.select("qualified-40")
        await pilot.pause()
        assert shows(app, "▌Deal qualified 40")


@pytest.mark.parametrize("size", [(17, 6), (80, 24), (200, 60)])
async def test_hostile_cards_do_no_harm(size: tuple[int, int]) -> None:
    """No crash, no link, no control character, nothing wider than the screen."""
    app = BoardApp()
    app.lanes = [
        Lane(str(n), text, (Card(str(n), text, text, text, (text,), "no such tone"),), text, text)
        for n, text in enumerate(HOSTILE)
    ]
    async with app.run_test(size=size) as pilot:
        for _ in HOSTILE:
            await press(pilot, "l")
            assert is_safe(app)
            assert all(strip.cell_length <= size[0] for strip in strips(app))


async def test_an_empty_board_answers_every_key() -> None:
    """Before the first read there are no lanes at all."""
    app = BoardApp()
    async with app.run_test(size=(80, 24), message_hook=app.hear) as pilot:
        await press(
            pilot, "j", "k", "h", "l", "L", "H", "J", "K", "G", "enter", "minus", "plus", "pagedown"
        )
        await pilot.click(Board, offset=(5, 5))
        assert app.board.current is None
        assert app.heard(Board.Opened) == []


def test_carrying_a_card_that_is_not_there_changes_nothing() -> None:
    state = BoardState()
    state.show(lanes(0, 2))
    assert state.carry(1) is None
    assert len(state.lanes[1].cards) == 2
