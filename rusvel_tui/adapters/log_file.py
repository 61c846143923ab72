"""The log file: private, bounded in size, shared by all processes, without secrets and without anybody's words."""

from __future__ import annotations

import fcntl
import os
import re
import traceback
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from rusvel_tui.adapters.clock import SystemClock
from rusvel_tui.adapters.secret import Secret
from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.text import one_line

LEVELS = ("off", "error", "warning", "info")
"""Each says what the one before says, and more."""
LARGEST = 1_000_000
"""Octets of one file; then it becomes `.1`, and that one `.2`."""
OLDER = 2
"""Files besides the one that is being written."""
_DEPTH = 40
"""Frames of one traceback."""
_LONGEST = 500
_ADDRESS = re.compile(r"[^\s<>\"',;:()\[\]]+@[\w.-]+")
_ABOUT_CODE = (OSError, TypeError, AttributeError, NameError, ImportError, RuntimeError)
"""Errors whose words are about the program or the machine. Those of others can quote what somebody wrote."""


class LogFile:
    """Appends entries to a file; what cannot be written is dropped, never raised."""

    def __init__(
        self, path: Path, level: str, secrets: Sequence[Secret] = (), *, largest: int = LARGEST
    ) -> None:
        self.path = path
        self._level = LEVELS.index(level)
        self._secrets = secrets
        self._largest = largest

    def write(self, level: str, where: str, text: str, error: BaseException | None = None) -> None:
        """One entry; the traceback of an error names places, and the words of the error where they can be shown."""
        if LEVELS.index(level) > self._level:
            return
        now = stamp(SystemClock().now())
        words = self._clean(text) or (self._named(error) if error else "")
        lines = [f"{now} {level.upper():7} {os.getpid()} {self._clean(where)}: {words}"]
        lines += (f"    {line}" for line in self._trace(error))
        with suppress(OSError):
            self._append("\n".join(lines) + "\n")

    def _trace(self, error: BaseException | None) -> Iterator[str]:
        """The frames of an error and of those behind it, the innermost last; no source text, no values."""
        seen: set[int] = set()
        while error is not None and id(error) not in seen:
            if seen:
                yield f"because of {self._named(error)}"
            seen.add(id(error))
            for frame in traceback.extract_tb(error.__traceback__)[-_DEPTH:]:
                yield f"{_place(frame.filename)}:{frame.lineno} {frame.name}"
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)

    def _named(self, error: BaseException) -> str:
        kind = type(error).__name__
        of_storage = type(error).__module__ == "sqlite3"
        if not (of_storage or isinstance(error, _ABOUT_CODE)):
            return kind
        return f"{kind}: {self._clean(str(error))}"

    def _clean(self, text: str) -> str:
        """The text on one line, without secrets and addresses."""
        from rusvel_tui.engine.agent.hooks.redacting import HIDDEN, redact  # patterns cost a start

        for secret in self._secrets:
            text = secret.masked_in(text)
        return _ADDRESS.sub(HIDDEN, redact(one_line(text)))[:_LONGEST]

    def _append(self, entry: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = self._opened()
        try:
            os.write(handle, entry.encode("utf-8", "replace"))
        finally:
            os.close(handle)

    def _opened(self) -> int:
        """The file, locked; a full one is put aside first, by whoever has the lock."""
        flags = os.O_APPEND | os.O_CREAT | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC
        while True:
            handle = os.open(self.path, flags, 0o600)
            fcntl.flock(handle, fcntl.LOCK_EX)
            if self._is_current(handle) and os.fstat(handle).st_size < self._largest:
                return handle
            if self._is_current(handle):
                self._put_aside()
            os.close(handle)

    def _is_current(self, handle: int) -> bool:
        try:
            return os.fstat(handle).st_ino == self.path.stat().st_ino
        except FileNotFoundError:
            return False

    def _put_aside(self) -> None:
        for number in range(OLDER, 0, -1):
            older = self.path.with_name(f"{self.path.name}.{number}")
            newer = (
                self.path.with_name(f"{self.path.name}.{number - 1}") if number > 1 else self.path
            )
            with suppress(FileNotFoundError):
                newer.replace(older)


def _place(filename: str) -> str:
    """A file of the program by its name, wherever it is installed."""
    parts = Path(filename).parts
    for mark in ("site-packages", "rusvel_tui"):
        if mark in parts:
            at = len(parts) - parts[::-1].index(mark)
            return "/".join(parts[at if mark == "site-packages" else at - 1 :])
    return parts[-1]
