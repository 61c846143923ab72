"""Plans anew what waits for its time, after the rules for that time changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from peewee import JOIN

from rusvel_tui.engine import jobs
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.outreach.recipients import parts
from rusvel_tui.engine.gtm.outreach.schedules import Coming, StepPlan, plan_times
from rusvel_tui.engine.models import Enrollment, Job, Mail, Step
from rusvel_tui.engine.models.base import as_stored, tuples


def replan(ctx: Context, sequence_id: str) -> int:
    """Give the waiting steps of a sequence, or of all that follow the session's rules, their new time; how many.

    A mail with a yes is looked at again now, once its yes is firm: the worker finds its new time.
    """
    count = 0
    for part in parts(_waiting(ctx, sequence_id)):
        coming = _coming(part)
        plans = plan_times(ctx, list(coming.values()))
        for job_id, who in coming.items():
            _move(ctx, job_id, plans[who.enrollment.id])
        count += len(coming)
    _look_again(ctx, sequence_id)
    return count


def _waiting(ctx: Context, sequence_id: str) -> list[str]:
    """The enrollments whose next step is planned for later and has no draft yet."""
    query = (
        Enrollment.select(Enrollment.id)
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
    return [enrollment_id for (enrollment_id,) in tuples(query)]


def _coming(enrollment_ids: Sequence[str]) -> dict[str, Coming]:
    """The step at which each of them stands, by its job."""
    rows = list(Enrollment.select().where(Enrollment.id.in_(enrollment_ids)))
    versions = {row.version_id for row in rows}
    steps = {
        (step.version_id, step.position): step
        for step in Step.select().where(Step.version_id.in_(list(versions)))
    }
    return {
        str(row.job_id): Coming(
            row, steps[row.version_id, row.position], row.since or row.created_at
        )
        for row in rows
    }


def _move(ctx: Context, job_id: str, plan: StepPlan) -> None:
    Job.update(run_at=max(plan.run_at, ctx.now)).where(
        (Job.id == job_id) & (Job.state == "queued")
    ).execute()
    Mail.update(due_at=plan.due_at, due_zone=plan.zone.name, updated_at=ctx.now).where(
        (Mail.id == job_id) & (Mail.state == "scheduled")
    ).execute()


def _look_again(ctx: Context, sequence_id: str) -> None:
    approved = Mail.select(Mail.id).where((Mail.state == "approved") & _of(Mail, ctx, sequence_id))
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
