"""The deals board from the keyboard: move, order, win, lose, add, edit, enrol, follow others."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from rusvel_tui.screens.deals.page import DealsPage
from rusvel_tui.screens.sequences.enrol import EnrolCard
from rusvel_tui.screens.shared.dialogs import Confirm, Reader
from rusvel_tui.screens.shared.picker import Picker
from tests.factories import Desk, enrollment
from tests.screens.deals_shown import NARROW, WIDE, columns, deal, drawn, now, page, ready
from tests.screens.desks import OTHER_PROCESS, STORABLE, errors, fill, form, program, prompt, said
from tests.screens.pilots import is_safe, settle, shows


async def test_a_card_moves_with_each_key_in_order(desk: Desk) -> None:
    """`L L L H` in one go ends in Proposal, whatever the threads do; `z` takes the last step back."""
    one = deal(desk)
    app = program(desk.engine, "deals")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        await pilot.press("L", "L", "L", "H")
        await settle(pilot, lambda: "Board is now in Proposal. z to undo." in said(app))
        assert [move.to_stage for move in now(desk, one).moves] == [
            "Qualified", "Proposal", "Negotiation", "Proposal",
        ]  # fmt: skip
        await settle(pilot, lambda: drawn(app) == {"Proposal": ["Board"]})
        await pilot.press("z")
        await settle(pilot, lambda: drawn(app) == {"Negotiation": ["Board"]})


async def test_m_and_a_digit_or_letter_go_to_a_stage(desk: Desk) -> None:
    """The stage it is in already is no move."""
    one = deal(desk)
    app = program(desk.engine, "deals")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        await pilot.press("m", "1", "m", "4")
        await settle(pilot, lambda: now(desk, one).stage == "Negotiation")
        assert len(now(desk, one).moves) == 1
        await pilot.press("m", "w")
        await prompt(pilot)
        assert shows(app, "Why was Board won?")
        await pilot.press("enter")  # a win needs no reason
        await settle(pilot, lambda: now(desk, one).stage == "Won")
        await settle(pilot, lambda: "Won: Board, 0.00 EUR. z to undo." in said(app))


async def test_losing_asks_why(desk: Desk) -> None:
    """Esc leaves the deal where it was; the answer is kept with it."""
    one = deal(desk)
    app = program(desk.engine, "deals")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        await pilot.press("m", "x")
        await prompt(pilot)
        assert shows(app, "Why was Board lost?")
        await pilot.press("escape")
        await settle(pilot, lambda: drawn(app) == {"Lead": ["Board"]})
        assert now(desk, one).stage == "Lead"
        assert page(app).board.current is not None
        await pilot.press("m", "6")
        (await prompt(pilot)).value = "too dear"
        await pilot.press("enter")
        await settle(pilot, lambda: now(desk, one).closed_reason == "too dear")
        await settle(pilot, lambda: "Lost: Board" in said(app))


async def test_a_closed_deal_moves_only_after_a_yes(desk: Desk) -> None:
    """No puts the card back."""
    one = deal(desk, stage="Won")
    app = program(desk.engine, "deals")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        await pilot.press("H")
        await settle(pilot, lambda: isinstance(app.screen, Confirm) and shows(app, "Reopen Board?"))
        await pilot.press("n")
        await settle(pilot, lambda: drawn(app) == {"Won": ["Board"]})
        assert now(desk, one).stage == "Won"
        await pilot.press("H")
        await settle(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await settle(pilot, lambda: now(desk, one).stage == "Negotiation")


async def test_a_move_that_is_refused_puts_the_card_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody closed the deal, and that is not on the screen yet: the reason is said, and then it is."""
    monkeypatch.setattr(DealsPage, "TOPICS", frozenset())
    one = deal(desk)
    app = program(desk.engine, "deals")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        desk.call("gtm.crm.advance_deal", deal_id=one.deal_id, stage="Lost", reason="too dear")
        await pilot.press("L")
        await settle(pilot, lambda: "The deal is Lost" in said(app))
        await settle(pilot, lambda: drawn(app) == {"Lost": ["Board"]})


async def test_cards_are_ordered_inside_their_stage(desk: Desk) -> None:
    """`J J K`, from the top: second place."""
    for title in ("C", "B", "A"):
        deal(desk, title, who=title)
    app = program(desk.engine, "deals")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        assert drawn(app) == {"Lead": ["A", "B", "C"]}
        await pilot.press("J", "J", "K", "K", "J")
        await settle(pilot, lambda: columns(desk) == {"Lead": ["B", "A", "C"]})
        await settle(pilot, lambda: drawn(app) == columns(desk))
        current = page(app).board.current
        assert current is not None
        assert current.title == "A"


async def test_a_dragged_card_goes_where_it_is_dropped(desk: Desk) -> None:
    """Into another stage, between two cards."""
    for title in ("Z", "Y"):
        deal(desk, title, who=title, stage="Qualified")
    deal(desk, "A")
    app = program(desk.engine, "deals")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        board = page(app).board
        await pilot.mouse_down(board, offset=(3, 4))
        await pilot.hover(board, offset=(25, 8))
        await pilot.mouse_up(board, offset=(25, 8))
        await settle(pilot, lambda: columns(desk) == {"Qualified": ["Y", "A", "Z"]})


async def test_heads_show_counts_and_sums_by_currency(desk: Desk) -> None:
    """Whole sums where there is room, round ones where not; the line above adds up what is open."""
    deal(desk, "A", who="A", value="12500")
    deal(desk, "B", who="B", value="3400.50", currency="USD")
    deal(desk, "C", who="C", value="999", stage="Won")
    app = program(desk.engine, "deals")
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot, lambda: shows(app, "12k EUR 3.4k USD"))
        assert shows(app, "~1.2k EUR 340 USD")
        assert shows(app, "999 EUR")
        assert shows(
            app,
            "2 open deals · ! 2 without a next step · 12,500 EUR + 3,400.50 USD · weighted 1,250 EUR + 340.05 USD",
        )
        await pilot.resize_terminal(200, 40)
        await settle(pilot, lambda: shows(app, "12,500 EUR · 3,400.50 USD"))


async def test_late_deals_say_so(desk: Desk) -> None:
    """In words; a chance is shown when it is not the usual one."""
    deal(desk, "Late", expected_close="2026-11-01", who="A")
    deal(desk, "Likely", expected_close="2028-01-31", probability=60, who="B")
    app = program(desk.engine, "deals")
    async with app.run_test(size=(200, 40)) as pilot:
        await settle(pilot, lambda: shows(app, "late: 01 Nov"))
        assert shows(app, "! no next step · 60 %")


async def test_enter_reads_the_whole_deal(desk: Desk) -> None:
    """Value, person, notes, how long it was in each stage, what is planned."""
    one = deal(desk, value="1250", notes="Wants two boards.", expected_close="2026-12-24")
    desk.later(days=3)
    desk.call("gtm.crm.advance_deal", deal_id=one.deal_id, stage="Proposal")
    desk.later(hours=5)
    desk.call("gtm.crm.add_note", deal_id=one.deal_id, body="She liked it.")
    app = program(desk.engine, "deals")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        await pilot.press("enter")
        await settle(pilot, lambda: isinstance(app.screen, Reader) and shows(app, "1,250.00 EUR"))
        for text in (
            "Anna Abel", "grace1@example.com", "50 %, as usual in this stage", "Thu 24 Dec 2026",
            "Wants two boards.", "3 days, from Tue 24 Nov 09:00", "5 hours so far", "note: She liked it.",
        ):  # fmt: skip
            assert shows(app, text), text
        await pilot.press("escape")
        await settle(pilot, lambda: page(app).board.has_focus)


async def test_a_closed_deal_says_why(desk: Desk) -> None:
    one = deal(desk)
    desk.call("gtm.crm.advance_deal", deal_id=one.deal_id, stage="Lost", reason="too dear")
    app = program(desk.engine, "deals")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        await pilot.press("enter")
        await settle(pilot, lambda: shows(app, "too dear"))


async def test_a_card_goes_and_comes_with_its_contact(desk: Desk) -> None:
    one = deal(desk)
    app = program(desk.engine, "deals")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        desk.call("gtm.crm.delete_contact", contact_id=one.contact_id)
        await settle(pilot, lambda: drawn(app) == {})
        await pilot.press("z")
        await settle(pilot, lambda: drawn(app) == {"Lead": ["Board"]})


async def test_losing_without_a_word_is_refused(desk: Desk) -> None:
    """The card goes back, and the message says what is wanted."""
    deal(desk)
    app = program(desk.engine, "deals")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        await pilot.press("m", "x")
        await prompt(pilot)
        await pilot.press("enter")
        await settle(pilot, lambda: "Say why it was lost" in said(app))
        await settle(pilot, lambda: drawn(app) == {"Lead": ["Board"]})


async def test_a_deal_is_added_with_a_contact_found_by_typing(desk: Desk) -> None:
    """`c d`, a part of the name, the form; the cursor is on the new card then."""
    deal(desk, "First", who="Bo Berg")
    desk.contact("Anna Abel")
    app = program(desk.engine, "deals")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        await pilot.press("c", "d")
        await settle(pilot, lambda: isinstance(app.screen, Picker))
        await pilot.press(*"abel")
        await settle(pilot, lambda: app.screen.query_one("OpenList").count == 1)  # type: ignore[attr-defined]
        await pilot.press("enter")
        dialog = await form(pilot)
        fill(dialog, title="Yearly plan", value="12.345", expected_close="2 weeks")
        await pilot.press("enter")
        await settle(pilot, lambda: "decimals" in errors(dialog).get("value", ""))
        fill(dialog, value="12.34")
        await pilot.press("enter")
        await settle(pilot, lambda: "Added Yearly plan, 12.34 EUR. z to undo." in said(app))
        await settle(pilot, lambda: shows(app, "Yearly plan"))
        current = page(app).board.current
        assert current is not None
        assert (current.title, current.who) == ("Yearly plan", "Anna Abel")
        found = desk.call("gtm.crm.get_deal", deal_id=current.id)
        assert found.expected_close == "2026-12-08"


async def test_a_deal_from_the_contacts_is_with_who_is_under_the_cursor(desk: Desk) -> None:
    anna = desk.contact("Anna Abel")
    app = program(desk.engine, "contacts")
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot, lambda: shows(app, "Anna Abel"))
        await pilot.press("c", "d")
        dialog = await form(pilot)
        assert shows(app, "New deal with Anna Abel")
        fill(dialog, title="Board", value="x", probability="120", currency="EURO")
        await pilot.press("enter")
        await settle(pilot, lambda: set(errors(dialog)) == {"value", "probability", "currency"})
        fill(dialog, value="", probability="40 %", currency="chf")
        await pilot.press("enter")
        await settle(pilot, lambda: "Added Board, 0.00 CHF" in said(app))
    (made,) = desk.call("gtm.crm.list_deals").items
    assert (made.contact_id, made.probability) == (anna.contact_id, 40)


async def test_editing_merges_and_shows_conflicts(desk: Desk) -> None:
    """A field that both changed shows the other value; one that only they changed stays theirs."""
    one = deal(desk, value="100", probability=30)
    app = program(desk.engine, "deals")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        await pilot.press("e")
        dialog = await form(pilot)
        fill(dialog, value="120", probability="")
        desk.call("gtm.crm.update_deal", deal_id=one.deal_id, value="150", title="Big board")
        await pilot.press("enter")
        await settle(pilot, lambda: "150.00" in errors(dialog).get("value", ""))
        await pilot.press("enter")
        await settle(pilot, lambda: "Changed Big board. z to undo." in said(app))
    after = now(desk, one)
    assert (after.value, after.title, after.typed_probability) == ("120.00", "Big board", None)


async def test_the_next_task_belongs_to_the_deal(desk: Desk) -> None:
    one = deal(desk)
    app = program(desk.engine, "deals")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        await pilot.press("t")
        fill(await form(pilot), subject="Send the offer")
        await pilot.press("enter")
        await settle(pilot, lambda: "Planned for Wed 25 Nov 09:00: Send the offer" in said(app))
    (task,) = desk.call("gtm.crm.list_tasks", deal_id=one.deal_id).items
    assert (task.contact_id, task.status) == (one.contact_id, "open")


async def test_where_nobody_is_under_the_cursor_a_note_asks_for_whom(desk: Desk) -> None:
    """A task needs nobody."""
    anna = desk.contact("Anna Abel")
    app = program(desk.engine, "deals")
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot, lambda: shows(app, "No deal yet."))
        await pilot.press("c", "n")
        await settle(pilot, lambda: isinstance(app.screen, Picker) and shows(app, "Anna Abel"))
        await pilot.press("enter")
        fill(await form(pilot), body="Met at the fair.")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: "Noted on Anna Abel." in said(app))
        await pilot.press("c", "t")
        fill(await form(pilot), subject="Water the plants", due_at="today 18:00")
        await pilot.press("enter")
        await settle(pilot, lambda: "Planned for Tue 24 Nov 18:00" in said(app))
    (task,) = desk.call("gtm.crm.list_tasks").items
    (note,) = desk.call("gtm.crm.timeline", contact_id=anna.contact_id, kinds="note").items
    assert (task.contact_id, note.title) == (None, "Met at the fair.")


async def test_the_contact_is_enrolled_with_the_deal(desk: Desk) -> None:
    """Winning the deal ends the sequence then."""
    one = deal(desk)
    desk.sequence()
    app = program(desk.engine, "deals")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        await pilot.press("S")
        await settle(pilot, lambda: isinstance(app.screen, EnrolCard) and shows(app, "looms"))
        await pilot.press("enter")
        await settle(pilot, lambda: "Anna Abel is enrolled in Intro" in said(app))
        assert enrollment(desk, one.contact_id).deal_id == one.deal_id
        await pilot.press("m", "w")
        await prompt(pilot)
        await pilot.press("enter")
        await settle(pilot, lambda: enrollment(desk, one.contact_id).reason == "won")


async def test_deleting_asks_and_can_be_undone(desk: Desk) -> None:
    deal(desk)
    app = program(desk.engine, "deals")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        await pilot.press("D")
        await settle(pilot, lambda: isinstance(app.screen, Confirm) and shows(app, "Delete Board?"))
        await pilot.press("y")
        await settle(pilot, lambda: shows(app, "No deal yet."))
        assert "Deleted Board. z to undo." in said(app)
        await pilot.press("z")
        await settle(pilot, lambda: drawn(app) == {"Lead": ["Board"]})


async def test_an_empty_board_takes_every_key(desk: Desk) -> None:
    """Nothing under the cursor: nothing happens, and nothing breaks."""
    app = program(desk.engine, "deals")
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot, lambda: shows(app, "No deal yet. c d adds one"))
        await pilot.press(*"etSDOLHJK", "enter", "m", "w", "m", "x", *"jkhlG")
        assert shows(app, "No deal yet.")
        assert not app._notifications


async def test_going_to_the_contact_of_a_deal(desk: Desk) -> None:
    for number in range(120):
        desk.contact(f"Person A{number:03}")
    deal(desk, who="Zoe Zander")
    app = program(desk.engine, "deals")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        await pilot.press("O")
        await settle(pilot, lambda: shows(app, "121 contacts") and shows(app, "▌  Zoe Zander"))


async def test_the_board_follows_another_process(desk: Desk) -> None:
    one = deal(desk)
    app = program(desk.engine, "deals")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        move = {"deal_id": one.deal_id, "stage": "Proposal"}
        other = [sys.executable, "-c", OTHER_PROCESS, str(desk.engine.path),
                 "gtm.crm.advance_deal", json.dumps(move)]  # fmt: skip
        await asyncio.to_thread(subprocess.run, other, check=True)
        await settle(pilot, lambda: drawn(app) == {"Proposal": ["Board"]})


async def test_hostile_deals_are_only_text(desk: Desk) -> None:
    """On the board, in the reader, the form, the prompt and the messages."""
    for text in STORABLE:
        deal(desk, f"x{text}", who=text, notes=text)
    app = program(desk.engine, "deals")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        for _ in STORABLE:
            await pilot.press("enter")
            await settle(pilot, lambda: isinstance(app.screen, Reader))
            assert is_safe(app)
            await pilot.press("escape", "j")
            await settle(pilot, lambda: page(app).board.has_focus)
        await pilot.press("e")
        await form(pilot)
        assert is_safe(app)
        await pilot.press("escape", "m", "x")
        (await prompt(pilot)).value = "[/] too dear"
        assert is_safe(app)
        await pilot.press("enter")
        await settle(pilot, lambda: "Lost: x" in said(app))
        assert is_safe(app)


def furnish(desk: Desk) -> None:
    """A pipeline with something in every stage."""
    people = (
        "Anna Abel",
        "Bo Berg",
        "Carla Cruz",
        "王小明",
        "Dov [b]Dahl[/]",
        "Eva Eck",
        "Finn Falk",
    )
    stages = ("Lead", "Lead", "Qualified", "Proposal", "Negotiation", "Won", "Lost")
    for number, (who, stage) in enumerate(zip(people, stages, strict=True)):
        deal(
            desk, f"Board for {number + 2} shifts", who, stage=stage, reason="too dear", value=str(1250 * (number + 1)),
            currency="USD" if number == 1 else "EUR",
            expected_close="2026-11-01" if number == 2 else "2026-12-11",
        )  # fmt: skip


async def loaded(pilot: Pilot[Any]) -> None:
    await settle(pilot, lambda: shows(pilot.app, "Board for"))
    await settle(pilot, lambda: shows(pilot.app, "nothing to approve"))


def test_snapshot_deals_wide(desk: Desk, snap: Callable[..., bool]) -> None:
    """All six stages side by side."""
    furnish(desk)
    assert snap(program(desk.engine, "deals"), run_before=loaded, terminal_size=WIDE)


def test_snapshot_deals_narrow(desk: Desk, snap: Callable[..., bool]) -> None:
    """Four stages, and a sign that there are two more."""
    furnish(desk)
    assert snap(program(desk.engine, "deals"), run_before=loaded, terminal_size=NARROW)


def test_snapshot_deals_empty(desk: Desk, snap: Callable[..., bool]) -> None:
    """No deal yet: what to do next."""

    async def empty(pilot: Pilot[Any]) -> None:
        await settle(pilot, lambda: shows(pilot.app, "No deal yet."))
        await settle(pilot, lambda: shows(pilot.app, "nothing to approve"))

    assert snap(program(desk.engine, "deals"), run_before=empty, terminal_size=NARROW)
