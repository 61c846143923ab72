"""What a model is told: the order of the seeds, skills, agents, rules, capabilities, and what is completed."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.engine.agent.chat.assembling import BASICS, Prepared
from rusvel_tui.engine.errors import InvalidInput, NotFound
from rusvel_tui.engine.text import cells, cut, one_line
from tests.factories import Desk


def save(desk: Desk, kind: str, name: str, engine: str = "", **body: Any) -> None:
    desk.call("agent.entities.save", kind=kind, name=name, engine=engine, body=body)


def told(desk: Desk, message: str = "", department: str = "gtm") -> Prepared:
    found: Prepared = desk.call("agent.chat.prepare", department=department, message=message)
    return found


def completed(desk: Desk, text: str, department: str = "gtm") -> list[str]:
    found = desk.call("agent.chat.complete", department=department, text=text)
    return [one.label for one in found.items]


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """A session with what comes along, and a few of its own."""
    desk.call("agent.entities.seed")
    save(
        desk,
        "skill",
        "Cold mail",
        "gtm",
        text="Write to {{who}} about {{topic}}. {{input}}",
        about="a first mail",
    )
    save(desk, "agent", "Terse", instructions="You answer in one line.", model="small", max_turns=3,
         allowed_tools=["gtm.crm.*"], denied_tools=["gtm.crm.add_*"], effort="low")  # fmt: skip
    return desk


def test_g_142_a_skill_stands_for_its_text(stocked: Desk) -> None:
    found = told(stocked, "/follow-up Grace Hopper\nabout looms")
    assert found.skill == "follow-up"
    assert found.message.startswith("Prepare the follow-up to Grace Hopper\nabout looms.")
    assert "{{" not in found.message


def test_g_142_q_139_named_inputs_are_filled_and_the_rest_stays_in_its_place(stocked: Desk) -> None:
    found = told(stocked, '/cold-mail who="Grace Hopper" topic=looms and mention a=b')
    assert found.message == "Write to Grace Hopper about looms. and mention a=b"


def test_g_142_q_139_what_a_skill_needs_is_asked_for(stocked: Desk) -> None:
    with pytest.raises(InvalidInput, match=r"/cold-mail needs more: /cold-mail topic=…"):
        told(stocked, "/cold-mail who=Grace tropic=looms")


def test_a_skill_without_a_place_keeps_what_was_said(desk: Desk) -> None:
    save(desk, "skill", "plan", text="Make a plan.")
    assert told(desk, "/plan for May").message == "Make a plan.\n\nfor May"
    assert told(desk, "/plan").message == "Make a plan."


def test_what_is_filled_in_is_not_read_again(desk: Desk) -> None:
    save(desk, "skill", "sum", text="Sum up: {{input}}")
    assert (
        told(desk, "/sum {{input}} /plan {{secret}}").message
        == "Sum up: {{input}} /plan {{secret}}"
    )


def test_g_142_an_unknown_skill_is_refused_with_the_nearest_one(stocked: Desk) -> None:
    with pytest.raises(InvalidInput) as refused:
        told(stocked, "/folow-up Grace")
    assert str(refused.value) == "There is no skill /folow-up. Did you mean /follow-up?"
    with pytest.raises(InvalidInput, match="Skills here: /cold-mail, /follow-up, /weekly-review"):
        told(stocked, "/help")


@pytest.mark.parametrize(
    "text", ["/etc/passwd is a file", "and/or", "1/2 of it", "/", "see /follow-up"]
)
def test_a_slash_elsewhere_is_text(stocked: Desk, text: str) -> None:
    assert (told(stocked, text).message, told(stocked, text).skill) == (text, "")


def test_a_skill_of_another_department_is_none_here(stocked: Desk) -> None:
    with pytest.raises(InvalidInput, match="no skill /growth-funnel-snapshot"):
        told(stocked, "/growth-funnel-snapshot")
    assert told(stocked, "/growth-funnel-snapshot", "growth").skill == "growth-funnel-snapshot"


def test_the_own_skill_counts_before_the_global_one(desk: Desk) -> None:
    save(desk, "skill", "hi", text="Global.")
    save(desk, "skill", "hi", "gtm", text="Own.")
    assert (told(desk, "/hi").message, told(desk, "/hi", "growth").message) == ("Own.", "Global.")


def test_g_143_an_agent_replaces_prompt_model_and_tools(stocked: Desk) -> None:
    usual, found = told(stocked, "Who is Grace?"), told(stocked, "@terse who is Grace?")
    assert (usual.agent, found.agent) == ("", "terse")
    assert "You answer in one line." in found.system
    assert "You are the GoToMarket department" not in found.system
    assert found.system.startswith(BASICS)
    settings = found.settings
    assert (settings.model, settings.effort, settings.max_turns) == ("small", "low", 3)
    assert (found.origins["model"], found.origins["tone"]) == ("@terse", "default")
    assert "gtm.crm.list_contacts" in found.tools
    assert not [name for name in found.tools if ".add_" in name or not name.startswith("gtm.crm.")]


def test_g_143_what_the_configuration_denies_no_agent_gets(stocked: Desk) -> None:
    stocked.call("agent.config.set", settings={"denied_tools": ["gtm.crm.list_*"]})
    assert "gtm.crm.list_contacts" not in told(stocked, "@terse hello").tools


@pytest.mark.parametrize(
    "text",
    [
        "@Terse hi",
        "ask @terse, please",
        "(@terse)",
        "first\n@terse.",
        "„@terse“ sagt",
        "@terse and @proposal-writer",
        "@nobody @terse",
    ],
)
def test_q_141_a_mention_begins_a_word(stocked: Desk, text: str) -> None:
    assert told(stocked, text).agent == "terse"


@pytest.mark.parametrize(
    "text",
    [
        "mail grace@terse",
        "grace@terse.example",
        "a.b+c@terse",
        "x@terse hi",
        "@terse@social.example",
        "@@terse",
        "@ terse",
        "@someone",
    ],
)
def test_q_141_mail_addresses_and_handles_mention_nobody(stocked: Desk, text: str) -> None:
    assert told(stocked, text).agent == ""


def test_q_141_agents_are_those_of_the_department_and_the_global_ones(stocked: Desk) -> None:
    with pytest.raises(InvalidInput, match="@growth-analyst is an agent of growth"):
        told(stocked, "@growth-analyst look")
    assert told(stocked, "@growth-analyst look", "growth").agent == "growth-analyst"
    assert told(stocked, "@terse look", "growth").agent == "terse"
    with pytest.raises(InvalidInput, match="Did you mean @proposal-writer"):
        told(stocked, "@proposal-writr look")


def test_a_skill_may_mention_an_agent(stocked: Desk) -> None:
    save(stocked, "skill", "short", text="@terse {{input}}")
    found = told(stocked, "/short who is Grace?")
    assert (found.skill, found.agent) == ("short", "terse")


def test_g_144_enabled_rules_are_appended_own_and_global(stocked: Desk) -> None:
    found = told(stocked)
    assert found.rules == ("Human approval gate", "Invoice hygiene")
    assert "[Human approval gate]: Nothing leaves without the person's yes." in found.system
    assert "Community growth" not in found.system
    stocked.call("agent.entities.set_enabled", kind="rule", name="invoice-hygiene", enabled=False)
    assert told(stocked).rules == ("Human approval gate",)


def test_g_145_capabilities_are_said_as_far_as_their_tools_are_allowed(desk: Desk) -> None:
    assert "- invoicing: " in told(desk).system
    desk.call("agent.config.set", settings={"denied_tools": ["gtm.invoices.*"]})
    assert "- invoicing: " not in told(desk).system
    assert "- crm: " in told(desk).system


def test_g_146_the_parts_stand_in_their_order(stocked: Desk) -> None:
    stocked.call("agent.config.set", settings={"tone": "dry as dust"})
    system = told(stocked).system
    parts = (
        BASICS,
        "You are the GoToMarket department",
        "Tone: dry as dust",
        "Rules of the person",
        "What you can do here",
        "Today: ",
    )
    places = [system.index(part) for part in parts]
    assert places == sorted(places)


def test_q_145_the_context_is_of_this_session_and_is_kept_with_the_answer(desk: Desk) -> None:
    first = told(desk)
    assert first.context == {
        "Session": "acme", "Currency": "EUR", "Time zone": "UTC", "Today": "Tuesday, 2026-11-24",
    }  # fmt: skip
    assert first.told()["context"] == first.context
    save(desk, "rule", "Secret of acme", text="Never mention looms.")
    desk.call("session.create", name="tokyo", currency="JPY", timezone="Asia/Tokyo")
    desk.later(hours=15)
    other = told(desk)
    assert (other.context["Session"], other.context["Today"]) == ("tokyo", "Wednesday, 2026-11-25")
    assert "acme" not in other.system
    assert "looms" not in other.system


def test_q_145_nothing_is_remembered_from_one_question_to_the_next(desk: Desk) -> None:
    before = told(desk).system
    desk.call("session.update", name="renamed", currency="USD")
    after = told(desk).system
    assert before != after
    assert "Session: renamed\nCurrency: USD" in after


def test_q_131_the_session_is_no_argument_of_a_tool(desk: Desk) -> None:
    assert desk.engine.session is None
    assert "session_id" not in told(desk).system


def test_q_137_texts_are_cut_by_cells_and_never_inside_a_character() -> None:
    text = one_line("日本語のとても長い題名です " * 10)
    for width in range(2, 60):
        short = cut(text, width)
        assert cells(short) <= width
        short.encode("utf-8")
        assert text.startswith(short.removesuffix("…").rstrip())


def test_q_137_a_question_of_wide_letters_is_assembled(desk: Desk) -> None:
    save(desk, "skill", "日本 語", text="要約: {{input}} 👩‍👩‍👧")
    found = told(desk, "/日本-語 " + "あ" * 5000)
    assert found.message == f"要約: {'あ' * 5000} 👩‍👩‍👧"


def test_another_department_is_refused_with_those_that_there_are(desk: Desk) -> None:
    with pytest.raises(NotFound, match="There are gtm, growth"):
        told(desk, "Hi", "finance")


def test_q_141_skills_agents_and_quick_actions_are_completed(stocked: Desk) -> None:
    assert completed(stocked, "/") == ["/cold-mail", "/follow-up", "/weekly-review", "/help"]
    assert completed(stocked, "/we") == ["/weekly-review"]
    assert completed(stocked, "/cold-mail ") == ["who=", "topic="]
    assert completed(stocked, "/cold-mail who=Grace t") == ["topic="]
    assert completed(stocked, "ask @") == ["@proposal-writer", "@terse"]
    assert completed(stocked, "ask @T") == ["@terse"]
    assert completed(stocked, "grace@t") == []
    assert completed(stocked, "@", "growth") == ["@growth-analyst", "@terse"]
    assert completed(stocked, "deal") == ["Deal pipeline"]
    assert len(completed(stocked, "")) == 4
    assert completed(stocked, "How are") == []


def test_a_completion_is_the_whole_message(stocked: Desk) -> None:
    def first(text: str) -> str:
        items = stocked.call("agent.chat.complete", department="gtm", text=text).items
        return str(items[0].text)

    assert first("ask @te") == "ask @terse "
    assert first("/fo") == "/follow-up "
    assert first("/cold-mail who=G to") == "/cold-mail who=G topic="
    assert first("Gen").startswith("Draft an invoice.")
