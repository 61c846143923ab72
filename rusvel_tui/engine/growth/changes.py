"""How a change of growth is recorded and taken back: the rows before and after, as one inverse of one event."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.growth.kpi.watching import watch_kpis
from rusvel_tui.engine.growth.scheduling import ensure
from rusvel_tui.engine.models import KpiReading
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.row_changes import Change, Watch, as_json, from_json, parts_of, take_back


class PutGrowthBack(Input):
    """Rows to bring back to what they were, and the words for the log."""

    subject_id: str
    name: str
    kind: str
    """The event kind of taking it back."""
    again: str
    """The event kind of making it again."""
    changes: list[list[Any]]


class GrowthPutBack(View):
    """How many rows changed."""

    rows: int


def record(
    ctx: Context,
    kind: str,
    subject_id: str,
    watch: Watch,
    payload: dict[str, Any],
    *,
    back: str = "",
    undoable: bool = True,
) -> int:
    """Record what became of the watched rows since; nothing when nothing did. `back` is the kind of taking it back.

    What the worker does on schedule cannot be undone: `z` is for what a person did. From the first change on the
    scheduled work of growth is ahead.
    """
    if changes := watch.changes():
        name = str(payload.get("name", ""))
        inverse = _inverse(subject_id, name, back or kind, kind, changes) if undoable else None
        ctx.record(kind, subject_id, payload, undo=inverse)
        ensure(ctx)
    return len(changes)


@operation("growth.put_back", writes=True, permission="growth.manage", internal=True)
def put_back(ctx: Context, cmd: PutGrowthBack) -> GrowthPutBack:
    """Bring rows of growth back to what they were; alerts look at the readings again."""
    changes = from_json(cmd.changes)
    watch = Watch(ctx, *parts_of(changes))
    touched = _kpis(changes)
    take_back(ctx, changes, cmd.name or "This")
    done = watch.changes()
    inverse = _inverse(cmd.subject_id, cmd.name, cmd.again, cmd.kind, done)
    ctx.record(cmd.kind, cmd.subject_id, {"name": cmd.name}, undo=inverse)
    watch_kpis(ctx, touched | _kpis(done))
    return GrowthPutBack(rows=len(done))


def _inverse(
    subject_id: str, name: str, kind: str, again: str, changes: Sequence[Change]
) -> Inverse:
    said = {"subject_id": subject_id, "name": name, "kind": kind, "again": again}
    return Inverse("growth.put_back", said | {"changes": as_json(changes)})


def _kpis(changes: Sequence[Change]) -> set[str]:
    """The KPIs whose readings are among these rows."""
    ids = [change.key[0] for change in changes if change.table == "kpi_reading"]
    found = KpiReading.select(KpiReading.kpi_id).where(KpiReading.id.in_(ids)).distinct()
    return {kpi_id for (kpi_id,) in tuples(found)} if ids else set()
