"""A clock that runs faster than the machine's, the same in every process: hours of waiting pass in seconds."""

from __future__ import annotations

from datetime import datetime
from threading import Event

from rusvel_tui.adapters.clock import SystemClock

FACTOR = 600
"""Seconds of the story in one of the machine."""


class FastClock:
    """Began at `start` when the machine's clock showed `origin`."""

    def __init__(self, start: datetime, origin: datetime) -> None:
        self._start, self._origin, self._real = start, origin, SystemClock()

    def now(self) -> datetime:
        return self._start + (self._real.now() - self._origin) * FACTOR

    def monotonic(self) -> float:
        return self._real.monotonic() * FACTOR

    def wait(self, stop: Event, seconds: float) -> bool:
        return self._real.wait(stop, seconds / FACTOR)
