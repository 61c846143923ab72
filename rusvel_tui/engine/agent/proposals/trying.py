"""What an operation would do: it runs inside a savepoint that is always rolled back, and every row it touches is seen.

It runs twice. The first time tells which tables it writes to; the second time temporary triggers on those tables tell
the rows before and after. Watching all tables from the start would take longer than most operations.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.models.base import database
from rusvel_tui.engine.operation import Operation, View

Row = dict[str, Any]
"""The stored values of a row by column."""
Seen = TypeVar("Seen")
_WRITES = re.compile(r'\b(?:INTO|UPDATE(?:\s+OR\s+\w+)?|DELETE\s+FROM)\s+"?(\w+)"?', re.IGNORECASE)
EVENTS = "event"
"""The log says what a change is about, however many rows it touches: it is always told whole."""
_HEAD = 60
"""Characters of a statement in which the table stands that it writes to."""
_MOST_COLUMNS = 40
"""SQLite takes a hundred arguments at the most, which are fifty columns."""
MOST_ROWS = 2_000
"""Rows that are told apart; of what touches more, the count is told."""


class _Shape(NamedTuple):
    """A table: its columns that JSON can hold, none of a virtual one, and those that tell its rows apart."""

    table: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


_Change = tuple[str, str | None, str | None]
"""A table, and a row of it as JSON before and after."""


class Touched(NamedTuple):
    """A row before and after: no `before` for a new one, no `after` for one that went."""

    table: str
    before: Row | None
    after: Row | None

    @property
    def row(self) -> Row:
        """As it would be, or as it was."""
        return self.after or self.before or {}


class Tried(NamedTuple):
    """What a trial came to."""

    result: View
    rows: tuple[Touched, ...]
    more: int
    """Rows that were touched beyond those."""


def try_out(
    ctx: Context,
    target: Operation[Any, Any],
    wanted: Any,
    look: Callable[[Tried], Seen],
) -> Seen:
    """What `look` makes of the trial, while what it would do still stands; afterwards nothing has happened.

    Only inside a write transaction. Raises what the operation raises.
    """
    with _taken_back():
        tables = _tables(lambda: _run(ctx, target, wanted))
    shapes = {shape.table: shape for shape in map(_shape, sorted(tables)) if shape.columns}
    with _taken_back(), _watching(shapes.values()) as seen:
        result = _run(ctx, target, wanted)
        more = max(0, seen.count - MOST_ROWS)
        return look(Tried(result, _folded(seen.changes, shapes), more))


def _run(ctx: Context, target: Operation[Any, Any], wanted: Any) -> View:
    """The operation with a context of its own: what it records and remembers is gone with it."""
    made: View = replace(ctx, recorded=[], _session=None).call(target, wanted)
    return made


@contextmanager
def _taken_back() -> Iterator[None]:
    database.execute_sql("SAVEPOINT trial")
    try:
        yield
    finally:
        database.execute_sql("ROLLBACK TO trial")
        database.execute_sql("RELEASE trial")


def _tables(work: Callable[[], object]) -> set[str]:
    """The tables that are written to meanwhile."""
    heads: set[str] = set()

    def note(text: str) -> None:
        # Thousands of statements begin alike; what a trigger of the schema does comes as a comment.
        if not text.startswith("--"):
            heads.add(text if text.startswith("WITH") else text[:_HEAD])

    connection = database.connection()
    connection.set_trace_callback(note)
    try:
        work()
    finally:
        connection.set_trace_callback(None)
    return {name for text in heads for name in _WRITES.findall(text)}


class _Seen:
    """What the triggers tell: the first rows whole, and how many there were."""

    def __init__(self) -> None:
        self.changes: list[_Change] = []
        self.count = 0

    def wanted(self) -> bool:
        """Whether one more row is told whole: to write all of a large table as JSON takes longer than the change."""
        self.count += 1
        return self.count <= MOST_ROWS

    def note(self, table: str, before: str | None, after: str | None) -> None:
        self.changes.append((table, before, after))


@contextmanager
def _watching(shapes: Iterable[_Shape]) -> Iterator[_Seen]:
    """What happens to rows of these tables meanwhile; the savepoint takes the triggers away."""
    seen = _Seen()
    connection = database.connection()
    connection.create_function("rusvel_wanted", 0, seen.wanted)
    connection.create_function("rusvel_touched", 3, seen.note)
    for shape in shapes:
        for sql in _triggers(shape.table, shape.columns):
            connection.execute(sql)
    yield seen


def _shape(table: str) -> _Shape:
    """A virtual table takes no trigger, and what belongs to it is no table of ours."""
    found = database.execute_sql(
        "SELECT i.name, i.pk FROM main.sqlite_master m, pragma_table_info(m.name) i"
        " WHERE m.type = 'table' AND m.name = ? AND m.sql NOT LIKE 'CREATE VIRTUAL%' AND i.type <> 'BLOB'",
        (table,),
    ).fetchall()
    names = tuple(name for name, _ in found)
    return _Shape(table, names, tuple(name for name, place in found if place) or names)


def _triggers(table: str, names: Sequence[str]) -> Iterator[str]:
    old, new = _as_json("OLD", names), _as_json("NEW", names)
    asked = "" if table == EVENTS else " WHEN rusvel_wanted()"
    for what, before, after in (
        ("INSERT", "NULL", new),
        ("UPDATE", old, new),
        ("DELETE", old, "NULL"),
    ):
        yield (
            f'CREATE TEMP TRIGGER "touched_{what}_{table}" AFTER {what} ON main."{table}"{asked}'
            f" BEGIN SELECT rusvel_touched('{table}', {before}, {after}); END"
        )


def _as_json(which: str, names: Sequence[str]) -> str:
    parts = [names[at : at + _MOST_COLUMNS] for at in range(0, len(names), _MOST_COLUMNS)]
    objects = [", ".join(f"'{name}', {which}.\"{name}\"" for name in part) for part in parts]
    return f"json_array({', '.join(f'json_object({one})' for one in objects)})"


def _folded(seen: Sequence[_Change], shapes: Mapping[str, _Shape]) -> tuple[Touched, ...]:
    """One change for each row: as it was first and as it is last; what came and went again is none."""
    rows: dict[tuple[Any, ...], Touched] = {}
    for table, old, new in seen:
        before, after = _row(old), _row(new)
        named = after or before or {}
        place = (table, *(named[name] for name in shapes[table].key))
        known = rows.pop(place, None)
        rows[place] = Touched(table, known.before if known else before, after)
    return tuple(one for one in rows.values() if one.before != one.after)


def _row(text: str | None) -> Row | None:
    if text is None:
        return None
    return {name: value for part in json.loads(text) for name, value in part.items()}
