"""An enrollment's way: scheduling its next step, completing it, ending it."""

from __future__ import annotations

from datetime import datetime

from rusvel_tui.engine import clock, jobs
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.gtm.crm.people import label
from rusvel_tui.engine.gtm.outreach.facts import primary_email, sender_of
from rusvel_tui.engine.gtm.outreach.mail_states import has_step, move_mail
from rusvel_tui.engine.gtm.outreach.steps import STEP_KINDS, StepType
from rusvel_tui.engine.models import Activity, Contact, Enrollment, Job, Mail, Step

_STOPPABLE = ("scheduled", "drafting", "held", "approved", "sending", "dead")
"""States from which a mail can still be kept from leaving. In `committing` it is too late."""


def step_at(enrollment: Enrollment, position: int) -> Step | None:
    """The step of the enrollment's own version."""
    found: Step | None = Step.get_or_none(
        (Step.version_id == enrollment.version_id) & (Step.position == position)
    )
    return found


def step_key(enrollment_id: str, position: int) -> str:
    """The unique key of a step's job: at most one of them lives."""
    return f"step:{enrollment_id}:{position}"


def schedule_step(ctx: Context, enrollment: Enrollment, step: Step, after: datetime) -> Job:
    """Queue a step `delay_days` calendar days after a moment, with its ledger row when it is a mail."""
    key = _recipient(ctx, enrollment, step) if STEP_KINDS[StepType(step.type)].mail else None
    payload = {
        "sequence_id": enrollment.sequence_id,
        "sequence_run_id": enrollment.id,
        "contact_id": enrollment.contact_id,
        "step_index": step.position,
        "channel": step.channel,
        "type": StepType(step.type).value,
    }
    job = jobs.enqueue(
        ctx,
        "OutreachSend",
        payload,
        run_at=clock.add_days(after, step.delay_days, ctx.zone),
        unique_key=step_key(enrollment.id, step.position),
    )
    if key is not None:
        _plan_mail(ctx, job, enrollment, step, key)
    Enrollment.update(position=step.position, updated_at=ctx.now).where(
        Enrollment.id == enrollment.id
    ).execute()
    return job


def _recipient(ctx: Context, enrollment: Enrollment, step: Step) -> str:
    """Whom the step's mail is for; raises `Conflict` when they had it already, as another contact."""
    email = primary_email(ctx, enrollment.contact_id)
    key = str(email.key) if email else f"no address of {enrollment.contact_id}"
    slot = Mail(
        sequence_id=enrollment.sequence_id, run_no=enrollment.run_no, position=step.position
    )
    if has_step(slot, key):
        raise Conflict(
            f"{key} had step {step.position + 1} of this sequence already, as another contact."
        )
    return key


def _plan_mail(ctx: Context, job: Job, enrollment: Enrollment, step: Step, key: str) -> None:
    """The ledger row: one mail per sequence, run, step and recipient, by a unique index."""
    contact = Contact.get_by_id(enrollment.contact_id)
    email = primary_email(ctx, contact.id)
    domain = sender_of(ctx)[1].rpartition("@")[2] or "rusvel.invalid"
    Mail.create(
        id=job.id,
        session_id=ctx.session_id,
        sequence_id=enrollment.sequence_id,
        version_id=enrollment.version_id,
        enrollment_id=enrollment.id,
        contact_id=contact.id,
        deal_id=enrollment.deal_id,
        run_no=enrollment.run_no,
        position=step.position,
        step_type=step.type,
        recipient_key=key,
        to_name=contact.name,
        to_address=email.address if email else "",
        message_id=f"<{job.id}.{step.position}@{domain.encode('idna').decode()}>",
        created_at=ctx.now,
        updated_at=ctx.now,
    )


def advance(ctx: Context, enrollment_id: str, done: datetime) -> Job | None:
    """After a step is done: the next one is queued, or the enrollment is complete."""
    enrollment = Enrollment.get_by_id(enrollment_id)
    if enrollment.status not in ("active", "paused"):
        return None
    step = step_at(enrollment, enrollment.position + 1)
    if step is not None:
        try:
            return schedule_step(ctx, enrollment, step, done)
        except Conflict:
            # What was sent stays recorded as sent, whatever hinders the step after it.
            _end(ctx, enrollment, "cancelled", "duplicate")
            return None
    _end(ctx, enrollment, "completed", "finished")
    return None


def end_enrollments(
    ctx: Context,
    reason: str,
    *,
    contact_id: str | None = None,
    deal_id: str | None = None,
    enrollment_id: str | None = None,
) -> int:
    """End the running enrollments of a contact, a deal, or one of them; what can still be stopped is."""
    query = Enrollment.select().where(
        (Enrollment.session_id == ctx.session_id) & Enrollment.status.in_(("active", "paused"))
    )
    if contact_id is not None:
        query = query.where(Enrollment.contact_id == contact_id)
    if deal_id is not None:
        query = query.where(Enrollment.deal_id == deal_id)
    if enrollment_id is not None:
        query = query.where(Enrollment.id == enrollment_id)
    found = list(query)
    for enrollment in found:
        cancel_open_steps(ctx, enrollment.id)
        _end(ctx, enrollment, "cancelled", reason)
    return len(found)


def cancel_open_steps(ctx: Context, enrollment_id: str) -> None:
    """Cancel the planned work of an enrollment. A mail whose intent is committed can no longer be stopped."""
    for mail in Mail.select(Mail.id, Mail.settled_by).where(
        (Mail.enrollment_id == enrollment_id) & Mail.state.in_(_STOPPABLE)
    ):
        # One that was in doubt may have arrived: it keeps its place, so that nobody gets the step again.
        after = "dead" if mail.settled_by else "cancelled"
        if move_mail(mail.id, _STOPPABLE, after, updated_at=ctx.now, blocked=""):
            jobs.move(
                mail.id,
                ("queued", "running", "awaiting_approval", "failed"),
                "cancelled",
                finished_at=ctx.now,
            )
    last = Enrollment.get_by_id(enrollment_id).position
    keys = [step_key(enrollment_id, position) for position in range(last + 1)]
    manual = Job.select(Job.id).where(
        Job.unique_key.in_(keys) & Job.state.in_(("queued", "awaiting_approval"))
    )
    for job in manual:
        jobs.move(job.id, ("queued", "awaiting_approval"), "cancelled", finished_at=ctx.now)
        Activity.update(status="cancelled", updated_at=ctx.now).where(
            (Activity.job_id == job.id) & (Activity.status == "open")
        ).execute()


def _end(ctx: Context, enrollment: Enrollment, status: str, reason: str) -> None:
    Enrollment.update(
        status=status,
        reason=reason,
        ended_at=ctx.now,
        updated_at=ctx.now,
        version=Enrollment.version + 1,
    ).where(Enrollment.id == enrollment.id).execute()
    ctx.record(
        "gtm.outreach.ended",
        enrollment.id,
        {
            "name": label(Contact.get_by_id(enrollment.contact_id)),
            "contact_id": enrollment.contact_id,
            "sequence_id": enrollment.sequence_id,
            "status": status,
            "reason": reason,
        },
        session_id=enrollment.session_id,
    )
