"""Notes, tasks and calls are written down from any page."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from rusvel_tui.app import RusvelApp
from rusvel_tui.screens import CREATORS, PAGES
from rusvel_tui.screens.contacts.page import ContactsPage
from rusvel_tui.screens.shared.picker import Picker
from rusvel_tui.widgets.form import FormDialog
from tests.factories import Desk
from tests.screens.desks import errors, fill, form, said
from tests.screens.pilots import settle, shows


def program(desk: Desk, first: str = "contacts") -> RusvelApp:
    pages = tuple(entry for entry in PAGES if entry.id == first)
    makers = tuple(made for made in CREATORS if made.id in ("task", "note", "call"))
    return RusvelApp(desk.engine, pages=pages, creators=makers)


def choose(dialog: FormDialog, **values: str) -> None:
    """Pick from the lists of the form."""
    for row in dialog.rows:
        if row.field.name in values:
            control: Any = row.control
            control.value = values[row.field.name]


async def ready(pilot: Pilot[Any]) -> None:
    app: Any = pilot.app
    await settle(pilot, lambda: app.query_one(ContactsPage).contacts.current is not None)


async def test_t_086_a_call_is_written_down_with_its_outcome_and_next_step(desk: Desk) -> None:
    """From the record of a lead: what came of it stands in the timeline, what follows on the list."""
    anna = desk.contact("Anna Abel")
    app = program(desk)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        await pilot.press("c", "l")
        dialog = await form(pilot)
        assert dialog.form_title == "Call with Anna Abel"
        fill(
            dialog,
            body="Wants prices.",
            at="9:30",
            minutes="x",
            next="Send prices",
            next_at="never",
        )
        choose(dialog, outcome="interested")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: "is not a day" in errors(dialog).get("next_at", ""))
        fill(dialog, next_at="fri 14:00")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: "whole minutes" in errors(dialog).get("minutes", ""))
        fill(dialog, minutes="12")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: "still to come" in errors(dialog).get("at", ""))
        fill(dialog, at="")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: "Written down: interested, next: Send prices." in said(app))
    [call] = desk.call("gtm.crm.timeline", contact_id=anna.contact_id, kinds="call").items
    assert (call.title, call.outcome, call.duration_minutes) == ("Wants prices.", "interested", 12)
    [task] = desk.call("gtm.crm.list_tasks").items
    assert (task.subject, task.due_at.isoformat()[:16]) == ("Send prices", "2026-11-27T14:00")


async def test_a_call_of_no_more_than_an_outcome(desk: Desk) -> None:
    anna = desk.contact("Anna Abel")
    app = program(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        await pilot.press("c", "l")
        choose(await form(pilot), outcome="voicemail")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: "Written down: voicemail." in said(app))
    [call] = desk.call("gtm.crm.timeline", contact_id=anna.contact_id, kinds="call").items
    assert call.outcome == "voicemail"
    assert desk.call("gtm.crm.list_tasks").items == ()


@pytest.mark.parametrize("keys", ["n", "l"])
async def test_where_nobody_is_under_the_cursor_it_asks_for_whom(desk: Desk, keys: str) -> None:
    anna = desk.contact("Anna Abel")
    app = program(desk, "today")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "Nothing needs you."))
        await pilot.press("c", keys)
        await settle(pilot, lambda: isinstance(app.screen, Picker) and shows(app, "Anna Abel"))
        await pilot.press("enter")
        fill(await form(pilot), body="Met.")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: len(app.screen_stack) == 1)
    assert len(desk.call("gtm.crm.timeline", contact_id=anna.contact_id).items) == 1


async def test_a_task_can_be_a_call_to_make(desk: Desk) -> None:
    desk.contact("Anna Abel")
    app = program(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        await pilot.press("c", "t")
        dialog = await form(pilot)
        fill(dialog, subject="Ask about looms", due_at="mon 9:00")
        choose(dialog, kind="Call")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: "Planned for Mon 30 Nov 09:00" in said(app))
    [task] = desk.call("gtm.crm.list_tasks").items
    assert (task.kind, task.subject, task.contact) == ("Call", "Ask about looms", "Anna Abel")
