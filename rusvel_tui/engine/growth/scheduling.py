"""Work that comes again: one job ahead of each kind, and a mark for what was done, so that no period is done twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from rusvel_tui.engine import jobs
from rusvel_tui.engine.calendar import midnight
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.growth.periods import Period, PeriodKind, period_of
from rusvel_tui.engine.models import GrowthRun, Job
from rusvel_tui.engine.operation import View

EVERY = {
    "KpiSnapshot": PeriodKind.DAY,
    "CohortAnalysis": PeriodKind.WEEK,
    "ChurnScan": PeriodKind.DAY,
}
"""How often each kind of job runs."""
HOUR = timedelta(hours=6)
"""After the first instant of the period, in the session's zone."""


class Ran(View):
    """Whether the work of a period was done now."""

    done: bool
    period: str


def ensure(ctx: Context) -> None:
    """Have one job of each kind ahead."""
    ahead = {
        row.kind
        for row in Job.select(Job.kind).where(
            (Job.session_id == ctx.session_id)
            & Job.kind.in_(list(EVERY))
            & Job.state.in_(("queued", "running"))
        )
    }
    for kind in EVERY:
        if kind not in ahead:
            _enqueue(ctx, kind, _period(ctx, kind).later(1))


def run_once(ctx: Context, cmd: jobs.Held, kind: str, work: Callable[[Context], None]) -> Ran:
    """Do the work of the running period unless it was done, finish the job and plan the next one; one transaction."""
    if Job.get_or_none(jobs.holds(cmd)) is None:
        return Ran(done=False, period="")
    period = _period(ctx, kind)
    done = mark(ctx, kind, period)
    if done:
        work(ctx)
    jobs.finish(ctx, cmd.job_id, "succeeded")
    _enqueue(ctx, kind, period.later(1))
    return Ran(done=done, period=str(period))


def mark(ctx: Context, kind: str, period: Period) -> bool:
    """Note that a period is done; false when it was before."""
    values = {"session_id": ctx.session_id, "kind": kind, "period": str(period), "at": ctx.now}
    before = GrowthRun.select().where(
        (GrowthRun.session_id == ctx.session_id)
        & (GrowthRun.kind == kind)
        & (GrowthRun.period == str(period))
    )
    if before.exists():
        return False
    GrowthRun.create(**values)
    return True


def _period(ctx: Context, kind: str) -> Period:
    today: date = (ctx.now - HOUR).astimezone(ctx.zone).date()
    return period_of(EVERY[kind], today)


def _enqueue(ctx: Context, kind: str, period: Period) -> None:
    at: datetime = midnight(period.start, ctx.zone) + HOUR
    key = f"{kind}:{ctx.session_id}:{period}"
    jobs.enqueue(ctx, kind, {"period": str(period)}, run_at=at, unique_key=key)
