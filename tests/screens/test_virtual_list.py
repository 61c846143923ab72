"""The list: what it asks for, where the cursor is, what is marked, how much it paints."""

from __future__ import annotations

import pytest
from textual import events

from rusvel_tui.widgets.paged_list import PagedList
from rusvel_tui.widgets.row_cache import BLOCK
from rusvel_tui.widgets.virtual_list import VirtualList
from tests.screens.lists import ListApp, Person, people
from tests.screens.pilots import (
    HOSTILE,
    is_safe,
    painted,
    press,
    screen_lines,
    settle,
    shows,
    strips,
)


async def test_a_list_asks_for_the_first_rows_and_shows_them() -> None:
    app = ListApp(people(1000))
    async with app.run_test(size=(80, 24), message_hook=app.hear) as pilot:
        await pilot.pause()
        assert [(m.first, m.count) for m in app.heard(PagedList.PageWanted)] == [(0, BLOCK)]
        assert shows(app, "▌  Person 0")
        assert [m.row for m in app.heard(PagedList.Highlighted)] == [app.people[0]]


@pytest.mark.parametrize(
    ("keys", "cursor"),
    [
        (["j", "j", "down"], 3),
        (["j", "j", "k", "up"], 0),
        (["G"], 999),
        (["end", "g", "g"], 0),
        (["G", "home"], 0),
        (["ctrl+d"], 11),
        (["ctrl+d", "ctrl+u"], 0),
        (["pagedown"], 22),
        (["pagedown", "pageup"], 0),
        (["g", "escape", "j"], 1),
        (["g", "j", "j"], 1),
    ],
)
async def test_keys_move_the_cursor(keys: list[str], cursor: int) -> None:
    """`g` waits for a second key; Esc or one that means nothing cancels it and does nothing else."""
    app = ListApp(people(1000))
    async with app.run_test(size=(80, 24), message_hook=app.hear) as pilot:
        await pilot.pause()
        await press(pilot, *keys)
        assert app.list.cursor == cursor
        assert shows(app, f"▌  Person {cursor}")
        assert app.heard(PagedList.Highlighted)[-1].row == app.people[cursor]


async def test_a_key_repaints_two_lines() -> None:
    """However many rows there are: that is what makes it fast over a slow line."""
    app = ListApp(people(100_000))
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "j")
        with painted(app.list) as lines:
            await press(pilot, "j")
            await press(pilot, "k")
        assert sorted(lines) == [2, 2, 3, 3]


async def test_a_jump_loads_only_where_it_lands() -> None:
    app = ListApp(people(100_000))
    async with app.run_test(size=(80, 24), message_hook=app.hear) as pilot:
        await pilot.pause()
        await press(pilot, "G")
        assert {m.first for m in app.heard(PagedList.PageWanted)} == {0, 99_900}


async def test_rows_that_are_not_here_are_drawn_as_such() -> None:
    """Until they arrive; a late answer to an older question is ignored."""
    app = ListApp(people(1000))
    async with app.run_test(size=(80, 24), message_hook=app.hear) as pilot:
        await pilot.pause()
        app.deaf = True
        await press(pilot, "G")
        assert shows(app, "▌  · · ·")
        old = app.heard(PagedList.PageWanted)[-1]
        app.list.reload()
        await pilot.pause()
        app.answer(old)
        await pilot.pause()
        assert shows(app, "▌  · · ·")
        app.answer(app.heard(PagedList.PageWanted)[-1])
        await pilot.pause()
        assert shows(app, "▌  Person 999")


async def test_one_question_at_a_time() -> None:
    """Scrolling fast over what is not here asks for where it ends, not for all that was passed."""
    app = ListApp(people(100_000))
    async with app.run_test(size=(80, 24), message_hook=app.hear) as pilot:
        await pilot.pause()
        app.deaf = True
        await press(pilot, *["pagedown"] * 30)
        asked = app.heard(PagedList.PageWanted)
        assert len(asked) == 2
        app.deaf = False
        app.answer(asked[-1])
        await pilot.pause()
        assert app.heard(PagedList.PageWanted)[-1].first == app.list.cursor // BLOCK * BLOCK


async def test_the_cursor_stays_on_its_row_when_others_come_and_go() -> None:
    """Somebody adds three people before it: the same person stays under the cursor, at the same height."""
    app = ListApp(people(1000))
    async with app.run_test(size=(80, 24), message_hook=app.hear) as pilot:
        await press(pilot, *["j"] * 30)
        before = next(y for y, line in enumerate(screen_lines(app)) if line.startswith("▌"))
        app.people[:0] = [Person("x", "New 1"), Person("y", "New 2"), Person("z", "New 3")]
        app.list.reload()
        await pilot.pause()
        assert app.list.current == Person("30", "Person 30")
        assert next(y for y, line in enumerate(screen_lines(app)) if line.startswith("▌")) == before
        assert len(app.heard(PagedList.Highlighted)) == 31


async def test_the_cursor_goes_to_a_row_on_demand() -> None:
    """After something was created: by its id when it is near, by its index when the owner knows it."""
    app = ListApp(people(500))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.list.reload(anchor="42")
        await pilot.pause()
        assert app.list.cursor == 42
        app.list.reload(anchor="444")
        app.list.set_total(app.list.rows.version, 500, at=444)
        await pilot.pause()
        assert app.list.current == Person("444", "Person 444")


async def test_a_row_that_is_looked_for_is_found_though_news_come_in_between() -> None:
    """A refused verdict goes back to its mail while the list follows something else."""
    app = ListApp(people(60))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.list.reload(anchor="42")
        app.list.reload()
        await settle(pilot, lambda: app.list.cursor == 42)
        app.deaf = True
        app.list.reload(anchor="7")
        await press(pilot, "j")
        app.deaf = False
        app.list.reload()
        await settle(pilot, lambda: app.list.rows.is_fresh(43))
        assert app.list.cursor == 43, "who moved meanwhile is not carried away"


async def test_the_cursor_stays_inside_when_rows_vanish() -> None:
    app = ListApp(people(50))
    async with app.run_test(size=(80, 24), message_hook=app.hear) as pilot:
        await press(pilot, "G")
        del app.people[10:]
        app.list.reload()
        await pilot.pause()
        assert app.list.current == Person("9", "Person 9")


async def test_a_changed_row_is_told_again() -> None:
    """A preview beside the list follows an edit."""
    app = ListApp(people(5))
    async with app.run_test(size=(80, 24), message_hook=app.hear) as pilot:
        await pilot.pause()
        app.people[0] = Person("0", "Renamed")
        app.list.reload()
        await pilot.pause()
        assert [m.row.name for m in app.heard(PagedList.Highlighted) if m.row] == [
            "Person 0",
            "Renamed",
        ]


async def test_an_empty_list_says_what_to_do() -> None:
    app = ListApp([])
    async with app.run_test(size=(80, 24), message_hook=app.hear) as pilot:
        await press(pilot, "j", "enter", "x")
        assert shows(app, "Nobody yet.")
        assert shows(app, "Press c c to add somebody.")
        assert app.heard(VirtualList.Opened) == []
        assert app.list.current is None


async def test_enter_and_double_click_open() -> None:
    app = ListApp(people(50))
    async with app.run_test(size=(80, 24), message_hook=app.hear) as pilot:
        await press(pilot, "j", "enter")
        await pilot.double_click(VirtualList, offset=(10, 6))
        await pilot.pause()
        assert [m.row.id for m in app.heard(VirtualList.Opened)] == ["1", "5"]


async def test_a_click_moves_the_cursor_and_a_click_on_the_edge_marks() -> None:
    app = ListApp(people(50))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.click(VirtualList, offset=(10, 4))
        assert app.list.cursor == 3
        await pilot.click(VirtualList, offset=(1, 6))
        await pilot.pause()
        assert app.list.marks.ids == {"5"}
        await pilot.click(VirtualList, offset=(10, 0))
        await pilot.pause()
        assert app.list.cursor == 6


async def test_the_wheel_scrolls_and_loads() -> None:
    app = ListApp(people(1000))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        for _ in range(3):
            await pilot._post_mouse_events([events.MouseScrollDown], widget=app.list, offset=(5, 5))
        await pilot.pause()
        assert app.list.scroll_offset.y > 0
        assert app.list.cursor == 0


async def test_the_cursor_shows_without_focus_and_without_colour() -> None:
    """Its bar is a glyph, and marks have a sign."""
    app = ListApp(people(50))
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "x")
        app.screen.set_focus(None)
        await pilot.pause()
        assert screen_lines(app)[2].startswith("▌  Person 1")
        assert screen_lines(app)[1].startswith(" ● Person 0")


@pytest.mark.parametrize("size", [(20, 5), (80, 24), (200, 60)])
async def test_hostile_names_do_no_harm(size: tuple[int, int]) -> None:
    """No crash, no link, no control character, and no row is wider than the screen."""
    names = [Person(str(n), text, text) for n, text in enumerate(HOSTILE)]
    app = ListApp(names)
    async with app.run_test(size=size) as pilot:
        await press(pilot, "j", "G", "x", "X")
        assert is_safe(app)
        assert all(strip.cell_length <= size[0] for strip in strips(app))
        if size[0] >= 80:
            assert shows(app, "[@click=app.exit]x[/]")


async def test_a_resize_lays_out_the_columns_again() -> None:
    app = ListApp(people(500))
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "G")
        await pilot.resize_terminal(40, 12)
        await pilot.pause()
        assert all(strip.cell_length <= 40 for strip in strips(app))
        await pilot.resize_terminal(120, 60)
        await pilot.pause()
        assert shows(app, "Person 499")


async def test_the_cursor_stays_in_sight_when_the_terminal_gets_smaller() -> None:
    app = ListApp(people(200))
    async with app.run_test(size=(80, 40), message_hook=app.hear) as pilot:
        await settle(pilot, lambda: app.list.count == 200)
        await pilot.press(*["j"] * 30)
        await pilot.resize_terminal(80, 12)
        await settle(pilot, lambda: app.list.size.height < 12)
        top = app.list.scroll_offset.y
        assert top <= app.list.cursor < top + app.list.room


async def test_a_movement_while_rows_are_on_their_way_goes_to_the_row_that_was_seen() -> None:
    """The first row goes, the cursor moves on before the list knows: it stands on the row it was moved to."""
    app = ListApp(people(30))
    async with app.run_test(size=(80, 24), message_hook=app.hear) as pilot:
        await settle(pilot, lambda: app.list.count == 30)
        await pilot.press("j")
        app.deaf = True
        app.list.reload()
        await settle(pilot, lambda: len(app.heard(PagedList.PageWanted)) == 2)
        await pilot.press("j")
        app.people = app.people[1:]
        app.answer(app.heard(PagedList.PageWanted)[-1])
        await pilot.pause()
        assert app.list.current == Person("2", "Person 2")
        await pilot.press("G")
        app.list.reload()
        await settle(pilot, lambda: len(app.heard(PagedList.PageWanted)) == 3)
        app.people = app.people[:5]
        app.answer(app.heard(PagedList.PageWanted)[-1])
        await pilot.pause()
        assert app.list.current == Person("5", "Person 5")
        told = [message.row for message in app.heard(PagedList.Highlighted)]
        assert told[-2:] == [Person("29", "Person 29"), Person("5", "Person 5")]
