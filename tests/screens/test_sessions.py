"""The first session, its settings, and going to another, from the dashboard."""

from __future__ import annotations

from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input

from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.core import Engine
from rusvel_tui.screens import PAGES
from rusvel_tui.widgets.form import FormDialog
from tests.factories import Desk
from tests.screens.pilots import is_safe, settle, shows

HERE = tuple(entry for entry in PAGES if entry.id in ("today", "log", "welcome"))


def program(engine: Engine) -> RusvelApp:
    return RusvelApp(engine, pages=HERE, creators=())


def names(engine: Engine) -> list[str]:
    items: Any = engine.call("session.list", {})
    return [item.name for item in items.items]


async def asked(pilot: Pilot[Any], app: RusvelApp) -> None:
    await settle(pilot, lambda: isinstance(app.screen, FormDialog) and app.focused)


async def press(pilot: Pilot[Any], *keys: str) -> None:
    await pilot.press(*keys)
    await pilot.pause()


def fields(app: RusvelApp) -> list[Input]:
    return list(app.screen.query(Input))


async def test_a_new_desk_asks_for_its_first_session(engine: Engine) -> None:
    """Wrong answers stay beside their field; then the first page is there."""
    app = program(engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot, app)
        assert shows(app, "Welcome.")
        assert not [n.message for n in app._notifications]
        await press(pilot, "enter")
        await settle(pilot, lambda: shows(app, "✗ Fill this in."))
        await press(pilot, *"acme")
        fields(app)[1].value = "EURO"
        fields(app)[2].value = "Berlin"
        await press(pilot, "enter")
        await settle(pilot, lambda: shows(app, "✗ 'Berlin' is not a time zone."))
        fields(app)[2].value = "Europe/Berlin"
        await press(pilot, "enter")
        await settle(pilot, lambda: shows(app, "✗ 'EURO' is not an ISO 4217"))
        fields(app)[1].value = "usd"
        fields(app)[4].value = "not an address"
        await press(pilot, "enter")
        await settle(pilot, lambda: shows(app, "✗") and not shows(app, "ISO 4217"))
        assert names(engine) == []
        fields(app)[4].value = "ada@acme.example"
        await press(pilot, "enter")
        await settle(pilot, lambda: shows(app, "acme, USD, Europe/Berlin"))
    made: Any = engine.call("session.show", {})
    assert (made.name, made.currency, made.timezone) == ("acme", "USD", "Europe/Berlin")


async def test_giving_up_says_how_to_come_back(engine: Engine) -> None:
    """`:session` asks again."""
    app = program(engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot, app)
        await press(pilot, "escape")
        await settle(pilot, lambda: any(":session" in n.message for n in app._notifications))
        await press(pilot, "escape")
        await settle(pilot, lambda: app.page.id == "today")
        await press(pilot, "colon", *"session", "enter")
        await asked(pilot, app)
        await press(pilot, *"acme", "enter")
        await settle(pilot, lambda: names(engine) == ["acme"])
        await settle(pilot, lambda: shows(app, "Nothing needs you."))


async def test_a_desk_in_use_asks_nothing(desk: Desk) -> None:
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "Nothing needs you."))
        assert not isinstance(app.screen, FormDialog)


async def test_a_read_only_desk_asks_nothing(engine: Engine, clock: FixedClock) -> None:
    """There is nothing that it could keep."""
    engine.call("session.list", {})
    looking = Engine(engine.path, clock=clock, read_only=True)
    app = program(looking)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "no session"))
        assert not isinstance(app.screen, FormDialog)
    looking.close()


async def test_the_session_can_be_edited(desk: Desk) -> None:
    """And taken back; every page follows the new zone."""
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "g", "l")
        await settle(pilot, lambda: shows(app, "Tue 24 Nov 09:00"))
        await press(pilot, "comma", "s")
        await asked(pilot, app)
        assert [field.value for field in fields(app)[:4]] == ["acme", "EUR", "UTC", "Ada"]
        fields(app)[2].value = "Asia/Tokyo"
        await press(pilot, "enter")
        await settle(pilot, lambda: shows(app, "Tue 24 Nov 18:00"))
        await press(pilot, "z")
        await settle(pilot, lambda: shows(app, "Tue 24 Nov 09:00"))


async def test_another_session_can_be_used(desk: Desk) -> None:
    """By name, with completion, and unknown ones are refused."""
    desk.call("session.create", name="second [/]")
    desk.call("session.use", name="acme")
    app = program(desk.engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot, lambda: shows(app, "acme"))
        await press(pilot, "colon", *"use nowhere", "enter")
        await settle(
            pilot, lambda: any("no session 'nowhere'" in n.message for n in app._notifications)
        )
        await press(pilot, "comma", "u")
        await settle(pilot, lambda: shows(app, "Session: "))
        await press(pilot, "s", "tab", "enter")
        await settle(pilot, lambda: shows(app, "second [/]"))
        assert is_safe(app)
    assert desk.call("session.show").name == "second [/]"


async def test_a_chosen_session_gives_way_to_another(desk: Desk) -> None:
    """A dashboard that was started with --session can still be moved."""
    desk.call("session.create", name="second")
    desk.engine.session = "acme"
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "Nothing needs you."))
        await press(pilot, "colon", *"use second", "enter")
        await settle(pilot, lambda: desk.engine.session != "acme")
    assert desk.call("session.show").name == "second"
