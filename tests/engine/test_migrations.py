"""The schema and its changes: in order, in one transaction each, after a backup."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from peewee import Field

from rusvel_tui.engine import db, sqlite
from rusvel_tui.engine.db import Database
from rusvel_tui.engine.errors import EngineError, NotPermitted
from rusvel_tui.engine.migrations import MIGRATIONS, Migration
from rusvel_tui.engine.models import MODELS

MORE = Migration(MIGRATIONS[-1].number + 1, "more", "CREATE TABLE more (x TEXT NOT NULL);")
BAD = Migration(MORE.number + 1, "bad", "CREATE TABLE worse (x); CREATE TABLE more (x);")


@pytest.fixture
def old(tmp_path: Path, blank: Path) -> Path:
    """A database of this version, which the test makes old by adding a migration."""
    path = tmp_path / "desk.db"
    shutil.copy(blank, path)  # its mode comes along
    return path


@pytest.fixture
def add(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Add migrations to those there are."""

    def added(*migrations: Migration) -> None:
        monkeypatch.setattr(db, "MIGRATIONS", (*MIGRATIONS, *migrations))
        monkeypatch.setattr(db, "LATEST", migrations[-1].number)

    return added


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {name for (name,) in rows}


def backups(path: Path) -> list[Path]:
    return sorted(path.parent.glob("*.backup*"))


def test_the_numbers_count_up_from_one() -> None:
    assert [migration.number for migration in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))


def test_c_091_an_older_file_is_brought_up_to_date_after_a_backup(
    old: Path, add: Callable[..., None]
) -> None:
    add(MORE)
    Database(old).close()
    assert version(old) == MORE.number
    assert "more" in tables(old)
    assert [version(copy) for copy in backups(old)] == [MIGRATIONS[-1].number]
    assert all(stat.S_IMODE(copy.stat().st_mode) == 0o600 for copy in backups(old))


def test_several_steps_share_one_backup(old: Path, add: Callable[..., None]) -> None:
    add(MORE, Migration(BAD.number, "third", "CREATE TABLE third (x);"))
    Database(old).close()
    assert version(old) == BAD.number
    assert [version(copy) for copy in backups(old)] == [MORE.number - 1]


def test_a_step_that_fails_changes_nothing(old: Path, add: Callable[..., None]) -> None:
    add(MORE, BAD)
    with pytest.raises(EngineError, match="more already exists"):
        Database(old)
    assert version(old) == MORE.number
    assert "worse" not in tables(old)


def test_after_a_failed_step_the_next_start_tries_again(
    old: Path, add: Callable[..., None]
) -> None:
    add(MORE, BAD)
    with pytest.raises(EngineError):
        Database(old)
    add(MORE, Migration(BAD.number, "good", "CREATE TABLE good (x);"))
    Database(old).close()
    assert "good" in tables(old)
    assert [version(copy) for copy in backups(old)] == [MORE.number - 1, MORE.number]


def test_an_up_to_date_file_is_not_backed_up(old: Path) -> None:
    Database(old).close()
    assert backups(old) == []


def test_a_read_only_look_at_an_older_file_is_refused(old: Path, add: Callable[..., None]) -> None:
    add(MORE)
    with pytest.raises(NotPermitted, match=r"older rusvel.*without --read-only"):
        Database(old, read_only=True)
    assert version(old) == MIGRATIONS[-1].number
    assert backups(old) == []


def test_statements_are_split_and_triggers_stay_whole() -> None:
    script = "CREATE TABLE a (x);\n-- why\nCREATE TRIGGER t AFTER INSERT ON a\nBEGIN SELECT 1;\nSELECT 2; END;\n"
    found = list(sqlite.statements(script))
    assert len(found) == 2
    assert found[1].endswith("END;")


def test_an_unfinished_statement_is_refused() -> None:
    with pytest.raises(ValueError, match="an unfinished statement: CREATE TABLE a"):
        list(sqlite.statements("CREATE TABLE a (x)"))


def columns(path: Path, table: str) -> dict[str, dict[str, Any]]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(f"PRAGMA table_info({table})").fetchall()
    return {
        name: {"type": kind, "required": bool(required), "key": bool(key)}
        for _, name, kind, required, _, key in rows
    }


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_models_agree_with_the_schema(old: Path, model: Any) -> None:
    found = columns(old, model._meta.table_name)
    fields: dict[str, Field] = {field.column_name: field for field in model._meta.sorted_fields}
    assert set(found) == set(fields)
    for name, field in fields.items():
        key = name in {key.column_name for key in model._meta.get_primary_keys()}
        assert found[name]["key"] is key, name
        assert found[name]["required"] is (not field.null) or key, name


def test_every_table_has_a_model(old: Path) -> None:
    """But those of SQLite itself, and those that triggers keep, for finding things and for sums."""
    known = {model._meta.table_name for model in MODELS}
    kept = (
        "sqlite_",
        "search_doc",
        "name_search",
        "name_piece",
        "text_search",
        "invoice_month",
        "invoice_open_day",
    )
    assert {name for name in tables(old) if not name.startswith(kept)} == known


def test_every_reference_between_tables_is_enforced(old: Path) -> None:
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("PRAGMA foreign_keys=ON")
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            connection.execute(
                "INSERT INTO suppression VALUES ('no such session', 'a@b.example', 'x', 'now', '')"
            )
