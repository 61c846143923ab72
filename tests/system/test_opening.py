"""Opening the file while others open it, write it, or died writing it."""

from __future__ import annotations

import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from rusvel_tui.engine.db import Database
from rusvel_tui.engine.errors import NotPermitted
from rusvel_tui.engine.models import Session, Setting
from tests.system.helpers import ended, python

_OPEN = """
import sys
from pathlib import Path
from rusvel_tui.engine.db import Database
from rusvel_tui.engine.models import Setting
database = Database(Path(sys.argv[1]))
database.write(lambda: Setting.create(session_id="", key=sys.argv[2], value=1))
"""

_DIE_WHILE_WRITING = """
import os, signal, sys
from pathlib import Path
from rusvel_tui.engine.db import Database
from rusvel_tui.engine.models import Setting
database = Database(Path(sys.argv[1]))
def write():
    database._peewee.execute_sql("PRAGMA cache_size = 4")
    for number in range(300):
        Setting.create(session_id="", key=f"key {number}", value="x" * 3000)
    os.kill(os.getpid(), signal.SIGKILL)
database.write(write)
"""

_DIE_WHILE_CREATING = """
import os, signal, sys
from pathlib import Path
from rusvel_tui.engine import db
apply = db._apply
def killed(connection, migration):
    apply(connection, migration)
    os.kill(os.getpid(), signal.SIGKILL)
db._apply = killed
db.Database(Path(sys.argv[1]))
"""


def settings(database: Database) -> list[str]:
    return database.read(lambda: [row.key for row in Setting.select().order_by(Setting.key)])


def test_processes_that_open_a_new_file_at_once_share_one(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    processes = [python("-c", _OPEN, str(path), f"key {number}") for number in range(4)]
    found = [ended(process) for process in processes]
    assert [(code, err) for code, _, err in found] == [(0, "")] * 4
    database = Database(path)
    assert settings(database) == [f"key {number}" for number in range(4)]
    database.close()
    assert list(tmp_path.glob(".*")) == []


def test_a_process_that_dies_while_creating_leaves_no_database(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    assert ended(python("-c", _DIE_WHILE_CREATING, str(path)))[0] == -signal.SIGKILL
    assert not path.exists()
    database = Database(path)
    assert database.read(lambda: Session.select().count()) == 0
    database.close()


@pytest.fixture
def torn(tmp_path: Path) -> Path:
    """A file whose writer died in the middle: half of its pages are written, its journal is hot."""
    path = tmp_path / "desk.db"
    Database(path).close()
    assert ended(python("-c", _DIE_WHILE_WRITING, str(path)))[0] == -signal.SIGKILL
    assert (tmp_path / "desk.db-journal").stat().st_size > 0
    return path


def test_what_a_killed_writer_left_is_put_right(torn: Path) -> None:
    database = Database(torn)
    assert settings(database) == []
    database.check()
    database.close()


def test_a_file_in_the_middle_of_a_write_does_not_count_as_cut_short(torn: Path) -> None:
    whole = torn.read_bytes()
    torn.write_bytes(whole[: 4096 * (len(whole) // 4096 // 2)])
    database = Database(torn)
    assert settings(database) == []
    database.close()


def test_a_read_only_look_says_that_somebody_must_put_it_right(torn: Path) -> None:
    with pytest.raises(NotPermitted, match="Open it once without --read-only"):
        Database(torn, read_only=True)


def test_a_watch_survives_a_writer_that_dies(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    database = Database(path)
    before = database.data_version()
    assert ended(python("-c", _DIE_WHILE_WRITING, str(path)))[0] == -signal.SIGKILL
    assert database.data_version() >= before
    assert settings(database) == []
    database.close()


def test_a_watch_that_finds_the_file_locked_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "desk.db"
    database = Database(path)
    monkeypatch.setattr("rusvel_tui.engine.db._WATCH_PATIENCE", 0.0)
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Exception, match="is busy"):
            database.data_version()
    assert database.data_version() > 0
    database.close()
