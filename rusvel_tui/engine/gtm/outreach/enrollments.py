"""Enrollments: put a person into a sequence, pause, resume and end that, and do manual steps."""

from __future__ import annotations

from datetime import datetime

from peewee import fn

from rusvel_tui.engine import jobs
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Conflict, InvalidInput, InvalidState, NotFound
from rusvel_tui.engine.gtm.crm.deals import find_deal
from rusvel_tui.engine.gtm.crm.people import find_contact, label
from rusvel_tui.engine.gtm.outreach.enrollment_views import (
    EnrollmentPage,
    EnrollmentStatus,
    EnrollmentView,
    view,
    views,
)
from rusvel_tui.engine.gtm.outreach.facts import primary_email
from rusvel_tui.engine.gtm.outreach.lifecycle import (
    advance,
    end_enrollments,
    schedule_step,
    step_at,
)
from rusvel_tui.engine.gtm.outreach.sender import wake_enrollment
from rusvel_tui.engine.gtm.outreach.sequence_views import SequenceStatus
from rusvel_tui.engine.gtm.outreach.sequences import find_sequence
from rusvel_tui.engine.gtm.outreach.steps import STEP_KINDS, StepType
from rusvel_tui.engine.models import Activity, Contact, Enrollment, Sequence, Step
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.operation import Input, PageInput, View, operation
from rusvel_tui.engine.text import one_line


class ExecuteSequence(Input):
    """Who goes through which sequence."""

    sequence_id: str
    contact_id: str
    deal_id: str | None = None


class EnrollmentId(Input):
    """Which enrollment."""

    enrollment_id: str


class EndEnrollment(Input):
    """Which enrollment ends, and why."""

    enrollment_id: str
    reason: str = "manual"


class ListEnrollments(PageInput):
    """Which enrollments."""

    sequence_id: str = ""
    contact_id: str = ""
    status: EnrollmentStatus | None = None


class CompleteStep(Input):
    """A manual step that was done, and what came of it."""

    job_id: str
    outcome: str = "done"
    notes: str = ""


class Executed(View):
    """The enrollment and the job of its first step."""

    job_id: str
    enrollment_id: str
    sequence_id: str
    contact_id: str
    deal_id: str | None
    run_at: datetime


@operation("gtm.outreach.execute_sequence", writes=True, permission="crm.sequences.manage")
def execute_sequence(ctx: Context, cmd: ExecuteSequence) -> Executed:
    """Enrol a contact in an active sequence; its first step is queued."""
    contact = find_contact(ctx, cmd.contact_id)
    sequence = find_sequence(ctx, cmd.sequence_id)
    deal_id = find_deal(ctx, cmd.deal_id).id if cmd.deal_id else None
    _require_enrollable(ctx, sequence, contact)
    enrollment = Enrollment(
        id=ctx.new_id(),
        session_id=ctx.session_id,
        sequence_id=sequence.id,
        version_id=sequence.version_id,
        contact_id=contact.id,
        deal_id=deal_id,
        run_no=_next_run(sequence.id, contact.id),
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    first = step_at(enrollment, 0)
    assert first is not None  # noqa: S101 - a version has at least one step
    enrollment.save(force_insert=True)
    job = schedule_step(ctx, enrollment, first, ctx.now)
    about = {"contact_id": contact.id, "sequence_id": sequence.id, "job_id": job.id}
    inverse = Inverse(
        "gtm.outreach.cancel_enrollment", {"enrollment_id": enrollment.id, "reason": "undone"}
    )
    payload = {"name": label(contact), **about}
    ctx.record("gtm.outreach.enrolled", enrollment.id, payload, undo=inverse)
    return Executed(enrollment_id=enrollment.id, deal_id=deal_id, run_at=job.run_at, **about)


@operation("gtm.outreach.list_enrollments", permission="crm.sequences.read")
def list_enrollments(ctx: Context, cmd: ListEnrollments) -> EnrollmentPage:
    """List who is, or was, in a sequence, newest first."""
    query = (
        Enrollment.select()
        .where(Enrollment.session_id == ctx.session_id)
        .order_by(Enrollment.id.desc())
    )
    if cmd.sequence_id:
        query = query.where(Enrollment.sequence_id == cmd.sequence_id)
    if cmd.contact_id:
        query = query.where(Enrollment.contact_id == cmd.contact_id)
    if cmd.status:
        query = query.where(Enrollment.status == cmd.status.key)
    if cmd.cursor:
        query = query.where(Enrollment.id < cmd.cursor)
    rows = list(query.limit(cmd.limit + 1))
    more = len(rows) > cmd.limit
    rows = rows[: cmd.limit]
    return EnrollmentPage(items=views(rows), next=rows[-1].id if more else None)


@operation("gtm.outreach.pause_enrollment", writes=True, permission="crm.sequences.manage")
def pause_enrollment(ctx: Context, cmd: EnrollmentId) -> EnrollmentView:
    """Pause one person's way through a sequence: nothing is drafted or sent to them from it."""
    return _turn(ctx, cmd.enrollment_id, "active", "paused", "gtm.outreach.resume_enrollment")


@operation("gtm.outreach.resume_enrollment", writes=True, permission="crm.sequences.manage")
def resume_enrollment(ctx: Context, cmd: EnrollmentId) -> EnrollmentView:
    """Let a paused person go on; what became due meanwhile is due now."""
    seen = _turn(ctx, cmd.enrollment_id, "paused", "active", "gtm.outreach.pause_enrollment")
    wake_enrollment(ctx, cmd.enrollment_id)
    return seen


@operation("gtm.outreach.cancel_enrollment", writes=True, permission="crm.sequences.manage")
def cancel_enrollment(ctx: Context, cmd: EndEnrollment) -> EnrollmentView:
    """End one person's way through a sequence; what did not leave yet is cancelled."""
    enrollment = find_enrollment(ctx, cmd.enrollment_id)
    if not end_enrollments(ctx, one_line(cmd.reason) or "manual", enrollment_id=enrollment.id):
        raise InvalidState("The enrollment", EnrollmentStatus(enrollment.status).value, "Cancelled")
    return view(find_enrollment(ctx, enrollment.id))


@operation("gtm.outreach.complete_step", writes=True, permission="crm.sequences.manage")
def complete_step(ctx: Context, cmd: CompleteStep) -> EnrollmentView:
    """Say that a call or task of a sequence is done; the next step counts its days from now."""
    job = jobs.find_job(ctx, cmd.job_id)
    activity = Activity.get_or_none((Activity.job_id == job.id) & (Activity.status == "open"))
    if activity is None or not jobs.move(
        job.id, ("awaiting_approval",), "succeeded", finished_at=ctx.now
    ):
        raise InvalidState("The step", jobs.JobState(job.state).value, "done")
    outcome = one_line(cmd.outcome) or "done"
    Activity.update(
        status="done",
        at=ctx.now,
        updated_at=ctx.now,
        outcome=outcome,
        notes=cmd.notes,
    ).where(Activity.id == activity.id).execute()
    enrollment_id = job.payload["sequence_run_id"]
    ctx.record("gtm.outreach.step", enrollment_id, {"job_id": job.id, "outcome": outcome})
    advance(ctx, enrollment_id, ctx.now)
    return view(find_enrollment(ctx, enrollment_id))


def find_enrollment(ctx: Context, enrollment_id: str) -> Enrollment:
    """The row of an enrollment of this session; raises `NotFound`."""
    found: Enrollment | None = Enrollment.get_or_none(
        (Enrollment.id == enrollment_id) & (Enrollment.session_id == ctx.session_id)
    )
    if found is None:
        raise NotFound(f"There is no enrollment {enrollment_id!r} in this session.")
    return found


def _require_enrollable(ctx: Context, sequence: Sequence, contact: Contact) -> None:
    """Refuse a sequence that does not run, a person who is in it, and one who cannot be written to."""
    if sequence.status != SequenceStatus.ACTIVE.key:
        raise InvalidState(
            f"The sequence {sequence.name!r}",
            SequenceStatus(sequence.status).value,
            "executed",
            "Activate it first.",
        )
    _refuse_running(sequence, contact)
    if _has_mail(sequence.version_id) and primary_email(ctx, contact.id) is None:
        raise InvalidInput(
            f"{label(contact)} has no address that may be written to. Add one, or look at the suppression list.",
            field="contact_id",
        )


def _refuse_running(sequence: Sequence, contact: Contact) -> None:
    running = Enrollment.get_or_none(
        (Enrollment.sequence_id == sequence.id)
        & (Enrollment.contact_id == contact.id)
        & Enrollment.status.in_(("active", "paused"))
    )
    if running is not None:
        raise Conflict(
            f"{label(contact)} is in {sequence.name!r} already ({running.status}). End that first."
        )


def _next_run(sequence_id: str, contact_id: str) -> int:
    query = Enrollment.select(fn.MAX(Enrollment.run_no)).where(
        (Enrollment.sequence_id == sequence_id) & (Enrollment.contact_id == contact_id)
    )
    return int(query.scalar() or 0) + 1


def _has_mail(version_id: str) -> bool:
    types = tuples(Step.select(Step.type).where(Step.version_id == version_id))
    return any(STEP_KINDS[StepType(kind)].mail for (kind,) in types)


def _turn(ctx: Context, enrollment_id: str, before: str, after: str, back: str) -> EnrollmentView:
    enrollment = find_enrollment(ctx, enrollment_id)
    done = (
        Enrollment.update(status=after, version=Enrollment.version + 1, updated_at=ctx.now)
        .where((Enrollment.id == enrollment.id) & (Enrollment.status == before))
        .execute()
    )
    if not done:
        raise InvalidState(
            "The enrollment",
            EnrollmentStatus(enrollment.status).value,
            EnrollmentStatus(after).value,
        )
    inverse = Inverse(back, {"enrollment_id": enrollment.id})
    name = label(Contact.get_by_id(enrollment.contact_id))
    payload = {"name": name, "status": EnrollmentStatus(after).value}
    ctx.record("gtm.outreach.updated", enrollment.id, payload, undo=inverse)
    return view(find_enrollment(ctx, enrollment.id))
