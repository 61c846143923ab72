"""Readers of the event log that lose nothing: each has a cursor, moved in the transaction that does something about it.

Events are numbered in the order in which they are committed, one writer at a time, so that no event appears behind a
cursor. One that was slow, or was not there for a week, goes on where it stopped.
"""

from __future__ import annotations

from typing import Any

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.models import Event, Subscriber
from rusvel_tui.engine.models.base import tuples

BATCH = 200
"""Events in one transaction: nobody has to wait for more of them."""


def newest(ctx: Context) -> int:
    """The number of the newest event."""
    found = tuples(Event.select(Event.id).order_by(Event.id.desc()).limit(1))
    return int(found[0][0]) if found else 0


def position(ctx: Context, name: str) -> int:
    """The number of the last event that a subscriber has read; 0 for a new one."""
    row = Subscriber.find(name)
    return int(row.event_id) if row else 0


def unread(ctx: Context, name: str, which: Any) -> list[Event]:
    """The next events that a subscriber has not read, of those that concern it."""
    query = Event.select().where((Event.id > position(ctx, name)) & which)
    return list(query.order_by(Event.id).limit(BATCH))


def move_on(ctx: Context, name: str, event_id: int) -> None:
    """Remember that a subscriber has read as far as this event; it never goes back."""
    row = Subscriber.find(name)
    if row is None:
        Subscriber.create(id=name, event_id=event_id, updated_at=ctx.now)
    elif event_id > row.event_id:
        row.event_id, row.updated_at = event_id, ctx.now
        row.save()
