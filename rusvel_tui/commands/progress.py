"""How far an import is, told to whoever watches the terminal."""

from __future__ import annotations

import sys
from threading import Event, Thread
from types import TracebackType
from typing import Any

from rusvel_tui.commands.desk import Desk
from rusvel_tui.engine.errors import EngineError

_EVERY = 0.5
"""Seconds between two looks."""


class Progress:
    """A line on stderr that follows the running import; nothing where no terminal shows it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._stop = Event()
        self._thread: Thread | None = None
        self._shown = 0

    def __enter__(self) -> None:
        if sys.stderr.isatty() and not self._desk.out.json:
            engine = self._desk.engine()
            self._thread = Thread(target=self._follow, args=(engine,), daemon=True)
            self._thread.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._thread is None:
            return
        self._stop.set()
        self._thread.join()
        self._print("")
        if kind is KeyboardInterrupt:
            self._desk.out.note(
                "Stopped on the way. The same command goes on; rusvel import undo takes it back."
            )

    def _follow(self, engine: Any) -> None:
        while not self._stop.wait(_EVERY):
            try:
                found = engine.call("gtm.crm.list_imports", {"state": "running", "limit": 1}).items
            except EngineError:
                continue  # the file is busy: look again
            for run in found:
                self._print(progress_line(run.read, run.total))

    def _print(self, text: str) -> None:
        """The text in place of what was shown before."""
        print(f"\r{text:<{self._shown}}\r", end=text, file=sys.stderr, flush=True)
        self._shown = len(text)


def progress_line(read: int, total: int) -> str:
    """How far: what was read of the file at first, then what was written of it."""
    if not read:
        return f"Reading: {total:,} rows"
    return f"Importing: {read:,} of {total:,} rows ({100 * read // total} %)"
