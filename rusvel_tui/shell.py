"""The commands that work on every page: the `:` line, help, undo, colours, the worker."""

from __future__ import annotations

from textual import work

from rusvel_tui.doing import Doing
from rusvel_tui.engine.event_kinds import EVENT_KINDS
from rusvel_tui.engine.undo import Undone
from rusvel_tui.keys import APPLICATION
from rusvel_tui.palette import Actions
from rusvel_tui.theme import DARK, LIGHT


class Shell(Doing):
    """Does what is asked for on any page."""

    ACTIONS = APPLICATION
    COMMANDS = {Actions}

    def action_command(self, text: str = "") -> None:
        """The `:` line."""
        self.open_command_line(text)

    def action_step_back(self) -> None:
        """Close what is on top on the page."""
        self.page.back()

    def action_undo(self) -> None:
        """Take back the last change."""
        self.page.run("undo", {}, then=lambda done: self.say(f"Undone: {_told(done)}"))

    def action_redo(self) -> None:
        """Make it again."""
        self.page.run("redo", {}, then=lambda done: self.say(f"Made again: {_told(done)}"))

    @work(exit_on_error=False)
    async def action_search_everything(self) -> None:
        """Find a contact, a company, a deal or a note, and go there."""
        from rusvel_tui.screens.search_everything import search_everything

        await search_everything(self.page)

    def action_redraw(self) -> None:
        """Draw everything again."""
        self.screen.refresh(layout=True)

    def action_suspend(self) -> None:
        """Go to the background of the shell."""
        if self.is_headless or self.is_web or not self.background.has_shell:
            self.say("There is no shell behind this desk to go back to. q ends it.", bad=True)
        else:
            self.background.rest()

    def action_theme(self, name: str = "") -> None:
        """Change the colours; without a name between our dark and light ones."""
        name = name or (LIGHT.name if self.current_theme.dark else DARK.name)
        if name in self.available_themes:
            self.theme = name
        else:
            self.say(
                f"There is no theme “{name}”. Type :theme and press tab to see them.", bad=True
            )

    def action_worker(self) -> None:
        """Let the worker rest, or go on."""
        if self.worker is None:
            self.say("There is no worker here. Start one with: rusvel worker", bad=True)
            return
        (self.worker.resume if self.worker.paused else self.worker.pause)()
        self.read_lights()


def _told(done: Undone) -> str:
    """What a change was, and about whom: `z` reaches back as far as the log, so its message says where it is."""
    what = EVENT_KINDS[done.kind]
    return f"{what} ({done.name})" if done.name else what
