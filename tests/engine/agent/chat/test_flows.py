"""The chats that the seeds describe, each with a scripted model and with none: the tools and their effects are real."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.adapters.models.offline import OfflineModel
from rusvel_tui.adapters.models.scripted import ScriptedModel
from rusvel_tui.engine import departments
from rusvel_tui.engine.agent.chat import news
from rusvel_tui.engine.agent.chat.states import RunState
from rusvel_tui.engine.agent.proposals.proposals import ProposalId, approve
from tests.engine.agent.chat.talking import Talk
from tests.factories import Desk

RECORD = {"tool": "growth.kpi.record_kpi", "input": {"name": "MRR", "value": 12000, "unit": "USD"}}
TREND = {"tool": "growth.kpi.get_trend", "input": {"kpi_name": "MRR"}}
BOARD = {"tool": "gtm.crm.board"}
CONTACTS = {"tool": "gtm.crm.list_contacts", "input": {"limit": 20}}
STEPS = [
    {"delay_days": 0, "channel": "email", "subject": "Looms", "body": "Hi {{first_name|there}}, looms."},
    {"delay_days": 3, "channel": "email", "body": "Hi {{first_name|there}}, did you see it?"},
]  # fmt: skip
SEQUENCE = {
    "tool": "gtm.outreach.create_sequence",
    "input": {"name": "Looms for mills", "steps": STEPS},
}
ITEM = {"description": "consulting", "quantity": "2", "unit_price": "800"}


@pytest.fixture(params=["scripted", "offline"])
def talk(request: pytest.FixtureRequest, desk: Desk) -> Any:
    """A talk whose answers are scripted, or made without a model; the person says yes."""

    def begin(*script: Any) -> Talk:
        offline = request.param == "offline"
        return Talk(desk.engine, OfflineModel() if offline else ScriptedModel(script), "approve")

    return begin


def called(talk: Talk) -> list[str]:
    """The operations that ran."""
    assert all(not one.failed for one in talk.of(news.Called)), talk.of(news.Called)
    return [one.operation for one in talk.of(news.Called)]


def prompt(department: str, name: str) -> str:
    """What a quick action asks."""
    actions = departments.find(department).quick_actions
    return next(one.prompt for one in actions if one.name == name)


def test_r_110_r_111_r_112_record_mrr_of_12000(talk: Any, desk: Desk) -> None:
    desk.call("growth.kpi.record_kpi", name="MRR", value=10000, unit="USD")
    desk.later(days=1)
    one = talk([RECORD], [TREND], "MRR recorded at $12,000. Up $2,000 from last reading.")
    run = one.ask("Record MRR of $12,000", "growth")
    assert run.state is RunState.COMPLETED
    assert one.said(run) == "MRR recorded at $12,000. Up $2,000 from last reading."
    assert called(one) == ["growth.kpi.record_kpi", "growth.kpi.get_trend"]
    trend = desk.call("growth.kpi.get_trend", kpi_name="mrr")
    assert (trend.previous, trend.latest, trend.delta) == (10000, 12000, 2000)


def test_g_074_list_contacts(talk: Any, desk: Desk) -> None:
    desk.contact("Grace Hopper", company="Navy")
    one = talk([CONTACTS], "Grace Hopper of {items.0.company}")
    run = one.ask(prompt("gtm", "List contacts"))
    assert "Grace Hopper" in one.said(run)
    assert "Navy" in one.said(run)
    assert called(one) == ["gtm.crm.list_contacts"]


def test_g_076_deal_pipeline(talk: Any, desk: Desk) -> None:
    grace = desk.contact("Grace Hopper")
    desk.call(
        "gtm.crm.add_deal",
        contact_id=grace.contact_id,
        title="Two looms",
        value="4500",
        currency="EUR",
    )
    one = talk([BOARD], "{columns.0.cards.0.title}: {columns.0.cards.0.amount}")
    run = one.ask(prompt("gtm", "Deal pipeline"))
    assert "Two looms" in one.said(run)
    assert "4,500.00 EUR" in one.said(run)
    assert called(one) == ["gtm.crm.board"]


def test_g_075_draft_outreach_asks_what_is_missing_and_makes_a_draft(talk: Any, desk: Desk) -> None:
    one = talk("What is it about, and for whom?", [SEQUENCE], "The sequence {name} is a draft.")
    assert one.ask(prompt("gtm", "Draft outreach")).state is RunState.COMPLETED
    assert called(one) == []
    one.ask("about looms for mills")
    assert called(one) == ["gtm.outreach.create_sequence"]
    made = desk.call("gtm.outreach.list_sequences").items[0]
    assert made.name == "Looms for mills"
    assert made.status != "Active", "nothing leaves before it is activated"
    assert len(made.steps) >= 2


def test_g_077_generate_invoice_asks_for_client_items_and_due_date(talk: Any, desk: Desk) -> None:
    grace = desk.contact("Grace Hopper", company="Navy")
    bill = {
        "contact_id": grace.contact_id,
        "line_items": [ITEM],
        "due_date": "in 14 days",
        "currency": "EUR",
    }
    one = talk(
        "Which client, which items, and when is it due?",
        [{"tool": "gtm.invoices.create_invoice", "input": bill}],
        "The invoice is a draft: {total}.",
    )
    question = one.said(one.ask(prompt("gtm", "Generate invoice")))
    assert called(one) == []
    for word in ("client", "items", "due"):
        assert word in question
    run = one.ask("Navy, 2 days of consulting at €800, due in 14 days")
    assert called(one)[-1] == "gtm.invoices.create_invoice"
    assert "draft" in one.said(run)
    invoice = desk.call("gtm.invoices.list_invoices").items[0]
    assert (invoice.status, invoice.number, invoice.currency) == ("Draft", None, "EUR")
    assert invoice.contact_id == grace.contact_id
    assert invoice.due_date == "2026-12-08"
    lines = desk.call("gtm.invoices.get_invoice", invoice_id=invoice.invoice_id).lines
    assert [(one.description, str(one.quantity)) for one in lines] == [("consulting", "2")]


def test_draft_an_email_waits_in_the_inbox_and_is_not_sent(talk: Any, desk: Desk) -> None:
    grace = desk.contact("Grace Hopper", "grace@navy.example")
    mail = {
        "contact_id": grace.contact_id,
        "subject": "The spring prices",
        "body": "Hi Grace,\n\nhere they are.",
    }
    one = talk(
        "For whom, and about what?",
        [{"tool": "gtm.outreach.create_email_draft", "input": mail}],
        "{message}",
    )
    one.ask("Draft an email")
    assert called(one) == []
    one.ask("to Grace Hopper about the spring prices")
    assert called(one)[-1] == "gtm.outreach.create_email_draft"
    assert one.of(news.Proposed) == [], "the inbox asks; a card would ask twice"
    held = desk.call("gtm.approvals.list").items[0]
    assert (held.to, held.subject, held.state) == (
        "grace@navy.example",
        "The spring prices",
        "Held",
    )
    assert desk.mailer.sent == []


def test_recommend_next_step_says_what_and_why(talk: Any, desk: Desk) -> None:
    grace = desk.contact("Grace Hopper")
    deal = desk.call(
        "gtm.crm.add_deal",
        contact_id=grace.contact_id,
        title="Two looms",
        value="4500",
        currency="EUR",
    )
    wanted = {"tool": "gtm.crm.recommend_next_step", "input": {"deal_id": deal.deal_id}}
    one = talk([wanted], "{recommendation} {reasoning}")
    run = one.ask("Recommend next step for Two looms")
    assert called(one)[-1] == "gtm.crm.recommend_next_step"
    advice = desk.call("gtm.crm.recommend_next_step", deal_id=deal.deal_id)
    assert advice.recommendation in one.said(run)
    assert advice.reasoning in one.said(run)


@pytest.mark.parametrize("name", ["Funnel analysis", "KPI dashboard", "Cohort report"])
def test_r_063_q_146_t_121_growth_answers_without_a_model(desk: Desk, name: str) -> None:
    desk.call("growth.funnel.add_stage", name="Visit", order=1)
    desk.call("growth.funnel.add_stage", name="Trial", order=2)
    desk.call("growth.funnel.record_conversion", stage="Visit", count=100)
    desk.call("growth.funnel.record_conversion", stage="Trial", count=20)
    desk.call("growth.kpi.record_kpi", name="MRR", value=10000, unit="USD")
    desk.call(
        "growth.cohort.create_cohort", name="2026-10", size=50, start="2026-10", period="month"
    )
    one = Talk(desk.engine, OfflineModel())
    said = one.said(one.ask(prompt("growth", name), "growth"))
    assert called(one)
    expected = {"Funnel analysis": "20.0 %", "KPI dashboard": "$10,000", "Cohort report": "2026-10"}
    assert expected[name] in said


@pytest.mark.parametrize(
    "message",
    [
        "List contacts", "Show the deal pipeline", "Which invoices are overdue?", "What waits in the inbox?",
        "What needs me today?", "Analyse the funnels", "Report on the cohorts", "Show the KPI dashboard",
        "Recommend next step", "Summarise the board deal", "How is MRR doing?", "Draft an email to Nobody about x",
    ],
)  # fmt: skip
def test_q_146_an_empty_desk_is_answered_too(desk: Desk, message: str) -> None:
    one = Talk(desk.engine, OfflineModel())
    run = one.ask(message)
    assert run.state is RunState.COMPLETED
    assert len(one.said(run)) > 10
    assert (run.cost_nano, run.provider) == (0, "offline")


def test_t_121_a_whole_flow_without_a_model_and_without_a_network(desk: Desk) -> None:
    one = Talk(desk.engine, OfflineModel(), "approve")
    one.ask("Add contact Grace Hopper grace@navy.example at Navy")
    one.ask("Draft an email to Grace Hopper about the looms")
    held = desk.call("gtm.approvals.list").items[0]
    desk.approve(held)
    desk.work()
    assert [mail.rcpt_to for mail in desk.mailer.sent] == ["grace@navy.example"]
    assert "Grace Hopper" in one.said(one.ask("List contacts"))


def test_offline_a_card_that_waits_is_taken_up_again_later(desk: Desk) -> None:
    one = Talk(desk.engine, OfflineModel())
    run = one.ask("Record MRR of 12k", "growth")
    assert run.state is RunState.WAITING
    desk.engine.run(approve, ProposalId(proposal_id=one.proposal().proposal_id))
    done = one.go_on(run)
    assert one.said(done) == "MRR recorded at 12,000."


def test_offline_what_happened_is_read_and_logged_after_a_yes(desk: Desk) -> None:
    grace = desk.contact("Grace Hopper")
    one = Talk(desk.engine, OfflineModel(), "approve")
    run = one.ask("I called Grace Hopper yesterday, she wants a quote by Friday")
    assert called(one) == ["gtm.crm.parse_activity", "gtm.crm.log_call"]
    assert one.said(run).startswith("The call with Grace Hopper is logged for 2026-11-23.")
    tasks = desk.call("gtm.crm.list_tasks", contact_id=grace.contact_id).items
    assert len(tasks) == 1
    assert "Who was it with?" in one.said(one.ask("I called somebody"))


def test_offline_a_deal_in_short(desk: Desk) -> None:
    grace = desk.contact("Grace Hopper", title="Admiral")
    desk.call(
        "gtm.crm.add_deal",
        contact_id=grace.contact_id,
        title="Two looms",
        value="9",
        currency="EUR",
    )
    one = Talk(desk.engine, OfflineModel())
    said = one.said(one.ask("Summarise the Two looms deal"))
    assert "Two looms with Grace Hopper" in said
    assert "People: Grace Hopper, Admiral" in said


def test_offline_a_no_is_taken(desk: Desk) -> None:
    one = Talk(desk.engine, OfflineModel(), "not now")
    assert one.said(one.ask("Add contact Grace Hopper")) == "Fine, nothing was changed."


def test_offline_which_one_is_asked_where_several_fit(desk: Desk) -> None:
    for name in ("Grace Hopper", "Grace Jones"):
        person = desk.contact(name)
        desk.call(
            "gtm.crm.add_deal",
            contact_id=person.contact_id,
            title="Two looms",
            value="1",
            currency="EUR",
        )
    one = Talk(desk.engine, OfflineModel())
    said = one.said(one.ask("Recommend next step for Two looms"))
    assert "Grace Hopper" in said
    assert "Grace Jones" in said
    one.ask("Grace Jones")
    assert called(one)[-1] == "gtm.crm.recommend_next_step"
