"""Undo and redo from the event log: an event that carries its inverse can be taken back, across restarts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rusvel_tui.engine import departments, permissions
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Busy, Conflict, NotFound
from rusvel_tui.engine.models import Event
from rusvel_tui.engine.operation import OPERATIONS, Input, View, operation


class Undo(Input):
    """Nothing to say: the newest change of the session."""


class Undone(View):
    """What was taken back, or made again."""

    kind: str
    subject_id: str
    event_id: int
    name: str
    """What the change was about, for the message on the screen."""


SPENT = 0
"""What stands in `undone_by` of a change that can no longer be taken back."""


@operation("undo", writes=True, permission="undo", staged=True)
def undo(ctx: Context, cmd: Undo) -> Undone:
    """Take back the newest change that can be taken back."""
    return _once(ctx, _undo)


@operation("redo", writes=True, permission="undo", staged=True)
def redo(ctx: Context, cmd: Undo) -> Undone:
    """Make the newest undone change again, unless something else was changed since."""
    return _once(ctx, _redo)


def take_back_otherwise(
    ctx: Context,
    what: str,
    kind: str,
    subject_id: str,
    payload: dict[str, Any],
    *,
    undo: Inverse | None = None,
) -> None:
    """Record a change that takes back the newest `what` without `undo`: that need not be undone any more.

    With an inverse, redo makes it again.
    """
    event = (
        Event.select()
        .where((Event.kind == what) & (Event.subject_id == subject_id) & Event.undone_by.is_null())
        .order_by(Event.id.desc())
        .first()
    )
    outer = ctx.undo_of
    ctx.undo_of = outer or (event.id if event else None)
    made = ctx.record(kind, subject_id, payload, undo=undo)
    ctx.undo_of = outer
    if event:
        Event.update(undone_by=made).where(Event.id == event.id).execute()


def _once(ctx: Context, work: Callable[[Context, list[int]], Undone]) -> Undone:
    """Run it in one transaction. A change whose time is over is said once, and then left alone."""
    tried: list[int] = []
    try:
        return ctx.write(lambda: work(ctx, tried))
    except Busy:
        raise
    except (Conflict, NotFound):
        ctx.write(lambda: Event.update(undone_by=SPENT).where(Event.id.in_(tried)).execute())
        raise


def _undo(ctx: Context, tried: list[int]) -> Undone:
    event = _newest(ctx, Event.undo_of.is_null())
    if event is None:
        raise NotFound("There is nothing to undo.")
    tried[:] = [event.id]
    _take_back(ctx, event, "undo.done")
    return _answer(event)


def _redo(ctx: Context, tried: list[int]) -> Undone:
    event = _newest(ctx, Event.undo_of.is_null(False))
    if event is None or _changed_since(ctx, event):
        raise NotFound("There is nothing to redo.")
    tried[:] = [event.id]
    done = _take_back(ctx, event, "undo.redone")
    # What was made again can be undone again, but does not count as a new change.
    Event.update(undo_of=None, redo=1).where(Event.id.in_(done)).execute()
    return _answer(event)


def _newest(ctx: Context, which: object) -> Event | None:
    """The newest event with an inverse that was not run yet."""
    query = Event.select().where(
        (Event.session_id == ctx.session_id)
        & Event.undo.is_null(False)
        & Event.undone_by.is_null()
        & which
    )
    found: Event | None = query.order_by(Event.id.desc()).first()
    return found


def _changed_since(ctx: Context, event: Event) -> bool:
    """Whether a change of its own, undone or not, came after this event: then redo has lost its ground."""
    query = Event.select(Event.id).where(
        (Event.session_id == ctx.session_id)
        & (Event.id > event.id)
        & Event.undo.is_null(False)
        & Event.undo_of.is_null()
        & (Event.redo == 0)
    )
    return bool(query.exists())


def _take_back(ctx: Context, event: Event, kind: str) -> list[int]:
    """Run the stored inverse; the events that it records point back to the event it takes back."""
    departments.load()
    inverse = OPERATIONS[event.undo["operation"]]
    permissions.require(ctx.grants, inverse)
    if inverse.human_only:
        ctx.require_human("take this back")
    values = dict(event.undo["input"])
    if not _overtaken(ctx, event):
        values.pop("version", None)
    ctx.undo_of = event.id
    before = len(ctx.recorded)
    ctx.call(inverse, inverse.input.model_validate(values))
    done = ctx.recorded[before:]
    mark = ctx.record(kind, event.subject_id, {"kind": event.kind, "event_id": event.id})
    ctx.undo_of = None
    Event.update(undone_by=_way_back(done) or mark).where(Event.id == event.id).execute()
    return done


def _way_back(done: list[int]) -> int | None:
    """Of what taking back recorded, the event that redo begins with; so one leads to the next, however often."""
    able = Event.select(Event.id).where(Event.id.in_(done) & Event.undo.is_null(False))
    found = able.order_by(Event.id.desc()).first()
    return found.id if found else next(iter(done), None)


def _overtaken(ctx: Context, event: Event) -> bool:
    """Whether the thing was changed since in a way that was not taken back.

    If not, its version moved because of undo and redo alone, and does not count as a conflict.
    """
    query = Event.select(Event.id).where(
        (Event.session_id == ctx.session_id)
        & (Event.subject_id == event.subject_id)
        & (Event.id > event.id)
        & Event.undo_of.is_null()
        & (Event.undone_by.is_null() | (Event.undone_by == SPENT))
        & (Event.redo == 0)
    )
    return bool(query.exists())


def _answer(event: Event) -> Undone:
    name = (
        event.payload.get("name")
        or event.payload.get("title")
        or event.payload.get("subject")
        or ""
    )
    return Undone(kind=event.kind, subject_id=event.subject_id, event_id=event.id, name=str(name))
