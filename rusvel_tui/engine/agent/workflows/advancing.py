"""The transactions of a run: what its present step is, what came of it, and that it waits; each keeps the run before it acts.

A step is begun and ended in transactions of their own. In between the worker may vanish at any point: a read is read
again, a proposal is found by its key, an answer goes on where it stopped.
"""

from __future__ import annotations

from typing import Any

from rusvel_tui.engine import jobs
from rusvel_tui.engine.agent.chat.blocks import load, words_of
from rusvel_tui.engine.agent.chat.runs import stand, waits_for
from rusvel_tui.engine.agent.chat.states import RunState
from rusvel_tui.engine.agent.proposals.cards import ProposalState
from rusvel_tui.engine.agent.proposals.cards import view as card
from rusvel_tui.engine.agent.proposals.proposals import Propose, propose
from rusvel_tui.engine.agent.tools.calling import outcome_of
from rusvel_tui.engine.agent.tools.catalogue import catalogue, refuse_files
from rusvel_tui.engine.agent.workflows import conditions
from rusvel_tui.engine.agent.workflows.beginning import note, save
from rusvel_tui.engine.agent.workflows.places import as_text, fill, fill_all
from rusvel_tui.engine.agent.workflows.runs import APPROVAL, WorkflowState, find_run
from rusvel_tui.engine.agent.workflows.waking import decided
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict, EngineError, NotFound
from rusvel_tui.engine.models import ChatMessage, ChatRun, Proposal, WorkflowRun
from rusvel_tui.engine.operation import View, operation
from rusvel_tui.engine.text import cut, one_line

_LONGEST = 400
GO_ON = "agent.workflows.go_on"
"""What the card of an approval does."""


class Advance(jobs.Held):
    """A claimed job of a run."""

    run_id: str


class StepTask(View):
    """What to do outside a transaction; `again` when the next step is to be looked at, nothing when the job is over."""

    type: str = ""
    """`run` what reads or only makes a draft, `propose` what changes something, `ask` the assistant, or `again`."""
    position: int = 0
    operation: str = ""
    input: dict[str, Any] = {}
    key: str = ""
    department: str = ""
    message: str = ""
    chat_run: str = ""
    conversation: str = ""


class EndStep(Advance):
    """What came of a step; with an error the run fails."""

    position: int
    output: Any = None
    error: str = ""


class WaitStep(Advance):
    """For what a step waits."""

    position: int
    waits_for: str
    waits_id: str


class KeepChat(Advance):
    """The answer that a step is."""

    chat_run: str
    conversation: str


class Kept(View):
    """Whether the run goes on at once."""

    goes_on: bool


class Answer(View):
    """What an answer said, and where it stands."""

    state: RunState
    text: str
    error: str
    open_proposals: int


@operation("agent.workflows.step", writes=True, permission="jobs.work", internal=True)
def step(ctx: Context, cmd: Advance) -> StepTask:
    """Begin the present step of a run: do what needs no one else, say what there is to do otherwise."""
    row = _mine(ctx, cmd)
    if row is None:
        return StepTask()
    if row.position >= len(row.steps):
        return _finish(ctx, cmd, row, WorkflowState.COMPLETED)
    present = row.steps[row.position]
    note(ctx, row, "running")
    try:
        return _BEGIN[present["type"]](ctx, cmd, row, present)
    except EngineError as error:
        return _finish(ctx, cmd, row, WorkflowState.FAILED, _at(row, str(error)))


@operation("agent.workflows.end_step", writes=True, permission="jobs.work", internal=True)
def end_step(ctx: Context, cmd: EndStep) -> Kept:
    """Keep what came of a step, and go to the next one."""
    row = _mine(ctx, cmd)
    if row is None or row.position != cmd.position:
        return Kept(goes_on=False)
    if cmd.error:
        _finish(ctx, cmd, row, WorkflowState.FAILED, _at(row, cmd.error))
        return Kept(goes_on=False)
    _done(ctx, row, cmd.output)
    return Kept(goes_on=True)


@operation("agent.workflows.wait", writes=True, permission="jobs.work", internal=True)
def wait(ctx: Context, cmd: WaitStep) -> Kept:
    """Let a run wait for a person, unless they have decided meanwhile."""
    row = _mine(ctx, cmd)
    if row is None or row.position != cmd.position:
        return Kept(goes_on=False)
    if decided(cmd.waits_for, cmd.waits_id):
        return Kept(goes_on=True)
    _wait(ctx, cmd, row, {"for": cmd.waits_for, "id": cmd.waits_id})
    return Kept(goes_on=False)


@operation("agent.workflows.keep_chat", writes=True, permission="jobs.work", internal=True)
def keep_chat(ctx: Context, cmd: KeepChat) -> Kept:
    """Remember which answer a step is, before it is one."""
    row = _mine(ctx, cmd)
    if row is None:
        return Kept(goes_on=False)
    row.data = {**row.data, "chat_run": cmd.chat_run, "conversation": cmd.conversation}
    save(ctx, row)
    return Kept(goes_on=True)


@operation("agent.workflows.take_up", writes=True, permission="jobs.work", internal=True)
def take_up(ctx: Context, cmd: KeepChat) -> Kept:
    """Let an answer go on whose worker vanished while it made it."""
    run = ChatRun.find(cmd.chat_run)
    if _mine(ctx, cmd) is None or run is None or run.state != RunState.RUNNING.key:
        return Kept(goes_on=False)
    stand(ctx, run, RunState.WAITING)
    return Kept(goes_on=True)


@operation("agent.workflows.answer", permission="jobs.read", internal=True)
def answer(ctx: Context, cmd: KeepChat) -> Answer:
    """What the answer of a step said."""
    run = ChatRun.find(cmd.chat_run)
    if run is None:
        raise NotFound("The answer of this step is gone.")
    mine = (ChatMessage.run_id == run.id) & (ChatMessage.role == "assistant")
    said = [
        words_of(load(row.blocks))
        for row in ChatMessage.select().where(mine).order_by(ChatMessage.seq)
    ]
    last = next((text for text in reversed(said) if text.strip()), "")
    return Answer(
        state=RunState(run.state), text=last, error=run.error, open_proposals=waits_for(run)
    )


def _mine(ctx: Context, cmd: Advance) -> WorkflowRun | None:
    """The run, if this worker holds its job and it is to go on."""
    if jobs.held_job(cmd) is None:
        return None
    row = find_run(ctx, cmd.run_id)
    if row.state != WorkflowState.RUNNING.key:
        jobs.finish(ctx, cmd.job_id, "cancelled" if row.state == "cancelled" else "succeeded")
        return None
    return row


def _operation(ctx: Context, cmd: Advance, row: WorkflowRun, present: dict[str, Any]) -> StepTask:
    target = catalogue().get(present["operation"])
    if target is None:
        raise NotFound(f"There is no operation {present['operation']!r} that may run by itself.")
    filled = fill_all(present["input"], row.data)
    save(ctx, row)
    key = _key(row)
    refuse_files(filled)
    return StepTask(
        type="run" if target.held or not target.writes else "propose",
        position=row.position,
        operation=target.name,
        input=filled | ({"key": key} if target.held else {}),
        key=key,
    )


def _agent(ctx: Context, cmd: Advance, row: WorkflowRun, present: dict[str, Any]) -> StepTask:
    message = fill(present["prompt"], row.data, guard=True)
    save(ctx, row)
    return StepTask(
        type="ask",
        position=row.position,
        department=present["department"],
        message=f"@{present['agent']} {message}" if present["agent"] else message,
        chat_run=row.data.get("chat_run", ""),
        conversation=row.data.get("conversation", ""),
    )


def _condition(ctx: Context, cmd: Advance, row: WorkflowRun, present: dict[str, Any]) -> StepTask:
    met = conditions.holds(present["when"], row.data)
    if met:
        _done(ctx, row, {"holds": True}, speaks=False)
        return StepTask(type="again")
    note(ctx, row, "skipped", f"{present['when']} does not hold: the rest is left out")
    return _finish(ctx, cmd, row, WorkflowState.COMPLETED)


def _approval(ctx: Context, cmd: Advance, row: WorkflowRun, present: dict[str, Any]) -> StepTask:
    """A card in the inbox; its yes goes on, its no ends the run."""
    question = fill(present["message"], row.data)
    key = f"{_key(row)}:yes"
    asked = Proposal.get_or_none(
        (Proposal.session_id == ctx.session_id) & (Proposal.call_key == key)
    )
    if asked is not None and asked.state != ProposalState.WAITING.key:
        raise Conflict(outcome_of(card(asked)).text)
    _wait(ctx, cmd, row, {"for": APPROVAL, "id": "", "question": question})
    wanted = Propose(operation=GO_ON, input={"run_id": row.id}, call_key=key, origin="workflow")
    made = ctx.call(propose, wanted)
    row.metadata = {**row.metadata, "waits": {**row.metadata["waits"], "id": made.proposal_id}}
    save(ctx, row)
    return StepTask()


def _key(row: WorkflowRun) -> str:
    """The same for the same try of the same step: what it asks for is asked once."""
    return f"workflow:{row.id}:{row.position}:{row.metadata.get('tries', 0)}"


_BEGIN = {"operation": _operation, "agent": _agent, "condition": _condition, "approval": _approval}


def _done(ctx: Context, row: WorkflowRun, output: Any, *, speaks: bool = True) -> None:
    """The step is over; what only decides does not take the place of what was said before."""
    name = row.steps[row.position]["name"]
    data = {one: value for one, value in row.data.items() if one != "chat_run"}
    data["steps"] = {**data["steps"], name: output}
    row.data = data | ({"previous": output} if speaks else {})
    note(ctx, row, "done", cut(one_line(as_text(output)), _LONGEST))
    row.position += 1
    save(ctx, row)


def _wait(ctx: Context, cmd: Advance, row: WorkflowRun, waits: dict[str, str]) -> None:
    row.state = WorkflowState.WAITING.key
    row.metadata = {**row.metadata, "waits": waits}
    note(ctx, row, "waiting", cut(one_line(waits.get("question", "")), _LONGEST))
    save(ctx, row)
    jobs.finish(ctx, cmd.job_id, "succeeded")
    ctx.record("agent.workflow.waiting", row.id, {"name": row.name, "waits_for": waits["for"]})


def _finish(
    ctx: Context, cmd: Advance, row: WorkflowRun, state: WorkflowState, error: str = ""
) -> StepTask:
    if error:
        note(ctx, row, "failed", error)
    row.state, row.error, row.ended_at = state.key, error, ctx.now
    save(ctx, row)
    jobs.finish(ctx, cmd.job_id, "failed" if error else "succeeded", error)
    said = {"name": row.name, "workflow_id": row.workflow_id}
    if error:
        ctx.record("agent.workflow.failed", row.id, said | {"reason": error})
    else:
        ctx.record("agent.workflow.completed", row.id, said)
    return StepTask()


def _at(row: WorkflowRun, error: str) -> str:
    step_now = row.steps[row.position]
    return one_line(f"step {row.position + 1} ({step_now['name']}): {error}")
