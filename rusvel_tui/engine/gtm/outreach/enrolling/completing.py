"""Steps by hand: say that a call or a task is done, and what came of it."""

from __future__ import annotations

from rusvel_tui.engine import jobs
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidState
from rusvel_tui.engine.gtm.outreach.enrolling.enrollment_views import EnrollmentView, view
from rusvel_tui.engine.gtm.outreach.enrolling.lifecycle import advance
from rusvel_tui.engine.gtm.outreach.enrolling.places import inverse, jotted, places_of
from rusvel_tui.engine.gtm.outreach.sequences.conditions import bare
from rusvel_tui.engine.gtm.outreach.sequences.finding import find_enrollment
from rusvel_tui.engine.gtm.outreach.sequences.step_kinds import STEP_KINDS, StepType
from rusvel_tui.engine.models import Activity
from rusvel_tui.engine.operation import Input, operation
from rusvel_tui.engine.text import one_line, sanitize


class CompleteStep(Input):
    """A manual step that was done, and what came of it."""

    job_id: str
    outcome: str = "done"
    """One of the outcomes of its kind, which branches can ask about; other words are kept as they are."""
    notes: str = ""


@operation("gtm.outreach.complete_step", writes=True, permission="crm.sequences.manage")
def complete_step(ctx: Context, cmd: CompleteStep) -> EnrollmentView:
    """Say that a call or task of a sequence is done; the next step counts its days from now."""
    job = jobs.find_job(ctx, cmd.job_id)
    activity = Activity.get_or_none((Activity.job_id == job.id) & (Activity.status == "open"))
    if activity is None:
        raise InvalidState("The step", jobs.JobState(job.state).value, "done")
    enrollment = find_enrollment(ctx, job.payload["sequence_run_id"])
    before, was = places_of([enrollment]), jotted(activity)
    if not jobs.move(job.id, ("awaiting_approval",), "succeeded", finished_at=ctx.now):
        raise InvalidState("The step", jobs.JobState(job.state).value, "done")
    outcome = known_outcome(StepType(job.payload["type"]), cmd.outcome)
    Activity.update(
        status="done",
        at=ctx.now,
        updated_at=ctx.now,
        outcome=outcome,
        notes=sanitize(cmd.notes).strip(),
    ).where(Activity.id == activity.id).execute()
    payload = {"job_id": job.id, "outcome": outcome, "name": activity.subject}
    ctx.record("gtm.outreach.step", enrollment.id, payload, undo=inverse(before, [was]))
    advance(ctx, enrollment.id, ctx.now, outcome=outcome, job_id=job.id)
    return view(find_enrollment(ctx, enrollment.id))


def known_outcome(kind: StepType, text: str) -> str:
    """The outcome as its kind lists it: `No_answer` is `no answer`; other words stay as they are."""
    said = one_line(text) or "done"
    listed = {bare(name): name for name in STEP_KINDS[kind].outcomes}
    return listed.get(bare(said), said)
