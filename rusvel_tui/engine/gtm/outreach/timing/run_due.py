"""A tick by hand: what is due is done now, without a worker that runs all the time."""

from __future__ import annotations

from pydantic import Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import NotConfigured
from rusvel_tui.engine.models import Job
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.worker import Worker

_TRIES = 20
"""So many jobs are tried for each one that is wanted: the rest waits, or fails and is tried again later."""


class RunDue(Input):
    """How many steps at the most."""

    limit: int = Field(default=50, ge=1, le=1000)


class RanDue(View):
    """What was done."""

    processed: int
    """Steps that went on: drafted, opened, sent, passed over or ended. One that waits or failed does not count."""


@operation("gtm.outreach.run_due", writes=True, permission="jobs.work", staged=True)
def run_due(ctx: Context, cmd: RunDue) -> RanDue:
    """Do the steps that are due: draft mails, open calls and tasks, send what was approved."""
    engine = ctx.engine
    if engine is None or engine.drafter is None:
        raise NotConfigured(
            "This program only looks. Run it with `rusvel call`, or start `rusvel worker`."
        )
    worker = Worker(engine, session_id=ctx.read(lambda: ctx.session_id))
    processed = 0
    for _ in range(_TRIES * cmd.limit):
        if processed >= cmd.limit or not worker.tick():
            break
        processed += ctx.read(lambda: _went_on(worker.job_id))
    return RanDue(processed=processed)


def _went_on(job_id: str) -> bool:
    job = Job.get_by_id(job_id)
    return job.kind in ("OutreachSend", "MailSend") and job.state not in ("queued", "failed")
