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
_LASTING = ("contact", "company", "kpi", "kpi_alert")
"""Tables whose rows others point to: making one is taken back by marking it as deleted."""
_BOOKKEEPING = frozenset(("version", "updated_at"))
_JSON = frozenset(("tags", "links", "fields", "metadata", "choices"))
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
    """Bring the state before these changes back; raises `Conflict` when they were overtaken. No query per row."""
    for group in _alike(changes):
        if group[0].before is None:
            _delete(ctx, group)
    for group in _alike(changes):
        if group[0].before is not None and group[0].after is not None:
            _put(ctx, group, what)
    for group in _alike(changes):
        if group[0].after is None:
            _insert(ctx, group)


def _alike(changes: Sequence[Change]) -> list[list[Change]]:
    """The changes in groups of one table, one kind and the same columns, in their order."""
    groups: dict[Any, list[Change]] = {}
    for change in changes:
        kind = (change.before is None, change.after is None)
        groups.setdefault((change.table, kind, tuple(change.before or ())), []).append(change)
    return list(groups.values())


def _change(
    place: tuple[str, tuple[str, ...]], before: Row | None, after: Row | None, now: str
) -> Change | None:
    table, key = place
    if before is None and table in _LASTING:
        return Change(table, key, {"deleted_at": now}, {"deleted_at": None})
    if before is None or after is None:
        return Change(table, key, before, after)
    ignored = _BOOKKEEPING | _DERIVED.get(table, frozenset())
    names = [n for n in before if n not in ignored and not _same(n, before[n], after[n])]
    if not names:
        return None
    return Change(table, key, {n: before[n] for n in names}, {n: after[n] for n in names})


def _same(name: str, one: Any, other: Any) -> bool:
    """Equal, or two spellings of one JSON document."""
    return bool(one == other or (name in _JSON and json.loads(one) == json.loads(other)))


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


def _keyed(ctx: Context, change: Change) -> dict[str, str]:
    """The columns that name the row, and its session."""
    return {"session_id": ctx.session_id} | dict(zip(_key(change.table), change.key, strict=True))


def _delete(ctx: Context, group: list[Change]) -> None:
    keys = [_keyed(ctx, change) for change in group]
    test = " AND ".join(f"{name} = ?" for name in keys[0])
    _run(f"DELETE FROM {group[0].table} WHERE {test}", (key.values() for key in keys))


def _put(ctx: Context, group: list[Change], what: str) -> None:
    table, names = group[0].table, tuple(group[0].before or ())
    part = Part(table, _key(table)[-1], tuple(change.key[-1] for change in group))
    now = {tuple(row[name] for name in _key(table)): row for row in _rows(ctx.session_id, part)}
    for change in group:
        row = now.get(change.key)
        if row is None or not all(_same(n, row[n], (change.after or {})[n]) for n in names):
            raise Conflict(f"{what} was changed since. Look at it again.")
    keys = [_keyed(ctx, change) for change in group]
    marks = ", ".join(f"{name} = ?" for name in names)
    test = " AND ".join(f"{name} = ?" for name in keys[0])
    rows = zip(group, keys, strict=True)
    values = ((*(change.before or {}).values(), *key.values()) for change, key in rows)
    _run(f"UPDATE {table} SET {marks} WHERE {test}", values)


def _insert(ctx: Context, group: list[Change]) -> None:
    rows = [(change.before or {}) | {"session_id": ctx.session_id} for change in group]
    marks = ", ".join("?" * len(rows[0]))
    sql = f"INSERT INTO {group[0].table} ({', '.join(rows[0])}) VALUES ({marks})"
    _run(sql, (row.values() for row in rows))


def _run(sql: str, rows: Iterable[Iterable[Any]]) -> None:
    database.connection().executemany(sql, [tuple(row) for row in rows])
