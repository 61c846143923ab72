"""What an operation did to rows, kept so that it can be taken back to the letter and made again.

A `Watch` compares rows before and after. `take_back` brings the former state back column by column and refuses when a
column that the change wrote holds something else by now. Versions and times of change are bookkeeping, not state.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.models.base import database

Row = dict[str, Any]
"""The stored values of a row by column."""
_KEYS = {"suppression": ("session_id", "key")}
_LASTING = ("contact", "company")
"""Tables whose rows others point to: making one is taken back by marking it as deleted."""
_BOOKKEEPING = frozenset(("version", "updated_at"))
_DERIVED = {"contact": frozenset(("search", "sort_name"))}


class Part(NamedTuple):
    """Some rows of a table: those whose column has one of the values, in one session."""

    table: str
    column: str
    values: tuple[str, ...]


class Change(NamedTuple):
    """One row before and after: no `before` for a new row, no `after` for one that went; else changed columns only."""

    table: str
    key: tuple[str, ...]
    before: Row | None
    after: Row | None


class Watch:
    """Some rows as they are now."""

    def __init__(self, ctx: Context, *parts: Part) -> None:
        self._ctx = ctx
        self._parts = parts
        self._before = self._read()

    def changes(self) -> list[Change]:
        """What became of the rows since, and which ones came; empty when nothing changed."""
        after = self._read()
        places = self._before | after
        now = stamp(self._ctx.now)
        made = (_change(place, self._before.get(place), after.get(place), now) for place in places)
        return [change for change in made if change is not None]

    def _read(self) -> dict[tuple[str, tuple[str, ...]], Row]:
        found = {}
        for part in self._parts:
            for row in _rows(self._ctx.session_id, part):
                found[part.table, tuple(row[name] for name in _key(part.table))] = row
        return found


def as_json(changes: Iterable[Change]) -> list[list[Any]]:
    """The changes as an event keeps them."""
    return [list(change) for change in changes]


def from_json(stored: Iterable[Sequence[Any]]) -> list[Change]:
    return [Change(table, tuple(key), before, after) for table, key, before, after in stored]


def parts_of(changes: Iterable[Change]) -> Iterator[Part]:
    """The rows that these changes are about."""
    keys: dict[str, list[str]] = {}
    for change in changes:
        keys.setdefault(change.table, []).append(change.key[-1])
    yield from (Part(table, _key(table)[-1], tuple(ids)) for table, ids in keys.items())


def take_back(ctx: Context, changes: Sequence[Change], what: str) -> None:
    """Bring the state before these changes back; raises `Conflict` when they were overtaken."""
    for change in changes:
        if change.before is None:
            _delete(ctx, change)
    for change in changes:
        if change.before is not None and change.after is not None:
            _put(ctx, change, what)
    for change in changes:
        if change.before is not None and change.after is None:
            _insert(ctx, change)


def _change(
    place: tuple[str, tuple[str, ...]], before: Row | None, after: Row | None, now: str
) -> Change | None:
    table, key = place
    if before is None and table in _LASTING:
        return Change(table, key, {"deleted_at": now}, {"deleted_at": None})
    if before is None or after is None:
        return Change(table, key, before, after)
    ignored = _BOOKKEEPING | _DERIVED.get(table, frozenset())
    names = [n for n in before if n not in ignored and not _same(before[n], after[n])]
    if not names:
        return None
    return Change(table, key, {n: before[n] for n in names}, {n: after[n] for n in names})


def _same(one: Any, other: Any) -> bool:
    """Equal, or two spellings of one JSON document."""
    if one == other:
        return True
    if not (
        isinstance(one, str) and isinstance(other, str) and one[:1] == other[:1] and one[:1] in "[{"
    ):
        return False
    try:
        return bool(json.loads(one) == json.loads(other))
    except ValueError:
        return False


def _rows(session_id: str, part: Part) -> Iterator[Row]:
    # The plus keeps SQLite from walking all rows of the session, unless a key begins with it.
    session = "session_id" if "session_id" in _key(part.table) else "+session_id"
    sql = (
        f"SELECT * FROM {part.table} WHERE {session} = ?"
        f" AND {part.column} IN (SELECT value FROM json_each(?))"
    )
    cursor = database.execute_sql(sql, (session_id, json.dumps(part.values)))
    names = [column[0] for column in cursor.description]
    return (dict(zip(names, row, strict=True)) for row in cursor.fetchall())


def _key(table: str) -> tuple[str, ...]:
    return _KEYS.get(table, ("id",))


def _where(ctx: Context, change: Change) -> tuple[str, tuple[str, ...]]:
    names = dict.fromkeys((*_key(change.table), "session_id"))
    values = dict(zip(_key(change.table), change.key, strict=True)) | {"session_id": ctx.session_id}
    return " AND ".join(f"{n} = ?" for n in names), tuple(values[n] for n in names)


def _delete(ctx: Context, change: Change) -> None:
    where, key = _where(ctx, change)
    database.execute_sql(f"DELETE FROM {change.table} WHERE {where}", key)


def _put(ctx: Context, change: Change, what: str) -> None:
    where, key = _where(ctx, change)
    before, after = change.before or {}, change.after or {}
    names = ", ".join(before)
    now = database.execute_sql(f"SELECT {names} FROM {change.table} WHERE {where}", key).fetchone()
    if now is None or not all(map(_same, now, (after[n] for n in before))):
        raise Conflict(f"{what} was changed since. Look at it again.")
    marks = ", ".join(f"{n} = ?" for n in before)
    database.execute_sql(
        f"UPDATE {change.table} SET {marks} WHERE {where}", (*before.values(), *key)
    )


def _insert(ctx: Context, change: Change) -> None:
    row = (change.before or {}) | {"session_id": ctx.session_id}
    marks = ", ".join("?" * len(row))
    database.execute_sql(
        f"INSERT INTO {change.table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values())
    )
