"""The only place that asks the machine for the time."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from threading import Event, Lock


class SystemClock:
    """The time of this machine."""

    def now(self) -> datetime:
        """The moment, aware and in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never go backwards."""
        return time.monotonic()

    def wait(self, stop: Event, seconds: float) -> bool:
        """Sleeps that long, or until `stop` is set; True when it is set."""
        return stop.wait(max(0.0, seconds))


class FixedClock:
    """A time that stands still and moves only when somebody waits; for `--now`, demos and tests."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("a time without a zone")
        self._start = start.astimezone(UTC)
        self._passed = 0.0
        self._lock = Lock()

    def now(self) -> datetime:
        """The start and all that was waited since, in UTC."""
        return self._start + timedelta(seconds=self._passed)

    def monotonic(self) -> float:
        """The seconds that were waited since the start."""
        return self._passed

    def wait(self, stop: Event, seconds: float) -> bool:
        """Moves the time on at once, unless `stop` is set; True when it is set."""
        if stop.is_set():
            return True
        with self._lock:
            self._passed += max(0.0, seconds)
        return stop.is_set()
