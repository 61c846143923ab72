"""A program in a pseudo terminal, with a clock on what it writes."""

from __future__ import annotations

import fcntl
import os
import pty
import random
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

_ESCAPES = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_LIMIT = 30.0
"""Seconds after which a program that says nothing is given up."""
_REST = (0.06, 0.16)
"""Seconds between two letters of somebody who types fast."""
_KEPT = 4096
"""Bytes of what was seen that are looked through for words."""


class Terminal:
    """One running program of 120 x 36 cells."""

    def __init__(self, argv: Sequence[str], env: dict[str, str]) -> None:
        self.started = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.execvpe(argv[0], list(argv), env)  # noqa: S606 - the benchmark's own program
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
        self._seen = b""

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._fd)

    def wait_for(self, words: str) -> float:
        """Milliseconds from the start to the moment when the words stand in the output."""
        wanted = words.encode()
        while wanted not in _ESCAPES.sub(b"", self._seen):
            self._seen += self._read(_LIMIT, words)
        return (time.perf_counter() - self.started) * 1000

    def settle(self, quiet: float = 0.3) -> None:
        """Read until nothing has come for so long."""
        while select.select([self._fd], [], [], quiet)[0]:
            os.read(self._fd, 65_536)

    def press(self, key: bytes) -> tuple[float, int]:
        """Milliseconds to the first byte of the answer, and the bytes of the whole answer."""
        start = time.perf_counter()
        os.write(self._fd, key)
        first = self._read(_LIMIT, repr(key))
        taken = (time.perf_counter() - start) * 1000
        size = len(first)
        while select.select([self._fd], [], [], 0.05)[0]:
            size += len(os.read(self._fd, 65_536))
        return taken, size

    def write(self, keys: bytes) -> None:
        """Type without waiting for an answer."""
        os.write(self._fd, keys)

    def now(self) -> float:
        """Milliseconds since the start."""
        return (time.perf_counter() - self.started) * 1000

    def echo(self, letter: str) -> float:
        """Milliseconds from a letter to its picture, whatever else is drawn meanwhile; then a short rest."""
        start, wanted, seen = time.perf_counter(), letter.encode(), b""
        os.write(self._fd, wanted)
        while wanted not in seen:
            seen = seen[-4:] + self._read(_LIMIT, letter)
        taken = (time.perf_counter() - start) * 1000
        until = time.perf_counter() + random.uniform(*_REST)  # noqa: S311 - so that it falls in with no rhythm
        while (rest := until - time.perf_counter()) > 0:
            if select.select([self._fd], [], [], rest)[0]:
                self._seen = self._seen[-_KEPT:] + os.read(self._fd, 65_536)
        return taken

    def finish(self, key: bytes, quiet: float = 0.25) -> float:
        """Milliseconds from the key to the last byte of its answer: what comes later in threads is in it."""
        start = time.perf_counter()
        os.write(self._fd, key)
        self._read(_LIMIT, repr(key))
        last = time.perf_counter()
        while select.select([self._fd], [], [], quiet)[0]:
            os.read(self._fd, 65_536)
            last = time.perf_counter()
        return (last - start) * 1000

    def rss(self) -> float:
        """Resident memory in MB."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def cpu(self) -> float:
        """Seconds that all threads have spent on a processor."""
        tasks = Path(f"/proc/{self.pid}/task").iterdir()
        return sum(int((one / "schedstat").read_text().split()[0]) for one in tasks) / 1e9

    def _read(self, limit: float, what: str) -> bytes:
        if not select.select([self._fd], [], [], limit)[0]:
            raise TimeoutError(
                f"no answer to {what}; it showed {_ESCAPES.sub(b'', self._seen)[-400:]!r}"
            )
        return os.read(self._fd, 65_536)
