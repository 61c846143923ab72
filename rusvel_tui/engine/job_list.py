"""The queue as people see it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.jobs import UNDO_WINDOW, JobState, Nothing
from rusvel_tui.engine.models import Job
from rusvel_tui.engine.operation import PageInput, View, operation


class ListJobs(PageInput):
    """Which jobs."""

    state: JobState | None = None


class JobView(View):
    """A job as people see it."""

    job_id: str
    kind: str
    state: JobState
    run_at: datetime
    attempts: int
    max_attempts: int
    error: str
    payload: dict[str, Any]
    created_at: datetime


class JobPage(View):
    """Jobs, newest first."""

    items: tuple[JobView, ...]
    next: str | None


class Outlook(View):
    """What the queue looks like to a worker that has nothing to do."""

    due: int
    next_at: datetime | None
    """When the next queued job is due."""
    undo_until: datetime | None
    """When the last undo window of an approved mail ends."""


@operation("job.list", permission="jobs.read")
def list_jobs(ctx: Context, cmd: ListJobs) -> JobPage:
    """List the jobs of the queue, newest first."""
    query = Job.select().where(Job.session_id == ctx.session_id).order_by(Job.id.desc())
    if cmd.state:
        query = query.where(Job.state == cmd.state.key)
    if cmd.cursor:
        query = query.where(Job.id < cmd.cursor)
    rows = list(query.limit(cmd.limit + 1))
    more = len(rows) > cmd.limit
    rows = rows[: cmd.limit]
    return JobPage(items=tuple(map(view, rows)), next=rows[-1].id if more else None)


@operation("job.outlook", permission="jobs.read", internal=True)
def outlook(ctx: Context, cmd: Nothing) -> Outlook:
    """How many jobs are due, and when the next one is."""
    queued = Job.select(Job.run_at).where(Job.state == "queued")
    due = queued.where(Job.run_at <= ctx.now).count()
    later = queued.where(Job.run_at > ctx.now).order_by(Job.run_at)
    undoing = [job.run_at for job in later.where(Job.metadata == UNDO_WINDOW)]
    first = later.first()
    return Outlook(
        due=due, next_at=first.run_at if first else None, undo_until=max(undoing, default=None)
    )


def view(job: Job) -> JobView:
    return JobView(
        job_id=job.id,
        kind=job.kind,
        state=JobState(job.state),
        run_at=job.run_at,
        attempts=job.attempts,
        max_attempts=job.max_attempts,
        error=job.error,
        payload=job.payload,
        created_at=job.created_at,
    )
