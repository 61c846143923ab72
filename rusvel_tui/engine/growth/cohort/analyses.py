"""The weekly look at who stays, for the log."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

from rusvel_tui.engine import jobs
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.growth.cohort.cohort_views import AnalyzeRetention
from rusvel_tui.engine.growth.cohort.cohorts import analyze_retention, matrix
from rusvel_tui.engine.growth.scheduling import Ran, run_once
from rusvel_tui.engine.models import Job
from rusvel_tui.engine.operation import operation

if TYPE_CHECKING:
    from rusvel_tui.engine.core import Engine


@operation("growth.cohort.run_analysis", writes=True, permission="jobs.work", internal=True)
def run_analysis(ctx: Context, cmd: jobs.Held) -> Ran:
    """Do a `CohortAnalysis` job."""
    return run_once(ctx, cmd, "CohortAnalysis", _look)


def handle(engine: Engine, job: jobs.ClaimedJob, stop: Event) -> None:
    """Do a `CohortAnalysis` job."""
    held = {name: getattr(job, name) for name in ("session_id", "job_id", "owner", "fence")}
    engine.run(run_analysis, jobs.Held(**held))


def recover(ctx: Context, job: Job, error: str) -> None:
    """Begin anew after the worker vanished or failed."""
    jobs.put_back(ctx, job, error)


def _look(ctx: Context) -> None:
    if matrix(ctx, AnalyzeRetention()).rows:
        analyze_retention.handle(ctx, AnalyzeRetention())
