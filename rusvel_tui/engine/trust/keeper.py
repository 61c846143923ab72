"""Makes the backup of each day beside the work, wherever the desk is open, and says when it could not be made."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from rusvel_tui.engine import log
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.trust.copying import PAUSE, no_room
from rusvel_tui.engine.trust.daily import Daily
from rusvel_tui.engine.trust.told import BackupFailure, note_failure

if TYPE_CHECKING:
    from rusvel_tui.engine.core import Engine

FIRST = 3.0
"""Seconds after the start: the first screen comes first."""
EVERY = 600.0
"""Seconds between two looks whether there is a backup of today."""


class BackupKeeper:
    """Looks now and then whether the backup of today is there, and makes it."""

    def __init__(self, engine: Engine) -> None:
        policy = engine.policy
        self.daily = Daily.of(engine.path, policy.backup_days, policy.backup_folder)
        self.error = ""
        """Why the last one could not be made; empty when all is well."""
        self._engine = engine

    @contextmanager
    def beside(self, stop: threading.Event) -> Iterator[None]:
        """Look in a thread of its own until the block or the work ends."""
        if not self.daily.keep:
            yield
            return
        over = threading.Event()
        thread = threading.Thread(target=self._run, args=(over, stop), name="backup", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()

    def look(self, *, pause: float = PAUSE) -> None:
        """Make the backup of today if it is missing and there is anything to lose; never raises what can go wrong."""
        now = self._engine.clock.now()
        if not self.daily.is_due(now):
            return
        try:
            if self._engine.cursor():
                made = self.daily.make(now, pause=pause)
                log.note("backup", f"{made.name} made" if made else "another process makes it")
            self.error = ""
        except EngineError as error:
            self._tell(str(error))
        except OSError as error:
            self._tell(str(no_room(error, self.daily.folder)))

    def _run(self, over: threading.Event, stop: threading.Event) -> None:
        wait = FIRST
        while not over.wait(wait) and not stop.is_set():
            self.look()
            wait = EVERY

    def _tell(self, why: str) -> None:
        """Once for each reason: in the log of what happened, where it can be written, and to who asks for `error`."""
        if why != self.error:
            self.error = why
            log.warn("backup", why)
            with suppress(EngineError):  # on a full disk this cannot be written either
                self._engine.run(note_failure, BackupFailure(reason=why))
