"""The log page: newest first, paged, filtered, with what was taken back marked."""

from __future__ import annotations

from typing import Any

from textual.pilot import Pilot

from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.event_kinds import EVENT_KINDS
from rusvel_tui.screens import PAGES
from rusvel_tui.screens.log import LogPage
from rusvel_tui.screens.shared.dialogs import Reader
from tests.factories import Desk, events
from tests.screens.pilots import HOSTILE, is_safe, screen_lines, settle, shows

HERE = tuple(entry for entry in PAGES if entry.id == "log")


def program(engine: Engine) -> RusvelApp:
    return RusvelApp(engine, pages=HERE, creators=())


def page(app: RusvelApp) -> LogPage:
    return app.query_one(LogPage)


async def loaded(pilot: Pilot[Any], app: RusvelApp) -> None:
    await settle(pilot, lambda: page(app).listing.current is not None)


async def press(pilot: Pilot[Any], *keys: str) -> None:
    await pilot.press(*keys)
    await pilot.pause()


async def test_events_show_newest_first_and_come_by_themselves(desk: Desk) -> None:
    desk.contact("Anna Smith")
    app = program(desk.engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await loaded(pilot, app)
        assert "Anna Smith" in screen_lines(app)[2]
        assert "a workspace was created" in screen_lines(app)[3]
        desk.contact("Ben Jones")
        await settle(pilot, lambda: "Ben Jones" in screen_lines(app)[2])
        assert shows(app, "gtm.contact.added")


async def test_the_whole_log_is_one_list(desk: Desk) -> None:
    """Events far down are read when the cursor gets there."""
    for number in range(250):
        desk.contact(f"Person {number}")
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: page(app).listing.count == len(events(desk)))
        await press(pilot, "G")
        await settle(pilot, lambda: shows(app, "a workspace was created"))
        row: Any = page(app).listing.current
        assert row.kind == "session.created"


async def test_what_was_taken_back_has_a_sign(desk: Desk) -> None:
    desk.contact("Anna Smith")
    desk.call("undo")
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await loaded(pilot, app)
        await settle(pilot, lambda: shows(app, "↶ undone: a contact was added"))
        assert shows(app, "a change was taken back")


async def test_enter_shows_all_that_was_recorded(desk: Desk) -> None:
    desk.contact("Anna Smith")
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await loaded(pilot, app)
        await press(pilot, "enter")
        await settle(pilot, lambda: isinstance(app.screen, Reader))
        for text in ("gtm.contact.added", "2026-11-24 09:00:00 UTC", "name", "Anna Smith", "user"):
            assert shows(app, text), text
        await press(pilot, "escape")
        await settle(pilot, lambda: not isinstance(app.screen, Reader))


async def test_the_filter_follows_the_typing_and_goes_with_escape(desk: Desk) -> None:
    desk.contact("Anna Smith")
    desk.sequence()
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: page(app).listing.count == 4)
        await press(pilot, "f", *"sequence")
        await settle(pilot, lambda: page(app).listing.count == 2)
        await press(pilot, "enter")
        assert shows(app, "Only with “sequence” · esc shows all")
        await press(pilot, "f", *" none", "escape")
        await settle(pilot, lambda: page(app).listing.count == 2)
        await press(pilot, "escape")
        await settle(pilot, lambda: page(app).listing.count == 4)
        assert not shows(app, "Only with")
        assert page(app).back() is False


async def test_a_filter_that_fits_nothing_says_so(desk: Desk) -> None:
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await loaded(pilot, app)
        await press(pilot, "slash", *"[/]", "enter")
        await settle(pilot, lambda: shows(app, "Nothing holds “[/]”."))
        await press(pilot, "escape")
        await loaded(pilot, app)


async def test_hostile_text_is_shown_as_text(desk: Desk) -> None:
    for number, text in enumerate(HOSTILE):
        if "\ud800" not in text:
            desk.contact(f"{text[:200]} x", f"p{number}@x.example")
    app = program(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await loaded(pilot, app)
        for _ in HOSTILE:
            assert is_safe(app)
            await press(pilot, "enter")
            await settle(pilot, lambda: isinstance(app.screen, Reader))
            assert is_safe(app)
            await press(pilot, "escape", "j")


def test_the_page_follows_every_kind_of_event() -> None:
    for kind in EVENT_KINDS:
        assert ".".join(kind.split(".")[:2]) in LogPage.TOPICS
