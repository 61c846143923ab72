"""Enrollments as others see them: who is where in which sequence."""

from __future__ import annotations

from datetime import datetime

from rusvel_tui.engine.gtm.crm.people import label
from rusvel_tui.engine.gtm.outreach.lifecycle import step_key
from rusvel_tui.engine.gtm.outreach.lookups import sequence_names, step_counts
from rusvel_tui.engine.models import Contact, Enrollment, Job
from rusvel_tui.engine.operation import View
from rusvel_tui.engine.spelled import Spelled


class EnrollmentStatus(Spelled):
    """Where a person is in a sequence."""

    ACTIVE = "Active"
    PAUSED = "Paused"
    COMPLETED = "Completed"
    CANCELLED = "Cancelled"


class EnrollmentView(View):
    """One person's way through a sequence."""

    enrollment_id: str
    sequence_id: str
    sequence: str
    contact_id: str
    contact: str
    deal_id: str | None
    run_no: int
    status: EnrollmentStatus
    reason: str
    step: int
    """The number of the step that is planned or under way."""
    steps: int
    next_at: datetime | None
    job_id: str | None
    """The job of that step, while it is open."""
    version: int
    created_at: datetime
    ended_at: datetime | None


class EnrollmentPage(View):
    """A part of a list of enrollments."""

    items: tuple[EnrollmentView, ...]
    next: str | None


def view(enrollment: Enrollment) -> EnrollmentView:
    return views([enrollment])[0]


def views(rows: list[Enrollment]) -> tuple[EnrollmentView, ...]:
    """The views of these enrollments in their order: four queries, however many there are."""
    people = {
        c.id: label(c) for c in Contact.select().where(Contact.id.in_([e.contact_id for e in rows]))
    }
    names = sequence_names(e.sequence_id for e in rows)
    steps = step_counts(e.version_id for e in rows)
    keys = [step_key(e.id, e.position) for e in rows]
    due = {
        job.unique_key: job
        for job in Job.select().where(
            Job.unique_key.in_(keys) & Job.state.in_(("queued", "running", "awaiting_approval"))
        )
    }
    return tuple(
        _view(
            e,
            people[e.contact_id],
            names[e.sequence_id],
            steps[e.version_id],
            due.get(step_key(e.id, e.position)),
        )
        for e in rows
    )


def _view(
    row: Enrollment, contact: str, sequence: str, steps: int, job: Job | None
) -> EnrollmentView:
    return EnrollmentView(
        enrollment_id=row.id,
        sequence_id=row.sequence_id,
        sequence=sequence,
        contact_id=row.contact_id,
        contact=contact,
        deal_id=row.deal_id,
        run_no=row.run_no,
        status=EnrollmentStatus(row.status),
        reason=row.reason,
        step=row.position + 1,
        steps=steps,
        next_at=job.run_at if job and job.state == "queued" else None,
        job_id=job.id if job else None,
        version=row.version,
        created_at=row.created_at,
        ended_at=row.ended_at,
    )
