"""Enrollments as others see them: who is where in which sequence."""

from __future__ import annotations

from datetime import datetime

from rusvel_tui.engine.gtm.crm.people.people import label
from rusvel_tui.engine.gtm.outreach.enrolling.lookups import sequence_names, version_sizes
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
    """Why it ended: a word of `ends.End`."""
    note: str
    """What was said when it was paused or ended."""
    step: int
    """The number of the step that is planned or under way."""
    steps: int
    version_number: int
    """The version of the sequence that the person is in."""
    outcome: str
    """What came of the step before."""
    reply: str
    """How the person answered last; empty while they did not."""
    since: datetime | None
    """From when the delay of the step counts."""
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
    """The views of these enrollments in their order: five queries, however many there are."""
    people = {
        c.id: label(c) for c in Contact.select().where(Contact.id.in_([e.contact_id for e in rows]))
    }
    names = sequence_names(e.sequence_id for e in rows)
    versions = version_sizes(e.version_id for e in rows)
    ids = [e.job_id for e in rows if e.job_id and e.status in ("active", "paused")]
    due = {job.id: job for job in Job.select().where(Job.id.in_(ids) & Job.state.in_(_OPEN))}
    return tuple(
        _view(
            e,
            people[e.contact_id],
            names[e.sequence_id],
            versions[e.version_id],
            due.get(e.job_id),
        )
        for e in rows
    )


_OPEN = ("queued", "running", "awaiting_approval")


def _view(
    row: Enrollment, contact: str, sequence: str, version: tuple[int, int], job: Job | None
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
        note=row.note,
        step=row.position + 1,
        steps=version[1],
        version_number=version[0],
        outcome=row.outcome,
        reply=row.reply,
        since=row.since,
        next_at=job.run_at if job and job.state == "queued" else None,
        job_id=job.id if job else None,
        version=row.version,
        created_at=row.created_at,
        ended_at=row.ended_at,
    )
