"""From every schema that was released, with rows in each of its tables, to the one of today; and killed on the way."""

from __future__ import annotations

import random
import re
import sqlite3
import tempfile
from contextlib import closing
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from peewee import DateField

from rusvel_tui.engine import db
from rusvel_tui.engine.db import Database
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.migrations import MIGRATIONS, Migration
from rusvel_tui.engine.models import MODELS
from rusvel_tui.engine.models.base import UtcField
from rusvel_tui.engine.trust.archive.tables import tables
from tests.engine.trust.files import KILLED, ask, is_whole, killed

SCHEMA = "SELECT type, name, tbl_name FROM sqlite_master ORDER BY 1, 2"
VERSIONS = [migration.number for migration in MIGRATIONS[:-1]]
_TRIES = 400
MOMENTS = {f.column_name for m in MODELS for f in m._meta.sorted_fields if isinstance(f, UtcField)}
DATES = {f.column_name for m in MODELS for f in m._meta.sorted_fields if isinstance(f, DateField)}
OWN: dict[str, dict[str, Any]] = {
    "invoice": dict.fromkeys(("number", "seq", "issued_at", "voided_at", "sent_at"))
    | dict.fromkeys(("paid_minor", "open_minor", "credited_minor"), 0)
    | {"status": "draft", "decision": ""}
}
"""Columns whose rules take many guesses to find."""
REPLACED = {"import_row"}
"""Tables whose rows became others; tests/engine/importing/test_old_imports.py looks at those."""
_CHOICES = re.compile(r"(\w+)\s+[^,]*?CHECK\s*\(\s*\1\s+IN\s*\(([^)]*)\)", re.IGNORECASE)


def fill(connection: sqlite3.Connection) -> None:
    """One row in each table; what refers to another row refers to the one that there is."""
    connection.execute("PRAGMA foreign_keys = OFF")
    guards = [
        name
        for name, sql in connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        if "BEFORE INSERT" in sql
    ]  # fmt: skip
    kept = {
        name: connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]
        for name in guards
    }  # fmt: skip
    for name in guards:
        connection.execute(f"DROP TRIGGER {name}")
    for table in tables(connection):
        _insert(connection, table)
    for table in {"contact", "not_duplicate"} & set(
        tables(connection)
    ):  # the second half of a pair
        _insert(connection, table, {"id": "y"} if table == "contact" else {"second_id": "y"})
    for sql in kept.values():
        connection.execute(sql)


def _insert(connection: sqlite3.Connection, table: str, own: dict[str, Any] | None = None) -> None:
    """The first of some guessed rows that the rules of the table let in."""
    if table == "not_duplicate" and not own:
        return
    columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
    [(schema,)] = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,))
    choices = {
        name: re.findall(r"'([^']*)'|(-?\d+)", words) for name, words in _CHOICES.findall(schema)
    }
    references = {row[3] for row in connection.execute(f"PRAGMA foreign_key_list({table})")}
    known = OWN.get(table, {}) | (own or {})
    chance = random.Random(table)  # noqa: S311 - what to try, not a secret
    error: Exception | None = None
    for attempt in range(_TRIES):
        guess = {c[1]: _value(c, choices, references, chance, attempt) for c in columns}
        row = list((guess | {n: v for n, v in known.items() if n in guess}).values())
        try:
            connection.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(row))})", row)
        except sqlite3.IntegrityError as refused:
            error = refused
        else:
            return
    raise AssertionError(f"no row fits {table}: {error}")


def _value(
    column: tuple[Any, ...], choices: Any, references: set[str], chance: random.Random, attempt: int
) -> Any:
    _, name, kind, required, _, key = column
    if name in choices:
        return "".join(chance.choice(choices[name]))
    if name in references or (name == "id" and kind == "TEXT"):
        return "x" if required or key or chance.random() < 0.8 else None
    if not required and not key and (attempt % 2 or chance.random() < 0.5):
        return None  # every second guess leaves out whatever can be left out
    if name in MOMENTS or name.endswith("_at"):
        return "2026-01-05T09:00:00.000Z"
    if name in DATES or name.endswith(("_date", "_on")):
        return "2026-01-05"
    if kind in ("INTEGER", "REAL"):
        return chance.choice((0, 0, 1) if attempt % 2 else (0, 1, 1)) if attempt else 1
    if kind == "BLOB":
        return b"x"
    return chance.choice(("{}", "[]", "x", "EUR", "")) if attempt else "{}"


@cache
def empty() -> dict[int, bytes]:
    """A file of each version, made by going up once."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "old.db"
        db.build(path, 0)
        for migration in MIGRATIONS:
            with closing(sqlite3.connect(path, isolation_level=None)) as connection:
                db._apply(connection, migration)
            found[migration.number] = path.read_bytes()
    return found


def old(tmp_path: Path, version: int) -> Path:
    path = tmp_path / "desk.db"
    path.write_bytes(empty()[version])
    path.chmod(0o600)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        fill(connection)
    return path


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """What a new file is made of."""
    path = tmp_path_factory.mktemp("fresh") / "fresh.db"
    db.build(path, db.LATEST)
    return ask(path, SCHEMA)


def _all(model: Any) -> list[Any]:
    return list(model.select())


def counts(path: Path) -> dict[str, int]:
    """How many rows each table has."""
    with closing(sqlite3.connect(path)) as connection:
        return {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for name in tables(connection)
        }


@pytest.mark.parametrize("version", VERSIONS)
def test_q_165_every_released_schema_with_rows_in_all_its_tables_comes_up_to_date(
    tmp_path: Path, version: int, fresh: list[Any]
) -> None:
    """With the tables, indexes and triggers of a new file, every row readable, and a copy of the file as it was."""
    path = old(tmp_path, version)
    before = counts(path)
    assert min(before.values()) == 1
    database = Database(path)
    after = counts(path)
    assert ask(path, "PRAGMA user_version") == [(db.LATEST,)]
    assert is_whole(path)
    assert ask(path, SCHEMA) == fresh
    gone = {name for name in before if after.get(name, 0) < before[name]}
    assert gone <= REPLACED
    for model in MODELS:
        rows = database.read(partial(_all, model))
        assert len(rows) == after[model._meta.table_name]
    database.close()
    [copy] = path.parent.glob("*.backup")
    assert copy.name == f"desk.db.before-{version + 1}.backup"
    assert counts(copy) == before


def test_killed_in_any_step_the_next_start_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SIGKILL after the statements of each step, before its commit: that step counts as not begun."""
    import os

    def die(connection: sqlite3.Connection) -> None:
        os.kill(os.getpid(), KILLED)

    path = old(tmp_path, 1)
    for at in range(1, db.LATEST):
        step = MIGRATIONS[at]
        deadly = (*MIGRATIONS[:at], Migration(step.number, step.name, step.sql, die))
        with monkeypatch.context() as patch:
            patch.setattr(db, "MIGRATIONS", deadly)
            patch.setattr(db, "LATEST", step.number)
            assert killed(lambda: Database(path)) == KILLED
        assert is_whole(path)
        assert ask(path, "PRAGMA user_version") == [(at,)]
        with monkeypatch.context() as patch:
            patch.setattr(db, "MIGRATIONS", MIGRATIONS[: at + 1])
            patch.setattr(db, "LATEST", step.number)
            Database(path).close()
    assert ask(path, "PRAGMA user_version") == [(db.LATEST,)]


def test_a_newer_file_is_left_as_it_is_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    db.build(path, db.LATEST)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {db.LATEST + 7}")
    before = path.read_bytes()
    with pytest.raises(InvalidInput, match=r"written by a newer rusvel\. Update rusvel"):
        Database(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
