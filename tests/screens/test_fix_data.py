"""What drafts lack is filled in from the inbox: a better first name with one key, missing fields one by one."""

from __future__ import annotations

from rusvel_tui.app import RusvelApp
from rusvel_tui.screens import Entry
from rusvel_tui.screens.inbox.page import InboxPage
from tests.factories import HELLO, Desk
from tests.screens.desks import said
from tests.screens.pilots import settle, shows

INBOX = (Entry("inbox", "Inbox", "Inbox", "i", "rusvel_tui.screens.inbox.page:InboxPage"),)
GREETING = {
    **HELLO,
    "subject": "Hello {{first_name|there}}",
    "body": "Hi {{first_name|there}}, a word about looms.",
}
NEEDS_COMPANY = {
    **HELLO,
    "subject": "Looms",
    "body": "How do looms fare at {{company}} these days? I wonder.",
}


async def test_a_key_takes_the_proposed_name(desk: Desk) -> None:
    person = desk.contact("MARIE CURIE", first_name="MARIE")
    desk.drafted(GREETING, contact=person)
    app = RusvelApp(desk.engine, None, pages=INBOX, creators=())
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot, lambda: app.query_one(InboxPage).mail is not None)
        await settle(pilot, lambda: shows(app, "all capitals. F makes it"))
        await pilot.press("F")
        await settle(pilot, lambda: "The first name is Marie now" in said(app))
    assert desk.call("gtm.crm.get_contact", contact_id=person.contact_id).first_name == "Marie"


async def test_missing_fields_are_filled_in_one_after_the_other(desk: Desk) -> None:
    people = [desk.contact(name) for name in ("Ada", "Bob", "Eve")]
    sequence = desk.sequence(NEEDS_COMPANY)
    for person in people:
        desk.enrol(sequence, person)
    desk.work()
    app = RusvelApp(desk.engine, None, pages=INBOX, creators=())
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot, lambda: shows(app, "Nothing waits for you."))
        await pilot.press("m")
        await settle(pilot, lambda: shows(app, "company (3)"))
        await pilot.press("1")
        await settle(pilot, lambda: shows(app, "company of Ada (1 of 3)"))
        await pilot.press(*"Adaco", "enter")
        await settle(pilot, lambda: shows(app, "company of Bob (2 of 3)"))
        await pilot.press("enter")
        await settle(pilot, lambda: shows(app, "company of Eve (3 of 3)"))
        await pilot.press(*"Evo", "escape")
        await settle(pilot, lambda: "Filled in company for 1." in said(app))
    found = [desk.call("gtm.crm.get_contact", contact_id=p.contact_id).company for p in people]
    assert found == ["Adaco", "", ""]


async def test_nothing_missing_is_said(desk: Desk) -> None:
    app = RusvelApp(desk.engine, None, pages=INBOX, creators=())
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot, lambda: shows(app, "Nothing waits for you."))
        await pilot.press("m")
        await settle(pilot, lambda: "Nothing is missing for the mails ahead." in said(app))
