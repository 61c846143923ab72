"""Keys that come faster than the screen can follow."""

from __future__ import annotations

import asyncio

import pytest
from textual import events
from textual.widgets import Input

from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.core import Engine
from rusvel_tui.widgets.form import FieldRow, FormDialog
from rusvel_tui.widgets.virtual_list import VirtualList
from tests.factories import Desk
from tests.screens import sample_pages
from tests.screens.pilots import settle, shows
from tests.screens.sample_pages import COUNT, PEOPLE, THING


def program(engine: Engine) -> RusvelApp:
    return RusvelApp(engine, None, pages=(PEOPLE, COUNT), creators=(THING,))


def burst(app: RusvelApp, *keys: str) -> None:
    """Keys that arrive faster than the screen can follow, as over a slow line."""
    for key in keys:
        app.post_message(
            events.Key(*(("colon", ":") if key == ":" else (key, key if len(key) == 1 else None)))
        )


async def test_what_is_typed_ahead_goes_into_the_prompt(desk: Desk) -> None:
    """`:` and a name at once: no letter of it acts as a key."""
    desk.contact("Ada")
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "▌  Ada"))
        burst(app, ":", "D", "n", "x")
        await settle(pilot, lambda: app.query_one("#line-text", Input).value == "Dnx")
        assert len(app.screen_stack) == 1
        assert app.query_one(VirtualList).marked_count == 0


async def test_what_is_typed_ahead_goes_into_the_form(desk: Desk) -> None:
    """A form takes a moment to open; the name typed meanwhile is not lost and does nothing else."""
    desk.contact("Ada")
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "▌  Ada"))
        burst(app, "n", "D", "q", "x", "tab", "y", "@", "z", "enter")
        await settle(pilot, lambda: isinstance(app.screen, FormDialog))
        await settle(pilot, lambda: shows(app, "✗"))
        assert [row.value for row in app.screen.query(FieldRow)] == ["Dqx", "y@z"]


async def test_keys_go_on_when_nothing_is_asked(desk: Desk) -> None:
    """A creator that asks nothing ends at once, and the keys behind it are not lost."""
    desk.contact("Ada")
    desk.contact("Bob")
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "▌  Ada"))
        burst(app, "c", "t", "j", "x", "g", "n")
        await settle(pilot, lambda: shows(app, "number 1"))
        assert sample_pages.CREATED[-1:] == ["people"]
        assert app.query_one(VirtualList).marked_count == 1


async def test_a_form_saves_all_that_was_typed_before_its_key(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`ctrl+s` comes with the letters, and finds the last of them in the field, however slow that is."""
    slow = Input._on_key

    async def late(self: Input, event: events.Key) -> None:
        for _ in range(20):
            await asyncio.sleep(0)
        await slow(self, event)

    monkeypatch.setattr(Input, "_on_key", late)
    desk.contact("Ada")
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "▌  Ada"))
        burst(app, "n")
        await settle(pilot, lambda: isinstance(app.focused, Input))
        burst(app, *"Hopper", "ctrl+s")
        await settle(pilot, lambda: len(desk.call("gtm.crm.list_contacts").items) == 2)
    names = [one.name for one in desk.call("gtm.crm.list_contacts").items]
    assert sorted(names) == ["Ada", "Hopper"]
