"""Runs of workflows as people read them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rusvel_tui.engine.agent.entities.views import find_any
from rusvel_tui.engine.context import Actor, Context
from rusvel_tui.engine.errors import NotFound
from rusvel_tui.engine.models import AgentEntity, WorkflowRun
from rusvel_tui.engine.operation import Input, PageInput, View, operation
from rusvel_tui.engine.spelled import Spelled

WORKFLOW = Actor("workflow", human=False)
"""Who does the steps; it can never say yes."""


class WorkflowState(Spelled):
    """Where a run stands: running until it is completed, failed or cancelled; waiting while a person decides."""

    RUNNING = "Running"
    WAITING = "Waiting"
    COMPLETED = "Completed"
    FAILED = "Failed"
    CANCELLED = "Cancelled"


OPEN = (WorkflowState.RUNNING, WorkflowState.WAITING)
APPROVAL, PROPOSAL, CHAT = "approval", "proposal", "chat"
"""What a run can wait for: a yes to go on, a decision about a change, or one inside of an answer."""


class RunId(Input):
    """Which run."""

    run_id: str


class ListRuns(PageInput):
    """Which runs."""

    workflow: str = ""
    """A workflow's name or id; all of them when left out."""
    state: WorkflowState | None = None


class StepView(View):
    """One step of a run, as far as it came."""

    number: int
    name: str
    type: str
    state: str
    """`waiting`, `running`, `done`, `skipped` or `failed`; empty before its turn."""
    text: str
    """What came of it, in words."""
    at: datetime | None


class WorkflowRunView(View):
    """One way through a workflow."""

    run_id: str
    workflow_id: str
    name: str
    state: WorkflowState
    position: int
    """The step that is next, from 0."""
    steps: tuple[StepView, ...]
    waits_for: str
    """`approval`, `proposal` or `chat` while it waits for you."""
    waits_id: str
    """Which proposal, or which answer."""
    question: str
    """What you are asked, where it waits for your yes."""
    inputs: dict[str, Any]
    output: str
    """What the last step that answered said."""
    error: str
    created_at: datetime
    updated_at: datetime
    ended_at: datetime | None


class WorkflowRunPage(View):
    """Runs, newest first."""

    items: tuple[WorkflowRunView, ...]
    next: str | None
    waiting: int
    """How many wait for you."""


@operation("agent.workflows.log", permission="agent.read")
def log(ctx: Context, cmd: ListRuns) -> WorkflowRunPage:
    """List the runs of workflows, newest first."""
    own = WorkflowRun.select().where(WorkflowRun.session_id == ctx.session_id)
    waiting = own.where(WorkflowRun.state == WorkflowState.WAITING.key).count()
    query = own.order_by(WorkflowRun.id.desc())
    if cmd.workflow:
        query = query.where(WorkflowRun.workflow_id == find_workflow(ctx, cmd.workflow).id)
    if cmd.state:
        query = query.where(WorkflowRun.state == cmd.state.key)
    if cmd.cursor:
        query = query.where(WorkflowRun.id < cmd.cursor)
    rows = list(query.limit(cmd.limit + 1))
    items = tuple(view(row) for row in rows[: cmd.limit])
    more = items[-1].run_id if len(rows) > cmd.limit else None
    return WorkflowRunPage(items=items, next=more, waiting=waiting)


@operation("agent.workflows.show", permission="agent.read")
def show(ctx: Context, cmd: RunId) -> WorkflowRunView:
    """Show a run with what came of each step."""
    return view(find_run(ctx, cmd.run_id))


def find_workflow(ctx: Context, workflow: str) -> AgentEntity:
    """A workflow by its name or its id; raises `NotFound`."""
    return find_any(ctx, "workflow", workflow)


def find_run(ctx: Context, run_id: str) -> WorkflowRun:
    """A run of this session; raises `NotFound`."""
    row: WorkflowRun | None = WorkflowRun.find(run_id)
    if row is None or row.session_id != ctx.session_id:
        raise NotFound(f"There is no run {run_id!r} of a workflow.")
    return row


def view(row: WorkflowRun) -> WorkflowRunView:
    from rusvel_tui.engine.agent.workflows.places import as_text

    waits = row.metadata.get("waits", {})
    previous = row.data.get("previous")
    return WorkflowRunView(
        run_id=row.id,
        workflow_id=row.workflow_id,
        name=row.name,
        state=WorkflowState(row.state),
        position=row.position,
        steps=tuple(_step(row, number, step) for number, step in enumerate(row.steps)),
        waits_for=waits.get("for", ""),
        waits_id=waits.get("id", ""),
        question=waits.get("question", ""),
        inputs=row.data.get("inputs", {}),
        output="" if previous is None else as_text(previous),
        error=row.error,
        created_at=row.created_at,
        updated_at=row.updated_at,
        ended_at=row.ended_at,
    )


def _step(row: WorkflowRun, number: int, step: dict[str, Any]) -> StepView:
    """The newest entry of the log about a step."""
    said: dict[str, Any] = next(
        (one for one in reversed(row.log) if one["number"] == number + 1), {}
    )
    return StepView(
        number=number + 1,
        name=step["name"],
        type=step["type"],
        state=said.get("state", ""),
        text=said.get("text", ""),
        at=said.get("at"),
    )
