"""Filters and saved views on the pages of contacts and deals: typed with help, kept under digits, taken back."""

from __future__ import annotations

from typing import Any

from textual.pilot import Pilot

from rusvel_tui.app import RusvelApp
from rusvel_tui.screens.contacts.page import ContactsPage
from rusvel_tui.screens.deals.page import DealsPage
from rusvel_tui.widgets.filter_line import FilterLine
from tests.factories import Desk
from tests.screens.desks import errors, fill, form, program, said
from tests.screens.pilots import settle, shows

SIZE = (120, 36)


def people(desk: Desk) -> None:
    desk.contact("Anna Abel", tags=["vip"], company="Acme")
    desk.contact("Bo Berg", tags=["vip", "old"])
    desk.contact("Carla Cruz", email="")


async def typed(pilot: Pilot[Any], app: RusvelApp, text: str) -> None:
    """Open the filter line and type."""
    await pilot.press("f")
    await settle(pilot, lambda: app.query_one(FilterLine).display)
    await pilot.press(*text)


async def test_the_list_follows_the_filter_and_esc_shows_all(desk: Desk) -> None:
    people(desk)
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "3 contacts"))
        await typed(pilot, app, "tag:vip -tag:old")
        await settle(pilot, lambda: shows(app, "▽ tag:vip -tag:old · 1 contact"))
        await pilot.press("enter")
        await settle(pilot, lambda: app.query_one(ContactsPage).contacts.has_focus)
        assert shows(app, "Anna Abel")
        assert not shows(app, "Bo Berg")
        await pilot.press("escape")
        await settle(pilot, lambda: shows(app, "3 contacts"))


async def test_giving_up_restores_the_filter_before(desk: Desk) -> None:
    people(desk)
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "3 contacts"))
        await typed(pilot, app, "no:email")
        await pilot.press("enter")
        await settle(pilot, lambda: shows(app, "▽ no:email · 1 contact"))
        await typed(pilot, app, " Zz")
        await settle(pilot, lambda: shows(app, "Nobody fits."))
        await pilot.press("escape")
        await settle(pilot, lambda: shows(app, "▽ no:email · 1 contact"))


async def test_a_mistake_is_pointed_at_and_changes_nothing(desk: Desk) -> None:
    people(desk)
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "3 contacts"))
        await typed(pilot, app, "tga:vip x")
        await settle(pilot, lambda: shows(app, "^^^"))
        await pilot.press("enter")
        assert app.query_one(FilterLine).display
        assert app.query_one(ContactsPage).filter_text == "tga"
        await pilot.press("escape")
        await settle(pilot, lambda: app.query_one(ContactsPage).filter_text == "")


async def test_a_view_is_saved_under_a_digit_and_opened_by_it(desk: Desk) -> None:
    """A wrong filter is an error beside its field; undo takes the view away again."""
    people(desk)
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "3 contacts"))
        await pilot.press("V")
        dialog = await form(pilot)
        fill(dialog, name="Very important", filter="tag:", digit="7")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: "filter" in errors(dialog))
        fill(dialog, filter="tag:vip")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: "Saved the view Very important. z to undo." in said(app))
        await settle(pilot, lambda: shows(app, "▽ Very important: tag:vip · 2 contacts"))
        await pilot.press("escape", "7")
        await settle(pilot, lambda: shows(app, "▽ Very important: tag:vip · 2 contacts"))
        await pilot.press("z", "escape")
        await settle(pilot, lambda: not desk.call("gtm.views.list").items)
        await pilot.press("7")
        await settle(pilot, lambda: "There is no view 7." in said(app))


async def test_proposed_views_stand_on_free_digits(desk: Desk) -> None:
    people(desk)
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "3 contacts"))
        await pilot.press("3")
        await settle(pilot, lambda: shows(app, "▽ No address: no:email · 1 contact"))


async def test_all_that_a_filter_found_is_acted_on(desk: Desk) -> None:
    """`X` marks what the filter shows, and nobody else."""
    people(desk)
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "3 contacts"))
        await typed(pilot, app, "tag:vip")
        await pilot.press("enter")
        await settle(pilot, lambda: shows(app, "▽ tag:vip · 2 contacts"))
        await pilot.press("X", "T")
        await settle(pilot, lambda: shows(app, "Tags of 2 people"))
        await pilot.press(*"hot", "enter")
        await settle(pilot, lambda: "Tags of 2 people changed. z to undo." in said(app))
    found = desk.call("gtm.crm.list_contacts", tag="hot").items
    assert sorted(person.name for person in found) == ["Anna Abel", "Bo Berg"]


async def test_the_board_shows_what_fits_and_the_cursor_is_on_it(desk: Desk) -> None:
    person = desk.contact("Anna Abel")
    for title, stage in (("Small", "Lead"), ("Large", "Proposal")):
        desk.call(
            "gtm.crm.add_deal",
            contact_id=person.contact_id,
            title=title,
            stage=stage,
            value="9000" if title == "Large" else "10",
        )
    app = program(desk.engine, "deals")
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "2 open deals"))
        await typed(pilot, app, "value>5k")
        await pilot.press("enter")
        await settle(pilot, lambda: shows(app, "▽ value>5k · 1 open deal"))
        current = app.query_one(DealsPage).board.current
        assert current is not None
        assert current.title == "Large"
        await pilot.press("escape")
        await settle(pilot, lambda: shows(app, "2 open deals"))
