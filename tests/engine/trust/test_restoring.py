"""Putting a copy back: what is refused, what is kept, what waits, and what a kill leaves."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from rusvel_tui.engine import db
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.db import Database
from rusvel_tui.engine.errors import Busy, Conflict, InvalidInput, NotFound, StorageDamaged
from rusvel_tui.engine.trust import presence
from rusvel_tui.engine.trust.restoring import CRASHPOINTS, examine, put_back
from tests.engine.trust.files import KILLED, ask, is_whole, killed, names
from tests.factories import Desk, NewDesk


@pytest.fixture
def two(desk: Desk) -> tuple[Path, Path]:
    """A database that went on since its copy was made, closed."""
    desk.contact("Ada")
    copy = desk.engine.path.with_name("copy.db")
    desk.engine.backup(copy)
    desk.contact("Bo")
    desk.call("gtm.crm.suppress", address="no@more.example")
    desk.engine.close()
    return desk.engine.path, copy


def restore(desk: Desk, two: tuple[Path, Path]) -> Path | None:
    return put_back(examine(two[1], two[0]), two[0], desk.engine.clock).kept


def opened(desk: Desk, path: Path) -> Desk:
    """A desk over a file, with the mailer and the clock of another one."""
    made = Desk.over(Engine(path, clock=desk.engine.clock))
    made.engine.mailer, made.engine.drafter = desk.mailer, desk.drafter
    return made


def test_q_165_a_copy_is_put_back_and_what_was_there_is_kept(
    desk: Desk, two: tuple[Path, Path]
) -> None:
    kept = restore(desk, two)
    assert kept == two[0].with_name("desk.db.before-restore.backup")
    assert (names(two[0]), names(kept), names(two[1])) == (["Ada"], ["Ada", "Bo"], ["Ada"])
    assert stat.S_IMODE(two[0].stat().st_mode) == 0o600
    assert is_whole(two[0])
    assert sorted(os.listdir(two[0].parent)) == ["copy.db", "desk.db", kept.name]  # noqa: PTH208
    again = restore(desk, two)
    assert again is not None
    assert again.name == "desk.db.before-restore.backup.2"


def test_what_the_copy_lacks_is_counted_first(desk: Desk, two: tuple[Path, Path]) -> None:
    found = examine(two[1], two[0])
    assert found.sessions == ("acme",)
    assert found.newest.startswith("2026-11-24T09:00")
    assert [(one.number, one.what) for one in found.losses] == [(1, "contact")]


def test_who_objected_since_then_is_not_written_to_again(
    desk: Desk, two: tuple[Path, Path]
) -> None:
    done = put_back(examine(two[1], two[0]), two[0], desk.engine.clock)
    assert done.opt_outs == 1
    assert ask(two[0], "SELECT key FROM suppression") == [("no@more.example",)]


def test_nothing_leaves_before_a_person_resumes(desk: Desk, tmp_path: Path) -> None:
    """Where the journal of what left is missing, as on another machine, this is what keeps a mail from leaving twice."""
    mail = desk.drafted()
    desk.approve(mail)
    copy = tmp_path / "copy.db"
    desk.engine.backup(copy)
    desk.engine.close()
    restore(desk, (desk.engine.path, copy))
    again = opened(desk, desk.engine.path)
    again.work()
    assert desk.mailer.sent == []
    sender = again.call("gtm.outreach.sender")
    assert sender.paused
    assert sender.reason.startswith("the database was put back from copy.db")
    [told] = again.call("event.list", kind="backup.restored").items
    assert told.payload == {"name": "copy.db", "opt_outs": 0}
    again.call("gtm.outreach.resume_sending")
    again.work()
    assert len(desk.mailer.sent) == 1
    again.engine.close()


def test_a_file_that_somebody_has_open_is_not_replaced(desk: Desk, tmp_path: Path) -> None:
    desk.contact("Ada")
    copy = tmp_path / "copy.db"
    desk.engine.backup(copy)
    before = desk.engine.path.stat().st_ino
    with pytest.raises(Busy, match=r"is open in another rusvel.*Close the dashboard"):
        restore(desk, (desk.engine.path, copy))
    assert desk.engine.path.stat().st_ino == before
    desk.engine.close()
    assert restore(desk, (desk.engine.path, copy)) is not None


def test_another_process_is_named(blank: Path, tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    shutil.copy(blank, path)
    ready, go = os.pipe()
    child = os.fork()
    if not child:
        Database(path)
        os.write(go, b"x")
        signal.pause()
        os._exit(0)
    try:
        os.read(ready, 1)
        with pytest.raises(Busy, match=rf"\(process {child}\)"), presence.alone(path):
            raise AssertionError("nobody is alone here")
    finally:
        os.kill(child, KILLED)
        os.waitpid(child, 0)
    with presence.alone(path):
        assert presence.mark_of(path).exists()
    assert not presence.mark_of(path).exists()


def test_a_program_that_writes_is_waited_for_and_then_named(
    desk: Desk, two: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = examine(two[1], two[0])
    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: real(*a, **(k | {"timeout": 0.01})))
    with closing(real(two[0], isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy, match="being written by another program"):
            put_back(found, two[0], desk.engine.clock)
        other.execute("ROLLBACK")
    assert names(two[0]) == ["Ada", "Bo"]


@pytest.mark.parametrize("point", CRASHPOINTS)
def test_q_167_killed_anywhere_the_old_or_the_new_database_is_whole(
    desk: Desk, two: tuple[Path, Path], point: str
) -> None:
    path, copy = two
    assert killed(lambda: restore(desk, two), RUSVEL_CRASHPOINT=point) == KILLED
    assert is_whole(path)
    assert names(path) == (["Ada"] if point == "restore_swapped" else ["Ada", "Bo"])
    assert names(copy) == ["Ada"]
    restore(desk, two)
    assert names(path) == ["Ada"]
    assert [file.name for file in path.parent.iterdir() if file.name.startswith(".")] == []


def test_a_write_that_was_cut_off_is_not_played_into_the_new_file(
    desk: Desk, two: tuple[Path, Path]
) -> None:
    """A killed writer leaves a journal with pages of the old file; the new one must not get them."""

    def write() -> None:
        connection = sqlite3.connect(two[0], isolation_level=None)
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE contact SET notes = hex(randomblob(50000)), name = 'Wrong'")
        os.kill(os.getpid(), KILLED)

    assert killed(write) == KILLED
    assert two[0].with_name("desk.db-journal").stat().st_size > 512
    kept = restore(desk, two)
    assert kept is not None
    assert (names(two[0]), names(kept)) == (["Ada"], ["Ada", "Bo"])
    assert is_whole(two[0])
    assert is_whole(kept)


def test_a_damaged_database_is_replaced_too(desk: Desk, two: tuple[Path, Path]) -> None:
    two[0].write_bytes(b"\x00" * 5000)
    kept = restore(desk, two)
    assert names(two[0]) == ["Ada"]
    assert kept is not None
    assert kept.read_bytes() == b"\x00" * 5000


def test_a_copy_is_put_back_where_there_is_nothing(desk: Desk, two: tuple[Path, Path]) -> None:
    elsewhere = two[0].with_name("new.db")
    assert put_back(examine(two[1], elsewhere), elsewhere, desk.engine.clock).kept is None
    assert names(elsewhere) == ["Ada"]


def test_an_older_copy_is_brought_up_to_date_on_the_way(desk: Desk, tmp_path: Path) -> None:
    desk.engine.close()
    old = tmp_path / "old.db"
    db.build(old, 17)
    assert examine(old, desk.engine.path).version == 17
    restore(desk, (desk.engine.path, old))
    assert ask(desk.engine.path, "PRAGMA user_version") == [(db.LATEST,)]
    assert ask(old, "PRAGMA user_version") == [(17,)]


def test_what_is_no_copy_is_refused_untouched(
    desk: Desk, two: tuple[Path, Path], tmp_path: Path
) -> None:
    bad = tmp_path / "bad.db"
    before = two[0].read_bytes()
    whole = bytearray(two[1].read_bytes())
    newer = bytes(whole[:60]) + (db.LATEST + 1).to_bytes(4, "big") + bytes(whole[64:])
    whole[len(whole) // 2 :] = b"\xff" * (len(whole) - len(whole) // 2)
    cases = (
        (b"", StorageDamaged, "is empty"),
        (b"text" * 100, StorageDamaged, "is not a database"),
        (bytes(whole), StorageDamaged, "is damaged"),
        (newer, InvalidInput, "newer rusvel"),
    )
    for content, kind, words in cases:
        bad.write_bytes(content)
        with pytest.raises(kind, match=words):
            examine(bad, two[0])
    with pytest.raises(NotFound, match=r"backup --list"):
        examine(tmp_path / "nowhere.db", two[0])
    with pytest.raises(Conflict, match="is the database itself"):
        examine(two[0], two[0])
    assert two[0].read_bytes() == before


def test_two_desks_at_once_and_a_third_that_waits(tmp_path: Path, new_desk: NewDesk) -> None:
    """The lock file is there while somebody is, and not a moment longer."""
    with new_desk(tmp_path) as first:
        second = Database(first.engine.path)
        assert presence.mark_of(second.path).exists()
        second.close()
        assert presence.mark_of(second.path).exists()
    assert not presence.mark_of(tmp_path / "desk.db").exists()
