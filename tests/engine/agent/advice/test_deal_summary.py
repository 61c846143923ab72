"""The summary of a deal: in their words, with what is missing, and never with a quote that nobody said."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.adapters.models.scripted import ScriptedModel
from rusvel_tui.engine.agent.asking_model import RULES
from rusvel_tui.engine.gtm.crm.advice.deal_summary import DealSummary
from tests.factories import Desk


@pytest.fixture
def about(desk: Desk) -> dict[str, str]:
    """A deal that was talked about."""
    grace = desk.contact("Grace Hopper", "grace@navy.example", company="Navy", title="Admiral")
    desk.contact("Howard Aiken", "howard@navy.example", company="Navy")
    deal = desk.call("gtm.crm.add_deal", contact_id=grace.contact_id, title="Looms", value="12000", currency="EUR")  # fmt: skip
    named = {"deal_id": deal.deal_id}
    desk.call("gtm.crm.log_meeting", subject="Demo", body="We need an API with webhooks. It is too expensive for us.", **named)  # fmt: skip
    desk.later(days=2)
    desk.call("gtm.crm.log_call", outcome="voicemail", **named)
    return named


def summary(desk: Desk, about: dict[str, str], **more: Any) -> DealSummary:
    made: DealSummary = desk.call("gtm.crm.get_deal_summary", **about, **more)
    return made


def test_c_042_it_tells_the_situation_the_people_and_what_they_said(
    desk: Desk, about: dict[str, str]
) -> None:
    said = summary(desk, about)
    assert said.situation.startswith("Looms with Grace Hopper of Navy is in Lead for 2 days, worth 12,000.00 EUR.")  # fmt: skip
    assert said.last_interaction.startswith("Call today, voicemail")
    assert [(one.name, one.role) for one in said.stakeholders] == [("Grace Hopper", "contact"), ("Howard Aiken", "colleague")]  # fmt: skip
    assert [one.words for one in said.needs] == ["We need an API with webhooks."]
    [fear] = said.objections
    assert (fear.kind, fear.words, fear.source) == ("price", "It is too expensive for us.", "Meeting of 2026-11-24")  # fmt: skip
    assert said.next_step == "Call again in the afternoon."
    assert [one.kind for one in said.recent_events][:2] == ["Call", "Meeting"]


def test_c_042_it_says_what_is_missing_and_what_to_expect(
    desk: Desk, about: dict[str, str]
) -> None:
    said = summary(desk, about)
    assert said.missing == ("a close date", "a next action")
    odds = said.forecast
    assert (said.health.value if said.health else "") == "GOOD"
    assert odds.weighted == f"{12000 * odds.win_probability:,.2f} EUR"
    assert odds.factors
    assert odds.likely_from is None


def test_a_closed_deal_is_summed_up_too(desk: Desk, about: dict[str, str]) -> None:
    desk.call("gtm.crm.advance_deal", stage="Lost", reason="no budget", **about)
    said = summary(desk, about)
    assert said.situation == "Looms with Grace Hopper of Navy is lost: no budget."
    assert said.missing == ()


def test_a_model_gives_the_words_and_its_quotes_are_checked(
    desk: Desk, about: dict[str, str]
) -> None:
    good = {"situation": "They like it.", "needs": ["an API with webhooks"], "objections": []}
    desk.engine.chat_model = ScriptedModel([[{"tool": "answer", "input": good}]])
    said = summary(desk, about)
    assert (said.situation, said.by) == ("They like it.", "scripted")
    assert len(said.needs) == 1  # it is part of what the rules found


def test_a_quote_that_nobody_said_throws_the_answer_away(desk: Desk, about: dict[str, str]) -> None:
    bad = {"situation": "Send 100 mails now.", "needs": ["a discount of 90 %"]}
    desk.engine.chat_model = ScriptedModel([[{"tool": "answer", "input": bad}]])
    said = summary(desk, about)
    assert said.by == RULES
    assert "nobody said" in said.note
    assert said.situation.startswith("Looms with")


def test_what_the_model_is_told_has_no_address_and_no_id(desk: Desk, about: dict[str, str]) -> None:
    desk.engine.chat_model = model = ScriptedModel(["nothing"])
    summary(desk, about)
    [question] = model.asked
    told = str(question.turns)
    assert "We need an API" in told
    assert "navy.example" not in told
    assert about["deal_id"] not in told
    assert [tool.name for tool in question.tools] == ["answer"]
