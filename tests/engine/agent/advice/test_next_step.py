"""The next step of a deal: which rule speaks, on what evidence, and that what it suggests can be done."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from rusvel_tui.adapters.models.scripted import ScriptedModel
from rusvel_tui.engine.agent.asking_model import RULES
from rusvel_tui.engine.agent.chat.loop import ASSISTANT
from rusvel_tui.engine.errors import NotConfigured, NotFound
from rusvel_tui.engine.gtm.crm.advice import quiet_steps, steady_steps, steps, urgent_steps
from rusvel_tui.engine.gtm.crm.advice.next_step import NextStep
from tests.engine.mail.letters import arrives, raw
from tests.factories import Desk, query

NEXT = "gtm.crm.recommend_next_step"


class Sale:
    """A deal, and short words for what happens in it."""

    def __init__(self, desk: Desk, **contact: Any) -> None:
        self.desk = desk
        self.grace = desk.contact("Grace Hopper", "grace@example.com", **contact)
        self.deal = desk.call("gtm.crm.add_deal", contact_id=self.grace.contact_id, title="Looms", value="12000")  # fmt: skip
        self.about = {"deal_id": self.deal.deal_id}

    def next(self, **more: Any) -> NextStep:
        found: NextStep = self.desk.call(NEXT, **self.about, **more)
        return found

    def call(self, outcome: str = "reached", body: str = "") -> None:
        self.desk.call("gtm.crm.log_call", **self.about, outcome=outcome, body=body)

    def met(self, body: str = "") -> None:
        self.desk.call("gtm.crm.log_meeting", **self.about, subject="Demo", body=body)

    def planned(self, due_at: str = "tomorrow", subject: str = "Send the quote") -> None:
        self.desk.call("gtm.crm.add_task", **self.about, subject=subject, due_at=due_at)

    def stage(self, name: str, reason: str = "") -> None:
        self.desk.call("gtm.crm.advance_deal", **self.about, stage=name, reason=reason)

    def silence(self, days: int) -> None:
        self.desk.later(days=days)

    def replied(self, text: str) -> None:
        """An answer to a mail of ours."""
        mail = self.desk.mail(self.drafted())
        self.desk.approve(mail)
        self.desk.work()
        arrives(
            self.desk, raw(text, sender="Grace <grace@example.com>", In_Reply_To=mail.message_id)
        )

    def sequence(self) -> None:
        self.desk.sequence()

    def drafted(self) -> str:
        made = self.desk.call(
            "gtm.outreach.create_email_draft", **self.about, subject="Hello", body="Hi Grace"
        )
        return str(made.activity_id)


@pytest.fixture
def sale(desk: Desk) -> Sale:
    return Sale(desk)


Happened = tuple[str, tuple[Any, ...]]
"""A word of `Sale`, and what it is told."""
VOICEMAIL: Happened = ("call", ("voicemail",))
NOBODY: Happened = ("call", ("no answer",))
REACHED: Happened = ("call", ())
DRAFT = "gtm.outreach.create_email_draft"
PLAN = "gtm.crm.add_task"
STORIES: dict[str, tuple[list[Happened], str, str]] = {
    "nothing yet": ([], "ask for a first call", DRAFT),
    "voicemail": ([VOICEMAIL], "Call again in the afternoon", PLAN),
    "three missed calls": ([NOBODY] * 3, "Write instead", DRAFT),
    "a meeting": ([("met", ("They need an API.",))], "Send a summary", DRAFT),
    "a promise": (
        [("call", ("reached", "She wants a quote by Friday."))],
        "asked for by Fri 27 Nov",
        PLAN,
    ),
    "planned": ([("planned", ())], "Keep to the plan", "gtm.crm.get_activity"),
    "overdue": (
        [("planned", ()), ("silence", (3,))],
        "Do what is overdue",
        "gtm.crm.complete_task",
    ),
    "a week of silence": ([REACHED, ("silence", (8,))], "Follow up", DRAFT),
    "two weeks of silence": ([REACHED, ("silence", (15,))], "Re-engage", DRAFT),
    "silence and a sequence": (
        [("sequence", ()), REACHED, ("silence", (15,))],
        "Re-engage",
        "gtm.outreach.execute_sequence",
    ),
    "a draft": ([REACHED, ("drafted", ())], "Decide about the draft", "gtm.approvals.show"),
    "agreed": (
        [("call", ("reached", "Yes, please send the offer."))],
        "Move it on to Qualified",
        "gtm.crm.advance_deal",
    ),
    "fresh": ([("call", ("reached", "A chat."))], "Plan the next contact", PLAN),
    "won": ([("stage", ("Won",))], "Draft the invoice", "gtm.invoices.from_deal"),
    "lost": ([("stage", ("Lost", "no budget"))], "ask again in a quarter", PLAN),
    "an answer": (
        [("replied", ("Tell me more about it.",))],
        "their mail waits",
        "gtm.mail.answer",
    ),
    "a no": (
        [("replied", ("No thanks, we are not interested.",))],
        "Mark it as lost",
        "gtm.crm.advance_deal",
    ),
}


@pytest.mark.parametrize("name", STORIES)
def test_c_041_it_says_what_fits_the_story_and_its_suggestion_can_be_done(
    sale: Sale, name: str
) -> None:
    story, words, operation = STORIES[name]
    for word, values in story:
        getattr(sale, word)(*values)
    sent = len(sale.desk.mailer.sent)
    said = sale.next()
    assert words in said.recommendation
    assert said.suggestion.operation == operation
    for one in (said.suggestion, *(option.suggestion for option in said.alternatives)):
        undone(sale.desk, one.operation, one.input)
    sale.desk.work()
    assert len(sale.desk.mailer.sent) == sent


def undone(desk: Desk, operation: str, data: dict[str, Any]) -> None:
    """Do it, and take it back, so that the next one stands on the same ground."""
    before = desk.engine.cursor()
    desk.call(operation, **data)
    if desk.engine.cursor() != before:
        desk.call("undo")


def test_q_135_it_comes_with_reasons_evidence_and_what_happened(sale: Sale) -> None:
    sale.call("voicemail", body="Left a message about the API.")
    said = sale.next()
    assert "voicemail" in said.reasoning
    [first, *rest] = said.signals
    assert (first.kind, first.evidence, first.target_kind) == ("missed call", "Left a message about the API.", "activity")  # fmt: skip
    assert {one.kind for one in rest} == {"health"}
    assert all(one.evidence for one in rest)
    assert [(one.kind, one.outcome) for one in said.recent_activity] == [("Call", "voicemail")]
    assert 0 < said.confidence < 1


def test_c_041_mails_count_as_contact(sale: Sale) -> None:
    """In the seed a mail was no activity, so that a deal looked dead on the day of a reply."""
    sale.silence(20)
    sale.replied("Thanks, I will look at it.")
    [message] = sale.desk.call("gtm.mail.list").items
    sale.desk.call("gtm.mail.mark_done", incoming_id=message.incoming_id)
    assert sale.next().recommendation == "Plan the next contact."


def test_c_147_it_may_suggest_a_date_a_sequence_or_the_end(sale: Sale) -> None:
    sale.sequence()
    sale.desk.call("gtm.crm.update_deal", **sale.about, expected_close="2026-12-01")
    for _ in range(3):
        sale.call("no answer")
    sale.desk.call("gtm.crm.add_note", **sale.about, body="Nobody there.")
    sale.silence(45)
    said = sale.next()
    offered = [said.suggestion, *(one.suggestion for one in said.alternatives)]
    operations = {one.operation for one in offered}
    assert {"gtm.crm.advance_deal", "gtm.outreach.execute_sequence"} <= operations
    lost = next(one for one in offered if one.operation == "gtm.crm.advance_deal")
    assert lost.input["stage"] == "Lost"
    assert "without an answer" in lost.input["reason"]
    [due] = [one for one in offered if "expected_close" in one.input]
    assert due.input["expected_close"] == "2027-01-22"


def test_an_unknown_deal_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.call(NEXT, deal_id="nothing")


def test_a_model_chooses_among_the_steps_of_the_rules_and_its_cost_is_kept(sale: Sale) -> None:
    sale.call("voicemail")
    chosen = {"step": 1, "recommendation": "Write to her.", "reasoning": "She reads mail."}
    sale.desk.engine.chat_model = ScriptedModel([[{"tool": "answer", "input": chosen}]])
    said = sale.next()
    assert (said.recommendation, said.by) == ("Write to her.", "scripted")
    assert said.suggestion.operation in ("gtm.crm.add_task", "gtm.outreach.create_email_draft")
    assert query(sale.desk, "SELECT purpose, provider FROM model_call") == [("next_step", "scripted")]  # fmt: skip


BAD: dict[str, Any] = {
    "no such step": {"tool": "answer", "input": {"step": 99, "recommendation": "x", "reasoning": "y"}},
    "unknown field": {"tool": "answer", "input": {"step": 0, "recommendation": "x", "reasoning": "y", "send": True}},
    "another tool": {"tool": "gtm.approvals.approve", "input": {}},
    "prose": "Just send it.",
    "cut": {"fail": "the server is busy", "passing": True},
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_a_model_answers_out_of_line_is_thrown_away_with_a_note(sale: Sale, name: str) -> None:
    sale.call("voicemail")
    sale.desk.engine.chat_model = ScriptedModel([[BAD[name]]])
    said = sale.next()
    assert said.by == RULES
    assert said.note.startswith("The model")
    assert said.recommendation == "Call again in the afternoon."


def test_the_assistant_thinks_by_itself_and_asks_no_second_model(sale: Sale) -> None:
    sale.desk.engine.chat_model = model = ScriptedModel([])
    with sale.desk.acting_as(ASSISTANT):
        assert sale.next().by == RULES
        assert sale.next(think=True).by == RULES  # a second model would be past its budget
    assert model.asked == []


def test_no_model_is_asked_when_the_money_of_the_month_is_gone(sale: Sale) -> None:
    settings = {"monthly_budget_usd": "0"}
    sale.desk.call("agent.config.set", layer="session", settings=settings)
    sale.desk.engine.chat_model = model = ScriptedModel([])
    said = sale.next()
    assert (said.by, said.note) == (RULES, "The budget of this month is used up: the rules answer.")
    assert model.asked == []


def test_false_asks_nobody(sale: Sale) -> None:
    sale.desk.engine.chat_model = model = ScriptedModel([])
    assert sale.next(think=False).by == RULES
    assert model.asked == []


def test_to_insist_on_a_model_that_is_not_there_is_an_error(sale: Sale) -> None:
    with pytest.raises(NotConfigured, match="leave think out"):
        sale.next(think=True)


def test_every_rule_is_in_the_table() -> None:
    listed = {*steps.OPEN_RULES, *steps.CLOSED_RULES}
    written = {
        made
        for module in (quiet_steps, steady_steps, urgent_steps)
        for name, made in inspect.getmembers(module, inspect.isfunction)
        if made.__module__ == module.__name__ and not name.startswith("_")
    }
    assert written == listed
