"""Whatever a guest presses on a read-only desk: every key of every action of every page, and nothing changes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from rusvel_tui.actions import Action, offers_from
from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.core import Engine
from rusvel_tui.screens import PAGES, Entry
from tests.factories import START, Desk
from tests.screens.pilots import press, settle

LEAVING = {"app.leave", "app.palette"}
"""What ends the program, and what only opens the list of all that is tried here."""


@pytest.fixture
def path(engine: Engine, desk: Desk) -> Path:
    """A desk with something of everything, left behind by its owner."""
    person = desk.contact("Ada Looms", tags=["vip"])
    desk.call("gtm.crm.add_deal", contact_id=person.contact_id, title="Looms")
    desk.call("gtm.crm.add_task", subject="Ring", contact_id=person.contact_id, due_at="today")
    desk.drafted(contact=person)
    engine.close()
    return engine.path


@pytest.fixture
def guest(path: Path) -> Iterator[Engine]:
    """Somebody who looks on."""
    made = Engine(path, clock=FixedClock(START), read_only=True)
    yield made
    made.close()


def contents(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def files(folder: Path) -> set[Path]:
    """What lies there, but for what SQLite keeps beside its file."""
    return {path for path in folder.rglob("*") if not path.name.endswith(("-wal", "-shm"))}


async def home(pilot: Pilot[Any]) -> None:
    """Close whatever is open: dialogs, lines, filters."""
    app = pilot.app
    for _ in range(6):
        await press(pilot, "escape")
        if len(app.screen_stack) == 1:
            break
    while len(app.screen_stack) > 1:
        app.pop_screen()
        await pilot.pause()


def offered(app: RusvelApp, entry: Entry) -> list[Action]:
    """What can be done where the focus is; what can be done everywhere is tried on the first page only."""
    offers = offers_from(app.focused or app.page)
    everywhere = {action.id for action in app.offered()} if entry is not PAGES[0] else LEAVING
    return [offer.action for offer in offers if offer.action.id not in everywhere]


@pytest.mark.slow
@pytest.mark.parametrize("entry", PAGES, ids=[entry.id for entry in PAGES])
async def test_no_key_of_any_page_writes(
    guest: Engine, path: Path, entry: Entry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is pressed and answered with enter; the file stays as it was, and the program alive."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EDITOR", f"touch {tmp_path}/escaped; false")
    before, there = contents(path), files(tmp_path)
    app = RusvelApp(guest)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot, lambda: app.page.is_mounted)
        await app.action_go(entry.id)
        await settle(pilot, lambda: app.page.id == entry.id)
        actions = offered(app, entry)
        assert actions
        for action in actions:
            await press(pilot, *action.keys.split(",")[0].split(" "))
            await press(pilot, "x", "enter")
            await home(pilot)
            assert app.is_running, action
            if app.page.id != entry.id:
                await app.action_go(entry.id)
    assert app.return_code in (None, 0)
    assert contents(path) == before
    assert files(tmp_path) - there == set()
