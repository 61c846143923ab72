"""What the dashboard knows about itself: its engine, its session, and the states in the header."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from textual import work

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.sessions import ListSessions, list_sessions
from rusvel_tui.engine.worker import Worker
from rusvel_tui.habits import Habits
from rusvel_tui.privacy_mode import PrivacyMode
from rusvel_tui.screens.page import Page
from rusvel_tui.system_signals import Background
from rusvel_tui.widgets.header import Header, Light

if TYPE_CHECKING:
    from rusvel_tui.screens.first_run.setup import Setup


class Workspace(PrivacyMode):
    """Has an engine, perhaps a worker, and a page in front."""

    setup: Setup | None = None
    """The way to the person's settings, for the guided start."""

    def __init__(self, engine: Engine, worker: Worker | None, habits: Habits | None = None) -> None:
        super().__init__()
        self.habits = habits or Habits()
        self.engine = engine
        self.worker = worker
        self.guest = engine.read_only or engine.grants is not None
        self.background = Background(self, engine.still)

    @contextmanager
    def suspend(self) -> Iterator[None]:
        """Hand the terminal over."""
        with self.background.away(), super().suspend():
            yield

    @property
    @abstractmethod
    def page(self) -> Page[Any]:
        """The page in front."""

    def use_own_keys(self) -> None:
        """Bind the keys of the person's own file; what is wrong with it is said once the desk is there."""
        keymap = self.habits.keymap
        self.own_keys = keymap.keys
        self.set_keymap(keymap.plain())
        if keymap.keys or keymap.problems:
            self.call_after_refresh(self._check_keys)

    @work(thread=True, group="keymap", exit_on_error=False)
    def _check_keys(self) -> None:
        """In a thread and after the first picture: checking needs all of the screens."""
        from rusvel_tui.every_key import faults

        keymap = self.habits.keymap
        for fault in (*keymap.problems, *faults(keymap)):
            self.call_later(self.say, fault, bad=True)

    @property
    def lacks_session(self) -> bool:
        """True for a desk where nobody has begun yet. Reads the database."""
        return not (self.guest or self.engine.run(list_sessions, ListSessions()).items)

    def action_welcome(self) -> None:
        """The guided start."""
        self.page.visit("welcome")

    @work
    async def action_session(self) -> None:
        """The settings of the session."""
        from rusvel_tui.screens.session_forms import edit_session

        try:
            await edit_session(self.page)
        except EngineError as error:
            self.say(str(error), bad=True)

    @work
    async def action_use(self, name: str = "") -> None:
        """Work in another session."""
        from rusvel_tui.screens.session_forms import switch_session

        try:
            await switch_session(self.page, name)
        except EngineError as error:
            self.say(str(error), bad=True)

    def read_lights(self) -> None:
        """Show the states in the header again."""
        self._read_lights()

    @work(thread=True, group="lights", exclusive=True, exit_on_error=False)
    def _read_lights(self) -> None:
        from rusvel_tui.screens.status import read_lights

        self.call_later(self._show_lights, read_lights(self.engine, self.worker))

    def _show_lights(self, lights: tuple[Light, ...]) -> None:
        for header in self.query(Header):  # there is none while the program ends
            header.lights = self.with_privacy(lights)
