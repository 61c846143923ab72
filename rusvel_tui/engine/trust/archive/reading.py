"""Reads an archive into a database of its own: all of it, or nothing with the line that is wrong."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from rusvel_tui.engine import db
from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound
from rusvel_tui.engine.gtm.senders.identity import THIS_FILE
from rusvel_tui.engine.ports import Clock
from rusvel_tui.engine.sqlite import statements
from rusvel_tui.engine.trust.archive.tables import Table, tables
from rusvel_tui.engine.trust.archive.values import stored
from rusvel_tui.engine.trust.archive.writing import FORMAT
from rusvel_tui.engine.trust.copying import opened
from rusvel_tui.engine.trust.restoring import exchanged

HELD = "everything was read from an archive: look at what waits, then resume"
"""Why nothing leaves from the new database before a person said so: the old one may have sent it."""


class Read(NamedTuple):
    """What came out of an archive."""

    rows: int
    schema: int
    """The version of the program's tables that it was written with."""
    sessions: tuple[str, ...]


class _Wrong(Exception):
    """What is wrong with a line."""


def read_archive(source: Path, target: Path, clock: Clock) -> Read:
    """Make a database of an archive where there is none, or an empty one; sending waits until a person resumes it.

    Raises `InvalidInput` with the number of the line that is wrong, `Conflict` where there is something already.
    """
    if not source.is_file():
        raise NotFound(f"There is no file {source}.")
    if not is_empty(target):
        raise Conflict(
            f"{target} holds data. An archive is read into a new database: name another one with --db."
        )
    draft = target.with_name(f".{target.name}.archive-{os.getpid()}")
    with exchanged(draft, target, before="archive") as swap:
        found = _build(source, draft)
        db.upgrade(draft, found.schema)
        _hold(draft, clock)
        swap()
    return found


def is_empty(target: Path) -> bool:
    """Whether there is no database, or one in which nobody has begun yet."""
    if not target.exists():
        return True
    db.prepare(target, read_only=True)
    with opened(target) as connection:
        return not connection.execute("SELECT count(*) FROM session").fetchone()[0]


def _build(source: Path, draft: Path) -> Read:
    """The rows of the archive in a file of its schema."""
    number = 0
    try:
        with source.open("rb") as file:
            lines = Lines(file)
            schema = lines.head()
            db.build(draft, schema)
            with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
                rows = _fill(connection, lines)
                sessions = connection.execute("SELECT name FROM session ORDER BY id").fetchall()
    except _Wrong as wrong:
        number = lines.number
        raise InvalidInput(f"{source}, line {number}: {wrong}. Nothing was read.") from None
    except OSError as error:
        raise InvalidInput(f"{source} cannot be read: {error.strerror}.") from None
    return Read(rows, schema, tuple(name for (name,) in sessions))


class Lines:
    """The lines of an archive with their numbers; what they say is checked as they come."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._seen = sha256()
        self.number = 0
        self._rows = 0

    def head(self) -> int:
        """The version of the tables; refuses what is no archive, or a newer one."""
        first = self._next()
        if first.get("rusvel") != "archive":
            raise _Wrong("this is no archive of rusvel")
        schema = first.get("schema")
        if not isinstance(schema, int) or schema < 1:
            raise _Wrong("the version of the tables is missing")
        if first.get("format") != FORMAT or schema > db.LATEST:
            raise _Wrong("it was written by a newer rusvel; update rusvel to read it")
        return schema

    def rows(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Table and values of each row; at the end the count and the check sum must be right."""
        while True:
            before = self._seen.hexdigest()
            data = self._next()
            if "end" in data:
                break
            table, row = data.get("table"), data.get("row")
            if not isinstance(table, str) or not isinstance(row, dict):
                raise _Wrong("it names no table and row")
            self._rows += 1
            yield table, row
        if data.get("rows") != self._rows or data.get("sha256") != before:
            raise _Wrong("the check sum is another one: a line was changed, added or taken out")
        if self._file.readline():
            self.number += 1
            raise _Wrong("something follows the end")

    def _next(self) -> dict[str, Any]:
        text = self._file.readline()
        self.number += 1
        if not text.endswith(b"\n"):
            raise _Wrong("the archive ends too early" if not text else "the line is cut off")
        self._seen.update(text)
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            raise _Wrong("it is not JSON") from None
        if not isinstance(data, dict):
            raise _Wrong("it is not an object")
        return data


def _fill(connection: sqlite3.Connection, lines: Lines) -> int:
    """All rows in one transaction. Rules about changes rest meanwhile; what triggers derive, they derive again."""
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA synchronous = FULL")
    known, count = tables(connection), 0
    connection.execute("BEGIN IMMEDIATE")
    guards = _guards(connection)
    for name, _ in guards:
        connection.execute(f"DROP TRIGGER {name}")
    for table, row in lines.rows():
        _insert(connection, known, table, row)
        count += 1
    for _, sql in guards:
        for statement in statements(f"{sql};"):
            connection.execute(statement)
    _check(connection)
    connection.execute("COMMIT")
    return count


def _guards(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """The triggers that refuse changes of what is final."""
    found = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    return [(name, sql) for name, sql in found if "RAISE" in sql]


def _insert(
    connection: sqlite3.Connection, known: dict[str, Table], name: str, row: dict[str, Any]
) -> None:
    table = known.get(name)
    if table is None:
        raise _Wrong(f"there is no table {name!r}")
    if set(row) != set(table.columns):
        odd = sorted(set(row) ^ set(table.columns))
        raise _Wrong(f"{name} has other columns: {', '.join(odd)}")
    if name == "sender_state" and row["id"] == THIS_FILE:
        raise _Wrong("what is said about one file belongs into no archive")
    try:
        connection.execute(table.insert, [stored(row[column]) for column in table.columns])
    except (ValueError, OverflowError) as error:
        raise _Wrong(f"a value of {name} cannot be stored ({error})") from None
    except sqlite3.Error as error:
        raise _Wrong(f"the row breaks a rule of {name} ({error})") from None


def _check(connection: sqlite3.Connection) -> None:
    """Refuse rows that belong to something that is not there."""
    lost = connection.execute("PRAGMA foreign_key_check").fetchone()
    if lost is not None:
        table, row, other, _ = lost
        raise _Wrong(f"row {row} of {table} belongs to a row of {other} that is missing")


def _hold(draft: Path, clock: Clock) -> None:
    """Let nothing leave from the new database until a person resumes sending."""
    sql = "INSERT INTO sender_state (id, paused, reason, failures, retry_at, updated_at) VALUES (?, 1, ?, 0, NULL, ?)"
    with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
        connection.execute(sql, (THIS_FILE, HELD, stamp(clock.now())))
