"""Two contacts become one from the keyboard, field by field, and two again with z."""

from __future__ import annotations

from rusvel_tui.engine.gtm.crm.people.contact_views import ContactView
from rusvel_tui.screens.contacts.duplicates import Duplicates
from rusvel_tui.screens.contacts.merge_dialog import MergeDialog
from tests.factories import Desk
from tests.screens.desks import program, said
from tests.screens.pilots import HOSTILE, is_safe, settle, shows

SIZE = (120, 36)


def twins(desk: Desk) -> tuple[ContactView, ContactView]:
    one = desk.contact(
        "Anna Abel", "anna@acme.example", title="Owner", phones=["+49 30 5550001"], tags=["vip"]
    )
    two = desk.contact(
        "Anne Abel",
        "anna@home.example",
        title="Founder",
        phones=["+49 30 5550001"],
        tags=["fair"],
    )
    return one, two


def people(desk: Desk) -> list[ContactView]:
    return list(desk.call("gtm.crm.list_contacts").items)


async def test_two_marked_contacts_are_merged_field_by_field(desk: Desk) -> None:
    one, _ = twins(desk)
    desk.contact("Bo Berg")
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "3 contacts"))
        await pilot.press("x", "x", "equals_sign")
        await settle(pilot, lambda: isinstance(app.screen, MergeDialog) and shows(app, "● Owner"))
        dialog = app.screen
        assert isinstance(dialog, MergeDialog)
        title = next(n for n, line in enumerate(dialog.lines) if line.field.field == "title")
        for _ in range(title):
            await pilot.press("j")
        await pilot.press("l")
        await settle(pilot, lambda: shows(app, "● Founder"))
        await pilot.press("enter")
        await settle(pilot, lambda: "z makes them two again." in said(app))
        [anna, _] = people(desk)
        assert anna.title == "Founder"
        assert {email.address for email in anna.emails} == {
            "anna@acme.example",
            "anna@home.example",
        }
        assert set(anna.tags) == {"vip", "fair"}
        await pilot.press("z")
        await settle(pilot, lambda: len(people(desk)) == 3)
    assert desk.call("gtm.crm.get_contact", contact_id=one.contact_id).title == "Owner"


async def test_the_other_one_may_stay(desk: Desk) -> None:
    one, two = twins(desk)
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "2 contacts"))
        await pilot.press("X", "equals_sign")
        await settle(pilot, lambda: isinstance(app.screen, MergeDialog))
        dialog = app.screen
        assert isinstance(dialog, MergeDialog)
        stays = dialog.answer.keep_id
        await pilot.press("s", "enter")
        await settle(pilot, lambda: "z makes them two again." in said(app))
    [left] = people(desk)
    assert {stays, left.contact_id} == {one.contact_id, two.contact_id}


async def test_the_queue_forgets_a_pair_that_is_two_people(desk: Desk) -> None:
    twins(desk)
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "2 contacts"))
        await pilot.press("equals_sign")
        await settle(
            pilot, lambda: isinstance(app.screen, Duplicates) and shows(app, "the same phone")
        )
        await pilot.press("x")
        await settle(pilot, lambda: shows(app, "No two contacts look like one person."))
        await pilot.press("escape")
    assert len(people(desk)) == 2


async def test_one_mark_is_not_enough(desk: Desk) -> None:
    twins(desk)
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "2 contacts"))
        await pilot.press("x", "equals_sign")
        await settle(pilot, lambda: "Mark the two contacts" in said(app))


async def test_hostile_names_are_only_text(desk: Desk) -> None:
    for name in HOSTILE[:8]:
        desk.contact(f"{name} Abel" if name.strip() else "X", phones=["+49 30 5550001"])
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "8 contacts"))
        await pilot.press("equals_sign")
        await settle(pilot, lambda: isinstance(app.screen, Duplicates) and shows(app, "phone"))
        assert is_safe(app)
        await pilot.press("enter")
        await settle(pilot, lambda: isinstance(app.screen, MergeDialog) and shows(app, "phones"))
        assert is_safe(app)
