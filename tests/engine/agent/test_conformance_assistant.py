"""What the first designs tested of tools, answers, checks, departments and switches, shown on ours."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from rusvel_tui.adapters.models.offline import OfflineModel
from rusvel_tui.adapters.models.scripted import ScriptedModel
from rusvel_tui.engine import departments
from rusvel_tui.engine.agent.asking_model import RULES
from rusvel_tui.engine.agent.chat import news
from rusvel_tui.engine.agent.chat.keeping import RunId, show_run
from rusvel_tui.engine.agent.chat.states import RunState
from rusvel_tui.engine.agent.tools.calling import Caller, call_tool
from rusvel_tui.engine.agent.tools.catalogue import as_tool, catalogue
from rusvel_tui.engine.chat_ports import Finished, Piece, ToolCall, Usage, Words
from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.errors import InvalidState, NotConfigured, NotFound, NotPermitted
from rusvel_tui.engine.gtm.crm.advice.follow_ups import FollowUps
from rusvel_tui.engine.gtm.outreach.timing.decide import Decision, Facts, Verdict, decide
from rusvel_tui.engine.manifests import gtm
from rusvel_tui.engine.manifests.self_test import broken
from rusvel_tui.engine.operation import OPERATIONS, Input, View, operation
from rusvel_tui.engine.ports import Draft
from tests.engine.agent.chat.talking import Playing, Talk, scripted
from tests.factories import HELLO, START, Desk

departments.load()
LIST = "gtm.crm.list_contacts"
GOOD = "Hi Grace, I saw that you weave by hand. Shall we talk about looms on Tuesday?"


def caller(desk: Desk, allowed: frozenset[str]) -> Caller:
    return Caller(desk.engine.acting_as(Actor("assistant", human=False)), allowed)


def test_t_040_a_tool_is_registered_listed_described_and_called(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T-040: an operation is a tool by itself, with its schema; one that is missing is named, and so is a field."""

    def weave(ctx: Any, cmd: Input) -> View:
        """Weave nothing."""
        return View()

    weave.__annotations__["cmd"] = "Input"
    monkeypatch.setattr("rusvel_tui.engine.operation.OPERATIONS", dict(OPERATIONS))
    made = operation("gtm.crm.weave", permission="crm.contacts.read")(weave)
    assert as_tool(made).summary == "Weave nothing. Reads."
    desk.contact("Grace Hopper")
    allowed = frozenset(catalogue())
    assert "Grace Hopper" in call_tool(caller(desk, allowed), LIST, {}, "1").text
    missing = call_tool(caller(desk, allowed), "gtm.crm.fly", {}, "2")
    assert (missing.failed, missing.text) == (True, "There is no tool 'gtm.crm.fly'.")
    wrong = call_tool(caller(desk, allowed), "gtm.crm.add_deal", {"value": "1"}, "3")
    assert wrong.failed
    assert "title: is missing" in wrong.text
    required = as_tool(catalogue()["gtm.crm.add_deal"]).schema["required"]
    assert "title" in required


def test_t_040_a_scope_is_a_pattern_over_names(desk: Desk) -> None:
    """T-040: a department is given what its patterns allow, and nothing beside that can be called."""
    values = {"allowed_tools": ["gtm.crm.*"]}
    desk.call("agent.config.set", layer="Department", department="gtm", settings=values)
    tools = desk.call("agent.chat.prepare", department="gtm").tools
    assert tools
    assert all(name.startswith("gtm.crm.") for name in tools)
    outside = call_tool(caller(desk, frozenset(tools)), "gtm.invoices.list_invoices", {}, "1")
    assert outside.failed


def test_t_041_an_answer_from_its_question_to_its_end(desk: Desk) -> None:
    """T-041: words come as they are said, tools run between them, and the state can be asked for."""
    desk.contact("Grace Hopper")
    talk = scripted(
        desk.engine, ["Let me see.", {"tool": LIST, "input": {}}], "You know {items.0.name}."
    )
    run = talk.ask("Whom do I know?")
    kinds = [type(one) for one in talk.heard]
    assert kinds.index(news.Told) < kinds.index(news.Called) < len(kinds) - 1
    assert talk.said(run).endswith("You know Grace Hopper.")
    assert desk.engine.run(show_run, RunId(run_id=run.run_id)).state is RunState.COMPLETED
    with pytest.raises(NotFound):
        desk.engine.run(show_run, RunId(run_id="nothing"))


def test_t_041_an_answer_is_stopped_and_bounded(desk: Desk) -> None:
    """T-041: a stop leaves the rest unsaid. After the last turn theirs failed; ours asks for an answer without tools."""
    talk = Talk(desk.engine, Playing([Words("one "), Words("two"), Finished("end")]))
    talk.listen = lambda one: talk.stop.set() if isinstance(one, news.Told) else None
    assert talk.ask("Count").state is RunState.CANCELLED
    desk.call("agent.config.set", layer="Session", settings={"max_turns": 2})
    turn: list[Piece] = [ToolCall("1", LIST.replace(".", "__"), {}), Finished("tools", Usage(1, 1))]
    model = Playing(turn, turn, [Words("That is all."), Finished("end")])
    talk = Talk(desk.engine, model)
    run = talk.ask("Go on for ever")
    assert (run.state, talk.said(run)) == (RunState.COMPLETED, "That is all.")
    assert len(model.asked) == 3


def test_t_042_what_breaks_a_rule_gets_no_yes_and_everything_is_said_at_once(desk: Desk) -> None:
    """T-042: theirs stopped at the first check that failed; ours tells all of them, so that one look mends the draft."""
    desk.drafter.script.append(Draft("", f"{GOOD} See {{{{link}}}} and [your name].", "a model"))
    mail = desk.drafted(HELLO)
    with pytest.raises(InvalidState) as caught:
        desk.approve(mail)
    assert len(mail.problems) >= 3
    assert mail.problems[0] in str(caught.value)
    mended = desk.call("gtm.approvals.edit", id=mail.id, subject="Looms", body=GOOD)
    assert mended.problems == ()
    desk.approve(mended)
    desk.work()
    assert len(desk.mailer.sent) == 1


def test_t_042_the_last_gate_ends_at_what_cannot_be_mended() -> None:
    """T-042: what forbids a mail for good is the one reason that is told; what only delays it is told whole."""
    free = Facts(
        contact_there=True, addresses=frozenset({"a@x.example"}), recipient_key="a@x.example", suppressed=False,
        enrollment="active", sequence="active", sender="me@x.example", mail_from="me@x.example", mailer="folder",
    )  # fmt: skip
    assert decide(START, free) == Decision(Verdict.GO)
    waiting = replace(free, paused="you paused it", sequence="paused")
    assert len(decide(START, waiting).reasons) == 2
    never = decide(START, replace(waiting, suppressed=True))
    assert (never.verdict, len(never.reasons)) == (Verdict.DROP, 1)
    assert "paus" not in never.why


def test_t_044_departments_are_looked_up_and_declare_what_works(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """T-044: each has quick actions, and what it declares is found. Theirs sorted departments by what they depend on;
    ours depend on nothing but the engine, so that their order is free. An id that two have is found."""
    ids = [one.id for one in departments.DEPARTMENTS]
    assert [departments.find(name.upper()).id for name in ids] == ids
    assert all(one.quick_actions for one in departments.DEPARTMENTS)
    assert list(broken()) == []
    monkeypatch.setattr(departments, "DEPARTMENTS", (*departments.DEPARTMENTS[::-1], gtm.MANIFEST))
    assert [(one.department, one.text) for one in broken()] == [("gtm", "two have it")]
    with pytest.raises(NotFound, match="There are growth, gtm"):
        departments.find("finance")


def test_t_070_both_the_machine_and_the_session_can_switch_it_off(desk: Desk) -> None:
    """T-070: what the environment does not grant is refused whatever a session says; what it grants, a session denies."""
    asked = {"title": "Looms", "contact_id": desk.contact().contact_id}
    deal = desk.call("gtm.crm.add_deal", **asked)
    wanted = {"deal_id": deal.deal_id}
    tool = "gtm.crm.recommend_next_step"
    assert tool in desk.call("agent.chat.prepare", department="gtm").tools
    assert desk.call(tool, **wanted).recommendation
    desk.call("agent.config.set", layer="Session", settings={"denied_tools": [tool]})
    assert tool not in desk.call("agent.chat.prepare", department="gtm").tools
    assert desk.call(tool, **wanted).recommendation
    desk.call("agent.config.unset", layer="Session", names=["denied_tools"])
    desk.engine.grants = frozenset({"agent.read", "sessions.read"})
    with pytest.raises(NotPermitted):
        desk.call(tool, **wanted)


def test_t_070_without_a_key_nothing_asks_a_model(desk: Desk) -> None:
    """T-070: the rules go on alone, and whoever insists is told what is missing."""
    desk.engine.chat_model = OfflineModel()
    deal = desk.call("gtm.crm.add_deal", title="Looms", contact_id=desk.contact().contact_id)
    said = desk.call("gtm.crm.recommend_next_step", deal_id=deal.deal_id)
    assert said.by == RULES
    with pytest.raises(NotConfigured, match="ANTHROPIC_API_KEY"):
        desk.call("gtm.crm.recommend_next_step", deal_id=deal.deal_id, think=True)


def test_t_071_an_answer_of_the_right_form_is_taken_and_follow_ups_have_all_their_parts(
    desk: Desk,
) -> None:
    deal = desk.call("gtm.crm.add_deal", title="Looms", contact_id=desk.contact().contact_id)
    about = {"deal_id": deal.deal_id}
    plain: FollowUps = desk.call("gtm.crm.propose_follow_ups", **about)
    words = [f"Step {number}" for number in range(len(plain.items))]
    invalid: tuple[dict[str, Any], ...] = (
        {"subjects": "one"},
        {"subjects": words, "send": True},
        {},
    )
    answers = [{"subjects": words}, *invalid]
    desk.engine.chat_model = ScriptedModel([[{"tool": "answer", "input": one}] for one in answers])
    taken: FollowUps = desk.call("gtm.crm.propose_follow_ups", **about)
    assert ([one.subject for one in taken.items], taken.by) == (words, "scripted")
    for one in taken.items:
        assert one.due >= START.date()
        assert one.suggestion.operation in OPERATIONS
    for _ in invalid:
        refused: FollowUps = desk.call("gtm.crm.propose_follow_ups", **about)
        assert refused.by == RULES
        assert refused.note.startswith("The model's answer was thrown away")
        assert [one.subject for one in refused.items] == [one.subject for one in plain.items]


@pytest.mark.parametrize(
    ("answer", "by"),
    [
        ({"tool": "answer", "input": {"step": "0", "recommendation": "Write.", "reasoning": "She reads."}}, "scripted"),
        ('```json\n{"step": 0, "recommendation": "Write.", "reasoning": "She reads."}\n```', "scripted"),
        ({"tool": "answer", "input": {"step": "soon", "recommendation": "Write.", "reasoning": "x"}}, RULES),
        ("{not json", RULES),
        ("", RULES),
    ],
)  # fmt: skip
def test_t_072_what_is_malformed_falls_back_and_a_number_as_text_is_read(
    desk: Desk, answer: Any, by: str
) -> None:
    deal = desk.call("gtm.crm.add_deal", title="Looms", contact_id=desk.contact().contact_id)
    desk.engine.chat_model = ScriptedModel([[answer]])
    said = desk.call("gtm.crm.recommend_next_step", deal_id=deal.deal_id)
    assert said.by == by
    assert (said.recommendation == "Write.") == (by == "scripted")
    assert bool(said.note) == (by == RULES)
    assert 0 < said.confidence < 1
