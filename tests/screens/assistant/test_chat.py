"""Asking, watching, deciding: what the assistant's tab does with an answer from its first word to its end."""

from __future__ import annotations

import pytest

from rusvel_tui.engine.agent.chat.states import RunState
from rusvel_tui.engine.agent.proposals.listing import list_proposals
from rusvel_tui.engine.agent.proposals.proposals import ListProposals, ProposalId
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.crm.people.contact_inputs import ListContacts
from rusvel_tui.engine.gtm.crm.people.contacts import list_contacts
from rusvel_tui.engine.operation import OPERATIONS
from rusvel_tui.widgets.chat.entries import Answer, Asked, Note, ToolUse
from rusvel_tui.widgets.header import Header
from tests.factories import Desk
from tests.screens.assistant.chats import (
    ADD,
    LIST,
    HeldModel,
    cards,
    entries,
    page_of,
    program,
    quiet,
    ready,
    say,
    scripted,
)
from tests.screens.desks import STORABLE, fill, form, said
from tests.screens.pilots import HOSTILE, is_safe, press, settle, shows

WIDE, NARROW = (120, 36), (80, 24)


def names(engine: Engine) -> set[str]:
    return {one.name for one in engine.run(list_contacts, ListContacts()).items}


async def test_a_quick_action_is_asked_with_its_digit_and_answered(desk: Desk) -> None:
    """The tool that it used is one line, which opens to what went in and what came out."""
    desk.contact("Ada Lovelace")
    model = scripted(desk, ["Let me see.", LIST], "There is **one**: {items.0.name}.")
    app = program(desk.engine)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        assert shows(app, "1  List contacts")
        await press(pilot, "1")
        await quiet(pilot)
        assert [type(one) for one in entries(app)] == [Asked, Answer, ToolUse, Answer]
        assert shows(app, "There is one: Ada Lovelace.")
        assert shows(app, "✓ gtm.crm.list_contacts limit=5 · 1 found")
        await press(pilot, "k", "enter")
        assert shows(app, '"limit": 5')
        assert shows(app, '"items": [')
        await press(pilot, "enter")
        assert not shows(app, '"limit": 5')
    assert model.asked[0].turns[0].blocks[0].text.startswith("List the newest contacts")  # type: ignore[union-attr]


async def test_words_are_shown_while_they_come(desk: Desk) -> None:
    """Before the answer is over, and as Markdown."""
    model = HeldModel()
    desk.engine.chat_model = model
    app = program(desk.engine)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await say(pilot, "Tell me")
        await settle(pilot, lambda: shows(app, "working · esc stops"))
        model.say("# Looms\n\n", "- one\n", "- **two")
        await settle(pilot, lambda: shows(app, "• **two"))
        model.say("**\n")
        await settle(pilot, lambda: shows(app, "• two"))
        assert page_of(app).answers
        model.say(None)
        await quiet(pilot)
        assert shows(app, "• two")


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_a_change_waits_for_a_yes_and_the_answer_goes_on(
    desk: Desk, size: tuple[int, int]
) -> None:
    """The card says what changes; `a` makes it, `z` takes it back, and the card says that too."""
    scripted(desk, ["I add her.", ADD], "She is there: {name}.")
    app = program(desk.engine)
    async with app.run_test(size=size) as pilot:
        await ready(pilot)
        await say(pilot, "Add Grace Hopper, grace@navy.example")
        await quiet(pilot)
        assert shows(app, "Grace Hopper")
        assert shows(app, "waits for you")
        assert names(desk.engine) == set()
        await press(pilot, "escape", "a")
        await settle(pilot, lambda: shows(app, "She is there: Grace Hopper."))
        assert shows(app, "approved")
        assert names(desk.engine) == {"Grace Hopper"}
        await quiet(pilot)
        await press(pilot, "z")
        await settle(pilot, lambda: names(desk.engine) == set())
        await settle(pilot, lambda: shows(app, "taken back") and not shows(app, "approved"))


async def test_a_change_is_changed_before_the_yes(desk: Desk) -> None:
    """What is wrong with it stands beside the field; then the card shows the new input, and `a` makes that."""
    scripted(desk, [ADD], "She is there.")
    app = program(desk.engine)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await say(pilot, "Add her")
        await quiet(pilot)
        await press(pilot, "escape", "e")
        dialog = await form(pilot)
        fill(dialog, input="name: Grace Hopper\nemail: nonsense\n")
        await press(pilot, "ctrl+s")
        await settle(pilot, lambda: shows(app, "'nonsense' is not a mail address"))
        fill(dialog, input="name: Grace Hopper\nemail: g@navy.example\n")
        await press(pilot, "ctrl+s")
        await settle(
            pilot, lambda: cards(app) and ("email", "", "g@navy.example") in cards(app)[0].changes
        )
        await press(pilot, "a")
        await settle(pilot, lambda: shows(app, "She is there."))


async def test_a_no_is_told_to_the_assistant(desk: Desk) -> None:
    """With the reason."""
    model = scripted(desk, ADD and [ADD], "As you like.")
    app = program(desk.engine)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await say(pilot, "Add her")
        await quiet(pilot)
        await press(pilot, "escape", "r", *"not now", "enter")
        await settle(pilot, lambda: shows(app, "As you like."))
        assert shows(app, "rejected")
    assert "not now" in str(model.asked[1].turns[-1])
    assert names(desk.engine) == set()


async def test_a_yes_from_elsewhere_lets_the_answer_go_on_here(desk: Desk) -> None:
    """Also while another tab is in front; its sign stands in the header."""
    scripted(desk, [ADD], "She is there.")
    app = program(desk.engine, "log")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await say(pilot, "Add her")
        await quiet(pilot)
        header = app.query_one(Header)
        assert header.marks["assistant"] == "○"
        await press(pilot, "escape", "g", "l")
        waiting = desk.engine.run(list_proposals, ListProposals()).items
        desk.engine.run(
            OPERATIONS["agent.proposals.approve"], ProposalId(proposal_id=waiting[0].proposal_id)
        )
        await settle(pilot, lambda: not header.marks["assistant"])
        await press(pilot, "g", "a")
        await settle(pilot, lambda: shows(app, "She is there."))


async def test_q_136_a_failed_answer_keeps_its_words_and_says_why(desk: Desk) -> None:
    """`R` asks the same again, and the first try stays to be seen."""
    scripted(desk, ["Half of", {"fail": "the service is overloaded"}], "All of it.")
    app = program(desk.engine)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await say(pilot, "What is new?")
        await quiet(pilot)
        assert shows(app, "Half of")
        assert shows(app, "✗ The answer failed: the service is overloaded. R asks again.")
        await press(pilot, "escape", "R")
        await settle(pilot, lambda: shows(app, "All of it."))
        await quiet(pilot)
        assert sum(isinstance(one, Asked) for one in entries(app)) == 1


async def test_q_136_esc_stops_an_answer_and_keeps_what_was_said(desk: Desk) -> None:
    """The first esc stops, the second leaves the line; the question is not lost."""
    model = HeldModel()
    desk.engine.chat_model = model
    app = program(desk.engine)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await say(pilot, "Tell me everything")
        model.say("It began ")
        await settle(pilot, lambda: shows(app, "It began"))
        await press(pilot, "escape")
        await quiet(pilot)
        assert shows(app, "You stopped this answer")
        assert shows(app, "It began")
        page = page_of(app)
        assert page.conversation is not None
        assert page.conversation.view.runs[0].state is RunState.CANCELLED
        assert page.input.has_focus
        await press(pilot, "escape")
        assert page.transcript.has_focus


async def test_an_answer_goes_on_behind_another_tab(desk: Desk) -> None:
    """The header says so; coming back shows the rest."""
    model = HeldModel()
    desk.engine.chat_model = model
    app = program(desk.engine, "log")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await say(pilot, "Tell me")
        model.say("one ")
        await settle(pilot, lambda: shows(app, "one"))
        await press(pilot, "escape")  # this one stops it: ask again, and leave before
        await quiet(pilot)
        await say(pilot, "Again")
        page_of(app).transcript.focus()
        await press(pilot, "g", "l")
        await settle(pilot, lambda: app.query_one(Header).marks["assistant"] == "…")
        model.say("two", None)
        await settle(pilot, lambda: not page_of(app).answers)
        await press(pilot, "g", "a")
        await settle(pilot, lambda: shows(app, "two"))


async def test_what_cannot_be_asked_gives_the_words_back(desk: Desk) -> None:
    """An unknown skill: the sentence says what there is, the text is still there."""
    scripted(desk)
    app = program(desk.engine)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await say(pilot, "/no-such-skill please")
        await settle(pilot, lambda: "no-such-skill" in said(app))
        assert page_of(app).input.text == "/no-such-skill please"
        assert entries(app) == ()


async def test_q_137_hostile_and_wide_words_do_no_harm(desk: Desk) -> None:
    """Names, links, escapes and wide letters in an answer, at every width."""
    text = "\n\n".join(STORABLE) + "\n\n[click](javascript:alert(1)) ![x](http://x.example/y)"
    scripted(desk, text, "1. " + "王小明👩‍🚀" * 40)
    app = program(desk.engine)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await say(pilot, HOSTILE[0] + HOSTILE[7])
        await quiet(pilot)
        assert is_safe(app)
        await say(pilot, "more")
        await quiet(pilot)
        for size in ((80, 24), (41, 12), (200, 60)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert is_safe(app)
        assert [one for one in entries(app) if isinstance(one, Note)] == []
