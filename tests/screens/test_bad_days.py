"""A full disk, a damaged file and a backup that failed, as the dashboard tells them: it stays, and goes on by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from rusvel_tui.app import RusvelApp
from rusvel_tui.engine import log, sqlite
from rusvel_tui.engine.trust.keeper import BackupKeeper
from rusvel_tui.engine.worker import Worker
from tests.factories import Desk, query
from tests.screens.pilots import settle, shows

LARGE = {"name": "Large", "notes": "x" * 90_000}


def toasts(app: RusvelApp) -> list[str]:
    return [note.message for note in app._notifications]


async def test_q_165_on_a_full_disk_it_says_so_stays_and_goes_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.contact("Ada")
    [(pages,)] = query(desk, "PRAGMA page_count")
    room, pragmas = {"max_page_count": pages}, sqlite.pragmas

    def limited(*, read_only: bool = False) -> dict[str, int | str]:
        return pragmas(read_only=read_only) | room

    monkeypatch.setattr(desk.engine._db._peewee, "_pragmas", list(limited().items()))
    app = RusvelApp(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "Nothing needs you"))
        app.page.run("gtm.crm.add_contact", LARGE)
        await settle(pilot, lambda: any("The disk is full" in one for one in toasts(app)))
        assert query(desk, "SELECT name FROM contact") == [("Ada",)]
        monkeypatch.setattr(desk.engine._db._peewee, "_pragmas", list(pragmas().items()))
        app.page.run("gtm.crm.add_contact", LARGE)
        await settle(pilot, lambda: len(query(desk, "SELECT 1 FROM contact")) == 2)


async def test_q_165_a_file_that_breaks_meanwhile_is_named_with_the_way_out(desk: Desk) -> None:
    for number in range(30):
        desk.contact(f"P{number}", notes="x" * 3000)
    app = RusvelApp(desk.engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot, lambda: shows(app, "Nothing needs you"))
        whole = desk.engine.path.read_bytes()
        with desk.engine.path.open("r+b") as file:
            file.seek(4096)
            file.write(b"\xff" * (len(whole) - 4096))
        app.page.run("gtm.crm.add_contact", {"name": "One more"})
        await settle(pilot, lambda: any("`rusvel restore newest`" in one for one in toasts(app)))
        assert app.is_running
        desk.engine.path.write_bytes(whole)


async def test_a_backup_that_failed_stands_in_the_header(desk: Desk) -> None:
    desk.engine.policy = replace(desk.engine.policy, backup_days=3)
    worker = Worker(desk.engine)
    worker.backups.daily.folder.write_text("in the way")
    worker.backups.look()
    app = RusvelApp(desk.engine, worker)
    worker.pause()
    async with app.run_test(size=(200, 60)) as pilot:
        await settle(pilot, lambda: shows(app, "backup failed"))
        worker.backups.daily.folder.unlink()
        worker.backups.look()
        app.read_lights()
        await settle(pilot, lambda: not shows(app, "backup failed"))
        assert isinstance(worker.backups, BackupKeeper)


async def test_what_breaks_on_a_page_leaves_its_place_in_the_log(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[tuple[str, str, Any]] = []

    class Kept:
        def write(self, level: str, where: str, text: str, error: Any = None) -> None:
            kept.append((level, where, type(error)))

    monkeypatch.setattr(log, "_log", Kept())
    app = RusvelApp(desk.engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "Nothing needs you"))
        monkeypatch.setattr(type(app.page), "read", lambda self: 1 / 0)
        app.page._load()
        await settle(pilot, lambda: bool(kept))
    assert kept[0] == ("error", "page today", ZeroDivisionError)
