"""The box of proposals from the keyboard: read what would change, approve, reject, edit, go where it belongs."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.agent.proposals.cards import ProposalState, ProposalView
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from rusvel_tui.screens import PAGES, Entry
from rusvel_tui.screens.inbox.page import InboxPage
from rusvel_tui.widgets.form import FormDialog
from tests.engine.agent.proposals.asking import ask, lines, seen
from tests.factories import Desk, box
from tests.screens.desks import said
from tests.screens.pilots import HOSTILE, is_safe, screen_lines, settle, shows

INBOX = (Entry("inbox", "Inbox", "Inbox", "i", "rusvel_tui.screens.inbox.page:InboxPage"),)


def page(app: RusvelApp) -> InboxPage:
    return app.query_one(InboxPage)


def deal(desk: Desk, value: str = "5000") -> str:
    contact = desk.contact("Ada Lovelace").contact_id
    made = desk.call("gtm.crm.add_deal", contact_id=contact, title="Looms", value=value)
    return str(made.deal_id)


async def opened(pilot: Pilot[Any], app: RusvelApp) -> ProposalView:
    """The box is open and a card is shown."""
    await settle(pilot, lambda: shows(app, "9 proposed"))
    await pilot.press("9")
    await settle(pilot, lambda: page(app).card is not None and shows(app, "What changes"))
    card = page(app).card
    assert card is not None
    return card


def dashboard(desk: Desk) -> RusvelApp:
    return RusvelApp(desk.engine, None, pages=INBOX, creators=())


async def test_a_card_says_what_would_change_and_a_key_makes_it(desk: Desk) -> None:
    """The card beside the list, `a`, the next card, `z`; the header counts what waits."""
    deal_id = deal(desk)
    first = ask(desk, "gtm.crm.update_deal", deal_id=deal_id, value="6000")
    ask(desk, "gtm.crm.add_contact", name="Grace Hopper", email="grace@navy.example")
    app = dashboard(desk)
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot, app)
        await settle(pilot, lambda: shows(app, "2 to approve"))
        assert shows(app, "✎ Update deal Looms: value → 6,000.00 EUR")
        assert shows(app, "5,000.00 EUR → 6,000.00 EUR")
        assert shows(app, "the assistant · Tue 24 Nov 09:00")
        assert shows(app, "gtm.crm.update_deal")
        await pilot.press("a")
        await settle(pilot, lambda: seen(desk, first).state is ProposalState.APPROVED)
        await settle(pilot, lambda: shows(app, "grace@navy.example"))
        assert "z to undo" in said(app)
        assert desk.call("gtm.crm.get_deal", deal_id=deal_id).value == "6000.00"
        await pilot.press("z")
        await settle(
            pilot, lambda: desk.call("gtm.crm.get_deal", deal_id=deal_id).value == "5000.00"
        )


async def test_two_quick_yeses_make_two_changes(desk: Desk) -> None:
    """The second key meets the next card, not the first one again."""
    for name in ("Grace Hopper", "Alan Turing"):
        ask(desk, "gtm.crm.add_contact", name=name)
    app = dashboard(desk)
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot, app)
        await pilot.press("a", "a")
        await settle(pilot, lambda: shows(app, "Nothing is proposed."))
    found = desk.call("gtm.crm.list_contacts").items
    assert sorted(one.name for one in found) == ["Alan Turing", "Grace Hopper"]


async def test_a_no_asks_why_and_can_be_taken_back(desk: Desk) -> None:
    card = ask(desk, "gtm.crm.add_contact", name="Grace Hopper")
    app = dashboard(desk)
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot, app)
        await pilot.press("r")
        await settle(pilot, lambda: isinstance(app.focused, Input))
        await pilot.press(*"known", "enter")
        await settle(pilot, lambda: seen(desk, card).state is ProposalState.REJECTED)
        assert seen(desk, card).error == "known"
        await pilot.press("z")
        await settle(pilot, lambda: seen(desk, card).state is ProposalState.WAITING)
        await settle(pilot, lambda: page(app).card is not None)


async def test_an_edited_input_is_shown_with_its_difference(desk: Desk) -> None:
    card = ask(desk, "growth.kpi.record_kpi", name="MRR", value=12000, unit="USD")
    app = dashboard(desk)
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot, app)
        await pilot.press("e")
        await settle(pilot, lambda: isinstance(app.screen, FormDialog))
        area = app.screen.query_one(TextArea)
        area.text = "name: MRR\nvalue: much\n"
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: shows(app, "value"))
        assert isinstance(app.screen, FormDialog)
        area.text = "name: MRR\nvalue: 13000\nunit: USD\n"
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: shows(app, "✎ Record a reading of MRR: 13,000 USD"))
    assert seen(desk, card).state is ProposalState.WAITING


async def test_what_changed_meanwhile_is_shown_before_the_yes_counts(desk: Desk) -> None:
    deal_id = deal(desk)
    card = ask(desk, "gtm.crm.update_deal", deal_id=deal_id, value="6000")
    app = dashboard(desk)
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot, app)
        desk.call("gtm.crm.update_deal", deal_id=deal_id, value="9000")
        await pilot.press("a")
        await settle(pilot, lambda: shows(app, "9,000.00 EUR → 6,000.00 EUR"))
        assert shows(app, "! It would do something else by now")
        assert seen(desk, card).state is ProposalState.WAITING
        await pilot.press("a")
        await settle(pilot, lambda: seen(desk, card).state is ProposalState.APPROVED)


async def test_all_are_approved_after_one_question(desk: Desk) -> None:
    for name in ("Grace Hopper", "Alan Turing", "Ada Lovelace"):
        ask(desk, "gtm.crm.add_contact", name=name)
    app = dashboard(desk)
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot, app)
        await pilot.press("A")
        await settle(pilot, lambda: shows(app, "Make 3 changes?"))
        assert shows(app, "Add contact Alan Turing")
        await pilot.press("y")
        await settle(pilot, lambda: shows(app, "Nothing is proposed."))
    assert len(desk.call("gtm.crm.list_contacts").items) == 3


async def test_only_what_is_marked_is_approved(desk: Desk) -> None:
    cards = [ask(desk, "gtm.crm.add_contact", name=name) for name in ("Grace", "Alan", "Ada")]
    app = dashboard(desk)
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot, app)
        await pilot.press("x", "A")
        await settle(pilot, lambda: shows(app, "Make one change?"))
        await pilot.press("y")
        await settle(pilot, lambda: seen(desk, cards[0]).state is ProposalState.APPROVED)
    assert [seen(desk, card).state for card in cards[1:]] == [ProposalState.WAITING] * 2


async def test_mails_and_proposals_keep_to_their_boxes(desk: Desk) -> None:
    """`b` walks through both, Esc leads back, and no key for mails acts on a card."""
    mail = desk.drafted()
    ask(desk, "gtm.crm.add_contact", name="Grace Hopper")
    app = dashboard(desk)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot, lambda: page(app).mail is not None)
        await pilot.press("B")
        await settle(pilot, lambda: page(app).card is not None)
        assert page(app).mail is None
        for key in ("s", "i", "t", "w", "P", "u"):
            await pilot.press(key)
        assert page(app).check_action("snooze", ()) is False
        await pilot.press("b")
        await settle(pilot, lambda: page(app).mail is not None)
        await pilot.press("9", "escape")
        await settle(pilot, lambda: page(app).mail is not None)
    assert [one.id for one in box(desk, Box.WAITING)] == [mail.id]


async def test_where_nothing_is_proposed_nothing_is_shown(desk: Desk) -> None:
    """And an empty inbox names the box once something is."""
    app = dashboard(desk)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot, lambda: shows(app, "Nothing waits for you."))
        assert not shows(app, "proposed")
        ask(desk, "gtm.crm.add_contact", name="Grace Hopper")
        await settle(pilot, lambda: shows(app, "9 shows what is proposed."))


async def test_a_proposal_is_found_by_its_id(desk: Desk) -> None:
    """From another page; one that is decided only says so, and a mail is still found."""
    mail = desk.drafted()
    card = ask(desk, "gtm.crm.add_contact", name="Grace Hopper")
    app = dashboard(desk)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot, lambda: page(app).mail is not None)
        page(app).reveal(card.proposal_id)
        await settle(pilot, lambda: page(app).card is not None)
        page(app).reveal(mail.id)
        await settle(pilot, lambda: page(app).mail is not None)
        desk.call("agent.proposals.approve", proposal_id=card.proposal_id)
        page(app).reveal(card.proposal_id)
        await settle(pilot, lambda: "approved already" in said(app))


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_hostile_words_come_to_rest_on_a_card(desk: Desk, size: tuple[int, int]) -> None:
    contact = desk.contact("Ada Lovelace").contact_id
    body = " ".join(text for text in HOSTILE if "\ud800" not in text)
    card = ask(desk, "gtm.crm.add_note", contact_id=contact, body=body)
    assert lines(card)
    app = dashboard(desk)
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        assert is_safe(app)
        assert any("Acme [/] Ltd" in line for line in screen_lines(app))


async def test_today_leads_to_the_card(desk: Desk) -> None:
    """What is proposed needs the person like a draft does; Enter shows it in its box."""
    ask(desk, "gtm.crm.add_contact", name="Grace Hopper")
    pages = [entry for entry in PAGES if entry.id in ("today", "inbox")]
    app = RusvelApp(desk.engine, None, pages=pages, creators=())
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot, lambda: shows(app, "✎ proposed"))
        await settle(pilot, lambda: shows(app, "A program wants to change something"))
        await pilot.press("enter")
        await settle(pilot, lambda: shows(app, "What is asked for"))
        assert page(app).card is not None
