"""A call, a meeting or a task is written down in the words that a person says it in."""

from __future__ import annotations

from typing import Any

from textual.pilot import Pilot

from rusvel_tui.app import RusvelApp
from rusvel_tui.screens import CREATORS, PAGES
from rusvel_tui.screens.contacts.page import ContactsPage
from tests.factories import Desk
from tests.screens.desks import STORABLE, errors, fill, form, said
from tests.screens.pilots import is_safe, settle, shows

LINE = "called Grace yesterday for 20 minutes, wants a quote by Friday"


def program(desk: Desk, first: str = "deals") -> RusvelApp:
    pages = tuple(entry for entry in PAGES if entry.id == first)
    return RusvelApp(
        desk.engine, pages=pages, creators=tuple(one for one in CREATORS if one.id == "jot")
    )


async def opened(pilot: Pilot[Any], text: str) -> Any:
    """The dialog with a line in it."""
    await pilot.press("c", "j")
    dialog = await form(pilot)
    fill(dialog, text=text)
    return dialog


async def test_t_076_a_line_is_read_while_it_is_typed_and_becomes_the_call_and_what_follows(
    desk: Desk,
) -> None:
    """T-076: the words are read, shown as fields, and written down only after ctrl+s; `z` takes it back."""
    grace = desk.contact("Grace Hopper")
    app = program(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "Lead"))
        await opened(pilot, LINE)
        await settle(pilot, lambda: shows(app, "→ call with Grace Hopper"))
        assert shows(app, "20 minutes")
        assert shows(app, "next: Wants a quote")
        assert desk.call("gtm.crm.timeline", contact_id=grace.contact_id).items == ()
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: "Written down: call with Grace Hopper" in said(app))
        [call] = desk.call("gtm.crm.timeline", contact_id=grace.contact_id, kinds="call").items
        assert (call.at.isoformat()[:10], call.duration_minutes) == ("2026-11-23", 20)
        [task] = desk.call("gtm.crm.list_tasks").items
        assert (task.subject, task.due_at.isoformat()[:10]) == ("Wants a quote", "2026-11-27")
        await pilot.press("z")
        await settle(pilot, lambda: desk.call("gtm.crm.list_tasks").items == ())
    assert desk.call("gtm.crm.timeline", contact_id=grace.contact_id).items == ()


async def test_t_076_whom_a_line_leaves_open_is_asked_for(desk: Desk) -> None:
    """T-076: nobody is guessed where two fit; the page's own contact counts where nobody is named."""
    desk.contact("Grace Hopper")
    desk.contact("Grace Kelly")
    app = program(desk, "contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot, lambda: app.query_one(ContactsPage).contacts.current is not None)
        dialog = await opened(pilot, "called Grace yesterday")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: "Whom do you mean: Grace" in errors(dialog).get("text", ""))
        fill(dialog, text="called yesterday, no answer")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: "Written down: call with Grace" in said(app))
        here = app.query_one(ContactsPage).subject
    assert here is not None
    [call] = desk.call("gtm.crm.timeline", contact_id=here.contact_id, kinds="call").items
    assert call.outcome == "no answer"


async def test_something_to_do_needs_nobody(desk: Desk) -> None:
    app = program(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "Lead"))
        dialog = await opened(pilot, "met somebody")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: "Name the person" in errors(dialog).get("text", ""))
        fill(dialog, text="send the price list in 3 days")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: "Written down: task" in said(app))
    [task] = desk.call("gtm.crm.list_tasks").items
    assert task.due_at.isoformat()[:10] == "2026-11-27"


async def test_hostile_words_are_shown_plainly(desk: Desk) -> None:
    desk.contact("Grace [/] Hopper")
    app = program(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "Lead"))
        dialog = await opened(pilot, f"called Grace, wants {STORABLE[0]} tomorrow")
        await settle(pilot, lambda: shows(app, "→ call with Grace [/] Hopper"))
        assert is_safe(app)
        await pilot.press("escape", "escape")
        await settle(pilot, lambda: app.screen is not dialog)
