"""The record of a contact with its timeline: reached by keys, enrolled from, and up to date."""

from __future__ import annotations

from typing import Any

from textual.pilot import Pilot

from rusvel_tui.app import RusvelApp
from rusvel_tui.screens import CREATORS, PAGES
from rusvel_tui.screens.contacts.page import ContactsPage
from rusvel_tui.screens.sequences.enrol import EnrolCard
from rusvel_tui.screens.timeline.pane import TimelinePane
from tests.factories import Desk, enrollment
from tests.screens.desks import fill, form, said
from tests.screens.pilots import press, settle, shows


def program(desk: Desk, *ids: str) -> RusvelApp:
    pages = tuple(sorted((e for e in PAGES if e.id in ids), key=lambda entry: ids.index(entry.id)))
    return RusvelApp(desk.engine, pages=pages, creators=CREATORS)


async def opened(pilot: Pilot[Any], text: str) -> TimelinePane:
    """The record of the first contact."""
    app: Any = pilot.app
    await settle(pilot, lambda: app.query_one(ContactsPage).contacts.current is not None)
    await press(pilot, "enter")
    await settle(pilot, lambda: shows(app, text))
    found: TimelinePane = app.query_one(TimelinePane)
    return found


async def test_t_080_contacts_are_a_key_away_and_say_what_to_do_when_there_is_none(
    desk: Desk,
) -> None:
    app = program(desk, "today", "contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "Nothing needs you."))
        await press(pilot, "g", "c")
        await settle(pilot, lambda: shows(app, "Nobody here yet."))
        await press(pilot, "c", "c")
        fill(await form(pilot), name="Grace Hopper")
        await press(pilot, "ctrl+s")
        await settle(pilot, lambda: shows(app, "1 contact") and shows(app, "Grace Hopper"))


async def test_c_129_the_card_for_enrolling_works_on_the_record(desk: Desk) -> None:
    """And the timeline beside it says so at once."""
    person = desk.contact("Grace Hopper")
    desk.sequence(name="Intro")
    app = program(desk, "contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot, "Nothing yet.")
        await press(pilot, "S")
        await settle(pilot, lambda: isinstance(app.screen, EnrolCard) and shows(app, "Intro"))
        await press(pilot, "enter")
        await settle(pilot, lambda: "Grace Hopper is enrolled in Intro" in said(app))
        await settle(pilot, lambda: shows(app, "Enrolled in Intro"))
    assert enrollment(desk, person.contact_id).status == "Active"


async def test_t_082_a_stage_move_of_another_process_appears(desk: Desk) -> None:
    person = desk.contact("Grace Hopper")
    deal = desk.call("gtm.crm.add_deal", contact_id=person.contact_id, title="Looms")
    app = program(desk, "contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot, "Nothing yet.")
        desk.call("gtm.crm.advance_deal", deal_id=deal.deal_id, stage="Qualified")
        await settle(pilot, lambda: shows(app, "Lead → Qualified"))


async def test_t_085_a_note_from_the_record_is_on_top(desk: Desk) -> None:
    person = desk.contact("Grace Hopper")
    desk.call("gtm.crm.add_note", body="Older.", contact_id=person.contact_id)
    app = program(desk, "contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        past = await opened(pilot, "Older.")
        await press(pilot, "c", "n")
        fill(await form(pilot), body="Newer.")
        await press(pilot, "ctrl+s")
        await settle(
            pilot, lambda: [item.title for item in past.feed.items] == ["Newer.", "Older."]
        )


async def test_it_reads_only_while_it_is_seen(desk: Desk) -> None:
    """Closed, it is about nobody; on another page it waits, and catches up when it comes back."""
    person = desk.contact("Grace Hopper")
    app = program(desk, "contacts", "today")
    async with app.run_test(size=(120, 36)) as pilot:
        past = await opened(pilot, "Nothing yet.")
        await press(pilot, "g", "t")
        await settle(pilot, lambda: shows(app, "Nothing needs you."))
        assert not past.seen
        desk.call("gtm.crm.add_note", body="Meanwhile.", contact_id=person.contact_id)
        await settle(pilot, lambda: past._stale)
        assert past.entries == ()
        await press(pilot, "g", "c")
        await settle(pilot, lambda: shows(app, "Meanwhile."))
        await press(pilot, "escape")
        await settle(pilot, lambda: past.whose == {})
        assert past.feed.items == ()
