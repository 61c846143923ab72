"""Calls of the engine against the same statements through raw sqlite3, on the same file with the same durability."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import copyfile
from typing import Any
from unittest.mock import patch

from peewee import SqliteDatabase

from benchmarks.data import contacts, open_engine
from benchmarks.lines import Line, milliseconds, ratio
from rusvel_tui.engine import sqlite
from rusvel_tui.engine.core import Engine

CALLS = 200
Statement = tuple[str, tuple[Any, ...]]


def lines(folder: Path) -> Iterator[Line]:
    """Goal 8."""
    source = contacts(folder, 100_000, 3_000)
    ids = _ids(source)
    cases: dict[str, Callable[[Engine, int], object]] = {
        "read: one contact": lambda engine, n: engine.call(
            "gtm.crm.get_contact", {"contact_id": ids[n]}
        ),
        "read: a page of 50 contacts": lambda engine, n: engine.call(
            "gtm.crm.list_contacts", {"limit": 50}
        ),
        "write: a new contact": lambda engine, n: engine.call(
            "gtm.crm.add_contact", {"name": f"New {n}", "email": f"new{n}@fresh.example"}
        ),
        "write: a note": lambda engine, n: engine.call(
            "gtm.crm.add_note", {"contact_id": ids[n], "body": f"Said {n}"}
        ),
    }
    for what, call in cases.items():
        seen = _recorded(_copy(source, "seen"), call)
        ours = _ours(_copy(source, "ours"), call)
        floor = _raw(_copy(source, "raw"), seen, write=what.startswith("write"))
        yield ratio(8, f"{what} / raw sqlite3", ours / CALLS, floor / CALLS, 3)


def _ids(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as raw:
        return [row[0] for row in raw.execute("SELECT id FROM contact LIMIT ?", (CALLS + 1,))]


def _copy(source: Path, name: str) -> Path:
    return Path(copyfile(source, source.with_name(f"calls-{name}.db")))


def _ours(path: Path, call: Callable[[Engine, int], object]) -> float:
    """Milliseconds of all calls; one before them warms up what is composed once."""
    engine = open_engine(path)
    with engine.connected():
        call(engine, CALLS)
        taken = milliseconds(lambda: [call(engine, n) for n in range(CALLS)])
    engine.close()
    return taken


def _recorded(path: Path, call: Callable[[Engine, int], object]) -> list[list[Statement]]:
    """The statements of each call, with what is bound to them."""
    engine, calls = open_engine(path), []
    with engine.connected():
        call(engine, CALLS)
        for n in range(CALLS):
            with _listening() as statements:
                call(engine, n)
            calls.append(statements)
    engine.close()
    return calls


@contextmanager
def _listening() -> Iterator[list[Statement]]:
    heard: list[Statement] = []
    plain: Any = SqliteDatabase.execute_sql

    def listen(self: Any, sql: str, params: Any = None) -> Any:
        if not sql.upper().startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")):
            heard.append((sql, tuple(params or ())))
        return plain(self, sql, params)

    with patch.object(SqliteDatabase, "execute_sql", listen):
        yield heard


def _raw(path: Path, calls: list[list[Statement]], *, write: bool) -> float:
    """Milliseconds of the same statements, a transaction for each call as the engine has it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        for name, value in sqlite.pragmas().items():
            raw.execute(f"PRAGMA {name}={value}")

        def play() -> None:
            for statements in calls:
                raw.execute("BEGIN IMMEDIATE" if write else "BEGIN")
                for sql, values in statements:
                    raw.execute(sql, values).fetchall()
                raw.execute("COMMIT")

        return milliseconds(play)
