"""Manual steps: a call or a task becomes due, and its enrollment waits until it is done."""

from __future__ import annotations

from datetime import timedelta

from rusvel_tui.engine import jobs, templates
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.people.people import label
from rusvel_tui.engine.gtm.outreach.enrolling.lifecycle import skip_unmet, steps_of
from rusvel_tui.engine.gtm.outreach.enrolling.reach import reach_of
from rusvel_tui.engine.gtm.outreach.mails.fields import field_values
from rusvel_tui.engine.gtm.outreach.sequences.channels import deep_link
from rusvel_tui.engine.gtm.outreach.sequences.step_kinds import STEP_KINDS, StepType
from rusvel_tui.engine.models import Activity, Contact, Enrollment, Job, Sequence, Step
from rusvel_tui.engine.operation import View, operation

_LOOK_AGAIN = timedelta(days=1)
"""When to look again at what is paused: whoever lets it go on has it looked at, at once."""
TYPES = frozenset(kind.type.value for kind in STEP_KINDS.values() if not kind.mail)
"""The step types that a person does by hand."""


class StepOpened(View):
    """The activity to do, if the step is due."""

    activity_id: str | None


@operation("gtm.outreach.open_step", writes=True, permission="jobs.work", internal=True)
def open_step(ctx: Context, cmd: jobs.Held) -> StepOpened:
    """Turn a due manual step into a task with its text filled in; the job waits for the person."""
    job = Job.get_or_none(jobs.holds(cmd))
    if job is None:
        return StepOpened(activity_id=None)
    enrollment = Enrollment.get_by_id(job.payload["sequence_run_id"])
    sequence = Sequence.get_by_id(enrollment.sequence_id)
    if not _is_due(ctx, job, enrollment, sequence) or skip_unmet(ctx, job):
        return StepOpened(activity_id=None)
    step = steps_of(enrollment.version_id)[enrollment.position]
    contact = Contact.get_by_id(enrollment.contact_id)
    activity = _add_task(ctx, job, enrollment, sequence, step, contact)
    jobs.hold_for_approval(job.id)
    payload = {
        "name": label(contact),
        "contact_id": contact.id,
        "job_id": job.id,
        "type": StepType(step.type).value,
    }
    ctx.record("gtm.outreach.step", enrollment.id, payload)
    return StepOpened(activity_id=activity.id)


def _is_due(ctx: Context, job: Job, enrollment: Enrollment, sequence: Sequence) -> bool:
    """Whether the step may begin; if not, its job is ended or put back."""
    if enrollment.status in ("completed", "cancelled"):
        jobs.finish(ctx, job.id, "cancelled", f"the enrollment is {enrollment.status}")
        return False
    if enrollment.job_id != job.id:
        jobs.finish(ctx, job.id, "cancelled", "the person is at another step")
        return False
    for what, state in (("enrollment", enrollment.status), ("sequence", sequence.status)):
        if state != "active":
            jobs.snooze(job.id, ctx.now + _LOOK_AGAIN, f"the {what} is {state}")
            return False
    return True


def _add_task(
    ctx: Context, job: Job, enrollment: Enrollment, sequence: Sequence, step: Step, contact: Contact
) -> Activity:
    kind = STEP_KINDS[StepType(step.type)]
    subject, text = task_text(ctx, contact, sequence.name, kind.type, step.subject, step.body)
    told = _filled(ctx, contact, sequence.name, step.instructions)
    activity: Activity = Activity.create(
        id=ctx.new_id(),
        session_id=job.session_id,
        kind=kind.activity,
        status="open",
        subject=subject,
        body="\n\n".join(part for part in (told, text) if part),
        contact_id=contact.id,
        deal_id=enrollment.deal_id,
        job_id=job.id,
        due_at=ctx.now,
        at=ctx.now,
        actor=ctx.actor.name,
        metadata={
            "channel": step.channel,
            "sequence_id": sequence.id,
            "step_type": kind.type.value,
            "copy": text,
            "link": deep_link(step.channel, reach_of(contact), text),
        },
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    return activity


def task_text(
    ctx: Context, contact: Contact, sequence: str, kind: StepType, subject: str, body: str
) -> tuple[str, str]:
    """What the person reads who does the step: a line about it, and the text with its fields filled in."""
    line = _filled(ctx, contact, sequence, subject)
    return (
        line or f"{STEP_KINDS[kind].label.capitalize()}: {label(contact)}",
        _filled(ctx, contact, sequence, body),
    )


def _filled(ctx: Context, contact: Contact, sequence: str, text: str) -> str:
    """A text for the person's own eyes: what is missing stays visible as its tag."""
    template = templates.parse(text)
    values = field_values(ctx, contact, "", sequence, frozenset(template.fields))
    return templates.render(template, values).text
