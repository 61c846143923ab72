"""`o`: a list by one of its columns, turned round by the same key, and as it comes again."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.app import RusvelApp
from rusvel_tui.screens.shared import sorting
from rusvel_tui.widgets.virtual_list import VirtualList
from tests.factories import Desk
from tests.screens.desks import program, said
from tests.screens.pilots import press, screen_lines, settle, shows


def names(app: RusvelApp) -> list[str]:
    """Who stands in the list, from the top."""
    listing: VirtualList[Any] = app.query_one(VirtualList)
    rows = (listing.row_of(index) for index in range(listing.count))
    return [row.name for row in rows if row is not None]


def people(desk: Desk) -> None:
    for name, company in (("Ada", "zeta"), ("Bob", "Alpha"), ("Cy", ""), ("Dan", "Émile")):
        desk.contact(name, company=company)


async def test_a_list_is_sorted_by_a_column_and_turned_round(desk: Desk) -> None:
    """Case and accents do not matter; who has nothing there comes last, whichever way."""
    people(desk)
    app = program(desk.engine, "contacts")
    async with app.run_test(size=(120, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "Dan"))
        await press(pilot, "o")
        await settle(pilot, lambda: shows(app, "Sort by"))
        await press(pilot, "2")
        await settle(pilot, lambda: names(app) == ["Bob", "Dan", "Ada", "Cy"])
        assert "Company ↑" in screen_lines(app)[2]
        await press(pilot, "o", "2")
        await settle(pilot, lambda: names(app) == ["Ada", "Dan", "Bob", "Cy"])
        desk.contact("Eve", company="Zulu")
        await settle(pilot, lambda: names(app)[:2] == ["Eve", "Ada"])
        await press(pilot, "o", "0")
        await settle(pilot, lambda: names(app) == ["Ada", "Bob", "Cy", "Dan", "Eve"])
        assert "↑" not in screen_lines(app)[2]


async def test_too_many_are_left_in_their_order_and_it_is_said(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sorting, "MOST", 2)
    people(desk)
    app = program(desk.engine, "contacts")
    async with app.run_test(size=(120, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "Dan"))
        await press(pilot, "o", "2")
        await settle(pilot, lambda: "too many to sort" in said(app))
        assert names(app) == ["Ada", "Bob", "Cy", "Dan"]
        assert app.query_one(VirtualList).order is None
