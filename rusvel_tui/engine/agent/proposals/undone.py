"""Whether a change that was proposed and made has been taken back since, read from the log."""

from __future__ import annotations

from collections.abc import Collection

from rusvel_tui.engine.models import Event
from rusvel_tui.engine.models.base import database

_WAY = """
WITH RECURSIVE way (first, next, steps) AS (
  SELECT id, undone_by, 0 FROM event WHERE id IN ({marks})
  UNION ALL
  SELECT way.first, event.undone_by, way.steps + 1 FROM way JOIN event ON event.id = way.next WHERE way.next > 0
)
SELECT first FROM way GROUP BY first HAVING max(steps) % 2 = 1
"""
"""From each event to what took it back, to what made it again, and on: an odd number of steps ends in what took it back."""


def undoable(events: Collection[int]) -> list[int]:
    """Those of these events that undo can take back."""
    kept = Event.select(Event.id).where(Event.id.in_(list(events)) & Event.undo.is_null(False))
    return [event.id for event in kept.order_by(Event.id)]


def taken_back(events: Collection[int]) -> bool:
    """Whether each of these changes is taken back now. `z`, then redo, then `z` again leads from one event to the next."""
    if not events:
        return False
    marks = ",".join("?" * len(events))
    found = database.execute_sql(_WAY.format(marks=marks), tuple(events)).fetchall()
    return len(found) == len(set(events))
