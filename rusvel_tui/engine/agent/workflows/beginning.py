"""Begins runs of workflows, and takes the person's word about them: go on, again, or no more."""

from __future__ import annotations

from typing import Any

from pydantic import Field, ValidationError

from rusvel_tui.engine import departments
from rusvel_tui.engine.agent.proposals.cards import ProposalId, RejectProposal
from rusvel_tui.engine.agent.proposals.deciding import approve as approve_proposal
from rusvel_tui.engine.agent.proposals.deciding import reject
from rusvel_tui.engine.agent.workflows.body import WorkflowBody
from rusvel_tui.engine.agent.workflows.places import INPUT
from rusvel_tui.engine.agent.workflows.runs import (
    APPROVAL,
    OPEN,
    RunId,
    WorkflowRunView,
    WorkflowState,
    find_run,
    find_workflow,
    view,
)
from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict, InvalidInput, InvalidState
from rusvel_tui.engine.job_turns import BESIDE
from rusvel_tui.engine.models import AgentEntity, Job, Proposal, WorkflowRun
from rusvel_tui.engine.models.base import insert_row
from rusvel_tui.engine.operation import Input, View, operation


class RunWorkflow(Input):
    """Which workflow, and what it is given."""

    workflow: str = Field(min_length=1)
    """Its name or id."""
    inputs: dict[str, Any] = Field(default_factory=dict)
    """Its inputs by name; `input` is what every workflow may be told."""


class WentOn(View):
    """What goes on, and what was asked."""

    workflow: str
    question: str


@operation("agent.workflows.run", writes=True, permission="agent.manage")
def run_workflow(ctx: Context, cmd: RunWorkflow) -> WorkflowRunView:
    """Begin a workflow; a worker does its steps, and asks you where you decide."""
    return view(begin_run(ctx, find_workflow(ctx, cmd.workflow), cmd.inputs))


@operation(
    "agent.workflows.approve", writes=True, permission="agent.decide", human_only=True, staged=True
)
def approve(ctx: Context, cmd: RunId) -> WorkflowRunView:
    """Let a run go on that asks for your yes; the same as approving its card in the inbox."""
    waits = ctx.read(lambda: _waits(ctx, cmd))
    approve_proposal.handle(ctx, ProposalId(proposal_id=waits["id"]))
    return ctx.read(lambda: view(find_run(ctx, cmd.run_id)))


@operation("agent.workflows.go_on", writes=True, permission="agent.decide", internal=True)
def go_on(ctx: Context, cmd: RunId) -> WentOn:
    """Go on with the step after the one that asked: what a person says yes to on its card."""
    question = _waits(ctx, cmd)["question"]
    row = find_run(ctx, cmd.run_id)
    name = row.steps[row.position]["name"]
    note(ctx, row, "done", f"approved by {ctx.actor.name}")
    row.data["steps"][name] = {"approved_by": ctx.actor.name, "at": stamp(ctx.now)}
    row.position += 1
    wake(ctx, row)
    ctx.record("agent.workflow.approved", row.id, {"name": row.name, "step": name})
    return WentOn(workflow=row.name, question=question)


@operation("agent.workflows.resume", writes=True, permission="agent.manage")
def resume(ctx: Context, cmd: RunId) -> WorkflowRunView:
    """Go on with a run that failed, beginning with the step that did."""
    row = find_run(ctx, cmd.run_id)
    if row.state != WorkflowState.FAILED.key:
        raise InvalidState("This run", row.state, WorkflowState.RUNNING.key)
    row.metadata = {**row.metadata, "tries": row.metadata.get("tries", 0) + 1}
    row.data.pop("chat_run", None)
    row.error, row.ended_at = "", None
    wake(ctx, row)
    ctx.record("agent.workflow.resumed", row.id, {"name": row.name})
    return view(row)


@operation("agent.workflows.cancel", writes=True, permission="agent.manage")
def cancel(ctx: Context, cmd: RunId) -> WorkflowRunView:
    """End a run here; what its steps did stays, what it proposed and nobody decided is rejected."""
    row = find_run(ctx, cmd.run_id)
    if WorkflowState(row.state) not in OPEN:
        raise InvalidState("This run", row.state, WorkflowState.CANCELLED.key)
    open_ones = (Proposal.session_id == ctx.session_id) & (Proposal.state == "waiting")
    mine = Proposal.call_key.startswith(f"workflow:{row.id}:")
    for proposal in list(Proposal.select().where(open_ones & mine)) if ctx.actor.human else ():
        why = "the workflow was cancelled"
        ctx.call(reject, RejectProposal(proposal_id=proposal.id, reason=why))
    row.state, row.ended_at = WorkflowState.CANCELLED.key, ctx.now
    row.metadata = {name: value for name, value in row.metadata.items() if name != "waits"}
    save(ctx, row)
    Job.update(state="cancelled", finished_at=ctx.now).where(
        (Job.unique_key == _key(row)) & (Job.state == "queued")
    ).execute()
    ctx.record("agent.workflow.cancelled", row.id, {"name": row.name})
    return view(row)


def _waits(ctx: Context, cmd: RunId) -> dict[str, str]:
    """The question of a run that waits for a yes to go on."""
    row = find_run(ctx, cmd.run_id)
    waits: dict[str, str] = row.metadata.get("waits", {})
    if row.state != WorkflowState.WAITING.key or waits.get("for") != APPROVAL:
        raise Conflict(
            "This run does not wait for your yes. `rusvel workflows log` shows what does."
        )
    return waits


def begin_run(
    ctx: Context, flow: AgentEntity, given: dict[str, Any], *, origin: str = ""
) -> WorkflowRun:
    """A run with the steps as they are now; later changes of the workflow do not reach it."""
    try:
        body = WorkflowBody.model_validate(flow.body)
    except ValidationError:
        raise InvalidInput(
            "This workflow cannot be read. Save it again.", field="workflow"
        ) from None
    body.check(ctx)
    _check_inputs(flow, body, given)
    home = flow.engine or departments.DEPARTMENTS[0].id
    steps = [
        step.model_dump(mode="json") | {"name": name, "department": step.department or home}
        for name, step in zip(body.names(), body.steps, strict=True)
    ]
    row: WorkflowRun = WorkflowRun.create(
        id=ctx.new_id(),
        session_id=ctx.session_id,
        workflow_id=flow.id,
        name=flow.name,
        state=WorkflowState.RUNNING.key,
        steps=steps,
        data={"inputs": {INPUT: ""} | given, "steps": {}},
        metadata={"origin": origin or ctx.actor.name},
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    enqueue(ctx, row)
    ctx.record("agent.workflow.started", row.id, {"name": row.name, "workflow_id": flow.id})
    return row


def wake(ctx: Context, row: WorkflowRun) -> None:
    """Let a run go on."""
    row.state = WorkflowState.RUNNING.key
    row.metadata = {name: value for name, value in row.metadata.items() if name != "waits"}
    save(ctx, row)
    enqueue(ctx, row)


def enqueue(ctx: Context, row: WorkflowRun) -> None:
    """Queue the next steps of a run, unless they are."""
    alive = Job.state.in_(("queued", "running"))
    if Job.select().where((Job.unique_key == _key(row)) & alive).exists():
        return
    insert_row(
        Job,
        id=ctx.new_id(),
        session_id=row.session_id,
        kind="WorkflowRun",
        payload={"run_id": row.id},
        run_at=ctx.now,
        unique_key=_key(row),
        priority=BESIDE,
        created_at=ctx.now,
    )


def note(ctx: Context, row: WorkflowRun, state: str, text: str = "") -> None:
    """Write into the log of a run where its present step stands."""
    step = row.steps[row.position]
    entry = {"number": row.position + 1, "name": step["name"], "type": step["type"]}
    entry |= {"state": state, "text": text, "at": stamp(ctx.now)}
    same = row.log and row.log[-1]["number"] == entry["number"]
    row.log = [*(row.log[:-1] if same else row.log), entry]


def save(ctx: Context, row: WorkflowRun) -> None:
    """Keep a run."""
    row.updated_at = ctx.now
    row.version += 1
    row.save()


def _key(row: WorkflowRun) -> str:
    return f"workflow:{row.id}"


def _check_inputs(flow: AgentEntity, body: WorkflowBody, given: dict[str, Any]) -> None:
    if missing := [name for name in body.inputs if given.get(name) in (None, "")]:
        raise InvalidInput(f"{flow.name} needs {', '.join(missing)}.", field="inputs")
    if unknown := sorted(set(given) - {INPUT, *body.inputs}):
        there = ", ".join((INPUT, *body.inputs))
        raise InvalidInput(
            f"{flow.name} has no input {unknown[0]!r}. It has {there}.", field="inputs"
        )
