"""The daily look for cohorts that lose more than others did."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

from rusvel_tui.engine import jobs
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.growth.churn.cases import detect_churn
from rusvel_tui.engine.growth.scheduling import Ran, run_once
from rusvel_tui.engine.models import Job
from rusvel_tui.engine.operation import Input, operation

if TYPE_CHECKING:
    from rusvel_tui.engine.core import Engine


@operation("growth.churn.run_scan", writes=True, permission="jobs.work", internal=True)
def run_scan(ctx: Context, cmd: jobs.Held) -> Ran:
    """Do a `ChurnScan` job."""
    return run_once(ctx, cmd, "ChurnScan", _look)


def handle(engine: Engine, job: jobs.ClaimedJob, stop: Event) -> None:
    """Do a `ChurnScan` job."""
    held = {name: getattr(job, name) for name in ("session_id", "job_id", "owner", "fence")}
    engine.run(run_scan, jobs.Held(**held))


def recover(ctx: Context, job: Job, error: str) -> None:
    """Begin anew after the worker vanished or failed."""
    jobs.put_back(ctx, job, error)


def _look(ctx: Context) -> None:
    detect_churn.handle(ctx, Input())
