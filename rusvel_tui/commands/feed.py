"""The event log as it grows: for `watch`, and for what a worker tells."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event
from zoneinfo import ZoneInfo

from rusvel_tui.commands.tables import about
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.events import EventView, ListEvents, list_events
from rusvel_tui.engine.sessions import ListSessions, list_sessions

_PAGE = 200


def news(engine: Engine, stop: Event, since: int) -> Iterator[EventView]:
    """Every event after `since`, in all sessions, as it is committed; ends when `stop` is set."""
    for _topics in engine.follow(stop, since):
        for event in events_after(engine, since):
            since = event.id
            yield event


def events_after(engine: Engine, since: int) -> list[EventView]:
    """The events after one, oldest first."""
    sessions = engine.run(list_sessions, ListSessions()).items
    found = [event for s in sessions for event in _of_session(engine, s.session_id, since)]
    return sorted(found, key=lambda event: event.id)


def _of_session(engine: Engine, session_id: str, since: int) -> Iterator[EventView]:
    cursor: str | None = None
    while True:
        command = ListEvents(session_id=session_id, limit=_PAGE, cursor=cursor)
        page = engine.run(list_events, command)
        for event in page.items:
            if event.id <= since:
                return
            yield event
        cursor = page.next
        if cursor is None:
            return


def line(event: EventView, zone: ZoneInfo) -> str:
    """An event as one line."""
    return f"{event.at.astimezone(zone):%Y-%m-%d %H:%M:%S}  {event.kind}  {about(event)}".rstrip()
