"""The hands of whoever acts in the story: operations, a clock that can be moved, and chance that repeats."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from threading import Event
from typing import Any

from rusvel_tui.engine.core import Engine


class Hands:
    """Shared by all parts of the story, so that one seed gives one order of events."""

    def __init__(self, engine: Engine, seed: int) -> None:
        self.engine = engine
        self.rng = Random(seed)  # noqa: S311 (a story, not a secret)

    @property
    def now(self) -> datetime:
        """The time in the story."""
        return self.engine.clock.now()

    def call(self, operation: str, /, **data: Any) -> Any:
        """An operation by name."""
        return self.engine.call(operation, data)

    def later(self, **delta: float) -> None:
        """Let time pass."""
        self.engine.clock.wait(Event(), timedelta(**delta).total_seconds())

    def until(self, moment: datetime) -> None:
        """Let time pass up to a moment."""
        self.later(seconds=(moment - self.now).total_seconds())
