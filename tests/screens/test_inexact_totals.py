"""Lists whose length is only known from below: they grow as they are scrolled, and are counted once they rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from rusvel_tui.engine import search
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.crm.people import contact_list
from rusvel_tui.widgets.paged_list import PagedList
from rusvel_tui.widgets.row_cache import RowCache
from tests.factories import Desk
from tests.screens.desks import program
from tests.screens.lists import ListApp, people
from tests.screens.pilots import press, settle, shows


def test_a_lower_bound_only_grows_and_a_count_stands() -> None:
    rows: RowCache[str] = RowCache()
    rows.restart()
    rows.learn(201, exact=False)
    rows.learn(101, exact=False)
    assert (rows.total, rows.exact) == (201, False)
    rows.learn(150, exact=True)
    rows.learn(301, exact=False)
    assert (rows.total, rows.exact) == (150, True)
    rows.restart()
    rows.learn(101, exact=False)
    assert (rows.total, rows.exact) == (101, False)


class GrowingApp(ListApp):
    """Says only whether there is more than was asked for."""

    def answer(self, event: PagedList.PageWanted) -> None:
        rows = self.people[event.first : event.first + event.count]
        more = event.first + event.count < len(self.people)
        least = event.first + len(rows) + more
        event.widget.set_total(event.version, least, exact=not more)
        event.widget.set_page(event.version, event.first, rows)


async def test_a_list_grows_as_it_is_scrolled() -> None:
    app = GrowingApp(people(250))
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        assert app.list.count == 101
        await press(pilot, "G")
        assert app.list.cursor == 100
        await settle(pilot, lambda: app.list.count == 201)
        assert app.list.current == app.people[100]
        await press(pilot, "G")
        await settle(pilot, lambda: app.list.count == 250)
        await press(pilot, "G")
        await settle(pilot, lambda: app.list.current == app.people[249])
        await press(pilot, "g", "g")
        assert app.list.count == 250


async def test_a_search_that_many_fit_is_counted_at_rest(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First there are more than a hundred, soon after there is the number."""
    monkeypatch.setattr(search, "FEW", 10)
    monkeypatch.setattr(contact_list, "WALK", 120)
    desk = Desk.with_session(engine)
    for number in range(160):
        desk.call("gtm.crm.add_contact", name=f"Person {number:03}")
    app = program(engine, "contacts")
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot, lambda: shows(app, "160 contacts"))
        await press(pilot, "slash", *"person")
        await settle(pilot, lambda: shows(app, "“person” · 160 contacts"))
        await press(pilot, "enter", "G")
        await settle(pilot, lambda: shows(app, "Person 159"))
