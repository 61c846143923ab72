"""What a worker does between two jobs: looks whether something that happened, or the time, asks for more work.

Each look is one short read; only when there is something to do the queue is written to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rusvel_tui.engine.agent.hooks.dispatching import behind, dispatch
from rusvel_tui.engine.agent.schedules.fires import SCHEDULE
from rusvel_tui.engine.agent.schedules.planning import has_due, look
from rusvel_tui.engine.agent.workflows.runs import WORKFLOW
from rusvel_tui.engine.agent.workflows.waking import has_ready, wake_decided
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.jobs import Nothing
from rusvel_tui.engine.operation import View, operation

if TYPE_CHECKING:
    from rusvel_tui.engine.core import Engine


class Pending(View):
    """What there is to do."""

    hooks: bool
    """Whether events were not read yet that a hook may be for."""
    schedules: bool
    """Whether the time of a schedule has come."""
    workflows: bool
    """Whether something was decided that a workflow waits for."""


@operation("agent.pending", permission="jobs.read", internal=True)
def pending(ctx: Context, cmd: Nothing) -> Pending:
    """Say what happened that asks for more work."""
    return Pending(hooks=behind(ctx), schedules=has_due(ctx), workflows=has_ready())


def follow_up(engine: Engine) -> bool:
    """Queue the work that events and the time ask for; whether there is some now."""
    found = engine.run(pending, Nothing())
    queued = False
    if found.schedules:
        queued = bool(engine.acting_as(SCHEDULE).run(look, Nothing()).queued)
    if found.workflows:
        queued = bool(engine.acting_as(WORKFLOW).run(wake_decided, Nothing()).count) or queued
    while found.hooks:
        done = engine.run(dispatch, Nothing())
        queued = queued or bool(done.queued)
        if not done.more:
            break
    return queued
