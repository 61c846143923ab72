"""Copies of a database that is in use: slice by slice, so that nobody who writes meanwhile waits for long."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from rusvel_tui.engine import sqlite
from rusvel_tui.engine.errors import NotPermitted, StorageDamaged, StorageFull

SLICE = 256
"""Pages that are copied under one lock: a megabyte."""
PAUSE = 0.005
"""Seconds between two slices, for those who wait."""
_FULL = "The disk is full or has failed. Free some space, then try again:"
RESTARTS = 3
"""A write by another program begins the copy anew; after so many times the rest is copied in one go."""


def copy_slowly(source: Path, target: Path, *, pause: float = PAUSE) -> None:
    """Write a whole, checked and private copy to a new file; what could not be finished is removed.

    The name is taken at the end: a copy that bears it is whole. Raises `StorageDamaged` when the source is.
    """
    draft = target.with_name(f".{target.name}.part-{os.getpid()}")
    try:
        _make_private(draft)
        with opened(source) as old, closing(sqlite3.connect(draft)) as new:
            _copy(old, new, pause)
            verify(new, source)
        _settle(draft)
        draft.rename(target)
        sync_folder(target)
    except sqlite3.Error as error:
        if sqlite.error_name(error).startswith(("SQLITE_FULL", "SQLITE_IOERR")):
            raise StorageFull(f"{_FULL} {target} was not written.") from error
        raise sqlite.translate(error, source) from error
    except OSError as error:
        raise no_room(error, target) from None
    finally:
        draft.unlink(missing_ok=True)


def verify(connection: sqlite3.Connection, source: Path) -> None:
    """Raise `StorageDamaged` for a copy that is not whole: its source is not either."""
    found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise StorageDamaged(f"{source} is damaged ({found.splitlines()[-1]}). {sqlite.RESTORE}")


def no_room(error: OSError, target: Path) -> NotPermitted | StorageFull:
    """A failure to write as a sentence."""
    import errno

    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StorageFull(f"{_FULL} {target} was not written.")
    return NotPermitted(f"{target} cannot be written: {error.strerror}.")


def sync_folder(path: Path) -> None:
    """Make a new name in the folder of this file last."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that only reads. A copy in a folder that cannot be written is read as it lies there."""
    address = f"{path.absolute().as_uri()}?mode=ro"
    try:
        made = sqlite3.connect(address, uri=True, timeout=30)
        made.execute("PRAGMA schema_version")
    except sqlite3.OperationalError as error:
        if not sqlite.error_name(error).startswith("SQLITE_CANTOPEN"):
            raise
        made = sqlite3.connect(f"{address}&immutable=1", uri=True)
    with closing(made):
        yield made


def _copy(old: sqlite3.Connection, new: sqlite3.Connection, pause: float) -> None:
    """Copy all pages; when writers keep beginning it anew, in one go in the end."""
    left: list[int] = []
    restarts = 0

    def watch(_: int, remaining: int, total: int) -> None:
        nonlocal restarts
        restarts += bool(left and remaining > left[-1])
        left.append(remaining)
        if restarts > RESTARTS:
            raise _Restless
        time.sleep(pause)

    try:
        old.backup(new, pages=SLICE, progress=watch, sleep=0.05)
    except _Restless:
        old.backup(new)


class _Restless(Exception):
    """Others write so often that a copy in slices would never end."""


def _make_private(path: Path) -> None:
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_WRONLY, 0o600))


def _settle(path: Path) -> None:
    """Make the bytes last before the name says that they are whole."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
