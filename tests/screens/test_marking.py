"""Marking rows: one by one, as a range, all of them, and how it shows."""

from __future__ import annotations

import pytest

from rusvel_tui.widgets.marks import EVERY
from rusvel_tui.widgets.virtual_list import VirtualList
from tests.screens.lists import ListApp, people
from tests.screens.pilots import (
    painted,
    press,
    shows,
)


@pytest.mark.parametrize(
    ("keys", "marked"),
    [
        (["x", "x"], {"0", "1"}),
        (["space", "j", "space"], {"0", "2"}),
        (["x", "k", "x"], set()),
        (["v", "j", "j", "v", "j"], {"0", "1", "2"}),
        (["j", "j", "v", "k", "k"], {"0", "1", "2"}),
        (["v", "j", "j", "k", "v"], {"0", "1"}),
        (["J", "J"], {"0", "1", "2"}),
        (["J", "J", "K", "j"], {"0", "1"}),
        (["shift+down", "j", "j", "J"], {"0", "1", "3", "4"}),
    ],
)
async def test_keys_mark_rows(keys: list[str], marked: set[str]) -> None:
    """One by one, as a range, or with shift."""
    app = ListApp(people(50))
    async with app.run_test(size=(80, 24), message_hook=app.hear) as pilot:
        await press(pilot, *keys)
        assert app.list.marks.ids == marked
        told = app.heard(VirtualList.Marked)
        assert told[-1].count == len(marked)


async def test_all_rows_are_marked_at_once_and_counted() -> None:
    """Without loading them; the head says how many, a sign stands at each row."""
    app = ListApp(people(100_000))
    async with app.run_test(size=(80, 24), message_hook=app.hear) as pilot:
        await press(pilot, "X")
        assert app.list.marks == EVERY
        assert app.heard(VirtualList.Marked)[-1].count == 100_000
        assert shows(app, "● 100 000 marked")
        assert shows(app, " ● Person 3")
        await press(pilot, "X")
        assert app.list.marked_count == 0
        assert not shows(app, "●")


async def test_a_range_over_rows_that_are_not_here_is_filled_in() -> None:
    """`v` `G` `v`: the rows between are fetched until all are marked."""
    app = ListApp(people(1000))
    async with app.run_test(size=(80, 24), message_hook=app.hear) as pilot:
        await press(pilot, "j", "v", "G", "v")
        for _ in range(20):
            await pilot.pause()
        assert app.list.marked_count == 999
        await press(pilot, "home")
        assert app.list.marked_count == 999


async def test_marks_can_be_cleared() -> None:
    """The answer says whether there were any, so that Esc can go on to the next thing."""
    app = ListApp(people(50))
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "x")
        assert app.list.clear_marks()
        assert not app.list.clear_marks()


async def test_marking_repaints_only_what_changed() -> None:
    app = ListApp(people(50))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        with painted(app.list) as lines:
            await press(pilot, "x")
        assert set(lines) == {0, 1, 2}
