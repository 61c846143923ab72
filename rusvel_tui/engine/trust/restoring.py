"""Puts a copy of the database back: checked, prepared under another name, and exchanged in one step."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rusvel_tui.engine import db, sqlite
from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.crashpoints import crashpoint
from rusvel_tui.engine.errors import Busy, Conflict, InvalidInput, NotFound, StorageDamaged
from rusvel_tui.engine.trust.copying import copy_slowly, no_room, opened, sync_folder
from rusvel_tui.engine.trust.losses import Loss, losses, opt_outs
from rusvel_tui.engine.trust.presence import alone

if TYPE_CHECKING:
    from rusvel_tui.engine.ports import Clock

CRASHPOINTS = ("restore_copied", "restore_ready", "restore_kept", "restore_swapped")
"""Where a test kills a restore; at each of them the old or the new database is whole."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that can be put back, and what that would cost."""

    file: Path
    version: int
    """Of its schema."""
    sessions: tuple[str, ...]
    newest: str
    """When the last thing in it happened, in UTC; empty when nothing did."""
    losses: tuple[Loss, ...]
    """What is in the database now and not in the copy."""


@dataclass(frozen=True, slots=True)
class PutBackDone:
    """What was done."""

    kept: Path | None
    """Where the replaced file is; None when there was none."""
    opt_outs: int
    """People who objected since the copy was made; their wish was carried over."""


def examine(copy: Path, target: Path) -> Copy:
    """Look at all of a copy; raises `StorageDamaged`, `NotFound` or `InvalidInput` for one that cannot be put back."""
    if not copy.exists():
        raise NotFound(f"There is no file {copy}. `rusvel backup --list` names your copies.")
    if target.exists() and copy.samefile(target):
        raise Conflict(f"{copy} is the database itself. Name a copy of it.")
    sqlite.inspect(copy)
    try:
        with opened(copy) as found:
            return _looked_at(found, copy, target)
    except sqlite3.Error as error:
        raise sqlite.translate(error, copy) from error


def put_back(copy: Copy, target: Path, clock: Clock) -> PutBackDone:
    """Replace the database by the copy; the old one stays under another name, and sending waits for a person.

    Raises `Busy` while another process has the database open. Whatever stops it, the old or the new one is whole.
    """
    draft = target.with_name(f".{target.name}.restore-{os.getpid()}")
    with exchanged(draft, target, before="restore") as swap:
        copy_slowly(copy.file, draft, pause=0)
        crashpoint("restore_copied")
        db.upgrade(draft, copy.version)
        carried = opt_outs(draft, target)
        _tell(draft, copy, carried, clock)
        crashpoint("restore_ready")
        kept = swap()
    crashpoint("restore_swapped")
    return PutBackDone(kept, len(carried))


@contextmanager
def exchanged(draft: Path, target: Path, *, before: str) -> Iterator[Callable[[], Path | None]]:
    """Nobody has the target open meanwhile; the given function puts the draft in its place and says where the old one is."""
    try:
        with alone(target):
            _clear(target, draft)
            yield lambda: _swap(draft, target, before)
    except OSError as error:
        raise no_room(error, target) from None
    finally:
        _clear(target, draft)


def _looked_at(found: sqlite3.Connection, copy: Path, target: Path) -> Copy:
    version = int(found.execute("PRAGMA user_version").fetchone()[0])
    if version > db.LATEST:
        raise InvalidInput(f"{copy} was written by a newer rusvel. Update rusvel to use it.")
    fault = found.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if fault != "ok":
        raise StorageDamaged(f"{copy} is damaged ({fault.splitlines()[-1]}). Take another copy.")
    sessions = tuple(name for (name,) in found.execute("SELECT name FROM session ORDER BY id"))
    newest = found.execute("SELECT max(at) FROM event").fetchone()[0] or ""
    return Copy(copy, version, sessions, newest, losses(copy, target))


def _tell(draft: Path, copy: Copy, carried: tuple[tuple[str, ...], ...], clock: Clock) -> None:
    """Write into the file, before it is the database, that it was put back and by whom sending goes on."""
    from rusvel_tui.engine.core import Engine
    from rusvel_tui.engine.trust.told import PutBack, note_restored

    reason = f"the database was put back from {copy.file.name}: look at what waits, then resume"
    engine = Engine(draft, clock=clock, actor=Actor("restore"))
    try:
        engine.run(note_restored, PutBack(name=copy.file.name, reason=reason, opt_outs=carried))
    finally:
        engine.close()


def _swap(draft: Path, target: Path, before: str) -> Path | None:
    """One name changes its file; until then the old one is complete, from then on the new one."""
    kept = None
    if target.exists():
        _quiet(target)
        kept = db.backup_name(target, before)
        os.link(target, kept)
        _take_along(target, kept)
        crashpoint("restore_kept")
    draft.replace(target)
    sync_folder(target)
    return kept


def _quiet(target: Path) -> None:
    """Have SQLite finish what a killed writer left, so that it is not played into the new file; a damaged one stays as it is."""
    address = f"{target.absolute().as_uri()}?mode=rw"
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=5, isolation_level=None)) as old:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            old.execute("BEGIN EXCLUSIVE")
            old.execute("ROLLBACK")
    except sqlite3.Error as error:
        if sqlite.is_busy(error):
            raise Busy(
                f"{target} is being written by another program. Close it, then try again."
            ) from None


def _take_along(target: Path, kept: Path) -> None:
    """What SQLite could not bring to an end stays with its file, so that it is not played into another one."""
    for ending in ("-journal", "-wal", "-shm"):
        beside = target.with_name(target.name + ending)
        if not beside.exists():
            continue
        if beside.stat().st_size:
            beside.rename(kept.with_name(kept.name + ending))
        else:
            beside.unlink()


def _clear(target: Path, draft: Path) -> None:
    """Remove what this try, or one that was killed, left behind."""
    stem = draft.name.rpartition("-")[0]
    for left in target.parent.glob(f"{stem}-*"):
        left.unlink(missing_ok=True)
