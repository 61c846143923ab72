"""What a stage plans for each deal that comes to it."""

from __future__ import annotations

from datetime import timedelta

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.pipelines.stages import StageInfo
from rusvel_tui.engine.models import Activity, Deal


def plan_entry(ctx: Context, deal: Deal, stage: StageInfo) -> str:
    """Plan the stage's task for a deal that has just come to it; its id, nothing when there is none."""
    if not stage.task:
        return ""
    task = Activity.create(
        id=ctx.new_id(),
        session_id=ctx.session_id,
        kind="task",
        status="open",
        subject=stage.task,
        contact_id=deal.contact_id,
        deal_id=deal.id,
        due_at=ctx.now + timedelta(days=stage.task_days),
        at=ctx.now,
        actor=ctx.actor.name,
        metadata={"stage": stage.key},
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    # The move takes it back: it is no change of its own.
    ctx.record("gtm.activity.added", task.id, {"subject": task.subject, "kind": "Task"})
    return str(task.id)


def drop_entry(ctx: Context, task_id: str) -> None:
    """Take a planned task away with the move that planned it, unless somebody worked on it."""
    untouched = (Activity.id == task_id) & (Activity.status == "open") & (Activity.version == 1)
    if task_id and Activity.delete().where(untouched).execute():
        ctx.record("gtm.activity.updated", task_id, {"status": "taken back"})
