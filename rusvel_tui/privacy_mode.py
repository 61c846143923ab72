"""Privacy mode of the dashboard: names are read, and every line that is drawn goes through the mask."""

from __future__ import annotations

from abc import abstractmethod
from functools import partial
from typing import TYPE_CHECKING

from textual import work

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.widgets.desk_app import DeskApp
from rusvel_tui.widgets.header import Light

if TYPE_CHECKING:
    from rusvel_tui.widgets.privacy import Known


class PrivacyMode(DeskApp):
    """Can hide names, addresses and amounts from whoever looks at the screen too."""

    engine: Engine
    starts_private = False

    def on_mount(self) -> None:
        if self.starts_private:
            self.hide_names()

    @abstractmethod
    def read_lights(self) -> None:
        """Show the states in the header again."""

    def action_privacy(self) -> None:
        """Hide them, or show them again."""
        if self.privacy is not None:
            self._mask_with(None)
            self.say("Names and amounts are shown again.")
            return
        self.hide_names()
        self.say("Names, addresses and amounts are masked. What is stored and sent stays as it is.")

    def hide_names(self) -> None:
        """From here on nothing private is drawn: until the names are known, no word with a capital letter."""
        from rusvel_tui.widgets.privacy import Everything

        self._mask_with(Everything())
        self._learn()

    def learn_names(self) -> None:
        """Names that are new since; runs in a thread, before pages hear the news."""
        if self.privacy is None:
            return
        from rusvel_tui.engine.gtm.crm.finding.names import list_names
        from rusvel_tui.engine.operation import Input
        from rusvel_tui.widgets.privacy import Known

        try:
            names = self.engine.run(list_names, Input())
        except EngineError:
            return  # what is masked stays masked
        self.call_later(partial(self._go_on_with, Known(names.people, names.firms)))

    @work(thread=True, group="names", exit_on_error=False)
    def _learn(self) -> None:
        self.learn_names()

    def _go_on_with(self, known: Known) -> None:
        if self.privacy is not None:
            self._mask_with(known)

    def _mask_with(self, known: Known | None) -> None:
        """Draw everything again; each set of names has a filter of its own."""
        from rusvel_tui.widgets.privacy import Privacy

        self.privacy = None if known is None else Privacy(known)
        for screen in self.screen_stack:
            for widget in screen.walk_children(with_self=True):
                widget.refresh()
        self.read_lights()

    def with_privacy(self, lights: tuple[Light, ...]) -> tuple[Light, ...]:
        """The states of the header, with that of privacy mode."""
        return lights if self.privacy is None else (Light("private", tone="accent"), *lights)
