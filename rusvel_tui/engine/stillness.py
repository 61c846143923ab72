"""Moments in which this process has no transaction open: whoever is stopped within one keeps other processes out."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Stillness:
    """Counts the open transactions of all threads, and can hold new ones back."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._open = 0
        self._held = False
        self._mine = threading.local()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Something is read or written; one within another of the same thread counts once."""
        if getattr(self._mine, "inside", False):
            yield
            return
        with self._changed:
            self._changed.wait_for(lambda: not self._held)
            self._open += 1
        self._mine.inside = True
        try:
            yield
        finally:
            self._mine.inside = False
            with self._changed:
                self._open -= 1
                self._changed.notify_all()

    @contextmanager
    def hold(self, patience: float) -> Iterator[bool]:
        """Let nothing begin. False when something that had begun did not end within `patience` seconds."""
        with self._changed:
            self._held = True
            still = self._changed.wait_for(lambda: not self._open, patience)
        try:
            yield still
        finally:
            with self._changed:
                self._held = False
                self._changed.notify_all()
