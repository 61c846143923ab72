"""Which files are opened, which are refused, and what an interruption leaves behind."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from rusvel_tui.engine import db, sqlite
from rusvel_tui.engine.db import Database
from rusvel_tui.engine.errors import Conflict, NotFound, NotPermitted, StorageDamaged
from rusvel_tui.engine.migrations import MIGRATIONS, Migration
from rusvel_tui.engine.models import Session
from tests.factories import Desk

_NOBODY = 65534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desk.db"


@pytest.fixture
def made(path: Path) -> Path:
    """A database that was opened once."""
    Database(path).close()
    return path


def changed(path: Path) -> bytes:
    return path.read_bytes()


def test_a_new_file_is_private_and_marked(made: Path) -> None:
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    with closing(sqlite3.connect(made)) as connection:
        mark = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    assert (mark, version) == (sqlite.APPLICATION_ID, db.LATEST)


def test_a_new_file_leaves_nothing_beside_it(made: Path) -> None:
    assert [file.name for file in made.parent.iterdir()] == ["desk.db"]


@pytest.mark.parametrize("name", ["a b.db", "50%.db", "what?.db", "c#.db", "ä€.db", "'q'.db"])
def test_any_file_name_is_fine(tmp_path: Path, name: str) -> None:
    database = Database(tmp_path / name)
    assert database.read(lambda: Session.select().count()) == 0
    assert database.data_version() > 0
    database.backup(tmp_path / f"copy of {name}")
    database.close()
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted([name, f"copy of {name}"])


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"The folder .*nowhere does not exist"):
        Database(tmp_path / "nowhere" / "desk.db")


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(StorageDamaged, match="is a folder"):
        Database(tmp_path)


def test_reading_only_creates_nothing(path: Path) -> None:
    with pytest.raises(NotFound, match="There is no database at"):
        Database(path, read_only=True)
    assert not path.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty. It is not filled anew"),
        (b"name,email\nGrace,grace@example.com\n" * 9, "is not a database"),
        (b"SQLite format 3\x00", "is not a database"),
        (bytes(range(256)) * 16, "is not a database"),
    ],
    ids=["empty", "text", "header only", "bytes"],
)
def test_what_is_no_database_is_refused_untouched(path: Path, content: bytes, words: str) -> None:
    path.write_bytes(content)
    with pytest.raises(StorageDamaged, match=words) as caught:
        Database(path)
    assert caught.value.exit_code == 4
    assert changed(path) == content
    assert list(path.parent.iterdir()) == [path]


def test_the_database_of_another_program_is_refused_untouched(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (x)")
        connection.commit()
    before = changed(path)
    with pytest.raises(StorageDamaged, match="belongs to another program"):
        Database(path)
    assert changed(path) == before


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.99])
def test_a_file_that_is_cut_short_is_refused(made: Path, kept: float) -> None:
    whole = made.read_bytes()
    made.write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(StorageDamaged, match="is cut short"):
        Database(made)


def test_damage_inside_is_found_by_the_check(desk: Desk, tmp_path: Path) -> None:
    for _ in range(50):
        desk.contact(notes="x" * 2000)
    desk.engine.check()
    desk.engine.close()
    whole = bytearray((tmp_path / "desk.db").read_bytes())
    end = len(whole) * 9 // 10
    whole[end:] = b"\xff" * (len(whole) - end)
    (tmp_path / "bad.db").write_bytes(whole)
    damaged = Database(tmp_path / "bad.db")
    with pytest.raises(StorageDamaged, match=r"is damaged.*Restore a backup"):
        damaged.check()
    damaged.close()


def test_a_damaged_schema_is_said_at_once(made: Path) -> None:
    whole = bytearray(made.read_bytes())
    whole[100:4096] = b"\xff" * 3996
    made.write_bytes(whole)
    with pytest.raises(StorageDamaged, match="is damaged"):
        Database(made)


def test_a_file_of_a_newer_program_is_left_alone(made: Path) -> None:
    with closing(sqlite3.connect(made)) as connection:
        connection.execute(f"PRAGMA user_version={db.LATEST + 1}")
    with pytest.raises(Exception, match="written by a newer rusvel"):
        Database(made)


def test_a_creation_that_fails_leaves_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = (*MIGRATIONS, Migration(99, "broken", "CREATE TABLE session (x);"))
    monkeypatch.setattr(db, "MIGRATIONS", broken)
    with pytest.raises(Exception, match="session already exists"):
        Database(path)
    assert list(path.parent.iterdir()) == []


def test_what_a_killed_creation_left_does_not_disturb_the_next(path: Path) -> None:
    left = path.with_name(f".{path.name}.new-{os.getpid()}")
    left.write_bytes(b"half")
    Database(path).close()
    assert path.exists()
    assert not left.exists()


@contextmanager
def without_power() -> Iterator[None]:
    """As an ordinary user: permissions do not bind root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def public(made: Path) -> Path:
    """The database in a folder that everybody may enter."""
    if os.geteuid() == 0:
        for folder in made.parents:
            if folder.stat().st_mode & 0o005 == 0o005:
                break
            folder.chmod(0o755)
    return made


def test_a_file_that_may_not_be_read_is_refused(public: Path) -> None:
    public.chmod(0)
    with without_power(), pytest.raises(NotPermitted, match="cannot be read") as caught:
        Database(public)
    assert caught.value.exit_code == 7


def test_a_file_that_may_not_be_written_is_read(public: Path) -> None:
    public.chmod(0o444)
    with without_power():
        database = Database(public)
        assert database.read(lambda: Session.select().count()) == 0
        with pytest.raises(NotPermitted, match="cannot be written"):
            database.write(lambda: Session.delete().execute())
        database.close()


def test_a_folder_that_may_not_be_written_creates_nothing(public: Path) -> None:
    public.parent.chmod(0o555)
    with without_power(), pytest.raises(NotPermitted, match="cannot be created: Permission denied"):
        Database(public.with_name("new.db"))
    assert list(public.parent.iterdir()) == [public]


def test_a_folder_that_may_not_be_entered_is_said(public: Path) -> None:
    public.parent.chmod(0)
    try:
        with without_power(), pytest.raises(NotPermitted, match="cannot be"):
            Database(public)
    finally:
        public.parent.chmod(0o755)


def test_a_backup_is_whole_and_private(desk: Desk, tmp_path: Path) -> None:
    desk.contact("Grace")
    desk.engine.backup(tmp_path / "copy.db")
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    with closing(sqlite3.connect(tmp_path / "copy.db")) as connection:
        assert connection.execute("SELECT name FROM contact").fetchall() == [("Grace",)]
        assert connection.execute("PRAGMA application_id").fetchone()[0] == sqlite.APPLICATION_ID


def test_a_backup_overwrites_nothing(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("dear")
    with pytest.raises(Conflict, match="exists already"):
        desk.engine.backup(tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "dear"


def test_a_backup_follows_no_link(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "copy.db").symlink_to(tmp_path / "elsewhere.db")
    with pytest.raises(Conflict, match="exists already"):
        desk.engine.backup(tmp_path / "copy.db")
    assert not (tmp_path / "elsewhere.db").exists()


def test_a_backup_needs_a_folder_that_can_be_written(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"The folder .* does not exist"):
        desk.engine.backup(tmp_path / "nowhere" / "copy.db")
    with pytest.raises(NotPermitted, match="cannot be written"):
        desk.engine.backup(tmp_path / "desk.db" / "copy.db")


def test_a_backup_that_fails_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("this is no database, but a text" * 100)
    with pytest.raises(StorageDamaged):
        sqlite.copy_into(tmp_path / "text.db", tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


def test_a_folder_that_cannot_be_read_takes_no_new_file(public: Path) -> None:
    public.parent.chmod(0o333)
    try:
        with without_power(), pytest.raises(NotPermitted, match="cannot be read"):
            Database(public.with_name("new.db"))
    finally:
        public.parent.chmod(0o755)
