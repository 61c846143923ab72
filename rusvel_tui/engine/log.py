"""The log for whoever looks for a fault: what broke and where. What happened to the data is told by events.

Nothing of it is written until a front end has named a log; what goes into it is chosen there, too.
"""

from __future__ import annotations

from typing import Protocol

from rusvel_tui.engine.errors import EngineError, StorageDamaged, StorageFull


class Log(Protocol):
    """Takes lines down; never raises."""

    def write(self, level: str, where: str, text: str, error: BaseException | None = None) -> None:
        """One entry: `error`, `warning` or `info`, the part of the program, and what there is to say."""


class _Nowhere:
    def write(self, level: str, where: str, text: str, error: BaseException | None = None) -> None:
        """Nobody reads it."""


_log: Log = _Nowhere()


def keep(log: Log) -> None:
    """Write into this log from now on, in the whole process."""
    global _log
    _log = log


def failed(where: str, error: BaseException) -> None:
    """Something broke. What the engine refuses is no fault, unless the storage is to blame."""
    if isinstance(error, (StorageDamaged, StorageFull)):
        _log.write("error", where, str(error))
    elif not isinstance(error, EngineError):
        _log.write("error", where, "", error)


def warn(where: str, text: str) -> None:
    """Something does not work and is tried again."""
    _log.write("warning", where, text)


def note(where: str, text: str) -> None:
    """Something was done that matters when a fault is looked for."""
    _log.write("info", where, text)
