"""What SQLite needs to be trusted: settings by library version, locks, retries, and errors as sentences."""

from __future__ import annotations

import fcntl
import os
import re
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from rusvel_tui.engine.errors import (
    Busy,
    Conflict,
    EngineError,
    InvalidInput,
    NotFound,
    NotPermitted,
    StorageDamaged,
    StorageFull,
)

APPLICATION_ID = 0x52555356
"""`RUSV` in the file header, so that a foreign SQLite file is never touched."""
_HEADER = b"SQLite format 3\x00"
RESTORE = "Restore a backup: `rusvel restore newest`."
_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")


def wal_is_safe(version: tuple[int, int, int] = sqlite3.sqlite_version_info) -> bool:
    """Whether this library is free of the WAL-reset bug (sqlite.org/wal.html#walresetbug)."""
    return (
        version >= (3, 51, 3)
        or (3, 50, 7) <= version < (3, 51, 0)
        or (3, 44, 6) <= version < (3, 45, 0)
    )


def pragmas(*, read_only: bool = False) -> dict[str, int | str]:
    """The settings of every connection; FULL because a lost intent would be a second mail."""
    common: dict[str, int | str] = {"foreign_keys": 1, "busy_timeout": 30_000}
    if read_only:
        return common | {"query_only": 1}
    return {"journal_mode": "wal" if wal_is_safe() else "truncate", "synchronous": "full"} | common


def inspect(path: Path) -> None:
    """Refuse what is not a whole rusvel database, before anything opens it."""
    if path.is_dir():
        raise StorageDamaged(f"{path} is a folder, not a database file.")
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except PermissionError:
        raise NotPermitted(f"{path} cannot be read. Check its owner and permissions.") from None
    if not head:
        raise StorageDamaged(
            f"{path} is empty. It is not filled anew, so that no list of opt-outs is lost without notice: "
            "restore a backup, or remove the file to start again."
        )
    if len(head) < 100 or head[:16] != _HEADER:
        raise StorageDamaged(f"{path} is not a database. Name a rusvel database with --db.")
    if int.from_bytes(head[68:72], "big") != APPLICATION_ID:
        raise StorageDamaged(
            f"{path} belongs to another program. Name a rusvel database with --db."
        )
    if _cut_short(path):
        raise StorageDamaged(f"{path} is cut short. {RESTORE}")


def _cut_short(path: Path) -> bool:
    """Whether pages are missing. A write that is under way, or was cut off, is SQLite's to put right."""
    journal = path.with_name(f"{path.name}-journal")
    for _ in range(3):
        with path.open("rb") as file:
            head = file.read(100)
            size = os.fstat(file.fileno()).st_size
        page = int.from_bytes(head[16:18], "big")
        if size >= (65_536 if page == 1 else page) * int.from_bytes(head[28:32], "big"):
            return False
        if journal.exists() and journal.stat().st_size:
            return False
    return True


def warn_if_shared(path: Path) -> str:
    """A warning when others on this machine can read the file; empty when it is private."""
    mode = path.stat().st_mode
    return (
        ""
        if not mode & (stat.S_IRWXG | stat.S_IRWXO)
        else f"{path.name} can be read by others (mode {mode & 0o777:o})."
    )


@contextmanager
def folder_lock(path: Path) -> Iterator[None]:
    """One process at a time may create or migrate the databases of a folder."""
    try:
        descriptor = os.open(path.parent, os.O_RDONLY)
    except OSError as error:
        raise NotPermitted(f"The folder {path.parent} cannot be read: {error.strerror}.") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def statements(script: str) -> Iterator[str]:
    """The single statements of a script; triggers stay whole."""
    held = ""
    for piece in re.split("(?<=;)", script):
        held += piece
        if held.strip() and sqlite3.complete_statement(held):
            yield held.strip()
            held = ""
    if held.strip():
        raise ValueError(f"an unfinished statement: {held.strip()[:60]}")


def copy_into(source: Path, target: Path) -> None:
    """A consistent private copy (`VACUUM INTO`, mode 0600); refuses to overwrite."""
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_WRONLY, 0o600))
    except FileExistsError:
        raise Conflict(f"{target} exists already. Name a new file.") from None
    except FileNotFoundError:
        raise NotFound(f"The folder {target.parent} does not exist.") from None
    except OSError as error:
        raise NotPermitted(f"{target} cannot be written: {error.strerror}.") from None
    old = os.umask(0o077)
    try:
        with closing(sqlite3.connect(source, timeout=30)) as connection:
            connection.execute("VACUUM INTO ?", (str(target),))  # accepts an existing empty file
    except sqlite3.Error as error:
        target.unlink(missing_ok=True)
        raise translate(error, source) from error
    finally:
        os.umask(old)


def error_name(error: BaseException) -> str:
    """The SQLite error name, searched along the chain: Peewee hides it behind its own errors.

    A failed ROLLBACK stands before the reason for it, with the name that says nothing.
    """
    vague = ""
    link: BaseException | None = error
    while link is not None:
        name = getattr(link, "sqlite_errorname", "")
        if name and name != "SQLITE_ERROR":
            return str(name)
        vague, link = vague or name, link.__cause__ or link.__context__
    return vague


def is_busy(error: BaseException) -> bool:
    return error_name(error).startswith(_BUSY) or "database is locked" in str(error)


_SENTENCES: tuple[tuple[str, type[EngineError], str], ...] = (
    (
        "SQLITE_FULL",
        StorageFull,
        "The disk is full. Nothing was written or sent; free some space and go on.",
    ),
    (
        "SQLITE_READONLY_ROLLBACK",
        NotPermitted,
        "{path} was left in the middle of a write. Open it once without --read-only to put it right.",
    ),
    (
        "SQLITE_READONLY",
        NotPermitted,
        "{path} cannot be written. Check the permissions of the file and its folder.",
    ),
    (
        "SQLITE_PERM",
        NotPermitted,
        "{path} cannot be opened. Check the permissions of the file and its folder.",
    ),
    (
        "SQLITE_CANTOPEN",
        NotPermitted,
        "{path} cannot be opened. Check the path and its permissions.",
    ),
    (
        "SQLITE_NOTADB",
        StorageDamaged,
        "{path} is not a database. Name a rusvel database with --db.",
    ),
    ("SQLITE_CORRUPT", StorageDamaged, "{path} is damaged. " + RESTORE),
    (
        "SQLITE_IOERR",
        StorageFull,
        "The disk failed while writing {path}. Check it; nothing was sent.",
    ),
    ("SQLITE_BUSY", Busy, "{path} is busy: another program holds it. Try again in a moment."),
    ("SQLITE_LOCKED", Busy, "{path} is busy: another program holds it. Try again in a moment."),
    (
        "SQLITE_CONSTRAINT",
        Conflict,
        "The change breaks a rule of the database ({error}). Nothing was changed.",
    ),
    ("SQLITE_TOOBIG", InvalidInput, "A value is too large to be stored."),
)


def translate(error: BaseException, path: Path) -> EngineError:
    """The sentence and the exit code for an SQLite error."""
    name = error_name(error)
    for prefix, kind, sentence in _SENTENCES:
        if name.startswith(prefix):
            return kind(sentence.format(path=path, error=error))
    return EngineError(f"The database answered: {error}.")
