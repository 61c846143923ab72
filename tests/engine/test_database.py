"""Reads and writes: consistent, retried, and refused where they must be."""

from __future__ import annotations

import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from peewee import OperationalError

from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.engine import sqlite
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.db import Database
from rusvel_tui.engine.errors import Conflict, EngineError, InvalidInput, NotPermitted, StorageFull
from rusvel_tui.engine.models import Setting
from tests.factories import START, Desk
from tests.fakes import sqlite_error


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(tmp_path / "desk.db")
    yield made
    made.close()


def put(key: str, value: object = 1) -> None:
    Setting.insert(session_id="", key=key, value=value).on_conflict_replace().execute()


def keys() -> list[str]:
    return sorted(row.key for row in Setting.select())


def test_a_write_that_fails_leaves_nothing(database: Database) -> None:
    def work() -> None:
        put("a")
        raise InvalidInput("no")

    with pytest.raises(InvalidInput):
        database.write(work)
    assert database.read(keys) == []


def test_a_read_sees_one_state_while_others_write(database: Database, tmp_path: Path) -> None:
    database.write(lambda: put("a"))

    def look_twice() -> tuple[list[str], list[str]]:
        first = keys()
        with (
            closing(sqlite3.connect(tmp_path / "desk.db", timeout=0)) as other,
            suppress(sqlite3.OperationalError),  # a rollback journal lets no writer pass a reader
        ):
            other.execute("INSERT INTO setting VALUES ('', 'b', '1')")
            other.commit()
        return first, keys()

    assert database.read(look_twice) == (["a"], ["a"])


def test_a_write_inside_a_write_is_refused(database: Database) -> None:
    with pytest.raises(RuntimeError, match="a write inside a write"):
        database.write(lambda: database.write(lambda: put("a")))


def test_a_write_inside_a_read_is_refused(database: Database) -> None:
    with pytest.raises(RuntimeError, match="a write inside a write"):
        database.read(lambda: database.write(lambda: put("a")))


def test_a_busy_file_is_tried_again_and_nothing_is_done_twice(database: Database) -> None:
    tries: list[int] = []

    def work() -> None:
        put(f"key {len(tries)}")
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError("database is locked")

    database.write(work)
    assert database.read(keys) == ["key 2"]


def test_a_file_that_stays_busy_is_a_conflict(database: Database) -> None:
    tries: list[int] = []

    def work() -> None:
        tries.append(1)
        raise OperationalError("locked") from sqlite_error("SQLITE_BUSY")

    with pytest.raises(Conflict, match="is busy: another program holds it"):
        database.write(work)
    assert len(tries) == 6


def test_writers_of_many_threads_wait_for_each_other(database: Database) -> None:
    failures: list[BaseException] = []

    def count_up() -> None:
        for _ in range(10):
            database.write(_add_one)

    def watched() -> None:
        try:
            count_up()
        except BaseException as error:  # noqa: BLE001 - shown to the test
            failures.append(error)

    database.write(lambda: put("n", 0))
    threads = [threading.Thread(target=watched) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert database.read(lambda: Setting.get(Setting.key == "n").value) == 40


def _add_one() -> None:
    put("n", Setting.get(Setting.key == "n").value + 1)


def test_another_error_of_the_database_is_not_tried_again(database: Database) -> None:
    tries: list[int] = []

    def work() -> None:
        tries.append(1)
        Setting.create(session_id="", key="a", value=1)
        Setting.create(session_id="", key="a", value=1)

    with pytest.raises(Conflict, match="breaks a rule of the database"):
        database.write(work)
    assert len(tries) == 1


def test_a_full_disk_is_said_and_passes(database: Database) -> None:
    def fill() -> None:
        database._peewee.execute_sql("PRAGMA max_page_count = 1")
        for number in range(100):
            put(f"key {number}", "x" * 10_000)

    with pytest.raises(StorageFull, match="The disk is full") as caught:
        database.write(fill)
    assert caught.value.exit_code == 1
    assert database.read(keys) == []
    database.write(lambda: put("room again"))
    assert database.read(keys) == ["room again"]


def test_a_read_only_engine_reads_and_refuses_to_write(desk: Desk, tmp_path: Path) -> None:
    desk.contact("Grace")
    desk.engine.close()
    looking = Engine(tmp_path / "desk.db", clock=FixedClock(START), read_only=True)
    assert looking.read_only
    assert len(looking.call("gtm.crm.list_contacts", {}).items) == 1  # type: ignore[attr-defined]
    with pytest.raises(NotPermitted, match="without --read-only") as caught:
        looking.call("gtm.crm.add_contact", {"name": "Ada"})
    assert caught.value.exit_code == 7
    looking.close()


def test_a_second_database_of_a_process_locks_the_first_one_out(
    database: Database, tmp_path: Path
) -> None:
    other = Database(tmp_path / "other.db")
    with pytest.raises(RuntimeError, match="another database was opened"):
        database.read(keys)
    other.close()


def test_a_connection_is_kept_open_for_a_run_of_calls(database: Database) -> None:
    with database.connected() as first:
        database.write(lambda: put("a"))
        with database.connected() as second:
            assert first is second
    assert database.read(keys) == ["a"]


def test_the_settings_of_every_connection(database: Database) -> None:
    wanted = {
        "journal_mode": "wal" if sqlite.wal_is_safe() else "truncate",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 30_000,
    }
    with database.connected() as connection:
        found = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted}
    assert found == wanted


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 0), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), True),
        ((4, 0, 0), True),
    ],
)
def test_wal_only_where_its_reset_bug_is_fixed(version: tuple[int, int, int], safe: bool) -> None:
    assert sqlite.wal_is_safe(version) is safe


def test_a_safe_library_gets_wal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "wal_is_safe", lambda: True)
    assert sqlite.pragmas()["journal_mode"] == "wal"
    assert "journal_mode" not in sqlite.pragmas(read_only=True)
    assert sqlite.pragmas(read_only=True)["query_only"] == 1


def test_all_files_are_private(database: Database, tmp_path: Path) -> None:
    modes: dict[str, int] = {}

    def look() -> None:
        put("a", "x" * 100_000)
        modes.update({path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()})

    database.write(look)
    database.backup(tmp_path / "copy.db")
    modes["copy.db"] = stat.S_IMODE((tmp_path / "copy.db").stat().st_mode)
    assert len(modes) >= 3  # the file, its journal, the copy
    assert set(modes.values()) == {0o600}


def test_a_shared_file_is_warned_about(database: Database) -> None:
    assert sqlite.warn_if_shared(database.path) == ""
    database.path.chmod(0o644)
    assert sqlite.warn_if_shared(database.path) == "desk.db can be read by others (mode 644)."


def test_the_data_version_moves_with_each_commit(database: Database) -> None:
    first = database.data_version()
    assert database.data_version() == first
    database.write(lambda: put("a"))
    assert database.data_version() != first


def test_the_watch_is_opened_anew_after_closing(database: Database) -> None:
    database.data_version()
    database.close()
    assert database.data_version() > 0


def test_closing_ends_an_open_connection(database: Database) -> None:
    with database.connected():
        database.close()
    assert database.read(keys) == []


def test_an_engine_error_inside_passes_through(database: Database) -> None:
    def work() -> None:
        raise EngineError("as it is")

    with pytest.raises(EngineError, match="as it is"):
        database.read(work)
