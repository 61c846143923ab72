"""Lets runs go on about which a person has decided, wherever they did.

What is looked at is the state of things, not the news of it: no decision is missed, whoever was away when it was made.
"""

from __future__ import annotations

from rusvel_tui.engine import jobs
from rusvel_tui.engine.agent.chat.runs import waits_for
from rusvel_tui.engine.agent.chat.states import RunState
from rusvel_tui.engine.agent.workflows.beginning import wake
from rusvel_tui.engine.agent.workflows.runs import APPROVAL, CHAT, PROPOSAL, WorkflowState
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.models import ChatRun, Proposal, WorkflowRun
from rusvel_tui.engine.operation import View, operation


class Woken(View):
    """How many runs go on."""

    count: int


@operation("agent.workflows.wake", writes=True, permission="jobs.work", internal=True)
def wake_decided(ctx: Context, cmd: jobs.Nothing) -> Woken:
    """Let those runs go on about which the person has decided."""
    ready = _ready()
    for row in ready:
        wake(ctx, row)
        ctx.record("agent.workflow.resumed", row.id, {"name": row.name}, session_id=row.session_id)
    return Woken(count=len(ready))


def has_ready() -> bool:
    """Whether a run waits for something that was decided."""
    return bool(_ready())


def _ready() -> list[WorkflowRun]:
    rows = WorkflowRun.select().where(WorkflowRun.state == WorkflowState.WAITING.key)
    waits = ((row, row.metadata.get("waits", {})) for row in rows)
    return [row for row, one in waits if decided(one.get("for", ""), one.get("id", ""))]


def decided(what: str, which: str) -> bool:
    """Whether what a run waits for is decided."""
    if what in (PROPOSAL, APPROVAL):
        found = Proposal.find(which)
        return found is None or found.state != "waiting"
    if what != CHAT:
        return False
    run = ChatRun.find(which)
    if run is None or RunState(run.state) not in (RunState.RUNNING, RunState.WAITING):
        return True
    return run.state == RunState.WAITING.key and not waits_for(run)
