"""The event log as people read it: what happened, newest first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.models import Event
from rusvel_tui.engine.operation import PageInput, View, operation


class ListEvents(PageInput):
    """Which part of the log."""

    department: str = ""
    """`gtm`, `growth`; all when left out."""
    kind: str = ""
    """One kind, or the beginning of several: `gtm.deal`."""
    subject_id: str = ""


class EventView(View):
    """One thing that happened."""

    id: int
    at: datetime
    kind: str
    subject_id: str
    actor: str
    payload: dict[str, Any]
    undone: bool
    session_id: str


class EventPage(View):
    """Events, newest first."""

    items: tuple[EventView, ...]
    next: str | None


@operation("event.list", permission="events.read")
def list_events(ctx: Context, cmd: ListEvents) -> EventPage:
    """List what happened, newest first."""
    query = Event.select().where(Event.session_id == ctx.session_id).order_by(Event.id.desc())
    if cmd.department:
        query = query.where(Event.kind.startswith(f"{cmd.department}."))
    if cmd.kind:
        query = query.where((Event.kind == cmd.kind) | Event.kind.startswith(f"{cmd.kind}."))
    if cmd.subject_id:
        query = query.where(Event.subject_id == cmd.subject_id)
    if cmd.cursor:
        query = query.where(Event.id < _event_id(cmd.cursor))
    rows = list(query.limit(cmd.limit + 1))
    more = len(rows) > cmd.limit
    items = tuple(view(row) for row in rows[: cmd.limit])
    return EventPage(items=items, next=str(items[-1].id) if more else None)


def _event_id(cursor: str) -> int:
    if not cursor.isdecimal():
        raise InvalidInput(f"{cursor!r} is not a cursor of this list.", field="cursor")
    return int(cursor)


def view(row: Event) -> EventView:
    return EventView(
        id=row.id,
        at=row.at,
        kind=row.kind,
        subject_id=row.subject_id,
        actor=row.actor,
        payload=row.payload,
        undone=bool(row.undone_by),
        session_id=row.session_id,
    )
