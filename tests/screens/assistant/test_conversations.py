"""The list of conversations, the line that is written in, and what a guest may do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.adapters.models.scripted import ScriptedModel
from rusvel_tui.engine.agent.chat.loop import Chat
from rusvel_tui.engine.core import Engine
from rusvel_tui.screens.assistant.completing import wanted
from rusvel_tui.widgets.chat.entries import Asked
from tests.factories import START, Desk
from tests.screens.assistant.chats import entries, page_of, program, quiet, ready, say, scripted
from tests.screens.desks import said
from tests.screens.pilots import press, screen_lines, settle, shows

WIDE, NARROW = (120, 36), (80, 24)


def talked(engine: Engine, *questions: str, department: str = "gtm") -> list[str]:
    """Conversations of before; their ids."""
    engine.chat_model = ScriptedModel([f"About {text}." for text in questions])
    chat = Chat(engine, hear=lambda news: None)
    return [chat.ask(department, text).conversation_id for text in questions]


async def test_conversations_are_listed_searched_and_opened(desk: Desk) -> None:
    """`/` finds what was said in them, not only their titles."""
    talked(desk.engine, "looms", "engines", "sails")
    app = program(desk.engine)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        page = page_of(app)
        await settle(pilot, lambda: page.listing.count == 4)
        await press(pilot, "slash", *"about engines", "enter")
        await settle(pilot, lambda: page.listing.count == 1)
        await settle(pilot, lambda: shows(app, "About engines."))
        await press(pilot, "escape")
        await settle(pilot, lambda: page.listing.count == 4)


async def test_on_a_narrow_terminal_the_list_is_a_key_away(desk: Desk) -> None:
    """Enter opens the conversation in its place."""
    talked(desk.engine, "looms")
    app = program(desk.engine)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        assert not shows(app, "Conversations")
        await press(pilot, "b")
        await settle(pilot, lambda: shows(app, "Conversations") and shows(app, "looms"))
        await press(pilot, "j", "enter")
        await settle(pilot, lambda: shows(app, "About looms."))
        assert not shows(app, "Conversations")


async def test_a_deleted_conversation_comes_back_with_z(desk: Desk) -> None:
    talked(desk.engine, "looms")
    app = program(desk.engine)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        page = page_of(app)
        await settle(pilot, lambda: page.listing.count == 2)
        await press(pilot, "b", "j")
        await settle(pilot, lambda: page.conversation is not None)
        await press(pilot, "D")
        await settle(pilot, lambda: page.listing.count == 1 and entries(app) == ())
        await press(pilot, "z")
        await settle(pilot, lambda: page.listing.count == 2)


async def test_a_title_can_be_given(desk: Desk) -> None:
    talked(desk.engine, "looms")
    app = program(desk.engine)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await press(pilot, "b", "j")
        await settle(pilot, lambda: page_of(app).conversation is not None)
        await press(pilot, "T", "ctrl+u", *"Weaving", "enter")
        await settle(pilot, lambda: shows(app, "Weaving"))


async def test_another_department_has_its_own_conversations(desk: Desk) -> None:
    """And its own quick actions."""
    talked(desk.engine, "churn", department="growth")
    app = program(desk.engine)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        assert not shows(app, "churn")
        await press(pilot, "d")
        await settle(pilot, lambda: shows(app, "1  Funnel analysis") and shows(app, "churn"))
        assert shows(app, "Growth")


async def test_a_question_continues_the_conversation_and_n_begins_another(desk: Desk) -> None:
    model = scripted(desk, "First.", "Second.", "Third.")
    app = program(desk.engine)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        for text in ("one", "two"):
            await say(pilot, text)
            await quiet(pilot)
        assert len(model.asked[1].turns) == 3
        await press(pilot, "escape", "n")
        assert entries(app) == ()
        await press(pilot, *"three", "enter")
        await settle(pilot, lambda: shows(app, "Third."))
        assert len(model.asked[2].turns) == 1
        await settle(pilot, lambda: page_of(app).listing.count == 3)


async def test_the_line_has_lines_and_a_past(desk: Desk) -> None:
    """A backslash before enter begins a new line; up brings back what was said before."""
    scripted(desk, "Yes.", "No.")
    app = program(desk.engine)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await press(pilot, "i", *"one", "backslash", "enter", *"two", "enter")
        await quiet(pilot)
        assert [one.text for one in entries(app) if isinstance(one, Asked)] == ["one\ntwo"]
        await press(pilot, *"next", "up", "up")
        assert page_of(app).input.text == "one\ntwo"
        await press(pilot, "down", "down")
        assert page_of(app).input.text == "next"


async def test_q_141_skills_and_agents_are_completed(desk: Desk) -> None:
    """Those of the department and the global ones, with Tab; an address is no agent."""
    desk.call(
        "agent.entities.save",
        kind="skill",
        name="Loom check",
        body={"text": "Check {{input}}", "about": "checks looms"},
    )
    desk.call(
        "agent.entities.save",
        kind="agent",
        name="Weaver",
        engine="gtm",
        body={"instructions": "Weave."},
    )
    desk.call(
        "agent.entities.save",
        kind="agent",
        name="Wizard",
        engine="growth",
        body={"instructions": "Conjure."},
    )
    app = program(desk.engine)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        page = page_of(app)
        await press(pilot, "i", *"/loo")
        await settle(pilot, lambda: shows(app, "/loom-check  checks looms"))
        await press(pilot, "tab")
        assert page.input.text == "/loom-check "
        page.input.fill("")
        await press(pilot, *"ask @w")
        await settle(pilot, lambda: shows(app, "@weaver"))
        assert not shows(app, "@wizard")
        await press(pilot, "tab")
        assert page.input.text == "ask @weaver "
        page.input.fill("a very long line that is no quick action, mail@w")
        await settle(pilot, lambda: not shows(app, "@weaver"))


@pytest.mark.parametrize(
    ("text", "asks"),
    [("/we", True), ("hello @an", True), ("Deal", True), ("", False), ("x" * 40, False)],
)  # fmt: skip
def test_only_what_can_be_completed_is_asked_for(text: str, asks: bool) -> None:
    assert wanted(text) is asks


@pytest.fixture
def guest(engine: Engine, desk: Desk) -> Iterator[Engine]:
    """Somebody who looks on at a desk with a conversation."""
    talked(engine, "looms")
    made = Engine(engine.path, clock=FixedClock(START), read_only=True, chat_model=ScriptedModel([]))  # fmt: skip
    yield made
    made.close()


async def test_a_guest_reads_and_does_not_ask(guest: Engine) -> None:
    app = program(guest)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        assert shows(app, "conversations can be read, not led")
        await press(pilot, "i", "1")
        assert "guest" in said(app)
        assert not page_of(app).input.has_focus
        await press(pilot, "b", "j")
        await settle(pilot, lambda: shows(app, "About looms."))
        await press(pilot, "R", "D", "a")
        await settle(pilot, lambda: not page_of(app).answers)
        assert shows(app, "About looms.")


async def test_without_a_model_the_page_says_so(desk: Desk) -> None:
    desk.engine.chat_model = None
    app = program(desk.engine)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        assert shows(app, "ANTHROPIC_API_KEY")


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_nothing_on_the_empty_page_is_cut_in_the_middle(
    desk: Desk, size: tuple[int, int]
) -> None:
    app = program(desk.engine)
    async with app.run_test(size=size) as pilot:
        await ready(pilot)
        assert all(len(line) <= size[0] for line in screen_lines(app))
        assert shows(app, "sending and")
