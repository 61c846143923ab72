"""Tasks, calls and meetings that are to be done: plan, list, do, put off."""

from __future__ import annotations

from typing import Any

from rusvel_tui.engine.conflicts import require_version
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidState
from rusvel_tui.engine.gtm.crm.timeline.activities import followed
from rusvel_tui.engine.gtm.crm.timeline.activity_changes import (
    ActivityChange,
    about,
    find_activity,
    require_planned,
    subject_line,
)
from rusvel_tui.engine.gtm.crm.timeline.activity_inputs import (
    ActivityId,
    AddTask,
    CompleteTask,
    ListTasks,
    SnoozeTask,
)
from rusvel_tui.engine.gtm.crm.timeline.activity_views import (
    ActivityKind,
    ActivityView,
    Due,
    Followed,
    TaskPage,
    view,
    views,
)
from rusvel_tui.engine.gtm.crm.timeline.open_tasks import open_tasks
from rusvel_tui.engine.gtm.crm.timeline.outcomes import known_outcome
from rusvel_tui.engine.models import Activity, Contact
from rusvel_tui.engine.operation import operation
from rusvel_tui.engine.text import sanitize
from rusvel_tui.engine.when_text import day_bounds, parse_when


@operation("gtm.crm.add_task", writes=True, permission="crm.activities.manage")
def add_task(ctx: Context, cmd: AddTask) -> ActivityView:
    """Plan a task, a call or a meeting, with a contact, a deal or by itself."""
    change = ActivityChange(ctx)
    task = change.add(
        require_planned(cmd.kind),
        about(ctx, cmd.contact_id, cmd.deal_id),
        subject=subject_line(cmd.subject),
        body=sanitize(cmd.body).strip(),
        due_at=parse_when(cmd.due_at, ctx.now, ctx.zone),
        status="open",
        metadata=cmd.metadata,
    )
    change.record("gtm.activity.added", task)
    return view(task)


@operation("gtm.crm.complete_task", writes=True, permission="crm.activities.manage")
def complete_task(ctx: Context, cmd: CompleteTask) -> Followed:
    """Say that a task is done and what follows; one that belongs to a sequence lets the person go on."""
    task = find_activity(ctx, cmd.activity_id)
    if task.status != "open":
        raise InvalidState("The task", task.status, "done")
    require_version(cmd.version, task.version, "The task")
    outcome = known_outcome(ActivityKind(task.kind), cmd.outcome) or "done"
    if task.job_id:
        return _complete_step(ctx, task, cmd, outcome)
    change = ActivityChange(ctx)
    change.alter(
        task,
        status="done",
        at=ctx.now,
        outcome=outcome,
        notes=sanitize(cmd.notes).strip(),
        duration_minutes=cmd.duration_minutes,
    )
    follow_up = change.follow(task, cmd.next)
    change.record("gtm.activity.updated", task)
    return followed(task, follow_up)


@operation("gtm.crm.reopen_task", writes=True, permission="crm.activities.manage")
def reopen_task(ctx: Context, cmd: ActivityId) -> ActivityView:
    """Open a task again."""
    task = find_activity(ctx, cmd.activity_id)
    if task.status != "done" or task.due_at is None or task.job_id:
        raise InvalidState("The task", task.status, "open")
    change = ActivityChange(ctx)
    change.alter(task, status="open", at=task.created_at, outcome="", duration_minutes=None)
    change.record("gtm.activity.updated", task)
    return view(task)


@operation("gtm.crm.snooze_task", writes=True, permission="crm.activities.manage")
def snooze_task(ctx: Context, cmd: SnoozeTask) -> ActivityView:
    """Put a task off to another time."""
    task = find_activity(ctx, cmd.activity_id)
    if task.status != "open":
        raise InvalidState("The task", task.status, "put off")
    require_version(cmd.version, task.version, "The task")
    change = ActivityChange(ctx)
    change.alter(task, due_at=parse_when(cmd.until, ctx.now, ctx.zone, field="until"))
    change.record("gtm.activity.updated", task)
    return view(task)


@operation("gtm.crm.list_tasks", permission="crm.activities.read")
def list_tasks(ctx: Context, cmd: ListTasks) -> TaskPage:
    """List what is to be done, most urgent first: overdue, due today, upcoming, or all."""
    query = _wanted(ctx, cmd)
    if cmd.cursor:
        due, _, last = cmd.cursor.partition(" ")
        query = query.where(
            (Activity.due_at > due) | ((Activity.due_at == due) & (Activity.id > last))
        )
    rows = list(query.limit(cmd.limit + 1))
    more = len(rows) > cmd.limit
    rows = rows[: cmd.limit]
    last_due = Activity.due_at.db_value(rows[-1].due_at) if more else ""
    return TaskPage(items=views(rows), next=f"{last_due} {rows[-1].id}" if more else None)


def _wanted(ctx: Context, cmd: ListTasks) -> Any:
    """The open tasks that the command names."""
    query = open_tasks(ctx.session_id)
    if cmd.due:
        today, tomorrow = day_bounds(ctx.now, ctx.zone)
        urgency = {
            Due.OVERDUE: Activity.due_at < today,
            Due.TODAY: (Activity.due_at >= today) & (Activity.due_at < tomorrow),
            Due.UPCOMING: Activity.due_at >= tomorrow,
        }
        query = query.where(urgency[cmd.due])
    named = {
        Activity.kind: cmd.kind.key if cmd.kind else "",
        Activity.contact_id: cmd.contact_id,
        Activity.deal_id: cmd.deal_id,
        Contact.company_id: cmd.company_id,
    }
    for column, wanted in named.items():
        if wanted:
            query = query.where(column == wanted)
    return query


def _complete_step(ctx: Context, task: Activity, cmd: CompleteTask, outcome: str) -> Followed:
    """The step of a sequence cannot be opened again; what follows from it can be taken back by itself."""
    from rusvel_tui.engine.gtm.outreach.enrolling.completing import CompleteStep, complete_step

    step = CompleteStep(job_id=task.job_id, outcome=outcome, notes=sanitize(cmd.notes).strip())
    complete_step.handle(ctx, step)
    done = find_activity(ctx, task.id)
    change = ActivityChange(ctx)
    follow_up = change.follow(done, cmd.next)
    if follow_up is not None:
        change.record("gtm.activity.added", follow_up)
    return followed(done, follow_up)
