"""The tools of the first designs, called by a model in a chat: they are really there, and do what they say."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rusvel_tui.engine.agent.chat import news
from rusvel_tui.engine.agent.chat.states import RunState
from rusvel_tui.engine.agent.tools.catalogue import as_tool, catalogue, wire_name
from rusvel_tui.engine.operation import OPERATIONS, Operation
from tests.engine.agent.chat.talking import Talk, scripted
from tests.factories import Desk, box, query

COPILOT = (
    "gtm.outreach.create_email_draft", "gtm.crm.recommend_next_step", "gtm.crm.get_deal_summary", "gtm.crm.parse_activity",
    "gtm.crm.extract_from_note", "gtm.crm.propose_follow_ups", "gtm.crm.parse_signature", "gtm.mail.summarise_reply",
)  # fmt: skip


def said(desk: Desk, tool: str, decide: str = "approve", department: str = "gtm", **data: Any) -> tuple[Talk, Any]:  # fmt: skip
    """One call of a tool in a chat, and what it returned."""
    talk = scripted(desk.engine, [{"tool": tool, "input": data}], "Done.", decide=decide)
    run = talk.ask("Do it.", department)
    assert run.state is RunState.COMPLETED, run.error
    [called] = talk.of(news.Called)
    assert not called.failed, called.text
    return talk, json.loads(called.text)


def test_g_080_a_contact_is_added_after_a_yes(desk: Desk) -> None:
    _, made = said(desk, "gtm.crm.add_contact", name="Grace Hopper", email="grace@example.com", company="Navy")  # fmt: skip
    assert desk.call("gtm.crm.get_contact", contact_id=made["contact_id"]).company == "Navy"


def test_g_080_without_a_yes_nothing_is_added(desk: Desk) -> None:
    call = {"tool": "gtm.crm.add_contact", "input": {"name": "Grace Hopper"}}
    run = scripted(desk.engine, [call], "Done.").ask("Add Grace.")
    assert run.state is RunState.WAITING
    assert query(desk, "SELECT count(*) FROM contact") == [(0,)]


def test_g_081_contacts_are_listed_at_once(desk: Desk) -> None:
    desk.contact("Grace Hopper", "grace@example.com")
    talk, listed = said(desk, "gtm.crm.list_contacts", decide="")
    assert [one["name"] for one in listed["items"]] == ["Grace Hopper"]
    assert talk.of(news.Proposed) == []


def test_g_082_a_deal_is_added_and_a_stage_that_is_none_is_refused(desk: Desk) -> None:
    grace = desk.contact()
    _, made = said(desk, "gtm.crm.add_deal", contact_id=grace.contact_id, title="Looms", value=5000, stage="Proposal")  # fmt: skip
    assert desk.call("gtm.crm.get_deal", deal_id=made["deal_id"]).stage == "Proposal"
    bad = {"tool": "gtm.crm.add_deal", "input": {"contact_id": grace.contact_id, "title": "x", "stage": "Perhaps"}}  # fmt: skip
    talk = scripted(desk.engine, [bad], "Sorry.", decide="approve")
    talk.ask("Add a deal.")
    [called] = talk.of(news.Called)
    assert called.failed
    assert "Lead, Qualified, Proposal, Negotiation, Won, Lost" in called.text


def test_g_083_a_sequence_is_created_as_the_seed_describes_it(desk: Desk) -> None:
    steps = [{"delay_days": 0, "channel": "email", "template": "Hi {{first_name}}"}, {"delay_days": 3, "channel": "email", "template": "Again"}]  # fmt: skip
    _, made = said(desk, "gtm.outreach.create_sequence", name="Intro", steps=steps)
    assert (made["status"], len(made["steps"])) == ("Draft", 2)


def test_g_084_an_invoice_finds_its_client_by_name(desk: Desk) -> None:
    """In the seed the name was ignored and a random contact stored."""
    grace = desk.contact("Grace Hopper", "grace@example.com")
    items = [{"description": "Looms", "quantity": 2, "unit_price": 100, "tax_rate": 0}]
    _, made = said(desk, "gtm.invoices.create_invoice", client_name="Grace Hopper", line_items=items, due_date="2026-12-24")  # fmt: skip
    assert made["contact_id"] == grace.contact_id
    assert desk.call("gtm.invoices.get_invoice", invoice_id=made["invoice_id"]).total == "200.00"


def test_c_043_every_copilot_tool_is_reachable_in_a_chat(desk: Desk) -> None:
    """In the seed none of them reached the copilot."""
    grace = desk.contact("Grace Hopper", "grace@example.com")
    deal = desk.call("gtm.crm.add_deal", contact_id=grace.contact_id, title="Looms")
    about = {"deal_id": deal.deal_id}
    inputs: dict[str, dict[str, Any]] = {
        "gtm.outreach.create_email_draft": about | {"subject": "Hi", "body": "Hello"},
        "gtm.crm.parse_activity": {"text": "called Grace"},
        "gtm.crm.extract_from_note": {"text": "I will call on Friday"},
        "gtm.crm.parse_signature": {"text": "Jane Roe\njane@roe.example"},
    }
    for name in COPILOT[:-1]:
        talk, answer = said(desk, name, decide="", **inputs.get(name, about))
        assert answer
        assert talk.of(news.Proposed) == []


def test_c_126_draft_an_email_and_c_127_recommend_next_step_run_in_one_talk(desk: Desk) -> None:
    grace = desk.contact("Grace Hopper", "grace@example.com")
    deal = desk.call("gtm.crm.add_deal", contact_id=grace.contact_id, title="Looms")
    about = {"deal_id": deal.deal_id}
    talk = scripted(
        desk.engine,
        [{"tool": "gtm.crm.recommend_next_step", "input": about}],
        "{recommendation}",
        [{"tool": COPILOT[0], "input": about | {"subject": "Looms", "body": "Hi Grace"}}],
        "{message}",
    )
    run = talk.ask("Recommend next step")
    assert talk.said(run).strip() == "Write to Grace Hopper and ask for a first call."
    run = talk.ask("Draft an email")
    assert talk.said(run).strip() == "The draft to Grace Hopper waits in the inbox for a yes. Nothing was sent."  # fmt: skip
    assert [mail.to for mail in box(desk)] == ["grace@example.com"]
    assert desk.mailer.sent == []


def test_c_044_a_tool_is_switched_off_for_a_session(desk: Desk) -> None:
    desk.call("agent.config.set", layer="session", settings={"denied_tools": ["gtm.crm.recommend_*"]})  # fmt: skip
    call = {"tool": "gtm.crm.recommend_next_step", "input": {"deal_id": "x"}}
    talk = scripted(desk.engine, [call], "No.")
    talk.ask("Recommend next step")
    [called] = talk.of(news.Called)
    assert (called.failed, called.text) == (True, "gtm.crm.recommend_next_step is not allowed here.")  # fmt: skip


@pytest.mark.parametrize("name", COPILOT)
def test_c_075_every_tool_is_an_operation_with_its_schema(name: str) -> None:
    """One port for all tools: an operation; its schema and its words follow from it."""
    tool = as_tool(catalogue()[name])
    assert isinstance(OPERATIONS[name], Operation)
    assert tool.name == wire_name(name)
    assert tool.schema["type"] == "object"
    assert tool.schema["additionalProperties"] is False
    assert "session_id" not in tool.schema["properties"]


def test_r_122_a_funnel_is_analysed_in_a_chat(desk: Desk) -> None:
    desk.call("growth.funnel.create", name="Sales", stages=["Visit", "Signup"])
    for stage, count in (("Visit", 200), ("Signup", 50)):
        desk.call("growth.funnel.record_conversion", funnel="Sales", stage=stage, count=count)
    _, found = said(desk, "growth.funnel.analyze", decide="", department="growth", funnel="Sales")
    assert "200" in json.dumps(found)


def test_r_125_the_assistant_predicts_churn_from_the_rules_of_risk(desk: Desk) -> None:
    """What it words is what the rules found: it reads the risks, it does not guess them."""
    for month, mrr in (
        ("2026-07", "500"),
        ("2026-08", "500"),
        ("2026-09", "300"),
        ("2026-10", "100"),
    ):
        desk.call("growth.saas.record_subscription", customer="Navy", month=month, mrr=mrr, currency="EUR")  # fmt: skip
    _, found = said(desk, "growth.churn.predict", decide="", department="growth")
    assert found["items"][0]["customer"] == "Navy"
