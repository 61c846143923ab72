"""Mends what the doctor finds, in one transaction that can be taken back, and makes the search index anew."""

from __future__ import annotations

from typing import Any

from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.migrations import m0003_search, m0011_texts
from rusvel_tui.engine.models.base import database
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.orphans import check_index, index_fault
from rusvel_tui.engine.sqlite import statements
from rusvel_tui.engine.trust.fixes import Fix, find_fixes

INDEX = "search index"
_FILLS = ("INSERT INTO search_doc", "INSERT INTO name_search", "INSERT INTO text_search")


class FixView(View):
    """One thing that can be mended."""

    table: str
    row: str
    what: str
    """What is wrong."""
    how: str
    """What is done about it."""


class FixList(View):
    """What can be mended, or was."""

    items: tuple[FixView, ...]


class Unfix(Input):
    """The rows as they were: table, key, columns before and after."""

    changes: tuple[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]], ...]


@operation("check.list_fixes", permission="sessions.read")
def list_fixes(ctx: Context, cmd: Input) -> FixList:
    """List what is wrong in the file and can be mended by itself, and how."""
    fault = check_index.handle(ctx, Input()).fault
    return FixList(items=tuple(map(_view, find_fixes(ctx))) + _index(fault))


@operation("check.fix", writes=True, permission="sessions.manage")
def fix(ctx: Context, cmd: Input) -> FixList:
    """Mend what can be mended by itself, in all sessions; undo puts the rows back as they were."""
    index = _index(index_fault(database.connection()))
    fixes = list(find_fixes(ctx))
    changes = [(one.table, one.key, one.before, one.after) for one in fixes]
    for one in changes:
        _change(*one)
    if index:
        _build_index()
    if changes or index:
        count = len(changes) + len(index)
        payload = {"name": f"{count} findings", "rows": [list(change) for change in changes]}
        back = [change for change, one in zip(changes, fixes, strict=True) if not one.for_good]
        undo = Inverse("check.unfix", {"changes": back}) if back else None
        ctx.record("check.fixed", "", payload, undo=undo)
    return FixList(items=tuple(map(_view, fixes)) + index)


@operation("check.unfix", writes=True, permission="sessions.manage", internal=True)
def unfix(ctx: Context, cmd: Unfix) -> FixList:
    """Put mended rows back as they were before."""
    for table, key, before, after in reversed(cmd.changes):
        _change(table, key, after, before)
    changes = [(table, key, after, before) for table, key, before, after in cmd.changes]
    ctx.record("check.unfixed", "", undo=Inverse("check.unfix", {"changes": changes}))
    return FixList(items=())


def _view(one: Fix) -> FixView:
    return FixView(
        table=one.table, row=" ".join(map(str, one.key.values())), what=one.what, how=one.how
    )


def _index(fault: str) -> tuple[FixView, ...]:
    how = "it is made anew from the rows"
    return (FixView(table=INDEX, row="", what=fault, how=how),) if fault else ()


def _change(table: str, key: dict[str, Any], before: dict[str, Any], after: dict[str, Any]) -> None:
    """Change the columns of one row that still holds what was seen."""
    marks = ", ".join(f'"{name}" = ?' for name in after)
    test = " AND ".join([f'"{name}" = ?' for name in key] + [f'"{name}" IS ?' for name in before])
    values = (*after.values(), *key.values(), *before.values())
    done = database.execute_sql(f'UPDATE "{table}" SET {marks} WHERE {test}', values)
    if done.rowcount != 1:
        raise Conflict(f"{table} {' '.join(map(str, key.values()))} was changed since.")


def _build_index() -> None:
    """Empty the index and fill it as the migrations filled it."""
    for name in ("name_search", "text_search"):
        database.execute_sql(f"INSERT INTO {name} ({name}) VALUES ('delete-all')")
    database.execute_sql("DELETE FROM search_doc")
    for statement in statements(m0003_search.SQL + m0011_texts.SQL):
        if statement.startswith(_FILLS):
            database.execute_sql(statement)
