"""The event log as the screen needs it: a window by position, found by words."""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import Any

from peewee import fn
from pydantic import Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.event_kinds import EVENT_KINDS
from rusvel_tui.engine.events import EventView, view
from rusvel_tui.engine.models import Event
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.text import fold


class EventWindow(Input):
    """Which events."""

    words: str = ""
    """All of these must stand in the kind, in what it means, or in what was recorded with it."""
    first: int = Field(default=0, ge=0)
    count: int = Field(default=100, ge=1, le=1000)


class EventRows(View):
    """The events from position `first`, newest first; `total` is the length of the whole list."""

    first: int
    rows: tuple[EventView, ...]
    total: int


@operation("event.window", permission="events.read", internal=True)
def event_window(ctx: Context, cmd: EventWindow) -> EventRows:
    """A window of the log."""
    query = Event.select().where(reduce(and_, _conditions(ctx, cmd.words)))
    rows = query.order_by(Event.id.desc()).limit(cmd.count).offset(cmd.first)
    return EventRows(first=cmd.first, rows=tuple(map(view, rows)), total=query.count())


def _conditions(ctx: Context, words: str) -> list[Any]:
    """One for each word, and the session."""
    found = [Event.session_id == ctx.session_id]
    for word in words.split():
        kinds = [kind for kind, meaning in EVENT_KINDS.items() if _holds(kind, meaning, word)]
        recorded = fn.INSTR(fn.LOWER(Event.payload), _lower(word)) > 0
        found.append(Event.kind.in_(kinds) | recorded)
    return found


def _holds(kind: str, meaning: str, word: str) -> bool:
    return fold(word) in fold(f"{kind} {meaning}")


def _lower(word: str) -> str:
    """In small letters as the database makes them: a to z only."""
    return "".join(c.lower() if c.isascii() else c for c in word)
