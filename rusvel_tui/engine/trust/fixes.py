"""What can be mended in a file by itself, and how: nothing that leaves, nothing that a person wrote, nothing by guess."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.damage import find_damage
from rusvel_tui.engine.models import MODELS
from rusvel_tui.engine.models.base import JsonField, database, dump_json
from rusvel_tui.engine.operation import Input

MOST = 1000
"""Rows of each kind that are mended in one go."""


class Fix(NamedTuple):
    """One row that is changed: its columns before and after, and both as words."""

    table: str
    key: dict[str, Any]
    """The columns that name the row."""
    before: dict[str, Any]
    after: dict[str, Any]
    what: str
    how: str
    for_good: bool = False
    """Whether undo leaves it: what it took away cannot be put back."""


def find_fixes(ctx: Context) -> Iterator[Fix]:
    """Everything in the file that can be mended."""
    yield from _unreadable(ctx)
    yield from _rows(_HELD, "job", {"state": "awaiting_approval"}, "its mail is held, and it asks for no yes", "it asks for your yes again")  # fmt: skip
    yield from _rows(_PLANNED, "job", {"state": "queued"}, "its mail is planned, and nothing is queued", "it is queued; the draft waits for your yes")  # fmt: skip
    for fix in _rows(_APPROVED, "mail", {"state": "held"}, "it has your yes, and nothing is queued", "it is held again and asks for your yes"):  # fmt: skip
        yield fix
        yield from _job_of(fix)
    yield from _rows(_IDLE, "job", {"state": "succeeded"}, "it asks for a yes to a mail that is done", "it is over")  # fmt: skip
    ended = {"status": "cancelled", "reason": "manual", "ended_at": stamp(ctx.now), "note": "it waited for no step"}  # fmt: skip
    yield from _rows(_STUCK, "enrollment", ended, "it runs and waits for no step", "it ends; the person can be enrolled again")  # fmt: skip
    yield from _lost()


_JOBLESS = "SELECT {id} FROM mail m JOIN job j ON j.id = m.id WHERE m.state = '{mail}' AND j.state NOT IN ({jobs})"
_HELD = _JOBLESS.format(id="j.id", mail="held", jobs="'awaiting_approval', 'running'")
_PLANNED = _JOBLESS.format(id="j.id", mail="scheduled", jobs="'queued', 'running'")
_APPROVED = _JOBLESS.format(id="m.id", mail="approved", jobs="'queued', 'running'")
_IDLE = """SELECT j.id FROM job j JOIN mail m ON m.id = j.id WHERE j.state = 'awaiting_approval'
  AND m.state IN ('sent', 'rejected', 'dead', 'cancelled')"""
_STUCK = """SELECT e.id FROM enrollment e LEFT JOIN job j ON j.id = e.job_id WHERE e.status IN ('active', 'paused')
  AND (j.id IS NULL OR j.state = 'cancelled')"""


def _rows(sql: str, table: str, after: dict[str, Any], what: str, how: str) -> Iterator[Fix]:
    """A fix of the same columns for each row that the question finds."""
    names = ", ".join(after)
    for (found,) in database.execute_sql(f"{sql} LIMIT {MOST}").fetchall():
        row = database.execute_sql(f"SELECT {names} FROM {table} WHERE id = ?", (found,)).fetchone()
        before = dict(zip(after, row, strict=True))
        yield Fix(table, {"id": found}, before, after, what, how)


def _job_of(mail: Fix) -> Iterator[Fix]:
    """The work of a mail that is held again waits for the yes, too."""
    sql = "SELECT state FROM job WHERE id = ?"
    state = database.execute_sql(sql, (mail.key["id"],)).fetchone()[0]
    after = {"state": "awaiting_approval"}
    yield Fix("job", mail.key, {"state": state}, after, "its mail is held again", mail.how)


def _unreadable(ctx: Context) -> Iterator[Fix]:
    """Values that are no JSON: they count as empty already, and are now."""
    models = {model._meta.table_name: model for model in MODELS}
    for one in find_damage.handle(ctx, Input()).items:
        model = models[one.table]
        field = next(f for f in model._meta.sorted_fields if f.column_name == one.column)
        names = [key.column_name for key in model._meta.get_primary_keys()]
        key = dict(zip(names, one.row.split(" "), strict=False))
        if len(key) != len(names):
            continue
        text = _value(one.table, key, one.column)
        what, how = (
            f"its {one.column} cannot be read",
            "it is emptied; the log of events keeps the text",
        )
        yield Fix(one.table, key, {one.column: text}, {one.column: _empty(field)}, what, how)


def _empty(field: JsonField) -> str | None:
    default = field.default() if callable(field.default) else field.default
    return None if default is None and field.null else dump_json({} if default is None else default)


def _value(table: str, key: dict[str, Any], column: str) -> Any:
    test = " AND ".join(f'"{name}" = ?' for name in key)
    sql = f'SELECT "{column}" FROM "{table}" WHERE {test}'
    return database.execute_sql(sql, tuple(key.values())).fetchone()[0]


def _lost() -> Iterator[Fix]:
    """References to rows that are gone, where a row may do without; others are named by the doctor alone."""
    broken = database.execute_sql("PRAGMA foreign_key_check").fetchmany(MOST)
    for table, number, other, which in broken:
        keys = database.execute_sql(f'PRAGMA foreign_key_list("{table}")').fetchall()
        column = next(row[3] for row in keys if row[0] == which)
        columns = database.execute_sql(f'PRAGMA table_info("{table}")').fetchall()
        names = [row[1] for row in columns if row[5]]
        if number is None or any(row[1] == column and (row[3] or row[5]) for row in columns):
            continue
        wanted = ", ".join(f'"{name}"' for name in (*names, column))
        sql = f'SELECT {wanted} FROM "{table}" WHERE rowid = ?'
        *key, value = database.execute_sql(sql, (number,)).fetchone()
        what = f"its {other} is gone"
        named = dict(zip(names, key, strict=True))
        how = f"it has no {other} any more"
        yield Fix(table, named, {column: value}, {column: None}, what, how, for_good=True)
