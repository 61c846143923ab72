"""events.csv: `timestamp,actor,event,value`; an event is known by all three."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.growth.events import event_store
from rusvel_tui.engine.growth.events.event_store import Happened
from rusvel_tui.engine.growth.events.recording import conclude, label
from rusvel_tui.engine.growth.importing.shapes import Options, Plan, Shape
from rusvel_tui.engine.growth.importing.table import Row
from rusvel_tui.engine.growth.numbers import read_number
from rusvel_tui.engine.growth.periods import micros
from rusvel_tui.engine.models import GrowthName
from rusvel_tui.engine.models.base import tuples


def plan(ctx: Context, rows: Iterable[Row], options: Options) -> Plan:
    """Read, and see which events are new."""
    names = {
        name
        for (name,) in tuples(
            GrowthName.select(GrowthName.name).where(GrowthName.session_id == ctx.session_id)
        )
    }
    allowed = set() if options.allow_new else names
    happened = [one for row in rows if (one := _event(ctx, row, allowed)) is not None]
    unique = {(one.at, one.actor, one.event) for one in happened}
    known = event_store.count_known(ctx.session_id, unique)

    def write(ctx: Context) -> None:
        written = event_store.write(ctx, happened, "file")
        conclude(ctx, written, len(happened), options.name)

    new = len(unique) - known
    return Plan(new=new, changed=0, same=len(happened) - new, write=write)


def _event(ctx: Context, row: Row, names: set[str]) -> Happened | None:
    at = row.read("timestamp", lambda text: _moment(ctx, text))
    actor = row.read("actor", label)
    event = row.read("event", lambda text: _name(text, names))
    value = row.read("value", read_number) if row.cells["value"] else None
    if at is None or actor is None or event is None or (row.cells["value"] and value is None):
        return None
    return Happened(at, actor, event, value)


def _moment(ctx: Context, text: str) -> int:
    try:
        at = datetime.fromisoformat(text)
        return micros(at if at.tzinfo else at.replace(tzinfo=ctx.zone))
    except (ValueError, OverflowError):
        raise InvalidInput("is not a time; write it like 2026-11-24T09:30:00Z") from None


def _name(text: str, names: set[str]) -> str:
    name = label(text)
    if names and name not in names:
        from difflib import get_close_matches

        near = get_close_matches(name, names, n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise InvalidInput(f"no such event was recorded yet; {hint}allow new ones with allow_new")
    return name


SHAPE = Shape("events", ("timestamp", "actor", "event"), ("value",), plan)
