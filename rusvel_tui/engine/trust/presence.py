"""Who has a database open: a lock file beside it, shared by all, so that nobody replaces the file under somebody."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rusvel_tui.engine.errors import Busy, NotPermitted


class Presence:
    """This process among those that have the file open. The system ends it with the process, however it ends."""

    def __init__(self, path: Path) -> None:
        self._mark = mark_of(path)
        self._held: int | None = None

    def join(self) -> None:
        """Be counted; waits while the file is being replaced. Where nothing can be written, nobody is counted."""
        with suppress(OSError):
            self._held = _locked(self._mark, fcntl.LOCK_SH)
            os.write(self._held, f"{os.getpid()}\n".encode())

    def leave(self) -> None:
        """Be counted no longer; the last one takes the lock file along."""
        held, self._held = self._held, None
        if held is None:
            return
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._mark.unlink(missing_ok=True)
        except OSError:
            pass  # somebody else is still there
        finally:
            os.close(held)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Nobody else has the file open, and whoever wants to waits; raises `Busy` with the processes that have it."""
    mark = mark_of(path)
    try:
        held = _locked(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Busy(
            f"{path} is open in another rusvel{_who(mark)}. Close the dashboard and the worker, then try again."
        ) from None
    except OSError as error:
        raise NotPermitted(
            f"The folder {path.parent} cannot be written: {error.strerror}."
        ) from None
    try:
        yield
    finally:
        mark.unlink(missing_ok=True)
        os.close(held)


def mark_of(path: Path) -> Path:
    """The lock file of a database."""
    return path.with_name(f".{path.name}.open")


def _locked(mark: Path, how: int) -> int:
    """The open lock file, locked; again when its last holder removed it meanwhile."""
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
    while True:
        held = os.open(mark, flags, 0o600)
        try:
            fcntl.flock(held, how)
            if os.fstat(held).st_ino == mark.stat().st_ino:
                return held
        except FileNotFoundError:
            pass
        except OSError:
            os.close(held)
            raise
        os.close(held)


def _who(mark: Path) -> str:
    """The processes that are named in the lock file and live, as words."""
    with suppress(OSError, ValueError):
        named = {int(line) for line in mark.read_text("ascii").split()}
        living = [str(pid) for pid in sorted(named) if pid != os.getpid() and _lives(pid)]
        if living:
            return f" (process {', '.join(living)})"
    return ""


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
