"""A program in a real pseudo terminal, and its screen as text."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from types import TracebackType

import pyte

_MODE = re.compile(rb"\x1b\[\?([\d;]+)([hl])")
_ON_AT_FIRST = {7, 25}
"""Long lines go on in the next one, and the cursor is seen."""


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
        self._tell_size(columns, lines)

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

    @property
    def echoes(self) -> bool:
        """Whether the line shows what is typed and its ctrl+c interrupts, as a shell wants it."""
        flags = termios.tcgetattr(self._fd)[3]
        return bool(flags & termios.ECHO and flags & termios.ISIG and flags & termios.ICANON)

    @property
    def left_on(self) -> set[int]:
        """The private modes that differ from what a terminal begins with: 1049 is the other screen, 1000 the mouse, 2004 pastes in brackets."""
        state: dict[int, bool] = {}
        for numbers, way in _MODE.findall(self.raw):
            state |= dict.fromkeys(map(int, numbers.split(b";")), way == b"h")
        return {mode for mode, on in state.items() if on != (mode in _ON_AT_FIRST)}

    def resize(self, columns: int, lines: int) -> None:
        """Drag the corner of the window."""
        self.screen.resize(lines, columns)
        self._tell_size(columns, lines)

    def cost(self, keys: str) -> float:
        """The median of the bytes that each of these keys writes; every one of them must change something on the screen."""
        costs = []
        self._read_all()
        for key in keys:
            seen = len(self.raw)
            self.press(key)
            self.until(lambda _, seen=seen: len(self.raw) > seen)  # type: ignore[misc]
            self._read_all()
            costs.append(len(self.raw) - seen)
        return median(costs)

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

    def _tell_size(self, columns: int, lines: int) -> None:
        size = struct.pack("HHHH", lines, columns, 0, 0)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, size)

    def _read_all(self) -> None:
        """Read until nothing more comes for a moment."""
        seen = -1
        while seen != len(self.raw):
            seen = len(self.raw)
            self._read(0.2)

    def _read(self, patience: float) -> None:
        if not select.select([self._fd], [], [], patience)[0]:
            return
        with contextlib.suppress(OSError):  # the program has closed its side
            data = os.read(self._fd, 65_536)
            self.raw += data
            self._stream.feed(data)
