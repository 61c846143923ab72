"""Undo and redo from the event log: an event that carries its inverse can be taken back, across restarts."""

from __future__ import annotations

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import NotFound
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


@operation("undo", writes=True, permission="undo")
def undo(ctx: Context, cmd: Undo) -> Undone:
    """Take back the newest change that can be taken back."""
    event = _newest(ctx, Event.undo_of.is_null())
    if event is None:
        raise NotFound("There is nothing to undo.")
    done = _run_inverse(ctx, event)
    mark = ctx.record("undo.done", event.subject_id, {"kind": event.kind, "event_id": event.id})
    Event.update(undone_by=done or mark).where(Event.id == event.id).execute()
    return _answer(event)


@operation("redo", writes=True, permission="undo")
def redo(ctx: Context, cmd: Undo) -> Undone:
    """Make the newest undone change again, unless something else was changed since."""
    event = _newest(ctx, Event.undo_of.is_null(False))
    if event is None or _changed_since(ctx, event):
        raise NotFound("There is nothing to redo.")
    done = _run_inverse(ctx, event)
    mark = ctx.record("undo.redone", event.subject_id, {"kind": event.kind, "event_id": event.id})
    Event.update(undone_by=done or mark).where(Event.id == event.id).execute()
    # What was made again can be undone again, but does not count as a new change.
    Event.update(undo_of=None, redo=1).where(Event.id == done).execute()
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


def _run_inverse(ctx: Context, event: Event) -> int | None:
    """Run the stored inverse; the events that it records point back to the event it undoes."""
    inverse = OPERATIONS[event.undo["operation"]]
    ctx.undo_of = event.id
    before = len(ctx.recorded)
    ctx.call(inverse, inverse.input.model_validate(event.undo["input"]))
    ctx.undo_of = None
    return ctx.recorded[before] if len(ctx.recorded) > before else None


def _answer(event: Event) -> Undone:
    name = (
        event.payload.get("name")
        or event.payload.get("title")
        or event.payload.get("subject")
        or ""
    )
    return Undone(kind=event.kind, subject_id=event.subject_id, event_id=event.id, name=str(name))
