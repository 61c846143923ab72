"""`g /` finds people, companies, deals and notes from any page, and goes there."""

from __future__ import annotations

from functools import partial
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot
from textual.widgets import Input

from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.snippets import matches
from rusvel_tui.screens import PAGES
from rusvel_tui.screens.search_everything import SearchEverything, around, marked
from rusvel_tui.widgets.plain import cells
from tests.factories import Desk
from tests.screens.desks import STORABLE
from tests.screens.pilots import is_safe, settle, shows, strips

SIZE = (100, 30)


def program(desk: Desk) -> RusvelApp:
    pages = [entry for entry in PAGES if entry.id in ("log", "contacts", "companies", "deals")]
    pages.sort(key=lambda entry: entry.id != "log")
    return RusvelApp(desk.engine, pages=pages, creators=())


async def found(pilot: Pilot[Any], app: RusvelApp, words: str) -> SearchEverything:
    """The search, once it shows what fits."""
    await pilot.press("g", "slash")
    await settle(pilot, lambda: isinstance(app.screen, SearchEverything) and app.focused)
    screen = app.screen
    assert isinstance(screen, SearchEverything)
    screen.query_one(Input).value = words
    await settle(pilot, lambda: screen.rows.count)
    return screen


async def test_a_hit_is_gone_to(desk: Desk) -> None:
    anna = desk.contact("Anna Abel", "anna@x.example", company="Looms")
    desk.contact("Bo Berg", company="Other")
    desk.call("gtm.crm.add_deal", title="Big order", contact_id=anna.contact_id, value="100")
    desk.call("gtm.crm.add_note", contact_id=anna.contact_id, body="Talked about the carpet.")
    app = program(desk)
    async with app.run_test(size=SIZE) as pilot:
        for words, page, shown in (
            ("abel", "contacts", "Anna Abel"),
            ("looms", "companies", "Looms"),
            ("big", "deals", "Big order"),
            ("carpet", "contacts", "Anna Abel"),
        ):
            screen = await found(pilot, app, words)
            assert screen.rows.current is not None
            await pilot.press("enter")
            await settle(pilot, partial(_is_at, app, page, shown))


def _is_at(app: RusvelApp, page: str, shown: str) -> bool:
    return app.page.id == page and shows(app, shown)


async def test_the_cursor_stands_on_who_was_found(desk: Desk) -> None:
    """Although the list there was searched for somebody else."""
    for number in range(150):
        desk.contact(f"Person {number:03}")
    app = program(desk)
    async with app.run_test(size=SIZE) as pilot:
        await found(pilot, app, "person 117")
        await pilot.press("enter")
        await settle(pilot, lambda: app.page.id == "contacts")
        page: Any = app.page
        await settle(
            pilot, lambda: page.contacts.current and page.contacts.current.name == "Person 117"
        )


async def test_escape_changes_nothing(desk: Desk) -> None:
    desk.contact("Anna Abel")
    app = program(desk)
    async with app.run_test(size=SIZE) as pilot:
        await found(pilot, app, "anna")
        await pilot.press("escape")
        await settle(pilot, lambda: not app.screen.is_modal)
        assert app.page.id == "log"


async def test_found_words_stand_out_and_hostile_ones_are_only_text(desk: Desk) -> None:
    for text in STORABLE:
        desk.contact(f"zebra {text}", company=text)
    app = program(desk)
    async with app.run_test(size=SIZE) as pilot:
        await found(pilot, app, "zebra")
        await settle(pilot, lambda: shows(app, "zebra [bold red]"))
        assert is_safe(app)
        pieces = [piece.text for strip in strips(app) for piece in strip if "zebra" in piece.text]
        assert "zebra" in pieces  # alone in its own look


@given(st.text(max_size=60), st.text(min_size=1, max_size=3), st.integers(1, 40))
def test_marked_text_fills_its_cells(text: str, word: str, width: int) -> None:
    """Whatever the text: as many cells as there are, and what is marked are the words."""
    line, spans = around(text, matches(text, [word.lower()]), width)
    pieces = list(marked(line, spans, width))
    assert cells("".join(piece for piece, _ in pieces)) == width
    assert all(piece in line for piece, found in pieces if found)
