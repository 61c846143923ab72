"""The signals of the system: the dashboard ends in good order, and goes to the background and back."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress

from textual.app import App, SuspendNotSupported

_HURRY = (signal.SIGINT, signal.SIGTERM)
"""Ask for an end; the second one is not heard, it kills."""
_TRIES = 20
"""How often to stop again after `bg`: where the shell has gone, nothing stops us."""


def end_well(app: App[None]) -> None:
    """End with 128 and the signal, when one asks for it: the terminal is given back, and the worker gives its job back.

    A lost line comes more than once, from the system and from the shell; it never hurries.
    """
    loop = asyncio.get_running_loop()

    def end(number: int) -> None:
        for other in _HURRY:
            loop.remove_signal_handler(other)
            signal.signal(other, signal.SIG_DFL)
        app.exit(None, 128 + number)

    for number in (*_HURRY, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, end, number)


class Background:
    """Goes to the background and comes back, by SIGTSTP or because somebody asks; `still` holds the database still meanwhile."""

    def __init__(self, app: App[None], still: Callable[[], AbstractContextManager[bool]]) -> None:
        self._app = app
        self._still = still
        self._away = False

    @property
    def has_shell(self) -> bool:
        """Whether somebody would get a prompt back: the command of an `ssh -t` has no shell behind it."""
        return os.getsid(0) != os.getpid()

    def watch(self) -> None:
        """Listen from here on. Textual's own handlers would stop in the middle of a write, and start twice."""
        loop = asyncio.get_running_loop()

        def stop(*_: object) -> None:
            if self._away:  # ctrl+z in the editor that we wait for
                with self._still():  # the editor has stopped already: there is no choice
                    os.kill(os.getpid(), signal.SIGSTOP)
            else:
                loop.call_soon_threadsafe(self.rest)

        def go_on(*_: object) -> None:
            if not self._away:
                loop.call_soon_threadsafe(self._come_back)

        signal.signal(signal.SIGTSTP, stop)
        signal.signal(signal.SIGCONT, go_on)

    @contextmanager
    def away(self) -> Iterator[None]:
        """Somebody else has the terminal."""
        self._away = True
        try:
            yield
        finally:
            self._away = False

    def rest(self) -> None:
        """Give the terminal back and stop, with everybody in our process group: `make run` stops too. Back at SIGCONT."""
        with suppress(SuspendNotSupported), self._still() as still:
            if not still:
                self._app.bell()  # an import, say: stopped now, it would keep everybody else out
                return
            with self._app.suspend():
                before = signal.getsignal(signal.SIGTSTP)
                _stop()
                signal.signal(signal.SIGTSTP, before)

    def _come_back(self) -> None:
        """Somebody stopped us by force: whoever had the terminal meanwhile may have changed it."""
        with suppress(SuspendNotSupported), self._app.suspend():
            pass


def _stop() -> None:
    """Stop as ctrl+z would, until a shell brings us to the front; `bg` alone is no reason to draw.

    Without a shell the system lets the signal pass, where SIGSTOP would hang.
    """
    for _ in range(_TRIES):
        signal.signal(signal.SIGTSTP, signal.SIG_IGN)
        os.kill(0, signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        signal.pthread_kill(threading.get_ident(), signal.SIGTSTP)
        if _in_front():
            return


def _in_front() -> bool:
    """Whether the terminal is ours; true where there is none any more."""
    try:
        return os.tcgetpgrp(sys.__stdin__.fileno()) == os.getpgrp() if sys.__stdin__ else True
    except OSError:
        return True
