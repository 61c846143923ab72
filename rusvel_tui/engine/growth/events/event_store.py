"""Events of people in their tables: names and actors as numbers, moments as microseconds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.models import GrowthBatch
from rusvel_tui.engine.models.base import database, dump_json, insert_row

PART = 20_000
"""Events written with one statement each for names, actors and rows."""
_LEARN = {
    "growth_name": "INSERT OR IGNORE INTO growth_name (session_id, name) VALUES (?, ?)",
    "growth_actor": "INSERT OR IGNORE INTO growth_actor (session_id, name) VALUES (?, ?)",
}
_FIND = "SELECT name, id FROM {} WHERE session_id = ? AND name IN (SELECT value FROM json_each(?))"
_INSERT = "INSERT OR IGNORE INTO growth_event (name_id, actor_id, at, value, batch_id) VALUES (?, ?, ?, ?, ?)"


class Happened(NamedTuple):
    """Somebody did something; `at` in microseconds since 1970 (UTC)."""

    at: int
    actor: str
    event: str
    value: float | None


class Written(NamedTuple):
    """The batch of some events, and how many of them were new."""

    batch_id: int
    new: int


def write(ctx: Context, happened: Iterable[Happened], source: str) -> Written:
    """Keep these events; one that is known by moment, actor and name stays as it is."""
    batch_id = insert_row(
        GrowthBatch, session_id=ctx.session_id, at=ctx.now, source=source, count=0
    )
    rows, new = iter(happened), 0
    while part := list(islice(rows, PART)):
        new += _write_part(ctx.session_id, part, batch_id)
    GrowthBatch.update(count=new).where(GrowthBatch.id == batch_id).execute()
    return Written(batch_id, new)


def _write_part(session_id: str, part: Sequence[Happened], batch_id: int) -> int:
    names = _numbers(session_id, "growth_name", {one.event for one in part})
    actors = _numbers(session_id, "growth_actor", {one.actor for one in part})
    rows = sorted((names[e], actors[a], at, value, batch_id) for at, a, e, value in part)
    connection = database.connection()
    before = connection.total_changes
    connection.executemany(_INSERT, rows)
    return int(connection.total_changes - before)


def _numbers(session_id: str, table: str, names: set[str]) -> dict[str, int]:
    """The number of each name; new ones are learnt."""
    database.connection().executemany(_LEARN[table], [(session_id, name) for name in sorted(names)])
    found = database.execute_sql(_FIND.format(table), (session_id, dump_json(sorted(names))))
    return dict(found.fetchall())


def known_names(session_id: str, names: Iterable[str]) -> dict[str, int]:
    """The numbers of those names that were ever recorded."""
    wanted = (session_id, dump_json(sorted(set(names))))
    return dict(database.execute_sql(_FIND.format("growth_name"), wanted).fetchall())


_MOVE = """INSERT OR IGNORE INTO {to} (name_id, actor_id, at, value, batch_id)
SELECT name_id, actor_id, at, value, batch_id FROM {source} WHERE batch_id = ?"""


def remove(batch_id: int) -> int:
    """Take the events of a batch out, kept for `restore`; how many."""
    return _move(batch_id, "growth_event", "growth_removed_event")


def restore(batch_id: int) -> int:
    """Bring the events of a batch back; how many."""
    return _move(batch_id, "growth_removed_event", "growth_event")


def _move(batch_id: int, source: str, to: str) -> int:
    connection = database.connection()
    before = connection.total_changes
    connection.execute(_MOVE.format(source=source, to=to), (batch_id,))
    moved = int(connection.total_changes - before)
    connection.execute(f"DELETE FROM {source} WHERE batch_id = ?", (batch_id,))
    return moved


_KNOWN = """
SELECT count(*) FROM json_each(?) k JOIN growth_name n ON n.session_id = ? AND n.name = k.value ->> 2
JOIN growth_actor a ON a.session_id = n.session_id AND a.name = k.value ->> 1
JOIN growth_event e ON e.name_id = n.id AND e.actor_id = a.id AND e.at = k.value ->> 0
"""


def count_known(session_id: str, happened: Iterable[tuple[int, str, str]]) -> int:
    """How many of these moments, actors and names are recorded already."""
    rows, known = iter(happened), 0
    while part := list(islice(rows, PART)):
        asked = (dump_json(part), session_id)
        known += int(database.execute_sql(_KNOWN, asked).fetchone()[0])
    return known
