"""Plans anew what waits for its time, after the rules for that time changed: the next ones at once, the rest as a job."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING, Any

from peewee import JOIN

from rusvel_tui.engine import jobs
from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.outreach.timing.schedules import Coming, plan_times
from rusvel_tui.engine.models import Enrollment, Job, Mail, Step
from rusvel_tui.engine.models.base import as_stored
from rusvel_tui.engine.operation import View, operation

if TYPE_CHECKING:
    from rusvel_tui.engine.core import Engine

AT_ONCE = 300
"""So many people are planned anew in the transaction that changes the rules."""
PART = 200
"""So many in each transaction of the job: nobody has to wait for it."""


class ReplanPart(jobs.Held):
    """The job, and after which enrollment it goes on."""

    after: str = ""


class Replanned(View):
    """After which enrollment to go on; none when all are done."""

    next: str | None


def replan(ctx: Context, sequence_id: str) -> None:
    """Give the waiting steps of a sequence, or of all that follow the session's rules, their new time.

    A mail with a yes is looked at again now, once its yes is firm: the worker finds its new time.
    """
    people = list(_waiting(ctx, sequence_id).order_by(Job.run_at).limit(AT_ONCE + 1))
    _plan(ctx, people[:AT_ONCE])
    if len(people) > AT_ONCE:
        jobs.enqueue(ctx, "Replan", {"sequence_id": sequence_id}, run_at=ctx.now)
    _look_again(ctx, sequence_id)


@operation("gtm.outreach.replan_part", writes=True, permission="jobs.work", internal=True)
def replan_part(ctx: Context, cmd: ReplanPart) -> Replanned:
    """Plan some of those anew who wait for their time."""
    job = Job.get_or_none(jobs.holds(cmd))
    if job is None:
        return Replanned(next=None)
    waiting = _waiting(ctx, job.payload["sequence_id"]).where(Enrollment.id > cmd.after)
    people = list(waiting.order_by(Enrollment.id).limit(PART))
    _plan(ctx, people)
    if len(people) == PART:
        return Replanned(next=people[-1].id)
    jobs.finish(ctx, job.id, "succeeded")
    return Replanned(next=None)


def handle(engine: Engine, job: jobs.ClaimedJob, stop: Event) -> None:
    """Do a `Replan` job; one that is interrupted begins anew, which changes nothing that was done."""
    held = {name: getattr(job, name) for name in ("session_id", "job_id", "owner", "fence")}
    after: str | None = ""
    while after is not None:
        after = engine.run(replan_part, ReplanPart(after=after, **held)).next


def recover(ctx: Context, job: Job, error: str) -> None:
    """Begin anew after the worker vanished or failed."""
    jobs.put_back(ctx, job, error)


def _waiting(ctx: Context, sequence_id: str) -> Any:
    """The enrollments whose next step is planned for later and has no draft yet."""
    return (
        Enrollment.select(Enrollment)
        .join(Job, on=(Job.id == Enrollment.job_id))
        .join(Mail, JOIN.LEFT_OUTER, on=(Mail.id == Job.id))
        .where(
            (Enrollment.session_id == ctx.session_id)
            & Enrollment.status.in_(("active", "paused"))
            & (Job.state == "queued")
            & (Job.run_at > ctx.now)
            & (Mail.state.is_null() | (Mail.state == "scheduled"))
            & _of(Enrollment, ctx, sequence_id)
        )
    )


def _plan(ctx: Context, people: list[Enrollment]) -> None:
    """Write the new times; a mail has the end of its delay besides."""
    versions = list({row.version_id for row in people})
    steps = {
        (step.version_id, step.position): step
        for step in Step.select().where(Step.version_id.in_(versions))
    }
    coming = [
        Coming(row, steps[row.version_id, row.position], row.since or row.created_at)
        for row in people
    ]
    plans = plan_times(ctx, coming)
    new = [(row.job_id, plans[row.id]) for row in people]
    connection = Job._meta.database.connection()
    connection.executemany(
        "UPDATE job SET run_at = ? WHERE id = ? AND state = 'queued'",
        [(stamp(max(plan.run_at, ctx.now)), job_id) for job_id, plan in new],
    )
    connection.executemany(
        "UPDATE mail SET due_at = ?, due_zone = ? WHERE id = ? AND state = 'scheduled'",
        [(stamp(plan.due_at), plan.zone.name, job_id) for job_id, plan in new],
    )


def _look_again(ctx: Context, sequence_id: str) -> None:
    with_yes = (Mail.session_id == ctx.session_id) & (Mail.state == "approved")
    approved = Mail.select(Mail.id).where(with_yes & _of(Mail, ctx, sequence_id))
    Job.update(run_at=ctx.now).where(
        Job.id.in_(approved)
        & (Job.state == "queued")
        & (Job.run_at > ctx.now)
        & (Job.metadata != as_stored(jobs.UNDO_WINDOW))
    ).execute()


def _of(table: Any, ctx: Context, sequence_id: str) -> object:
    """Whom the rules concern: the session's days off count for sequences with rules of their own as well."""
    if sequence_id:
        return table.sequence_id == sequence_id
    return table.session_id == ctx.session_id
