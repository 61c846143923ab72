"""A clean end: the signals that ask a command to stop, as an event that it can look at."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, current_thread, main_thread

ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""The signals that ask for an end: ctrl-c, the system or a person, a lost line."""


class Stop(Event):
    """Set by the first signal; `number` says by which, 0 when it was none."""

    number = 0

    @property
    def exit_code(self) -> int:
        """128 and the signal, as shells have it; 0 without one."""
        return 128 + self.number if self.number else 0


@contextmanager
def stopped_by_signals() -> Iterator[Stop]:
    """Sets the event at the first signal; a second one ends the process as usual.

    A lost line comes twice, from the system and from the shell, and never hurries. What was ignored
    from the start stays so: `nohup` works.
    """
    stop = Stop()
    if current_thread() is not main_thread():
        yield stop
        return
    before = {number: signal.getsignal(number) for number in heeded()}

    def ask(number: int, _frame: object) -> None:
        stop.number = stop.number or number
        stop.set()
        if number != signal.SIGHUP:
            signal.signal(number, before[signal.Signals(number)])

    for number in before:
        signal.signal(number, ask)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def heeded() -> list[signal.Signals]:
    """The signals of `ENDS` that this process was not told to ignore."""
    return [number for number in ENDS if signal.getsignal(number) is not signal.SIG_IGN]
