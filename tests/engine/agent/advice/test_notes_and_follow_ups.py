"""What stands in a note, what somebody answered, and what to plan: with their words, and nothing written."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.adapters.models.scripted import ScriptedModel
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.advice.follow_ups import FollowUps
from rusvel_tui.engine.gtm.crm.advice.note_extraction import Extracted
from rusvel_tui.engine.gtm.mail.incoming.summarising import ReplySummary
from tests.engine.mail.letters import arrives, raw, sent
from tests.factories import Desk, query

NOTE = """\
Talked with Grace Hopper. Their budget is €15,000. They need single sign-on.
I will send the contract by Friday. She will check with her boss next week.
They want to decide on 15 December. Howard (howard@navy.example) joins."""


@pytest.fixture
def about(desk: Desk) -> dict[str, str]:
    """A deal."""
    grace = desk.contact("Grace Hopper", "grace1@example.com")
    deal = desk.call("gtm.crm.add_deal", contact_id=grace.contact_id, title="Looms", value="12000", currency="EUR")  # fmt: skip
    return {"deal_id": deal.deal_id}


def extract(desk: Desk, **data: Any) -> Extracted:
    made: Extracted = desk.call("gtm.crm.extract_from_note", **data)
    return made


def test_a_note_gives_people_days_amounts_needs_and_promises(
    desk: Desk, about: dict[str, str]
) -> None:
    note = desk.call("gtm.crm.add_note", body=NOTE, **about)
    before = desk.engine.cursor()
    said = extract(desk, activity_id=note.activity_id)
    assert desk.engine.cursor() == before
    assert [(one.name, one.words) for one in said.people] == [("Grace Hopper", "Grace Hopper")]
    assert said.emails == ("howard@navy.example",)
    assert [one.value for one in said.amounts] == ["15,000.00 EUR"]
    assert {one.words for one in said.dates} >= {"Friday", "next week", "15 December"}
    assert said.needs[0] == "They need single sign-on."
    assert [(one.who, one.due_words) for one in said.commitments] == [("us", "Friday"), ("them", "next week")]  # fmt: skip


def test_what_a_note_suggests_can_be_done(desk: Desk, about: dict[str, str]) -> None:
    note = desk.call("gtm.crm.add_note", body=NOTE, **about)
    said = extract(desk, activity_id=note.activity_id)
    for one in said.suggestions:
        desk.call(one.operation, **one.input)
    deal = desk.call("gtm.crm.get_deal", **about)
    assert (deal.value, deal.expected_close) == ("15000.00", "2026-12-15")
    tasks = [one.subject for one in desk.call("gtm.crm.list_tasks", **about).items]
    assert tasks == ["I will send the contract by Friday.", "Check: She will check with her boss next week."]  # fmt: skip


def test_a_text_alone_is_read_too_and_one_of_both_is_needed(desk: Desk) -> None:
    assert extract(desk, text="Budget $5k").amounts[0].value == "5,000.00 USD"
    for data in ({}, {"text": "x", "activity_id": "y"}):
        with pytest.raises(InvalidInput):
            extract(desk, **data)


REPLIES: dict[str, tuple[str, str, str]] = {
    "Yes, Thursday 14:00 suits me. Please send an invite.": ("positive", "", "gtm.crm.add_task"),
    "Thanks, but we are not interested.": ("negative", "", "gtm.crm.advance_deal"),
    "Hi Ada,\n\nHow does it handle webhooks?\n\nGrace": ("question", "", "gtm.mail.answer"),
    "It looks too expensive for us.": ("objection", "price", "gtm.mail.answer"),
    "Not now, come back to us on 15 January.": ("objection", "timing", "gtm.crm.snooze_deal"),
    "Das ist uns leider zu teuer.": ("objection", "price", "gtm.mail.answer"),
    "I am out of the office and will return on 7 December 2026.": ("out of office", "", "gtm.mail.wait_for_return"),
    "Forwarded to a colleague.": ("neutral", "", "gtm.mail.answer"),
}  # fmt: skip


def summarise(desk: Desk, text: str, **more: Any) -> ReplySummary:
    """An answer to a mail of ours, summed up."""
    mail = sent(desk)
    desk.call("gtm.crm.add_deal", contact_id=mail.contact_id, title="Looms")
    letter = arrives(desk, raw(text, In_Reply_To=mail.message_id))
    made: ReplySummary = desk.call("gtm.mail.summarise_reply", incoming_id=letter.incoming_id, **more)  # fmt: skip
    return made


@pytest.mark.parametrize("text", REPLIES)
def test_a_reply_is_summed_up_with_its_intent_and_what_to_do(desk: Desk, text: str) -> None:
    intent, about, operation = REPLIES[text]
    said = summarise(desk, text)
    assert (said.intent.value, said.about) == (intent, about)
    assert said.summary
    assert all(words in text.replace("\n", " ") for words in said.evidence)
    assert said.action is not None
    assert said.action.operation == operation
    desk.call(said.action.operation, **said.action.input)


def test_a_reply_tells_its_questions_and_days(desk: Desk) -> None:
    said = summarise(desk, "Sounds good. Can we talk on Friday? It is about $3,000.")
    assert said.questions == ("Can we talk on Friday?",)
    assert [moment.isoformat() for moment in said.dates] == ["2026-11-27T09:00:00+00:00"]
    assert said.amounts == ("$3,000",)
    assert "Can we talk on Friday?" in said.summary


def test_a_model_may_not_put_words_into_their_mouth(desk: Desk) -> None:
    bad = {"intent": "positive", "summary": "They agree to pay.", "quote": "we agree to pay"}
    desk.engine.chat_model = ScriptedModel([[{"tool": "answer", "input": bad}]])
    said = summarise(desk, "It looks too expensive for us.")
    assert (said.intent.value, said.by) == ("objection", "rules")
    assert "nobody said" in said.note
    assert query(desk, "SELECT purpose FROM model_call") == [("reply_summary",)]


@pytest.mark.parametrize("stage", ["Lead", "Won", "Lost"])
def test_c_131_two_to_four_follow_ups_are_proposed_and_can_be_made(
    desk: Desk, about: dict[str, str], stage: str
) -> None:
    desk.call("gtm.crm.log_call", outcome="voicemail", **about)
    if stage != "Lead":
        desk.call("gtm.crm.advance_deal", stage=stage, reason="x", **about)
    said: FollowUps = desk.call("gtm.crm.propose_follow_ups", **about)
    assert 2 <= len(said.items) <= 4
    assert [one.due for one in said.items] == sorted(one.due for one in said.items)
    assert all(one.due.weekday() < 5 for one in said.items)
    for one in said.items:
        desk.call(one.suggestion.operation, **one.suggestion.input)
    assert desk.mailer.sent == []


def test_a_model_may_word_the_follow_ups_and_not_add_to_them(
    desk: Desk, about: dict[str, str]
) -> None:
    found: FollowUps = desk.call("gtm.crm.propose_follow_ups", **about)
    words = [f"Step {number}" for number in range(len(found.items))]
    answers = [[{"tool": "answer", "input": {"subjects": one}}] for one in (words, words[:2])]
    desk.engine.chat_model = ScriptedModel(answers)
    said: FollowUps = desk.call("gtm.crm.propose_follow_ups", **about)
    assert [one.subject for one in said.items] == words
    assert [one.due for one in said.items] == [one.due for one in found.items]
    assert desk.call("gtm.crm.propose_follow_ups", **about).by == "rules"
