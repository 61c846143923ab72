"""Recording what people did, listing it, and taking a batch back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import InvalidInput, NotFound
from rusvel_tui.engine.growth.events import event_store
from rusvel_tui.engine.growth.events.event_store import Happened
from rusvel_tui.engine.growth.numbers import Number, Shown, tidy
from rusvel_tui.engine.growth.periods import from_micros, micros
from rusvel_tui.engine.growth.scheduling import ensure
from rusvel_tui.engine.models import GrowthActor, GrowthBatch, GrowthName
from rusvel_tui.engine.models.base import database, tuples
from rusvel_tui.engine.operation import Input, PageInput, View, operation
from rusvel_tui.engine.text import one_line

_LONGEST = 200


def label(value: object) -> str:
    """A name without control characters, as one line; raises `ValueError` when nothing is left."""
    name = (
        one_line(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    )
    if not 0 < len(name) <= _LONGEST:
        raise ValueError(f"write 1 to {_LONGEST} characters")
    return name


Label = Annotated[str, BeforeValidator(label)]
"""The name of an event or an actor."""


class EventInput(BaseModel):
    """Somebody did something."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    timestamp: datetime
    """ISO 8601; without a zone it is the session's."""
    actor: Label
    """Who: a customer number, a mail address."""
    event: Label
    """What: `signed up`, `paid`."""
    value: Number | None = None


class RecordEvents(Input):
    """What happened."""

    events: list[EventInput] = Field(min_length=1)


class EventsRecorded(View):
    """How many events were new; the others were known by moment, actor and name."""

    recorded: int
    known: int
    batch_id: int | None
    """Names the new ones; none when there are none."""


class BatchId(Input):
    """Which batch of events."""

    batch_id: int


class ListGrowthEvents(PageInput):
    """Of whom, and what."""

    actor: str = ""
    event: str = ""


class GrowthEventView(View):
    """Somebody did something."""

    at: datetime
    actor: str
    event: str
    value: Shown | None


class GrowthEventPage(View):
    """Events, newest first."""

    items: tuple[GrowthEventView, ...]
    next: str | None


class EventName(View):
    """An event, and how often it happened."""

    name: str
    count: int


class EventNames(View):
    """Every event that was recorded."""

    items: tuple[EventName, ...]


@operation("growth.events.record", writes=True, permission="growth.manage")
def record_events(ctx: Context, cmd: RecordEvents) -> EventsRecorded:
    """Record what people did; one that is known by timestamp, actor and event counts once."""
    written = event_store.write(ctx, _happened(ctx, cmd.events), "typed")
    return conclude(ctx, written, len(cmd.events), "")


def conclude(ctx: Context, written: event_store.Written, asked: int, name: str) -> EventsRecorded:
    """Record the event of a batch, with its way back; an empty batch leaves no trace."""
    batch_id: int | None = written.batch_id
    if not written.new:
        GrowthBatch.delete().where(GrowthBatch.id == batch_id).execute()
        batch_id = None
    else:
        payload = {"name": name or f"{written.new} events", "recorded": written.new}
        inverse = Inverse("growth.events.remove_batch", {"batch_id": batch_id})
        ctx.record("growth.events.recorded", str(batch_id), payload, undo=inverse)
        ensure(ctx)
    return EventsRecorded(recorded=written.new, known=asked - written.new, batch_id=batch_id)


@operation("growth.events.remove_batch", writes=True, permission="growth.manage", internal=True)
def remove_batch(ctx: Context, cmd: BatchId) -> EventsRecorded:
    """Take the events of a batch back."""
    _find(ctx, cmd.batch_id)
    count = event_store.remove(cmd.batch_id)
    inverse = Inverse("growth.events.restore_batch", {"batch_id": cmd.batch_id})
    payload = {"name": f"{count} events", "removed": count}
    ctx.record("growth.events.removed", str(cmd.batch_id), payload, undo=inverse)
    return EventsRecorded(recorded=-count, known=0, batch_id=cmd.batch_id)


@operation("growth.events.restore_batch", writes=True, permission="growth.manage", internal=True)
def restore_batch(ctx: Context, cmd: BatchId) -> EventsRecorded:
    """Bring the events of a batch back that was taken back."""
    _find(ctx, cmd.batch_id)
    count = event_store.restore(cmd.batch_id)
    inverse = Inverse("growth.events.remove_batch", {"batch_id": cmd.batch_id})
    payload = {"name": f"{count} events", "recorded": count}
    ctx.record("growth.events.recorded", str(cmd.batch_id), payload, undo=inverse)
    return EventsRecorded(recorded=count, known=0, batch_id=cmd.batch_id)


_OF_NAME = """SELECT * FROM (SELECT at, actor_id, name_id, value FROM growth_event
WHERE name_id = ? AND (at, actor_id) < (?, ?) {} ORDER BY at DESC, actor_id DESC LIMIT ?)"""
_OF_ACTOR = "AND actor_id = ?"
_NAMED = """SELECT e.at, a.name, n.name, e.value, e.name_id, e.actor_id FROM ({}) e
JOIN growth_name n ON n.id = e.name_id JOIN growth_actor a ON a.id = e.actor_id
ORDER BY e.at DESC, e.name_id DESC, e.actor_id DESC LIMIT ?"""
_END = (1 << 62, 1 << 62, 1 << 62)
_MOST_NAMES = 400
"""Parts of one question, of the most recently learnt names."""


@operation("growth.events.list", permission="growth.read")
def list_growth_events(ctx: Context, cmd: ListGrowthEvents) -> GrowthEventPage:
    """List what people did, newest first."""
    rows = _newest(ctx, cmd)
    items = tuple(
        GrowthEventView(
            at=from_micros(at),
            actor=actor,
            event=event,
            value=None if value is None else tidy(value),
        )
        for at, actor, event, value, *_ in rows[: cmd.limit]
    )
    last = rows[cmd.limit - 1] if len(rows) > cmd.limit else None
    cursor = f"{last[0]}.{last[4]}.{last[5]}" if last else None
    return GrowthEventPage(items=items, next=cursor)


def _newest(ctx: Context, cmd: ListGrowthEvents) -> list[Any]:
    """One row more than asked for: the newest of each name, which the index has in order, and of these the newest."""
    at, name_id, actor_id = _place(cmd.cursor)
    names = GrowthName.select(GrowthName.id).where(GrowthName.session_id == ctx.session_id)
    if cmd.event:
        names = names.where(GrowthName.name == cmd.event)
    own = (GrowthActor.session_id == ctx.session_id) & (GrowthActor.name == cmd.actor)
    actor = GrowthActor.get_or_none(own) if cmd.actor else None
    if cmd.actor and actor is None:
        return []
    who = [actor.id] if actor else []
    part = _OF_NAME.format(_OF_ACTOR if who else "")
    values: list[int] = []
    learnt = tuples(names.order_by(GrowthName.id.desc()).limit(_MOST_NAMES))
    for (name,) in learnt:
        bound = actor_id if name == name_id else _END[2] if name < name_id else -1
        values += [name, at, bound, *who, cmd.limit + 1]
    if not learnt:
        return []
    sql = _NAMED.format(" UNION ALL ".join([part] * len(learnt)))
    return list(database.execute_sql(sql, (*values, cmd.limit + 1)).fetchall())


_NAMES = """
SELECT n.name, (SELECT count(*) FROM growth_event e WHERE e.name_id = n.id) AS count
FROM growth_name n WHERE n.session_id = ? ORDER BY count DESC, n.name
"""


@operation("growth.events.names", permission="growth.read")
def event_names(ctx: Context, cmd: Input) -> EventNames:
    """List the events that were recorded, most frequent first."""
    rows = database.execute_sql(_NAMES, (ctx.session_id,)).fetchall()
    return EventNames(
        items=tuple(EventName(name=name, count=count) for name, count in rows if count)
    )


def _happened(ctx: Context, events: list[EventInput]) -> Iterator[Happened]:
    zone = ctx.zone
    for one in events:
        at = one.timestamp
        try:
            moment = micros(at if at.tzinfo else at.replace(tzinfo=zone))
        except OverflowError:
            raise InvalidInput(f"{at} is no time that can be counted.", field="events") from None
        yield Happened(moment, one.actor, one.event, one.value)


def _place(cursor: str | None) -> tuple[int, int, int]:
    if cursor is None:
        return _END
    parts = cursor.split(".")
    if len(parts) != 3 or not all(part.lstrip("-").isdecimal() for part in parts):
        raise InvalidInput(f"{cursor!r} is not a cursor of this list.", field="cursor")
    at, name_id, actor_id = (max(min(int(part), 1 << 62), -(1 << 62)) for part in parts)
    return at, name_id, actor_id


def _find(ctx: Context, batch_id: int) -> None:
    own = (GrowthBatch.id == batch_id) & (GrowthBatch.session_id == ctx.session_id)
    if not GrowthBatch.select().where(own).exists():
        raise NotFound(f"There is no batch of events {batch_id} in this session.")
