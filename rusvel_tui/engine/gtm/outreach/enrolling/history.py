"""The way of one person through a sequence, step by step: planned, waiting, sent, done, skipped."""

from __future__ import annotations

from datetime import datetime

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.outreach.enrolling.enrollment_views import EnrollmentView, view
from rusvel_tui.engine.gtm.outreach.enrolling.enrollments import EnrollmentId
from rusvel_tui.engine.gtm.outreach.sequences.finding import find_enrollment
from rusvel_tui.engine.gtm.outreach.sequences.step_kinds import SKIPPED, StepType
from rusvel_tui.engine.models import Activity, Job, Mail
from rusvel_tui.engine.operation import View, operation
from rusvel_tui.engine.spelled import Spelled


class StepState(Spelled):
    """Where one step of one person stands."""

    PLANNED = "planned"
    WAITING = "waiting"
    LEAVING = "leaving"
    SENT = "sent"
    DONE = "done"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"
    IN_DOUBT = "in doubt"
    FAILED = "failed"


class StepRun(View):
    """One step that a person came to."""

    job_id: str
    step: int
    key: str
    type: StepType
    channel: str
    variant: str
    state: StepState
    outcome: str
    """What came of it, or why it was skipped or cancelled."""
    reply: str
    due_at: datetime
    done_at: datetime | None


class PersonSteps(View):
    """An enrollment with every step so far, oldest first."""

    enrollment: EnrollmentView
    steps: tuple[StepRun, ...]


@operation("gtm.outreach.enrollment_steps", permission="crm.sequences.read")
def enrollment_steps(ctx: Context, cmd: EnrollmentId) -> PersonSteps:
    """Show every step that a person came to in a sequence, and what became of it."""
    row = find_enrollment(ctx, cmd.enrollment_id)
    # The keys of a person's steps begin with the same text: a range of the index.
    first, after = f"step:{row.id}:", f"step:{row.id};"
    jobs = list(
        Job.select().where((Job.unique_key >= first) & (Job.unique_key < after)).order_by(Job.id)
    )
    ids = [job.id for job in jobs]
    mails = {mail.id: mail for mail in Mail.select().where(Mail.id.in_(ids))}
    tasks = {task.job_id: task for task in Activity.select().where(Activity.job_id.in_(ids))}
    return PersonSteps(
        enrollment=view(row),
        steps=tuple(_run(job, mails.get(job.id), tasks.get(job.id)) for job in jobs),
    )


def _run(job: Job, mail: Mail | None, task: Activity | None) -> StepRun:
    state = _state(job, mail)
    said = (task.outcome if task and task.status == "done" else "") or job.error
    return StepRun(
        job_id=job.id,
        step=job.payload["step_index"] + 1,
        key=job.payload.get("step_key", ""),
        type=StepType(job.payload["type"]),
        channel=job.payload["channel"],
        variant=mail.variant if mail else "",
        state=state,
        outcome=(mail.error or said) if mail else said,
        reply=mail.reply if mail else "",
        due_at=(mail.due_at if mail else None) or job.run_at,
        done_at=(mail.sent_at if mail else None) or job.finished_at,
    )


def _state(job: Job, mail: Mail | None) -> StepState:
    if job.state == "cancelled":
        skipped = job.error.startswith(f"{SKIPPED}: ")
        return StepState.SKIPPED if skipped else StepState.CANCELLED
    if mail is not None:
        return _MAILS.get(mail.state, StepState.PLANNED)
    return _JOBS.get(job.state, StepState.PLANNED)


_MAILS = {
    "held": StepState.WAITING,
    "approved": StepState.LEAVING,
    "sending": StepState.LEAVING,
    "committing": StepState.LEAVING,
    "sent": StepState.SENT,
    "in_doubt": StepState.IN_DOUBT,
    "rejected": StepState.FAILED,
    "dead": StepState.FAILED,
}
_JOBS = {
    "awaiting_approval": StepState.WAITING,
    "succeeded": StepState.DONE,
    "failed": StepState.FAILED,
}
"""How the states of the ledger and of the queue read for a person; anything else is planned."""
