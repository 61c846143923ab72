"""The database file: opened safely, migrated with a backup, read and written through two doors."""

from __future__ import annotations

import os
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from itertools import chain, count
from pathlib import Path
from typing import TypeVar

from peewee import DatabaseError, InterfaceError, SqliteDatabase

from rusvel_tui.engine import sqlite
from rusvel_tui.engine.errors import InvalidInput, NotFound, NotPermitted, StorageDamaged
from rusvel_tui.engine.migrations import MIGRATIONS, Migration
from rusvel_tui.engine.models.base import database as proxy
from rusvel_tui.engine.stillness import Stillness
from rusvel_tui.engine.text import fold
from rusvel_tui.engine.trust.presence import Presence

T = TypeVar("T")
LATEST = MIGRATIONS[-1].number
_TRIES = 6
_WATCH_PATIENCE = 30.0


class Database:
    """One SQLite file. `read` and `write` are the only ways to it."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        prepare(path, read_only=read_only)
        self._peewee = SqliteDatabase(
            f"file:{_quoted(path)}?mode={'ro' if read_only else 'rw'}",
            pragmas=sqlite.pragmas(read_only=read_only),
            timeout=30,
            uri=True,
            autoconnect=False,
        )
        # For queries only: what triggers and indexes use must be known to every program.
        self._peewee.register_function(_fold, "fold", 1)
        proxy.initialize(self._peewee)
        self._presence = Presence(path)
        self._presence.join()
        self._watch: sqlite3.Connection | None = None
        self._watch_lock = threading.Lock()
        self._stillness = Stillness()

    @contextmanager
    def connected(self) -> Iterator[sqlite3.Connection]:
        """This thread's connection, opened here unless an outer block holds it already."""
        if proxy.obj is not self._peewee:
            raise RuntimeError("another database was opened in this process")
        opened = self._peewee.is_closed()
        try:
            if opened:
                self._peewee.connect()
            yield self._peewee.connection()
        except (DatabaseError, InterfaceError, sqlite3.Error) as error:
            raise sqlite.translate(error, self.path) from error
        except OverflowError:
            raise InvalidInput("A number is too large to be stored.") from None
        finally:
            if opened and not self._peewee.is_closed():
                self._peewee.close()

    def read(self, work: Callable[[], T]) -> T:
        """Run a reading function on one consistent state of the data."""
        with self._stillness.transaction(), self.connected(), self._peewee.atomic("DEFERRED"):
            return work()

    def require_writable(self) -> None:
        """Raise `NotPermitted` where nothing may be written."""
        if self.read_only:
            raise NotPermitted(
                "This is a read-only session. Start rusvel without --read-only to change things."
            )

    def write(self, work: Callable[[], T]) -> T:
        """Run a function in one write transaction, again when the file was busy.

        BEGIN IMMEDIATE takes the lock first: a deferred transaction that turns into a write fails at
        once when somebody committed in between, whatever the busy timeout says.
        """
        self.require_writable()
        with self.connected():
            if self._peewee.in_transaction():
                raise RuntimeError("a write inside a write")
            for left in reversed(range(_TRIES)):
                try:
                    with self._stillness.transaction(), self._peewee.atomic("IMMEDIATE"):
                        return work()
                except DatabaseError as error:
                    if not left or not sqlite.is_busy(error):
                        raise
                    time.sleep(random.uniform(0.005, 0.05))  # noqa: S311 - spreads competing writers
        raise AssertionError("unreachable")

    def still(self, patience: float = 5.0) -> AbstractContextManager[bool]:
        """No transaction of this process is open; false when one did not end within `patience` seconds."""
        return self._stillness.hold(patience)

    def data_version(self) -> int:
        """A number that moves when any other connection has committed (3 µs)."""
        with self._watch_lock:
            try:
                if self._watch is None:
                    self._watch = self._open_watch()
                return int(self._watch.execute("PRAGMA data_version").fetchone()[0])
            except sqlite3.Error as error:
                raise sqlite.translate(error, self.path) from error

    def _open_watch(self) -> sqlite3.Connection:
        """A connection that only looks; it may write to take back what a killed writer left."""
        return sqlite3.connect(
            f"file:{_quoted(self.path)}?mode={'ro' if self.read_only else 'rw'}",
            uri=True,
            timeout=_WATCH_PATIENCE,
            check_same_thread=False,
            isolation_level=None,
        )

    def check(self) -> None:
        """Read the whole file for damage; raises `StorageDamaged`."""
        with self.connected() as connection:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            fault = found.splitlines()[-1]
            raise StorageDamaged(f"{self.path} is damaged ({fault}). {sqlite.RESTORE}")

    def backup(self, target: Path) -> None:
        """Write a consistent private copy to a new file."""
        sqlite.copy_into(self.path, target)

    def close(self) -> None:
        with self._watch_lock:
            if self._watch is not None:
                self._watch.close()
                self._watch = None
        if not self._peewee.is_closed():
            self._peewee.close()
        self._presence.leave()


def _fold(value: object) -> str | None:
    """`fold()` in SQL: the form in which texts are compared."""
    return None if value is None else fold(str(value))


def _quoted(path: Path) -> str:
    return str(path.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def prepare(path: Path, *, read_only: bool) -> None:
    """Make the file ready: created when it is new, checked and migrated when it is not."""
    if not _there(path):
        if read_only:
            raise NotFound(f"There is no database at {path}.")
        with sqlite.folder_lock(path):
            if not path.exists():
                _create(path)
    sqlite.inspect(path)
    with _open(path, "ro" if read_only else "rw") as connection:
        have = _user_version(connection)
    if have > LATEST:
        raise InvalidInput(f"{path} was written by a newer rusvel. Update rusvel to open it.")
    if have < LATEST and read_only:
        raise NotPermitted(
            f"{path} was written by an older rusvel. Open it once without --read-only to update it."
        )
    if have < LATEST:
        with sqlite.folder_lock(path):
            _migrate(path)


def _there(path: Path) -> bool:
    """Whether the file exists; raises when its folder does not, or may not be entered."""
    try:
        if not path.parent.is_dir():
            raise NotFound(
                f"The folder {path.parent} does not exist. Create it, or name another file with --db."
            )
        return path.exists()
    except OSError as error:
        raise NotPermitted(
            f"{path} cannot be opened: {error.strerror}. Check the permissions of its folder."
        ) from None


def _create(path: Path) -> None:
    """Build the new file under another name: an interrupted creation never leaves an empty database."""
    draft = path.with_name(f".{path.name}.new-{os.getpid()}")
    try:
        draft.unlink(missing_ok=True)
        build(draft, MIGRATIONS[-1].number)
        draft.rename(path)
    except OSError as error:
        raise NotPermitted(f"{path} cannot be created: {error.strerror}.") from None
    finally:
        draft.unlink(missing_ok=True)


def build(path: Path, version: int) -> None:
    """Make a new, private, empty file as the program of that schema version made it."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_WRONLY, 0o600))
    with _open(path, "rw") as connection:
        connection.execute(f"PRAGMA application_id={sqlite.APPLICATION_ID}")
        for migration in MIGRATIONS:
            if migration.number <= version:
                _apply(connection, migration)


def _migrate(path: Path) -> None:
    """Bring an older file up to date, step by step, after one backup of it as it was."""
    with _open(path, "rw") as connection:
        have = _user_version(connection)  # asked under the lock: another process may have been here
        ahead = [migration for migration in MIGRATIONS if migration.number > have]
        if ahead:
            sqlite.copy_into(path, backup_name(path, str(ahead[0].number)))
        for migration in ahead:
            _apply(connection, migration)


def upgrade(path: Path, have: int) -> None:
    """Bring a file that nobody uses yet up to date from that version, without a backup: it is a copy itself."""
    with _open(path, "rw") as connection:
        for migration in MIGRATIONS:
            if migration.number > have:
                _apply(connection, migration)


def backup_name(path: Path, before: str) -> Path:
    """A name that is free for the copy that is made before something: what was interrupted left its own behind."""
    first = path.with_name(f"{path.name}.before-{before}.backup")
    further = (first.with_name(f"{first.name}.{number}") for number in count(2))
    return next(name for name in chain([first], further) if not name.exists())


def _apply(connection: sqlite3.Connection, migration: Migration) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in sqlite.statements(migration.sql):
            connection.execute(statement)
        if migration.then is not None:
            migration.then(connection)
        connection.execute(f"PRAGMA user_version={migration.number}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def _open(path: Path, mode: str) -> Iterator[sqlite3.Connection]:
    """A bare connection; its errors are translated."""
    address = f"file:{_quoted(path)}?mode={mode}"
    try:
        with closing(sqlite3.connect(address, uri=True, isolation_level=None, timeout=30)) as made:
            if mode == "rw":
                made.execute("PRAGMA synchronous=FULL")
            yield made
    except sqlite3.Error as error:
        raise sqlite.translate(error, path) from error


def _user_version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
