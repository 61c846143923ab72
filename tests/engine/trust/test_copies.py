"""The backup of each day: once, whole, private, kept for a while, and told when it cannot be made."""

from __future__ import annotations

import sqlite3
import stat
import threading
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from rusvel_tui.engine.errors import StorageDamaged
from rusvel_tui.engine.trust import copying
from rusvel_tui.engine.trust.copying import copy_slowly
from rusvel_tui.engine.trust.daily import Daily
from rusvel_tui.engine.trust.keeper import BackupKeeper
from rusvel_tui.engine.worker import Worker
from tests.engine.trust.files import is_whole, names
from tests.factories import START, Desk, events


@pytest.fixture
def copies(desk: Desk) -> Daily:
    """The copies of the desk's file, three of which are kept."""
    return Daily.of(desk.engine.path, 3)


def kept(copies: Daily) -> list[str]:
    return [one.file.name for one in copies.days()]


def test_q_165_a_backup_is_made_once_a_day_private_and_whole(desk: Desk, copies: Daily) -> None:
    desk.contact("Grace")
    made = copies.make(START)
    assert made == desk.engine.path.parent / "desk.db.backups" / "desk-2026-11-24.db"
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700
    assert names(made) == ["Grace"]
    assert is_whole(made)
    assert copies.make(START + timedelta(hours=5)) is None
    assert list(made.parent.iterdir()) == [made]


def test_the_newest_few_are_kept_and_other_files_are_left_alone(copies: Daily) -> None:
    copies.make(START)
    for name in ("note.txt", "other-2020-01-01.db", "desk-2020-99-99.db"):
        (copies.folder / name).write_text("mine")
    for day in range(1, 6):
        copies.make(START + timedelta(days=day))
    assert kept(copies) == [f"desk-2026-11-{day}.db" for day in (29, 28, 27)]
    assert len(list(copies.folder.iterdir())) == 6


def test_a_clock_that_was_wrong_for_a_while_costs_no_copy(copies: Daily) -> None:
    for day in range(3):
        copies.make(START + timedelta(days=day))
    copies.make(datetime(2050, 1, 1, tzinfo=UTC))
    copies.make(START + timedelta(days=3))
    assert kept(copies)[:2] == ["desk-2050-01-01.db", "desk-2026-11-27.db"]
    copies.make(datetime(2001, 1, 1, tzinfo=UTC))
    assert "desk-2001-01-01.db" in kept(copies)
    assert "desk-2026-11-27.db" in kept(copies)


def test_none_are_made_where_they_are_off(desk: Desk) -> None:
    off = Daily.of(desk.engine.path, 0)
    assert off.make(START) is None
    assert not off.folder.exists()


def test_a_folder_for_all_keeps_two_databases_apart(tmp_path: Path, blank: Path) -> None:
    (tmp_path / "all").mkdir()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "desk.db").write_bytes(blank.read_bytes())
    made = {
        Daily.of(tmp_path / name / "desk.db", 3, tmp_path / "all").make(START)
        for name in ("one", "two")
    }
    assert len({file.parent for file in made if file}) == 2


def test_one_process_at_a_time_makes_it(copies: Daily) -> None:
    copies.folder.mkdir()
    with copies._turn() as mine:
        assert mine
        assert copies.make(START) is None
    assert copies.make(START) is not None


def test_a_copy_that_was_interrupted_counts_for_nothing(copies: Daily) -> None:
    copies.folder.mkdir()
    (copies.folder / ".desk-2026-11-24.db.part-1").write_bytes(b"half")
    assert copies.is_due(START)
    assert copies.make(START) is not None


def test_a_damaged_database_costs_no_older_copy(desk: Desk, copies: Daily) -> None:
    for day in range(3):
        copies.make(START + timedelta(days=day))
    before = kept(copies)
    for _ in range(60):
        desk.contact(notes="x" * 900)
    desk.engine.close()
    whole = bytearray(desk.engine.path.read_bytes())
    end = len(whole) * 8 // 10
    whole[end:] = b"\xff" * (len(whole) - end)
    desk.engine.path.write_bytes(whole)
    with pytest.raises(StorageDamaged, match="is damaged"):
        copies.make(START + timedelta(days=9))
    assert kept(copies) == before
    assert len(list(copies.folder.iterdir())) == 3


def test_a_copy_in_slices_is_one_state_of_the_data_while_others_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two rows are always written together: a copy never has one of them."""
    monkeypatch.setattr(copying, "SLICE", 2)
    path, stop = tmp_path / "busy.db", threading.Event()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE a (x, filler)")
        connection.executemany("INSERT INTO a VALUES (0, ?)", [("y" * 2000,)] * 200)

    def write() -> None:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as writer:
            while not stop.is_set():
                writer.executescript(
                    "BEGIN IMMEDIATE; INSERT INTO a VALUES (1, ''); INSERT INTO a VALUES (2, ''); COMMIT"
                )

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(3):
            copy_slowly(path, tmp_path / f"copy{number}.db", pause=0.0001)
    finally:
        stop.set()
        thread.join()
    for number in range(3):
        with closing(sqlite3.connect(tmp_path / f"copy{number}.db")) as copy:
            [(ones,), (twos,)] = copy.execute(
                "SELECT count(*) FROM a WHERE x = 1 UNION ALL SELECT count(*) FROM a WHERE x = 2"
            ).fetchall()
        assert ones == twos


def keeper(desk: Desk, **policy: Any) -> BackupKeeper:
    desk.engine.policy = replace(desk.engine.policy, backup_days=14, **policy)
    return BackupKeeper(desk.engine)


def test_whoever_works_keeps_it(desk: Desk) -> None:
    """A worker that works until nothing is due leaves a backup of what it did."""
    desk.contact("Grace")
    desk.engine.policy = replace(desk.engine.policy, backup_days=14)
    Worker(desk.engine).until_idle()
    [made] = Daily.of(desk.engine.path, 14).days()
    assert names(made.file) == ["Grace"]


def test_nothing_is_copied_before_there_is_anything_to_lose(engine: Any) -> None:
    engine.policy = replace(engine.policy, backup_days=14)
    keeping = BackupKeeper(engine)
    keeping.look()
    assert keeping.daily.days() == []


def test_a_backup_that_cannot_be_made_is_told_once_and_tried_again(desk: Desk) -> None:
    keeping = keeper(desk)
    keeping.daily.folder.write_text("a file where the folder should be")
    for _ in range(3):
        keeping.look()
    assert "for backups cannot be made: File exists" in keeping.error
    [told] = events(desk, "backup.failed")
    assert told.payload == {"reason": keeping.error}
    keeping.daily.folder.unlink()
    keeping.look()
    assert keeping.error == ""
    assert len(keeping.daily.days()) == 1


def test_the_thread_of_the_dashboard_makes_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rusvel_tui.engine.trust.keeper.FIRST", 0.0)
    keeping, made, stop = keeper(desk), threading.Event(), threading.Event()
    monkeypatch.setattr(Daily, "make", lambda *_args, **_more: made.set())
    with keeping.beside(stop):
        assert made.wait(30)
