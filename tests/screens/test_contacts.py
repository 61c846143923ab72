"""The contacts page from the keyboard: look, find, add, edit, follow others."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from textual.pilot import Pilot

from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.gtm.crm.people.contact_views import ContactView
from rusvel_tui.screens.contacts.page import ContactsPage
from tests.factories import AGAIN, HELLO, Desk
from tests.screens.desks import (
    OTHER_PROCESS,
    STORABLE,
    errors,
    fill,
    form,
    operations,
    program,
    prompt,
    said,
)
from tests.screens.pilots import is_safe, settle, shows

WIDE, NARROW = (120, 36), (80, 24)


def page(app: RusvelApp) -> ContactsPage:
    return app.query_one(ContactsPage)


def name(app: RusvelApp) -> str:
    """Who the cursor is on."""
    row = page(app).contacts.current
    return row.name if row is not None else ""


def recorded(app: RusvelApp) -> str:
    """Whose record is shown."""
    record = page(app).record
    return record.contact.name if record is not None else ""


def idle(app: RusvelApp) -> bool:
    """Nothing is being read; only the feed of news goes on."""
    return {worker.group for worker in app.workers} == {"feed"}


async def ready(pilot: Pilot[Any], app: RusvelApp, who: str = "") -> None:
    """The cursor is on somebody, and their record is there if it is to be seen."""
    await settle(pilot, lambda: name(app) == who if who else page(app).contacts.current)
    if page(app).pane.display:
        await settle(pilot, lambda: page(app).record is not None)


def people(desk: Desk) -> dict[str, ContactView]:
    return {item.name: item for item in desk.call("gtm.crm.list_contacts").items}


async def test_the_list_says_who_cannot_be_written_to(desk: Desk) -> None:
    """By a sign and a word; the record says why."""
    desk.contact("Anna Abel", "anna@x.example", company="Looms", tags=["fair", "lead"])
    desk.contact("Bo Berg", "bo@x.example")
    desk.call("gtm.crm.suppress", address="bo@x.example")
    app = program(desk.engine, "contacts")
    async with app.run_test(size=(160, 40)) as pilot:
        await ready(pilot, app, "Anna Abel")
        assert shows(app, "2 contacts")
        assert shows(app, "#fair #lead")
        assert shows(app, "✗ no mail: bo@x.example")
        await pilot.press("j")
        await settle(pilot, lambda: shows(app, "✗ opted out"))


async def test_the_record_tells_everything(desk: Desk) -> None:
    """Addresses, own fields, notes, deals, sequences, what is planned and what happened."""
    anna = desk.contact(
        "Anna Abel", "anna@x.example", emails=["a2@x.example"], company="Looms", title="Owner",
        phones=["+49 30 123456"], fields={"Machines": "14 looms"}, notes="Likes mornings.",
    )  # fmt: skip
    desk.call("gtm.crm.add_deal", contact_id=anna.contact_id, title="Board", value="1250")
    desk.call("gtm.crm.add_note", contact_id=anna.contact_id, body="Met at the fair.")
    desk.call("gtm.crm.add_task", contact_id=anna.contact_id, subject="Call her")
    desk.enrol(desk.sequence(HELLO, AGAIN), anna)
    app = program(desk.engine, "contacts")
    async with app.run_test(size=(120, 50)) as pilot:
        await ready(pilot, app)
        await pilot.press("enter")
        for text in (
            "Owner · Looms", "a2@x.example", "+49 30 123456", "14 looms", "Likes mornings.",
            "Board · 1,250.00 EUR", "Intro, step 1 of 2", "Call her", "note      Met at the fair.", "by hand",
        ):  # fmt: skip
            await settle(pilot, partial(shows, app, text))


async def test_enter_opens_the_record_and_escape_closes_it(desk: Desk) -> None:
    """On a narrow terminal, too, where it is not beside the list."""
    desk.contact("Anna Abel", title="Owner of looms")
    app = program(desk.engine, "contacts")
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot, app)
        assert not shows(app, "Owner of looms")
        await pilot.press("enter")
        await settle(pilot, lambda: shows(app, "Owner of looms"))
        assert not page(app).contacts.display
        await pilot.press("escape")
        await settle(pilot, lambda: page(app).contacts.has_focus)
        assert page(app).contacts.display


@pytest.mark.parametrize(("size", "at_first"), [(WIDE, True), (NARROW, False)])
async def test_p_shows_and_hides_the_record(
    desk: Desk, size: tuple[int, int], at_first: bool
) -> None:
    """Beside the list on wide terminals, below it on narrow ones."""
    desk.contact("Anna Abel", title="Owner of looms")
    app = program(desk.engine, "contacts")

    def seen(shown: bool) -> bool:
        return shows(app, "Owner of looms") == shown

    async with app.run_test(size=size) as pilot:
        await ready(pilot, app)
        for shown in (at_first, not at_first, at_first):
            await settle(pilot, partial(seen, shown))
            assert page(app).contacts.display
            await pilot.press("p")


async def test_a_wider_terminal_brings_the_record(desk: Desk) -> None:
    desk.contact("Anna Abel", title="Owner of looms")
    app = program(desk.engine, "contacts")
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot, app)
        await pilot.resize_terminal(*WIDE)
        await settle(pilot, lambda: shows(app, "Owner of looms"))


async def test_finding_follows_every_letter_and_escape_restores(desk: Desk) -> None:
    """Esc at the prompt brings back list and cursor; Enter keeps what was found, Esc then shows all."""
    for who in ("Anna Abel", "Bo Berg", "Björn Borg", "Carla Cruz"):
        desk.contact(who)
    app = program(desk.engine, "contacts")
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot, app)
        await pilot.press("G", "slash")
        await prompt(pilot)
        await pilot.press("b", "j", "o")
        await settle(pilot, lambda: shows(app, "“bjo” · 1 contact ·"))
        assert name(app) == "Björn Borg"
        await pilot.press("escape")
        await settle(pilot, lambda: shows(app, "4 contacts") and name(app) == "Carla Cruz")
        await pilot.press("slash", "b", "o", "enter")
        await settle(pilot, lambda: shows(app, "“bo” · 2 contacts"))
        assert page(app).contacts.has_focus
        await pilot.press("j")
        await settle(pilot, lambda: name(app) == "Björn Borg")
        await pilot.press("escape")
        await settle(pilot, lambda: shows(app, "4 contacts") and name(app) == "Björn Borg")


async def test_nobody_found_says_how_to_go_back(desk: Desk) -> None:
    desk.contact("Anna Abel")
    app = program(desk.engine, "contacts")
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot, app)
        await pilot.press("slash", "z", "z", "enter")
        await settle(pilot, lambda: shows(app, "Nobody fits. Esc shows all."))
        await pilot.press("e", "S", "D", "T", "B", "y", "escape")
        await settle(pilot, lambda: name(app) == "Anna Abel")


async def test_a_contact_is_added_from_anywhere(desk: Desk) -> None:
    """`c c` on the deals page; the form keeps what was typed until it is right."""
    desk.contact("Bo Berg", "bo@x.example")
    app = program(desk.engine, "deals")
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("c", "c")
        dialog = await form(pilot)
        fill(dialog, name="Anna Abel", email="anna@@x.example", phones="+49 30 1")
        await pilot.press("enter")
        await settle(pilot, lambda: errors(dialog))
        assert set(errors(dialog)) == {"email"}
        fill(dialog, email="bo@x.example")
        await pilot.press("enter")
        await settle(pilot, lambda: "belongs to Bo Berg" in errors(dialog).get("email", ""))
        fill(dialog, email="anna@x.example, a2@x.example", tags="fair, trade show")
        await pilot.press("enter")
        await settle(pilot, lambda: "Added Anna Abel. z to undo." in said(app))
        anna = people(desk)["Anna Abel"]
        assert [email.address for email in anna.emails] == ["anna@x.example", "a2@x.example"]
        assert anna.tags == ("fair", "trade show")
        await pilot.press("z")
        await settle(pilot, lambda: "Anna Abel" not in people(desk))


async def test_a_new_contact_is_shown_wherever_it_is(desk: Desk) -> None:
    """Also far down a list of which only the top is here, and although something else was searched for."""
    for number in range(250):
        desk.contact(f"Person A{number:03}")
    app = program(desk.engine, "contacts")
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot, app)
        await pilot.press("slash", "a", "0", "enter", "c", "c")
        fill(await form(pilot), name="Zoe Zander")
        await pilot.press("enter")
        await settle(pilot, lambda: name(app) == "Zoe Zander")
        assert shows(app, "251 contacts")


async def test_editing_changes_only_what_was_changed(desk: Desk) -> None:
    """Own fields with colons and line ends survive; an emptied one goes, a new one comes."""
    made = desk.contact(
        "Anna Abel", "anna@x.example", notes="a\nb",
        fields={"Chat: work": "x: y", "Story": "one\ntwo", "Old": "gone"},
    )  # fmt: skip
    app = program(desk.engine, "contacts")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        await pilot.press("e")
        dialog = await form(pilot)
        fill(dialog, title="Owner", more="Looms: 14", **{"own:Old": ""})
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: "Changed Anna Abel. z to undo." in said(app))
        anna = people(desk)["Anna Abel"]
        assert anna.title == "Owner"
        assert anna.fields == {"Chat: work": "x: y", "Story": "one\ntwo", "Looms": "14"}
        assert (anna.notes, anna.emails) == (made.notes, made.emails)
        await settle(pilot, lambda: shows(app, "Owner"))


async def test_saving_nothing_writes_nothing(desk: Desk) -> None:
    made = desk.contact("Anna Abel", fields={"Story": "a  b"}, tags=["x"])
    app = program(desk.engine, "contacts")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        await pilot.press("e")
        await form(pilot)
        await pilot.press("enter")
        await settle(pilot, lambda: page(app).contacts.has_focus)
    assert people(desk)["Anna Abel"].version == made.version


async def test_wrong_values_are_told_beside_their_fields(desk: Desk) -> None:
    """What can be seen before anything is stored is told together."""
    desk.contact("Anna Abel", "anna@x.example")
    app = program(desk.engine, "contacts")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        await pilot.press("e")
        dialog = await form(pilot)
        fill(dialog, email="x@", timezone="Mars/Base", phones="ab")
        await pilot.press("enter")
        await settle(pilot, lambda: set(errors(dialog)) == {"email", "timezone"})
        fill(dialog, email="", timezone="Europe/Berlin")
        await pilot.press("enter")
        await settle(pilot, lambda: "phone" in errors(dialog).get("phones", ""))
        fill(dialog, phones="", more="no colon")
        await pilot.press("enter")
        await settle(pilot, lambda: "name: value" in errors(dialog).get("more", ""))


async def test_a_conflict_shows_both_values_and_loses_none(desk: Desk) -> None:
    """Other fields of the other side are kept; saving again keeps one's own word."""
    anna = desk.contact("Anna Abel", company="Looms", title="Owner")
    app = program(desk.engine, "contacts")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        await pilot.press("e")
        dialog = await form(pilot)
        fill(dialog, company="Looms Ltd")
        desk.call(
            "gtm.crm.update_contact", contact_id=anna.contact_id, company="Weavers", title="CEO"
        )
        await pilot.press("enter")
        await settle(pilot, lambda: "Weavers" in errors(dialog).get("company", ""))
        assert dialog.values["company"] == "Looms Ltd"
        assert people(desk)["Anna Abel"].company == "Weavers"
        await pilot.press("enter")
        await settle(pilot, lambda: people(desk)["Anna Abel"].company == "Looms Ltd")
    assert people(desk)["Anna Abel"].title == "CEO"


async def test_notes_and_tasks_are_for_whom_the_cursor_is_on(desk: Desk) -> None:
    """`c n` and `c t`; a day that cannot be read is refused beside its field."""
    anna = desk.contact("Anna Abel")
    app = program(desk.engine, "contacts")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        await pilot.press("c", "n")
        fill(await form(pilot), body="Met at the fair.")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: shows(app, "note: Met at the fair."))
        await pilot.press("c", "t")
        dialog = await form(pilot)
        fill(dialog, subject="Call her", due_at="someday")
        await pilot.press("enter")
        await settle(pilot, lambda: "is not a day" in errors(dialog).get("due_at", ""))
        fill(dialog, due_at="fri 14:00")
        await pilot.press("enter")
        await settle(pilot, lambda: "Planned for Fri 27 Nov 14:00: Call her" in said(app))
    tasks = desk.call("gtm.crm.list_tasks", contact_id=anna.contact_id).items
    assert [task.subject for task in tasks] == ["Call her"]


async def test_the_page_follows_another_process(desk: Desk) -> None:
    """Somebody else changes the person under the cursor: list and record show it by themselves."""
    anna = desk.contact("Anna Abel")
    app = program(desk.engine, "contacts")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        change = {"contact_id": anna.contact_id, "company": "Weavers", "title": "Founder"}
        other = [sys.executable, "-c", OTHER_PROCESS, str(desk.engine.path),
                 "gtm.crm.update_contact", json.dumps(change)]  # fmt: skip
        await asyncio.to_thread(subprocess.run, other, check=True)
        await settle(pilot, lambda: shows(app, "Founder · Weavers"))


async def test_moving_asks_the_engine_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """No query for a key within the rows that are here; with the record, one when the cursor rests."""
    for number in range(80):
        desk.contact(f"Person A{number:03}")
    app = program(desk.engine, "contacts")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        await settle(pilot, lambda: idle(app))
        with operations(desk.engine, monkeypatch) as seen:
            await pilot.press("p", *"jjjjjjjjkkkk", "G", "g", "g")
            assert seen == []
            await pilot.press("p")
            await settle(pilot, lambda: "gtm.crm.get_contact" in seen and idle(app))
            seen.clear()
            for _ in range(10):
                page(app).contacts.action_move(1)
            await settle(pilot, lambda: recorded(app) == name(app) == "Person A010")
            assert seen.count("gtm.crm.get_contact") == 1
            assert "gtm.crm.contact_rows" not in seen


async def test_hostile_contacts_are_only_text(desk: Desk) -> None:
    """In the list, the record, the form, and the messages; no link, no control character, no crash."""
    for number, text in enumerate(STORABLE):
        desk.contact(
            text, f"h{number}@evil.example", company=text, title=text, tags=[text], notes=text,
            fields={text or "x": text},
        )  # fmt: skip
    app = program(desk.engine, "contacts")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        for _ in STORABLE:
            await settle(pilot, lambda: page(app).record is not None)
            assert is_safe(app)
            await pilot.press("j")
        await pilot.press("g", "g", "j", "j", "j", "enter", "e")
        dialog = await form(pilot)
        assert is_safe(app)
        fill(dialog, title="[/] changed")
        await pilot.press("enter")
        await settle(pilot, lambda: "Changed" in said(app))
        assert is_safe(app)


def test_snapshot_contacts_wide(desk: Desk, snap: Callable[..., bool]) -> None:
    """The list and the record side by side."""
    furnish(desk)

    async def shown(pilot: Pilot[Any]) -> None:
        await ready(pilot, pilot.app)  # type: ignore[arg-type]
        await pilot.press("x", "x")
        await settle(
            pilot, lambda: shows(pilot.app, "2 marked") and shows(pilot.app, "Carla Cruz ")
        )
        await settle(pilot, lambda: shows(pilot.app, "Head of Weaving"))

    assert snap(program(desk.engine, "contacts"), run_before=shown, terminal_size=WIDE)


def test_snapshot_contacts_narrow(desk: Desk, snap: Callable[..., bool]) -> None:
    """The list alone, with the search that made it short."""
    furnish(desk)

    async def shown(pilot: Pilot[Any]) -> None:
        await ready(pilot, pilot.app)  # type: ignore[arg-type]
        await pilot.press("slash", "a", "b")
        await settle(pilot, lambda: shows(pilot.app, "“ab” · 1 contact"))

    assert snap(program(desk.engine, "contacts"), run_before=shown, terminal_size=NARROW)


def test_snapshot_contacts_empty(desk: Desk, snap: Callable[..., bool]) -> None:
    """Nobody yet: what to do next."""

    async def shown(pilot: Pilot[Any]) -> None:
        await settle(pilot, lambda: shows(pilot.app, "Nobody here yet."))
        await settle(pilot, lambda: shows(pilot.app, "nothing to approve"))

    assert snap(program(desk.engine, "contacts"), run_before=shown, terminal_size=NARROW)


def furnish(desk: Desk) -> None:
    """People of every kind."""
    anna = desk.contact(
        "Anna Abel", "anna@looms.example", company="Looms Ltd", title="Owner", phones=["+49 30 123"]
    )
    desk.contact("Bo Berg", "bo@berg.example", tags=["lead"])
    carla = desk.contact(
        "Carla Cruz", "carla@silk.example", company="Silk & Sons", title="Head of Weaving",
        tags=["fair", "lead"], notes="Prefers a call in the morning.", fields={"Machines": "14"},
    )  # fmt: skip
    desk.contact("王小明", "wang@silk.example", company="[bold]Silk[/]")
    desk.call("gtm.crm.suppress", address="bo@berg.example", reason="asked")
    desk.call("gtm.crm.add_deal", contact_id=carla.contact_id, title="Yearly plan", value="2400")
    desk.call("gtm.crm.add_note", contact_id=carla.contact_id, body="Met at the fair in Lyon.")
    desk.call("gtm.crm.add_task", contact_id=carla.contact_id, subject="Send the price list")
    desk.enrol(desk.sequence(), carla)
    desk.enrol(desk.sequence(name="Nurture"), anna)


async def test_somebody_who_may_be_here_already_is_named_while_typing(desk: Desk) -> None:
    """The warning keeps nobody from saving."""
    desk.contact("Anna Abel", phones=["+49 30 5550001"])
    app = program(desk.engine, "contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot, app)
        await pilot.press("c", "c")
        dialog = await form(pilot)
        fill(dialog, name="A. Abel", phones="+49 30 5550001")
        await settle(pilot, lambda: shows(app, "! May be here already: Anna Abel (the same phone"))
        fill(dialog, phones="+49 30 5559999", name="Zoe Zimmer")
        await settle(pilot, lambda: not shows(app, "May be here already"))
        fill(dialog, phones="+49 30 5550001")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: "Added Zoe Zimmer" in said(app))
