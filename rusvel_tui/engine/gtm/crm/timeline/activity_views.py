"""Activities as others see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rusvel_tui.engine.models import Activity, Contact, Deal
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.operation import View
from rusvel_tui.engine.spelled import Spelled


class ActivityKind(Spelled):
    """What was done, or is to be done."""

    NOTE = "Note"
    TASK = "Task"
    CALL = "Call"
    MEETING = "Meeting"
    EMAIL_OUT = "EmailOut"
    EMAIL_IN = "EmailIn"


PLANNED = (ActivityKind.TASK, ActivityKind.CALL, ActivityKind.MEETING)
"""What can be planned; the rest only happens."""


class Due(Spelled):
    """How urgent something is, by the days of the session's zone."""

    OVERDUE = "Overdue"
    TODAY = "Today"
    UPCOMING = "Upcoming"


class ActivityView(View):
    """A note, a task, a call, a meeting or a mail."""

    activity_id: str
    kind: ActivityKind
    status: str
    """`open` or `done`; `cancelled` when the enrollment that wanted it ended."""
    subject: str
    body: str
    contact_id: str | None
    contact: str
    deal_id: str | None
    deal: str
    job_id: str | None
    """The step of a sequence, or the mail, that it belongs to."""
    due_at: datetime | None
    at: datetime
    outcome: str
    notes: str
    duration_minutes: int | None
    actor: str
    metadata: dict[str, Any]
    version: int
    created_at: datetime


class Followed(ActivityView):
    """Something done, and what follows from it."""

    follow_up: ActivityView | None = None


class ActivityDeleted(View):
    """What was deleted."""

    activity_id: str
    subject: str


class TaskPage(View):
    """A part of what is to be done, most urgent first."""

    items: tuple[ActivityView, ...]
    next: str | None


def view(activity: Activity) -> ActivityView:
    return views([activity])[0]


def views(rows: Sequence[Activity]) -> tuple[ActivityView, ...]:
    """The views of these rows in their order: two more queries, however many there are."""
    ids = {row.contact_id for row in rows if row.contact_id}
    people = Contact.select(Contact.id, Contact.name, Contact.company).where(Contact.id.in_(ids))
    names = {key: name or company for key, name, company in tuples(people)}
    ids = {row.deal_id for row in rows if row.deal_id}
    titles = dict(tuples(Deal.select(Deal.id, Deal.title).where(Deal.id.in_(ids))))
    return tuple(
        ActivityView(
            activity_id=row.id,
            kind=ActivityKind(row.kind),
            contact=names.get(row.contact_id, ""),
            deal=titles.get(row.deal_id, ""),
            **{name: getattr(row, name) for name in _PLAIN},
        )
        for row in rows
    )


_PLAIN = (
    "status", "subject", "body", "contact_id", "deal_id", "job_id", "due_at", "at", "outcome", "notes",
    "duration_minutes", "actor", "metadata", "version", "created_at",
)  # fmt: skip
