"""Notes, calls and meetings: write them down, change them, delete them."""

from __future__ import annotations

from typing import Any

from rusvel_tui.engine.conflicts import require_version
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput, InvalidState, NotFound
from rusvel_tui.engine.gtm.crm.timeline.activity_changes import (
    ActivityChange,
    about,
    find_activity,
    past,
    subject_line,
)
from rusvel_tui.engine.gtm.crm.timeline.activity_inputs import (
    ActivityId,
    AddNote,
    LogCall,
    LogMeeting,
    PutActivities,
    UpdateActivity,
)
from rusvel_tui.engine.gtm.crm.timeline.activity_views import (
    PLANNED,
    ActivityDeleted,
    ActivityKind,
    ActivityView,
    Followed,
    view,
)
from rusvel_tui.engine.gtm.crm.timeline.outcomes import known_outcome
from rusvel_tui.engine.models import Activity, Contact, Deal
from rusvel_tui.engine.operation import operation
from rusvel_tui.engine.text import one_line, sanitize
from rusvel_tui.engine.when_text import parse_when


@operation("gtm.crm.add_note", writes=True, permission="crm.activities.manage")
def add_note(ctx: Context, cmd: AddNote) -> ActivityView:
    """Write a note on a contact or a deal."""
    whose = about(ctx, cmd.contact_id, cmd.deal_id, what="A note")
    change = ActivityChange(ctx)
    note = change.add(ActivityKind.NOTE, whose, body=_text(cmd.body))
    change.record("gtm.activity.added", note)
    return view(note)


@operation("gtm.crm.log_call", writes=True, permission="crm.activities.manage")
def log_call(ctx: Context, cmd: LogCall) -> Followed:
    """Write down a call that took place or was tried, and what follows from it."""
    return _logged(ctx, ActivityKind.CALL, cmd)


@operation("gtm.crm.log_meeting", writes=True, permission="crm.activities.manage")
def log_meeting(ctx: Context, cmd: LogMeeting) -> Followed:
    """Write down a meeting that took place, and what follows from it."""
    subject_line(cmd.subject, what="A meeting")
    return _logged(ctx, ActivityKind.MEETING, cmd)


@operation("gtm.crm.get_activity", permission="crm.activities.read")
def get_activity(ctx: Context, cmd: ActivityId) -> ActivityView:
    """Show one note, task, call, meeting or mail of the timeline."""
    return view(find_activity(ctx, cmd.activity_id))


@operation("gtm.crm.update_activity", writes=True, permission="crm.activities.manage")
def update_activity(ctx: Context, cmd: UpdateActivity) -> ActivityView:
    """Change a note, call, meeting or task."""
    activity = _changeable(ctx, cmd.activity_id)
    require_version(cmd.version, activity.version, "The activity")
    changes = _changes(ctx, activity, cmd)
    new = {name: value for name, value in changes.items() if getattr(activity, name) != value}
    if new:
        change = ActivityChange(ctx)
        change.alter(activity, **new)
        change.record("gtm.activity.updated", activity)
    return view(activity)


@operation(
    "gtm.crm.delete_activity", writes=True, permission="crm.activities.manage", human_only=True
)
def delete_activity(ctx: Context, cmd: ActivityId) -> ActivityDeleted:
    """Delete a note, call, meeting or task; undo brings it back."""
    activity = _changeable(ctx, cmd.activity_id)
    if activity.job_id:
        raise InvalidState(
            "The step of a sequence", activity.status, "deleted", "End the enrollment instead."
        )
    change = ActivityChange(ctx)
    change.alter(activity, deleted_at=ctx.now)
    change.record("gtm.activity.deleted", activity)
    return ActivityDeleted(activity_id=activity.id, subject=activity.subject)


@operation("gtm.crm.put_activities", writes=True, permission="crm.activities.manage", internal=True)
def put_activities(ctx: Context, cmd: PutActivities) -> ActivityView:
    """Put activities back as they were before one change: what undo and redo of all of these run."""
    rows = [find_activity(ctx, state.id, deleted=None) for state in cmd.rows]
    main = rows[0]
    require_version(cmd.version, main.version, "The activity")
    was = main.deleted_at is not None
    change = ActivityChange(ctx)
    for row, state in zip(rows, cmd.rows, strict=True):
        values = {name: getattr(state, name) for name in state.model_fields_set - {"id"}}
        _check_put(ctx, row, values)
        change.alter(row, **values)
    gone = main.deleted_at is not None
    if gone == was:
        change.record("gtm.activity.updated", main)
    elif gone:
        change.record("gtm.activity.deleted", main)
    else:
        change.record("gtm.activity.restored", main)
    return view(main)


def _logged(ctx: Context, kind: ActivityKind, cmd: LogCall | LogMeeting) -> Followed:
    change = ActivityChange(ctx)
    done = change.add(
        kind,
        about(ctx, cmd.contact_id, cmd.deal_id, what=f"A {kind.key}"),
        subject=one_line(cmd.subject)[:500],
        body=sanitize(cmd.body).strip(),
        outcome=known_outcome(kind, cmd.outcome),
        at=past(ctx, cmd.at),
        duration_minutes=cmd.duration_minutes,
    )
    follow_up = change.follow(done, cmd.next)
    change.record("gtm.activity.added", done)
    return followed(done, follow_up)


def followed(done: Activity, follow_up: Activity | None) -> Followed:
    """The view of something done with what follows from it."""
    return Followed(**dict(view(done)), follow_up=view(follow_up) if follow_up else None)


def _changeable(ctx: Context, activity_id: str) -> Activity:
    """The row of what a person wrote; a mail on the timeline is what left, and stays."""
    activity = find_activity(ctx, activity_id)
    if activity.kind not in (ActivityKind.NOTE.key, *(kind.key for kind in PLANNED)):
        raise InvalidInput("A mail on the timeline cannot be changed.", field="activity_id")
    return activity


def _changes(ctx: Context, activity: Activity, cmd: UpdateActivity) -> dict[str, Any]:
    """The columns that the command names, cleaned."""
    is_note, is_open = activity.kind == ActivityKind.NOTE.key, activity.status == "open"
    found: dict[str, Any] = {}
    if cmd.subject is not None:
        found["subject"] = subject_line(cmd.subject) if is_open else one_line(cmd.subject)[:500]
    if cmd.body is not None:
        found["body"] = _text(cmd.body) if is_note else sanitize(cmd.body).strip()
    if cmd.notes is not None:
        found["notes"] = sanitize(cmd.notes).strip()
    if cmd.outcome is not None:
        found["outcome"] = known_outcome(ActivityKind(activity.kind), cmd.outcome)
    if cmd.due_at is not None:
        _require(is_open, "Only what is still to be done has a due time.", "due_at")
        found["due_at"] = parse_when(cmd.due_at, ctx.now, ctx.zone)
    if cmd.at is not None:
        _require(not is_open, "What is still to be done did not take place yet.", "at")
        found["at"] = past(ctx, cmd.at)
    if "duration_minutes" in cmd.model_fields_set:
        found["duration_minutes"] = cmd.duration_minutes
    return found | _moved(ctx, activity, cmd)


def _moved(ctx: Context, activity: Activity, cmd: UpdateActivity) -> dict[str, Any]:
    """Another contact or deal; an empty text means none."""
    if cmd.contact_id is None and cmd.deal_id is None:
        return {}
    _require(
        activity.job_id is None, "The step of a sequence stays with its contact.", "contact_id"
    )
    given = (cmd.contact_id, activity.contact_id), (cmd.deal_id, activity.deal_id)
    contact_id, deal_id = (new if new is not None else old or "" for new, old in given)
    is_task = activity.kind == ActivityKind.TASK.key
    return dict(about(ctx, contact_id, deal_id, what="" if is_task else "It"))


def _check_put(ctx: Context, row: Activity, values: dict[str, Any]) -> None:
    """What no foreign key says: the same session; and deleting is for people."""
    if values.get("deleted_at") is not None:
        ctx.require_human("take this back")
    for name, table in (("contact_id", Contact), ("deal_id", Deal)):
        wanted = values.get(name)
        if (
            wanted is not None
            and not table.select()
            .where((table.id == wanted) & (table.session_id == ctx.session_id))
            .exists()
        ):
            raise NotFound(f"What activity {row.id} belonged to is not in this session.")


def _require(holds: bool, text: str, field: str) -> None:
    if not holds:
        raise InvalidInput(text, field=field)


def _text(body: str) -> str:
    text = sanitize(body).strip()
    _require(bool(text), "A note needs a text.", "body")
    return text
