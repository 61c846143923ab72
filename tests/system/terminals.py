"""A program in a real pseudo terminal, and its screen as text."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType

import pyte


class Terminal:
    """Runs a command on a screen of its own; `until` reads it until a condition holds."""

    def __init__(
        self, command: Sequence[str], env: Mapping[str, str], *, columns: int = 120, lines: int = 36
    ) -> None:
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        """Every byte that the program wrote."""
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], list(command), {"TERM": "xterm-256color", **env})  # noqa: S606 - a child of the test
        size = struct.pack("HHHH", lines, columns, 0, 0)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, size)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(ProcessLookupError, ChildProcessError):
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._fd)

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def press(self, keys: str) -> None:
        """Type; each character is a key."""
        os.write(self._fd, keys.encode())

    def until(self, condition: Callable[[str], bool] | str, limit: float = 30) -> str:
        """Read the screen until it shows the words, or until the condition holds for it."""
        holds = condition if callable(condition) else (lambda text: condition in text)
        end = time.monotonic() + limit
        while not holds(self.text):
            if time.monotonic() > end:
                raise AssertionError(f"it never showed {condition}:\n{self.text}")
            self._read(0.05)
        return self.text

    def ended(self, limit: float = 30) -> int:
        """The exit code, once the program has ended by itself."""
        end = time.monotonic() + limit
        while time.monotonic() < end:
            self._read(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
        raise AssertionError(f"it did not end:\n{self.text}")

    def _read(self, patience: float) -> None:
        if not select.select([self._fd], [], [], patience)[0]:
            return
        with contextlib.suppress(OSError):  # the program has closed its side
            data = os.read(self._fd, 65_536)
            self.raw += data
            self._stream.feed(data)
