"""Activities: notes, calls, tasks and mails, and the timeline that they make."""

from __future__ import annotations

from datetime import datetime

from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import InvalidInput, InvalidState, NotFound
from rusvel_tui.engine.gtm.crm.deals import find_deal
from rusvel_tui.engine.gtm.crm.people import find_contact
from rusvel_tui.engine.models import Activity, Contact
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.operation import Input, PageInput, View, operation
from rusvel_tui.engine.spelled import Spelled
from rusvel_tui.engine.text import one_line, sanitize


class ActivityKind(Spelled):
    """What was done, or is to be done."""

    NOTE = "Note"
    TASK = "Task"
    CALL = "Call"
    MEETING = "Meeting"
    EMAIL_OUT = "EmailOut"
    EMAIL_IN = "EmailIn"


class AddNote(Input):
    """Something to remember about a contact or a deal."""

    body: str
    contact_id: str = ""
    deal_id: str = ""


class AddTask(Input):
    """Something to do."""

    subject: str
    due_at: datetime | None = None
    contact_id: str = ""
    deal_id: str = ""
    body: str = ""


class CompleteTask(Input):
    """A task that is done."""

    activity_id: str
    outcome: str = "done"


class ReopenTask(Input):
    """A task that is not done after all."""

    activity_id: str


class ListActivities(PageInput):
    """Which activities."""

    contact_id: str = ""
    deal_id: str = ""
    open_only: bool = False
    """What is still to be done, most urgent first."""


class ActivityView(View):
    """One entry of the timeline."""

    activity_id: str
    kind: ActivityKind
    status: str
    subject: str
    body: str
    contact_id: str | None
    contact: str
    deal_id: str | None
    job_id: str | None
    due_at: datetime | None
    at: datetime
    outcome: str


class ActivityPage(View):
    """A part of a timeline, newest first."""

    items: tuple[ActivityView, ...]
    next: str | None


@operation("gtm.crm.add_note", writes=True, permission="crm.activities.manage")
def add_note(ctx: Context, cmd: AddNote) -> ActivityView:
    """Write a note on a contact or a deal."""
    body = sanitize(cmd.body).strip()
    if not body:
        raise InvalidInput("A note needs a text.", field="body")
    return _add(
        ctx,
        ActivityKind.NOTE,
        cmd.contact_id,
        cmd.deal_id,
        subject="",
        body=body,
        due_at=None,
        status="done",
    )


@operation("gtm.crm.add_task", writes=True, permission="crm.activities.manage")
def add_task(ctx: Context, cmd: AddTask) -> ActivityView:
    """Plan something to do, with a contact, a deal or by itself."""
    subject = one_line(cmd.subject)
    if not subject:
        raise InvalidInput("A task needs a text.", field="subject")
    if cmd.due_at is not None and cmd.due_at.tzinfo is None:
        raise InvalidInput("The due time needs a zone: write 2026-11-21T09:30:00Z.", field="due_at")
    return _add(
        ctx, ActivityKind.TASK, cmd.contact_id, cmd.deal_id,
        subject=subject, body=sanitize(cmd.body), due_at=cmd.due_at or ctx.now, status="open",
    )  # fmt: skip


@operation("gtm.crm.complete_task", writes=True, permission="crm.activities.manage")
def complete_task(ctx: Context, cmd: CompleteTask) -> ActivityView:
    """Say that a task is done; one that belongs to a sequence lets the person go on."""
    from rusvel_tui.engine.gtm.outreach.enrollments import CompleteStep, complete_step

    activity = find_activity(ctx, cmd.activity_id)
    if activity.status != "open":
        raise InvalidState("The task", activity.status, "done")
    if activity.job_id:
        complete_step.handle(ctx, CompleteStep(job_id=activity.job_id, outcome=cmd.outcome))
        return view(find_activity(ctx, activity.id))
    return _turn(
        ctx,
        activity,
        "done",
        one_line(cmd.outcome),
        Inverse("gtm.crm.reopen_task", {"activity_id": activity.id}),
    )


@operation("gtm.crm.reopen_task", writes=True, permission="crm.activities.manage")
def reopen_task(ctx: Context, cmd: ReopenTask) -> ActivityView:
    """Open a task again."""
    activity = find_activity(ctx, cmd.activity_id)
    if activity.status != "done" or activity.kind != "task" or activity.job_id:
        raise InvalidState("The task", activity.status, "open")
    return _turn(
        ctx, activity, "open", "", Inverse("gtm.crm.complete_task", {"activity_id": activity.id})
    )


@operation("gtm.crm.timeline", permission="crm.activities.read")
def timeline(ctx: Context, cmd: ListActivities) -> ActivityPage:
    """List what was done and is to be done: newest first, or what is open by its due time."""
    query = Activity.select().where(Activity.session_id == ctx.session_id)
    if cmd.contact_id:
        query = query.where(Activity.contact_id == cmd.contact_id)
    if cmd.deal_id:
        query = query.where(Activity.deal_id == cmd.deal_id)
    if cmd.open_only:
        rows = list(
            query.where(Activity.status == "open")
            .order_by(Activity.due_at, Activity.id)
            .limit(cmd.limit)
        )
        return ActivityPage(items=views(rows), next=None)
    if cmd.cursor:
        at, _, last = cmd.cursor.partition(" ")
        query = query.where((Activity.at < at) | ((Activity.at == at) & (Activity.id < last)))
    rows = list(query.order_by(Activity.at.desc(), Activity.id.desc()).limit(cmd.limit + 1))
    more = len(rows) > cmd.limit
    rows = rows[: cmd.limit]
    return ActivityPage(
        items=views(rows),
        next=f"{Activity.at.db_value(rows[-1].at)} {rows[-1].id}" if more else None,
    )


def find_activity(ctx: Context, activity_id: str) -> Activity:
    """The row of an activity of this session; raises `NotFound`."""
    found: Activity | None = Activity.get_or_none(
        (Activity.id == activity_id) & (Activity.session_id == ctx.session_id)
    )
    if found is None:
        raise NotFound(f"There is no activity {activity_id!r} in this session.")
    return found


def view(activity: Activity) -> ActivityView:
    return views([activity])[0]


def views(rows: list[Activity]) -> tuple[ActivityView, ...]:
    ids = [row.contact_id for row in rows if row.contact_id]
    names = dict(tuples(Contact.select(Contact.id, Contact.name).where(Contact.id.in_(ids))))
    return tuple(
        ActivityView(
            activity_id=row.id,
            kind=ActivityKind(row.kind),
            status=row.status,
            subject=row.subject,
            body=row.body,
            contact_id=row.contact_id,
            contact=names.get(row.contact_id, ""),
            deal_id=row.deal_id,
            job_id=row.job_id,
            due_at=row.due_at,
            at=row.at,
            outcome=row.outcome,
        )
        for row in rows
    )


def _add(
    ctx: Context, kind: ActivityKind, contact_id: str, deal_id: str, **values: object
) -> ActivityView:
    deal = find_deal(ctx, deal_id) if deal_id else None
    contact = (
        find_contact(ctx, contact_id or (deal.contact_id if deal else ""))
        if contact_id or deal
        else None
    )
    if kind is ActivityKind.NOTE and contact is None:
        raise InvalidInput("A note belongs to a contact or a deal.", field="contact_id")
    activity = Activity.create(
        id=ctx.new_id(),
        session_id=ctx.session_id,
        kind=kind.key,
        contact_id=contact.id if contact else None,
        deal_id=deal.id if deal else None,
        at=ctx.now,
        created_at=ctx.now,
        updated_at=ctx.now,
        **values,
    )
    payload = {
        "kind": kind.value,
        "name": contact.name if contact else "",
        "subject": activity.subject,
    }
    ctx.record("gtm.activity.added", activity.id, payload)
    return view(activity)


def _turn(
    ctx: Context, activity: Activity, status: str, outcome: str, undo: Inverse
) -> ActivityView:
    Activity.update(status=status, outcome=outcome, at=ctx.now, updated_at=ctx.now).where(
        (Activity.id == activity.id) & (Activity.status == activity.status)
    ).execute()
    ctx.record(
        "gtm.activity.updated",
        activity.id,
        {"subject": activity.subject, "status": status},
        undo=undo,
    )
    return view(find_activity(ctx, activity.id))
