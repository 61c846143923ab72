"""Short words for tests about files: what is in one, and a process that ends in the middle."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any


def ask(path: Path, sql: str) -> list[tuple[Any, ...]]:
    """What stands in a file, read past the engine."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def names(path: Path) -> list[str]:
    """The people in a file."""
    return [name for (name,) in ask(path, "SELECT name FROM contact ORDER BY id")]


def is_whole(path: Path) -> bool:
    """Whether SQLite finds nothing wrong in a file."""
    return ask(path, "PRAGMA integrity_check") == [("ok",)]


def killed(work: Callable[[], object], **environ: str) -> int:
    """Do this in a child process with these settings; the signal that ended it, 0 when none did."""
    child = os.fork()
    if not child:
        os.environ.update(environ)
        try:
            work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


KILLED = signal.SIGKILL.value
