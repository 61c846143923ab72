"""What is done with contacts: enrol, tag, block, delete, copy, import; for one and for many."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.gtm.crm.people.contact_views import ContactView
from rusvel_tui.screens.contacts.page import ContactsPage
from rusvel_tui.screens.importing.contacts import ImportReport
from rusvel_tui.screens.importing.dialog import ImportDialog
from rusvel_tui.screens.sequences.enrol import EnrolCard
from rusvel_tui.screens.shared.dialogs import Confirm
from tests.factories import AGAIN, HELLO, Desk
from tests.screens.desks import program, prompt, said
from tests.screens.pilots import HOSTILE, is_safe, settle, shows

SIZE = (120, 36)


def page(app: RusvelApp) -> ContactsPage:
    return app.query_one(ContactsPage)


def people(desk: Desk) -> dict[str, ContactView]:
    return {item.name: item for item in desk.call("gtm.crm.list_contacts", limit=1000).items}


def enrolled(desk: Desk) -> list[str]:
    """Who is under way in any sequence."""
    rows = desk.call("gtm.outreach.list_enrollments", status="Active", limit=1000).items
    return sorted(row.contact for row in rows)


async def ready(pilot: Pilot[Any], app: RusvelApp) -> None:
    await settle(pilot, lambda: page(app).contacts.current is not None)


async def card(pilot: Pilot[Any], app: RusvelApp, text: str) -> None:
    """The enrolment card, with that text in it."""
    await settle(pilot, lambda: isinstance(app.screen, EnrolCard) and shows(app, text))


async def test_the_card_shows_the_first_step_before_anybody_is_enrolled(desk: Desk) -> None:
    """Each active sequence with its text and day for that person; Enter enrols, `z` takes it back."""
    desk.contact("Anna Abel", "anna@x.example")
    desk.sequence(HELLO | {"delay_days": 2}, AGAIN, name="Intro")
    desk.sequence(HELLO | {"body": "About the fair, {{first_name}}."}, name="Fair")
    desk.sequence(name="Resting", active=False)
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot, app)
        await pilot.press("S")
        await card(pilot, app, "About the fair, Anna.")
        assert not shows(app, "Resting")
        await pilot.press("j")
        await card(pilot, app, "Thu 26 Nov 09:00")
        assert shows(app, "anna@x.example")
        assert enrolled(desk) == []
        await pilot.press("enter")
        await settle(pilot, lambda: enrolled(desk) == ["Anna Abel"])
        told = "Anna Abel is enrolled in Intro; the first step is due Thu 26 Nov 09:00. z to undo."
        await settle(pilot, lambda: told in said(app))
        await pilot.press("z")
        await settle(pilot, lambda: enrolled(desk) == [])


async def test_escape_at_the_card_enrols_nobody(desk: Desk) -> None:
    desk.contact("Anna Abel")
    desk.sequence()
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot, app)
        await pilot.press("S")
        await card(pilot, app, "As Anna Abel gets it")
        await pilot.press("escape")
        await settle(pilot, lambda: page(app).contacts.has_focus)
    assert enrolled(desk) == []


async def test_without_an_active_sequence_it_says_what_to_do(desk: Desk) -> None:
    desk.contact("Anna Abel")
    desk.sequence(active=False)
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot, app)
        await pilot.press("S")
        await settle(
            pilot, lambda: "No sequence is active. Go to the sequences with g s" in said(app)
        )


async def test_many_are_enrolled_and_it_is_said_who_was_left_out(desk: Desk) -> None:
    """All that are found, one of whom must not be written to; one change, and the marks are gone then."""
    for number in range(30):
        desk.contact(f"Person A{number:02}", f"p{number}@x.example")
    desk.contact("Zoe Zander")
    desk.call("gtm.crm.suppress", address="p7@x.example")
    desk.sequence()
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot, app)
        await pilot.press("slash", *"person", "enter")
        await settle(pilot, lambda: shows(app, "30 contacts"))
        await pilot.press("X", "x", "S")
        await card(pilot, app, "Enrol 29 people")
        await card(pilot, app, "28 people would be enrolled.")
        assert shows(app, "Person A07: has no address that may be written to")
        assert enrolled(desk) == []
        await pilot.press("enter")
        await settle(pilot, lambda: "28 people are enrolled in Intro" in said(app))
        left = "One person left out: Person A07 has no address that may be written to. z to undo."
        assert left in said(app)
        assert page(app).contacts.marked_count == 0
        expected = [f"Person A{number:02}" for number in range(1, 30) if number != 7]
        assert enrolled(desk) == expected
        await pilot.press("z")
        await settle(pilot, lambda: enrolled(desk) == [])


async def test_tags_are_added_and_taken_for_the_marked(desk: Desk) -> None:
    """A tag may have a blank in it; what is there already stays as it is spelt."""
    desk.contact("Anna Abel", tags=["Lead", "old one"])
    desk.contact("Bo Berg")
    desk.contact("Carla Cruz")
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot, app)
        await pilot.press("x", "x", "T")
        (await prompt(pilot)).value = "lead, #trade fair, -Old One"
        await pilot.press("enter")
        await settle(pilot, lambda: "Tags of 2 people changed. z to undo." in said(app))
    tags = {name: person.tags for name, person in people(desk).items()}
    assert tags == {
        "Anna Abel": ("Lead", "trade fair"),
        "Bo Berg": ("lead", "trade fair"),
        "Carla Cruz": (),
    }


async def test_tags_that_change_nothing_are_no_change(desk: Desk) -> None:
    made = desk.contact("Anna Abel", tags=["lead"])
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot, app)
        await pilot.press("T")
        (await prompt(pilot)).value = "lead, -old"
        await pilot.press("enter")
        await settle(pilot, lambda: "There is nothing to change." in said(app))
    assert people(desk)["Anna Abel"].version == made.version


async def test_blocking_suppresses_all_addresses_and_ends_sequences(desk: Desk) -> None:
    """With the reason; Esc at the question changes nothing."""
    anna = desk.contact("Anna Abel", "anna@x.example", emails=["a2@x.example"])
    desk.enrol(desk.sequence(), anna)
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot, app)
        await pilot.press("B")
        await prompt(pilot)
        await pilot.press("escape")
        assert desk.call("gtm.crm.list_suppressed").items == ()
        await pilot.press("B")
        (await prompt(pilot)).value = "asked to be left alone"
        await pilot.press("enter")
        await settle(pilot, lambda: "No more mail goes to Anna Abel" in said(app))
        await settle(pilot, lambda: shows(app, "✗ no mail: anna@x.example"))
    listed = desk.call("gtm.crm.list_suppressed").items
    assert [(item.address, item.reason) for item in listed] == [
        ("a2@x.example", "asked to be left alone"),
        ("anna@x.example", "asked to be left alone"),
    ]
    assert enrolled(desk) == []


async def test_deleting_asks_with_the_name_and_can_be_undone(desk: Desk) -> None:
    """Enter alone deletes nobody: the focus stands on no."""
    desk.contact("Anna Abel")
    desk.contact("Bo Berg")
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot, app)
        await pilot.press("D")
        await settle(
            pilot, lambda: isinstance(app.screen, Confirm) and shows(app, "Delete Anna Abel?")
        )
        await pilot.press("enter")
        await settle(pilot, lambda: page(app).contacts.has_focus)
        assert len(people(desk)) == 2
        await pilot.press("D")
        await settle(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await settle(pilot, lambda: "Deleted Anna Abel. z to undo." in said(app))
        await settle(pilot, lambda: shows(app, "1 contact") and shows(app, "▌  Bo Berg"))
        await pilot.press("z")
        await settle(pilot, lambda: shows(app, "Anna Abel") and shows(app, "2 contacts"))


async def test_the_last_contact_can_be_deleted(desk: Desk) -> None:
    """Then the page is empty, its record too."""
    desk.contact("Anna Abel", title="Owner of looms")
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "Owner of looms"))
        await pilot.press("D")
        await settle(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await settle(
            pilot, lambda: shows(app, "Nobody here yet.") and not shows(app, "Owner of looms")
        )


async def test_addresses_are_copied_through_the_terminal(desk: Desk) -> None:
    """One, or those of all marked; who has none can be copied by name."""
    desk.contact("Anna Abel", "anna@x.example", emails=["a2@x.example"])
    desk.contact("Bo Berg", "bo@x.example")
    desk.contact("Carla Cruz", "")
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot, app)
        await pilot.press("y")
        await settle(pilot, lambda: app.bottom.strip.waiting)
        await pilot.press("m")
        await settle(pilot, lambda: "Copied anna@x.example." in said(app))
        assert app.clipboard == "anna@x.example"
        await pilot.press("X", "y")
        await settle(pilot, lambda: "Copied 2 addresses." in said(app))
        assert app.clipboard == "anna@x.example, bo@x.example"
        await pilot.press("escape", "G", "y")
        await settle(pilot, lambda: app.bottom.strip.waiting)
        assert "m" not in app.bottom.strip.options
        await pilot.press("n")
        await settle(pilot, lambda: "Copied Carla Cruz." in said(app))


CSV = "name,email,company\nAnna Abel,anna@x.example,Looms\nBo Berg,bo@@x.example,\nCarla Cruz,carla@x.example,\n"


async def test_an_import_shows_first_what_it_would_do(desk: Desk, tmp_path: Path) -> None:
    """Counts and rejected rows; Esc writes nothing, `w` imports."""
    file = tmp_path / "people.csv"
    file.write_text(CSV)
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "Nobody here yet."))
        for answer in ("escape", "w"):
            await pilot.press("colon")
            (await prompt(pilot)).value = f"import {file}"
            await pilot.press("enter")
            await settle(pilot, lambda: isinstance(app.screen, ImportDialog))
            await settle(pilot, lambda: shows(app, "row 3") and shows(app, "exactly one @"))
            assert people(desk) == {}
            await pilot.press(answer)
            await settle(pilot, lambda: not isinstance(app.screen, ImportDialog))
        await settle(pilot, lambda: isinstance(app.screen, ImportReport))
        await pilot.press("escape")
        await settle(pilot, lambda: "2 new, 0 changed, 0 as they were, 1 rejected" in said(app))
        await settle(pilot, lambda: shows(app, "Carla Cruz"))
    assert set(people(desk)) == {"Anna Abel", "Carla Cruz"}


async def test_the_key_asks_for_the_file_and_completes_it(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`I`, then Tab: the files of the folder rusvel was started in."""
    (tmp_path / "people.csv").write_text(CSV)
    monkeypatch.chdir(tmp_path)
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "Nobody here yet."))
        await pilot.press("I")
        line = await prompt(pilot)
        await pilot.press("tab")
        assert line.value == "people.csv"
        await pilot.press("enter")
        await settle(pilot, lambda: isinstance(app.screen, ImportDialog))


async def test_a_file_that_cannot_be_read_is_refused(desk: Desk, tmp_path: Path) -> None:
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "Nobody here yet."))
        await pilot.press("I")
        (await prompt(pilot)).value = str(tmp_path / "none.csv")
        await pilot.press("enter")
        await settle(pilot, lambda: "There is no file" in said(app))
        assert not isinstance(app.screen, ImportDialog)


@pytest.mark.parametrize("text", [text[:180] for text in HOSTILE[:13] if "\ud800" not in text])
async def test_hostile_names_in_questions(desk: Desk, text: str) -> None:
    """In the card, in the prompts, in the dialog and in what is said afterwards."""
    desk.contact(text, "x@evil.example", company=text)
    desk.sequence(HELLO | {"body": "Hi {{name|x}} of {{company|x}}."}, name=f"S {text}"[:100])
    app = program(desk.engine, "contacts")
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot, app)
        await pilot.press("S")
        await card(pilot, app, "enter enrols")
        assert is_safe(app)
        await pilot.press("enter")
        await settle(pilot, lambda: "is enrolled in" in said(app))
        await pilot.press("T")
        await prompt(pilot)
        assert is_safe(app)
        await pilot.press("escape", "D")
        await settle(pilot, lambda: isinstance(app.screen, Confirm))
        assert is_safe(app)
        await pilot.press("y")
        await settle(pilot, lambda: "Deleted" in said(app))
        assert is_safe(app)
