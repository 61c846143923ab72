"""A full disk, a damaged file, a folder that takes nothing, a clock that is wrong: a sentence, and nothing is lost."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest

from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import EngineError, NotPermitted, StorageDamaged, StorageFull
from rusvel_tui.engine.trust.archive.writing import write_archive
from rusvel_tui.engine.trust.copying import copy_slowly
from rusvel_tui.engine.trust.daily import Daily
from rusvel_tui.engine.trust.restoring import examine, put_back
from rusvel_tui.engine.worker import Worker
from tests.engine.test_database_files import without_power
from tests.engine.trust.files import is_whole, names
from tests.factories import START, Desk, kinds, query

STEP = 7
"""Pages between two that are damaged, unless all of them are wanted: TEST_EVERY_PAGE=1."""


def said(work: Callable[[], object], limit: int) -> str:
    """What a child process says that can write files of so many bytes at the most; `Type: sentence`."""
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        try:
            work()
        except Exception as error:  # noqa: BLE001 - that is what is asked
            os.write(theirs, f"{type(error).__name__}: {error}".encode())
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as heard:
        text = heard.read().decode()
    os.waitpid(child, 0)
    return text


@pytest.mark.parametrize("more", [0, 2])
def test_q_165_on_a_full_disk_nothing_is_written_nothing_leaves_and_it_goes_on_by_itself(
    desk: Desk, more: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever page is the one too many. What left already is written down as soon as there is room."""
    mail = desk.drafted()
    desk.approve(mail)
    [(pages,)] = query(desk, "PRAGMA page_count")
    query(desk, f"PRAGMA max_page_count = {pages + more}")
    for _ in range(20):
        before = kinds(desk)
        try:
            desk.contact(notes="x" * 5000)
        except StorageFull as error:
            assert "free some space" in str(error)  # noqa: PT017 - the twenty tries end with it
            break
    assert kinds(desk) == before
    waits = desk.engine.clock.wait

    def wait(stop: Event, seconds: float) -> None:
        query(desk, "PRAGMA max_page_count = 1073741823")  # room is made while it waits
        waits(stop, seconds)

    monkeypatch.setattr(desk.engine.clock, "wait", wait)
    with suppress(StorageFull):
        Worker(desk.engine).tick()
    sent = len(desk.mailer.sent)
    assert query(desk, "SELECT count(*) FROM mail WHERE intent_at IS NOT NULL") >= [(sent,)]
    query(desk, "PRAGMA max_page_count = 1073741823")
    desk.later(minutes=30)
    desk.work()
    assert len({one.mail_id for one in desk.mailer.sent}) == len(desk.mailer.sent) <= 1
    desk.contact("After")
    assert query(desk, "PRAGMA integrity_check") == [("ok",)]


def test_a_copy_that_finds_no_room_leaves_nothing_and_costs_no_older_one(desk: Desk) -> None:
    copies = Daily.of(desk.engine.path, 1)
    copies.make(START)
    size = desk.engine.path.stat().st_size
    later = datetime(2026, 12, 1, tzinfo=UTC)
    heard = said(lambda: copies.make(later), size // 2)
    assert heard.startswith("StorageFull: The disk is full or has failed. Free some space")
    assert [one.file.name for one in copies.days()] == ["desk-2026-11-24.db"]
    assert len(list(copies.folder.iterdir())) == 1
    assert copies.make(later) is not None


def test_an_archive_and_a_restore_that_find_no_room_change_nothing(
    desk: Desk, tmp_path: Path
) -> None:
    desk.contact("Ada")
    path, copy = desk.engine.path, tmp_path / "copy.db"
    desk.engine.backup(copy)
    desk.contact("Bo")
    desk.engine.close()
    limit = copy.stat().st_size // 2
    for work in (
        lambda: write_archive(path, tmp_path / "all.jsonl"),
        lambda: put_back(examine(copy, path), path, desk.engine.clock),
    ):
        assert "Free some space" in said(work, limit)
        assert names(path) == ["Ada", "Bo"]
        assert [one.name for one in tmp_path.iterdir() if one.stat().st_size and one not in (copy, path)] == []  # fmt: skip


def test_q_165_a_damaged_page_is_a_sentence_wherever_it_is_and_never_an_empty_desk(
    desk: Desk, tmp_path: Path
) -> None:
    """Bytes are flipped in one page after the other: what can be read is read, and the rest says what to do."""
    for number in range(8):
        desk.contact(f"P{number}", notes="x" * 500)
    desk.approve(desk.drafted())
    desk.work()
    desk.engine.close()
    whole, path = desk.engine.path.read_bytes(), tmp_path / "bad.db"
    size = int.from_bytes(whole[16:18], "big")
    found = 0
    step = 1 if "TEST_EVERY_PAGE" in os.environ else STEP
    for page in range(0, len(whole) // size, step):
        bad = bytearray(whole)
        start = page * size + (100 if not page else 0)
        bad[start : start + 64] = bytes(255 - byte for byte in bad[start : start + 64])
        path.write_bytes(bad)
        found += damaged(path)
        assert path.read_bytes() == bytes(bad)
    assert found > len(whole) // size // step // 2


def damaged(path: Path) -> bool:
    """Whether somebody who opens that file is told that it is damaged; anything but a sentence fails."""
    try:
        engine = Engine(path, clock=FixedClock(START), read_only=True)
    except StorageDamaged as error:
        assert "estore" in str(error) or "--db" in str(error)  # noqa: PT017 - both ways are fine
        return True
    except EngineError as error:
        return "newer" in str(error) or "older" in str(error)
    try:
        engine.call("gtm.crm.list_contacts", {})
        engine.call("gtm.approvals.list", {})
        engine.check()
    except StorageDamaged as error:
        assert "`rusvel restore newest`" in str(error)  # noqa: PT017 - as above
        return True
    finally:
        engine.close()
    return False


def test_a_folder_that_takes_nothing_is_named(desk: Desk, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    desk.engine.backup(copy)
    desk.engine.close()
    for one in (copy, desk.engine.path):
        one.chmod(0o644)
    folders = [tmp_path, *tmp_path.parents[:3]]
    modes = [folder.stat().st_mode for folder in folders]
    try:
        for folder in folders:
            folder.chmod(0o555)
        with without_power():
            for work in (
                lambda: Daily.of(desk.engine.path, 3).make(START),
                lambda: put_back(examine(copy, desk.engine.path), desk.engine.path, FixedClock(START)),
                lambda: copy_slowly(desk.engine.path, tmp_path / "new.db"),
            ):  # fmt: skip
                with pytest.raises(NotPermitted, match="cannot be"):
                    work()
    finally:
        for folder, mode in zip(folders, modes, strict=True):
            folder.chmod(mode)
    assert is_whole(desk.engine.path)


@pytest.mark.parametrize(
    "wrong", [datetime(1970, 1, 2, tzinfo=UTC), datetime(9998, 12, 30, tzinfo=UTC)], ids=["back", "ahead"]
)  # fmt: skip
def test_q_165_a_wrong_clock_loses_nothing_and_sends_nothing_twice(
    desk: Desk, wrong: datetime
) -> None:
    """What happened keeps its order by number, undo takes back what was done last, and a mail leaves once."""
    mail = desk.drafted()
    desk.contact("Before")
    desk.approve(mail)
    right = desk.engine.clock.now()
    desk.engine.clock = FixedClock(wrong)
    desk.contact("Meanwhile")
    assert desk.call("undo").name == "Meanwhile"
    with suppress(EngineError):
        Worker(desk.engine).tick()
    copies = Daily.of(desk.engine.path, 3)
    assert copies.make(wrong) is not None
    desk.engine.clock = FixedClock(right)
    assert copies.make(right) is not None
    assert len(copies.days()) == 2
    desk.later(minutes=30)
    desk.work()
    if (
        desk.mail(mail.id).state == "Held"
    ):  # centuries later the yes was too old, and is asked for again
        desk.approve(desk.mail(mail.id))
        desk.work()
    assert [one.mail_id for one in desk.mailer.sent] == [mail.id]
    ids = [one for (one,) in query(desk, "SELECT id FROM event ORDER BY id")]
    assert ids == sorted(set(ids))
