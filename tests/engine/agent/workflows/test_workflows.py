"""Workflows: step by step, resumable, and nothing twice."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.adapters.models.scripted import ScriptedModel
from rusvel_tui.engine.agent.chat.loop import Chat
from rusvel_tui.engine.agent.workflows.runs import WorkflowRunView, WorkflowState
from rusvel_tui.engine.chat_ports import ToolResult
from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import Conflict, InvalidInput, InvalidState, NotPermitted
from rusvel_tui.engine.worker import Worker
from tests.factories import Desk, events

LOOK = {"type": "operation", "name": "look", "operation": "gtm.crm.list_contacts"}
ADD = {
    "type": "operation",
    "name": "add",
    "operation": "gtm.crm.add_contact",
    "input": {"name": "{{client}}"},
}
YES = {"type": "approval", "name": "yes", "message": "Go on with {{client}}?"}
SAY = {"type": "agent", "name": "say", "prompt": "Who is {{client}}?"}
AFTER = {"type": "agent", "name": "after", "prompt": "Shorter: {{previous}}"}


def workflow(desk: Desk, *steps: dict[str, Any], name: str = "flow", **more: Any) -> str:
    body = {"steps": list(steps), "inputs": ["client"]} | more
    return str(desk.call("agent.entities.save", kind="workflow", name=name, body=body).entity_id)


def begin(desk: Desk, **inputs: Any) -> str:
    given = {"client": "Löms"} | inputs
    return str(desk.call("agent.workflows.run", workflow="flow", inputs=given).run_id)


def work(desk: Desk) -> None:
    Worker(desk.engine).until_idle()


def show(desk: Desk, run_id: str) -> WorkflowRunView:
    found: WorkflowRunView = desk.call("agent.workflows.show", run_id=run_id)
    return found


def run(desk: Desk, *steps: dict[str, Any], **inputs: Any) -> WorkflowRunView:
    workflow(desk, *steps)
    run_id = begin(desk, **inputs)
    work(desk)
    return show(desk, run_id)


def people(desk: Desk) -> list[str]:
    return [row.name for row in desk.call("gtm.crm.list_contacts").items]


def script(desk: Desk, *answers: Any) -> ScriptedModel:
    made = desk.engine.chat_model = ScriptedModel(answers)
    return made


def asked(model: ScriptedModel) -> list[str]:
    """The newest words of each question."""
    return [question.turns[-1].blocks[0].text for question in model.asked]  # type: ignore[union-attr]


def waiting(desk: Desk) -> Any:
    [card] = desk.call("agent.proposals.list").items
    return card


def test_steps_follow_each_other_with_what_was_said(desk: Desk) -> None:
    model = script(desk, "A mill in Bremen.", "A mill.")
    ended = run(desk, SAY, AFTER)
    assert ended.state is WorkflowState.COMPLETED
    assert asked(model) == ["Who is Löms?", "Shorter: A mill in Bremen."]
    assert (ended.output, [step.state for step in ended.steps]) == ("A mill.", ["done", "done"])


def test_a_read_runs_and_a_condition_decides(desk: Desk) -> None:
    desk.contact("Ada")
    count = {"type": "condition", "when": "{{steps.look.items}}"}
    workflow(desk, LOOK, count, YES)
    run_id = begin(desk)
    work(desk)
    assert show(desk, run_id).state is WorkflowState.WAITING


def test_what_does_not_hold_leaves_the_rest_out(desk: Desk) -> None:
    ended = run(desk, LOOK, {"type": "condition", "when": "{{steps.look.items}}"}, ADD)
    assert ended.state is WorkflowState.COMPLETED
    assert [step.state for step in ended.steps] == ["done", "skipped", ""]
    assert desk.call("agent.proposals.list").items == ()


def test_a_change_waits_for_the_person_and_is_made_once(desk: Desk) -> None:
    paused = run(desk, ADD, LOOK)
    assert (paused.state, paused.waits_for) == (WorkflowState.WAITING, "proposal")
    card = waiting(desk)
    assert (card.proposal_id, card.origin, people(desk)) == (paused.waits_id, "workflow", [])
    desk.call("agent.proposals.approve", proposal_id=card.proposal_id)
    work(desk)
    ended = show(desk, paused.run_id)
    assert (ended.state, people(desk)) == (WorkflowState.COMPLETED, ["Löms"])
    assert '"name":"Löms"' in ended.steps[0].text


def test_a_no_fails_the_step_and_it_can_be_proposed_again(desk: Desk) -> None:
    paused = run(desk, ADD)
    desk.call("agent.proposals.reject", proposal_id=paused.waits_id, reason="not him")
    work(desk)
    failed = show(desk, paused.run_id)
    assert failed.state is WorkflowState.FAILED
    assert "not him" in failed.error
    desk.call("agent.workflows.resume", run_id=paused.run_id)
    work(desk)
    again = show(desk, paused.run_id)
    assert again.waits_id not in ("", paused.waits_id)


def test_q_142_an_approval_waits_and_goes_on_after_a_restart(desk: Desk) -> None:
    paused = run(desk, YES, LOOK)
    assert (paused.state, paused.question) == (WorkflowState.WAITING, "Go on with Löms?")
    work(desk)
    work(desk)
    assert show(desk, paused.run_id).state is WorkflowState.WAITING
    desk.call("agent.workflows.approve", run_id=paused.run_id)
    work(desk)
    ended = show(desk, paused.run_id)
    assert ended.state is WorkflowState.COMPLETED
    assert ended.steps[0].text == "approved by user"
    with pytest.raises(Conflict):
        desk.call("agent.workflows.approve", run_id=paused.run_id)


def test_q_142_the_card_of_an_approval_says_yes_or_no(desk: Desk) -> None:
    """It lies in the inbox with the others, and is decided with the same keys."""
    paused = run(desk, YES, LOOK)
    card = waiting(desk)
    assert (card.title, card.origin) == ("Go on with flow: Go on with Löms?", "workflow")
    desk.call("agent.proposals.approve", proposal_id=card.proposal_id)
    work(desk)
    assert show(desk, paused.run_id).state is WorkflowState.COMPLETED
    refused = begin(desk)
    work(desk)
    desk.call("agent.proposals.reject", proposal_id=waiting(desk).proposal_id, reason="not now")
    work(desk)
    ended = show(desk, refused)
    assert (ended.state, ended.steps[1].state) == (WorkflowState.FAILED, "")
    assert "not now" in ended.error


def test_no_program_says_the_yes(desk: Desk) -> None:
    paused = run(desk, YES)
    given = {"run_id": paused.run_id}, {"proposal_id": paused.waits_id}
    names = "agent.workflows.go_on", "agent.workflows.approve", "agent.proposals.approve"
    for name, data in zip(names, (given[0], *given), strict=True):
        with desk.acting_as(Actor("assistant", human=False)), pytest.raises(NotPermitted):
            desk.engine.call(name, data)
    assert show(desk, paused.run_id).state is WorkflowState.WAITING


def test_only_a_person_lets_a_run_go_on(desk: Desk) -> None:
    paused = run(desk, YES)
    with desk.acting_as(Actor("assistant", human=False)), pytest.raises(NotPermitted):
        desk.call("agent.workflows.approve", run_id=paused.run_id)


def test_a_yes_to_go_on_is_no_yes_to_a_change(desk: Desk) -> None:
    paused = run(desk, ADD)
    with pytest.raises(Conflict):
        desk.call("agent.workflows.approve", run_id=paused.run_id)
    assert people(desk) == []


def test_an_answer_that_proposes_waits_and_goes_on(desk: Desk) -> None:
    call = {"tool": "gtm.crm.add_contact", "input": {"name": "Ada"}}
    model = script(desk, [call], "Added.")
    paused = run(desk, SAY, LOOK)
    assert (paused.state, paused.waits_for) == (WorkflowState.WAITING, "chat")
    desk.call("agent.proposals.approve", proposal_id=waiting(desk).proposal_id)
    work(desk)
    ended = show(desk, paused.run_id)
    assert (ended.state, ended.steps[0].text) == (WorkflowState.COMPLETED, "Added.")
    assert (people(desk), len(model.asked)) == (["Ada"], 2)


def test_an_answer_that_somebody_else_went_on_with_counts(desk: Desk) -> None:
    """The screen goes on with it right after the yes."""
    call = {"tool": "gtm.crm.add_contact", "input": {"name": "Ada"}}
    model = script(desk, [call], "Added.")
    paused = run(desk, SAY)
    desk.call("agent.proposals.approve", proposal_id=waiting(desk).proposal_id)
    Chat(desk.engine, hear=lambda one: None).go_on(paused.waits_id)
    work(desk)
    ended = show(desk, paused.run_id)
    assert (ended.state, ended.output, len(model.asked)) == (WorkflowState.COMPLETED, "Added.", 2)


def test_a_model_that_fails_fails_the_step_which_can_be_tried_again(desk: Desk) -> None:
    script(desk, {"fail": "overloaded"})
    failed = run(desk, SAY)
    assert (failed.state, failed.error) == (WorkflowState.FAILED, "step 1 (say): overloaded")
    assert [e.payload["reason"] for e in events(desk, "agent.workflow.failed")] == [failed.error]
    script(desk, "Here.")
    desk.call("agent.workflows.resume", run_id=failed.run_id)
    work(desk)
    assert show(desk, failed.run_id).output == "Here."


def test_an_agent_speaks_where_one_is_named(desk: Desk) -> None:
    desk.call("agent.entities.save", kind="agent", name="Poet", body={"instructions": "You rhyme."})
    model = script(desk, "A mill on a hill.")
    run(desk, SAY | {"agent": "poet"})
    assert "You rhyme." in model.asked[0].system


def test_words_of_others_call_no_agent(desk: Desk) -> None:
    desk.call("agent.entities.save", kind="agent", name="Poet", body={"instructions": "You rhyme."})
    model = script(desk, "A mill.")
    run(desk, SAY, client="@poet")
    assert "You rhyme." not in model.asked[0].system


def test_a_cancelled_run_takes_its_proposal_along(desk: Desk) -> None:
    paused = run(desk, ADD)
    desk.call("agent.workflows.cancel", run_id=paused.run_id)
    work(desk)
    assert show(desk, paused.run_id).state is WorkflowState.CANCELLED
    assert desk.call("agent.proposals.list").items == ()
    with pytest.raises(InvalidState):
        desk.call("agent.workflows.cancel", run_id=paused.run_id)


def test_a_change_of_the_workflow_does_not_reach_its_runs(desk: Desk) -> None:
    entity = workflow(desk, YES, LOOK)
    run_id = begin(desk)
    work(desk)
    body = {"steps": [ADD], "inputs": ["client"]}
    desk.call("agent.entities.save", kind="workflow", entity_id=entity, body=body)
    desk.call("agent.workflows.approve", run_id=run_id)
    work(desk)
    assert [step.name for step in show(desk, run_id).steps] == ["yes", "look"]


@pytest.mark.parametrize(
    ("steps", "field"),
    [
        ([SAY | {"prompt": "{{cleint}}"}], "prompt"),
        ([SAY | {"prompt": "{{previous}}"}], "prompt"),
        ([AFTER, SAY], "prompt"),
        ([SAY | {"prompt": "{{steps.later.text}}"}, LOOK | {"name": "later"}], "prompt"),
        ([SAY | {"prompt": "{{client"}], "prompt"),
        ([SAY | {"prompt": ""}], "prompt"),
        ([SAY | {"agent": "nobody"}], "agent"),
        ([ADD | {"input": {"name": "{{who}}"}}], "input"),
        ([ADD | {"input": {"nam": "x", "name": "y"}}], "input"),
        ([{"type": "operation", "operation": "growth.kpi.record_kpi"}], "input"),
        ([LOOK | {"operation": "gtm.approvals.approve"}], "operation"),
        ([LOOK | {"operation": "gtm.crm.delete_contact"}], "operation"),
        ([LOOK | {"operation": "agent.workflows.run"}], "operation"),
        ([{"type": "condition", "when": "{{client}} >"}], "when"),
        ([{"type": "approval"}], "message"),
        ([LOOK, LOOK], "name"),
        ([LOOK | {"name": "a.b"}], "name"),
        ([], "steps"),
    ],
)
def test_what_can_never_run_is_refused(desk: Desk, steps: list[Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        workflow(desk, *steps)
    assert refused.value.field == field


@pytest.mark.parametrize("inputs", [{"client": ""}, {"other": "x"}])
def test_inputs_are_asked_for(desk: Desk, inputs: dict[str, str]) -> None:
    workflow(desk, SAY)
    with pytest.raises(InvalidInput) as refused:
        begin(desk, **inputs)
    assert refused.value.field == "inputs"


def test_a_value_that_is_missing_when_it_is_needed_fails_the_step(desk: Desk) -> None:
    failed = run(desk, LOOK, ADD | {"input": {"name": "{{steps.look.items.0.name}}"}})
    assert failed.state is WorkflowState.FAILED
    assert "{{steps.look.items.0.name}} has no value" in failed.error


def test_the_runs_are_listed(desk: Desk) -> None:
    first = run(desk, YES)
    page = desk.call("agent.workflows.log", workflow="flow")
    assert (page.waiting, [one.run_id for one in page.items]) == (1, [first.run_id])
    assert desk.call("agent.workflows.log", state="Completed").items == ()


class Killed(BaseException):
    """The process is gone."""


WRITES = (
    "agent.workflows.step",
    "agent.proposals.propose",
    "agent.workflows.end_step",
    "agent.workflows.wait",
    "agent.workflows.keep_chat",
    "agent.chat.ask",
    "agent.chat.keep",
    "agent.chat.end",
)


class Kill:
    """Kills right before or right after some run of an operation: from then on the process does nothing any more."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, name: str, *, after: bool) -> None:
        self.dead = False
        real, seen = Engine.run, [0]

        def dying(engine: Engine, operation: Any, command: Any) -> Any:
            if self.dead:
                raise Killed
            seen[0] += operation.name == name
            now = operation.name == name and seen[0] % 2 == 1
            self.dead = now and not after
            if self.dead:
                raise Killed
            made = real(engine, operation, command)
            self.dead = now
            if self.dead:
                raise Killed
            return made

        monkeypatch.setattr(Engine, "run", dying)


class Adding(ScriptedModel):
    """Answers by what it was told, so that it may be asked again: adds a contact, then says so."""

    def stream(self, question: Any, stop: Any) -> Any:
        """One call, and after its result a word."""
        call = {"tool": "gtm.crm.add_contact", "input": {"name": "from chat"}}
        told = any(isinstance(b, ToolResult) for turn in question.turns for b in turn.blocks)
        yield from ScriptedModel(["Added." if told else [call]]).stream(question, stop)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("name", WRITES)
def test_q_142_killed_anywhere_it_goes_on_and_does_nothing_twice(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str, *, after: bool
) -> None:
    """Around each transaction of a run with a read, an answer that changes something, a change, and a yes."""
    desk.engine.chat_model = Adding([])
    workflow(desk, LOOK, SAY, ADD, YES)
    run_id = begin(desk)
    kill = Kill(monkeypatch, name, after=after)
    deaths = 0
    for _ in range(12):
        try:
            work(desk)
        except Killed:
            kill.dead, deaths = False, deaths + 1
            desk.later(minutes=10)
        kill.dead = False
        say_yes(desk, run_id)
    ended = show(desk, run_id)
    assert deaths > 0
    assert (ended.state, ended.error) == (WorkflowState.COMPLETED, "")
    assert sorted(people(desk)) == ["Löms", "from chat"]


def say_yes(desk: Desk, run_id: str) -> None:
    """To all that waits."""
    if show(desk, run_id).waits_for == "approval":
        desk.call("agent.workflows.approve", run_id=run_id)
    for card in desk.call("agent.proposals.list").items:
        desk.call("agent.proposals.approve", proposal_id=card.proposal_id)


def test_a_draft_needs_no_yes_before_its_own(desk: Desk) -> None:
    """It waits in the inbox anyway; the key keeps it from being written twice."""
    person = desk.contact("Ada", "ada@acme.example")
    given = {"contact_id": person.contact_id, "subject": "Hello {{client}}", "body": "A word."}
    draft = {"type": "operation", "operation": "gtm.outreach.create_email_draft", "input": given}
    ended = run(desk, draft, YES)
    assert (ended.state, ended.waits_for) == (WorkflowState.WAITING, "approval")
    [held] = desk.call("gtm.approvals.list").items
    assert held.subject == "Hello Löms"
