"""The companies page from the keyboard: find, open with the timeline, change, delete, go to the people."""

from __future__ import annotations

from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.core import Engine
from rusvel_tui.screens import CREATORS, PAGES
from rusvel_tui.screens.companies.page import CompaniesPage
from rusvel_tui.screens.contacts.page import ContactsPage
from rusvel_tui.screens.shared.dialogs import Confirm
from tests.factories import Desk
from tests.screens.desks import STORABLE, fill, form, said
from tests.screens.pilots import is_safe, settle, shows

SIZE = (120, 36)


def program(engine: Engine) -> RusvelApp:
    """The real application with companies in front, and contacts and deals."""
    pages = [entry for entry in PAGES if entry.id in ("companies", "contacts", "deals")]
    pages.sort(key=lambda entry: entry.id != "companies")
    return RusvelApp(engine, pages=pages, creators=[c for c in CREATORS if c.id == "company"])


def firms(desk: Desk) -> None:
    anna = desk.contact("Anna Abel", company="Acme", title="Owner")
    desk.contact("Bo Berg", company='Berg "& Sons"')
    desk.call("gtm.crm.add_deal", contact_id=anna.contact_id, title="Board", value="1200")


async def test_a_company_is_shown_with_its_people_and_deals(desk: Desk) -> None:
    firms(desk)
    app = program(desk.engine)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "2 companies"))
        await settle(pilot, lambda: shows(app, "Anna Abel, Owner"))
        assert shows(app, "Board · 1,200 EUR · Anna Abel")
        assert shows(app, "Lead")
        await pilot.press("enter")
        await settle(pilot, lambda: shows(app, "Works at Acme"))
        await pilot.press("escape")
        await settle(pilot, lambda: app.query_one(CompaniesPage).companies.has_focus)


async def test_finding_follows_the_typing(desk: Desk) -> None:
    firms(desk)
    app = program(desk.engine)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "2 companies"))
        await pilot.press("slash", *"berg")
        await settle(pilot, lambda: shows(app, "“berg” · 1 company"))
        await pilot.press("escape")
        await settle(pilot, lambda: shows(app, "2 companies"))


async def test_a_company_is_added_changed_and_deleted(desk: Desk) -> None:
    """Each can be taken back; the people stay."""
    firms(desk)
    app = program(desk.engine)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "2 companies"))
        await pilot.press("c", "o")
        fill(await form(pilot), name="Zebra", domain="zebra.example")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: "Added Zebra. z to undo." in said(app))
        await settle(pilot, lambda: shows(app, "3 companies"))
        await pilot.press("g", "g", "e")
        fill(await form(pilot), name="Acme Ltd")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: "Changed Acme Ltd. z to undo." in said(app))
        await pilot.press("D")
        await settle(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await settle(pilot, lambda: "Deleted Acme Ltd. z to undo." in said(app))
        await settle(pilot, lambda: shows(app, "2 companies"))
        await pilot.press("z")
        await settle(pilot, lambda: shows(app, "3 companies"))
    [anna] = desk.call("gtm.crm.list_contacts", query="Anna").items
    assert anna.company == "Acme Ltd"


async def test_its_people_are_shown_in_the_contacts(desk: Desk) -> None:
    """Also where the name has quotes in it."""
    firms(desk)
    app = program(desk.engine)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "2 companies"))
        await pilot.press("j", "O")
        await settle(pilot, lambda: bool(app.query(ContactsPage)) and shows(app, "Bo Berg"))
        await settle(pilot, lambda: shows(app, "· 1 contact ·"))
        assert not shows(app, "Anna Abel")
        await pilot.press("O")
        await settle(
            pilot, lambda: app.query_one(CompaniesPage).display and shows(app, "2 companies")
        )


async def test_hostile_names_are_only_text(desk: Desk) -> None:
    for number, name in enumerate(STORABLE):
        desk.contact(f"P{number}", company=name)
    app = program(desk.engine)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "companies"))
        assert is_safe(app)
        await pilot.press("enter")
        await settle(pilot, lambda: shows(app, "Works at"))
        assert is_safe(app)
