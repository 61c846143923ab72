"""What every full-screen program of ours is: our themes, our keys, safe text, no animation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.app import App
from textual.filter import LineFilter
from textual.message import Message
from textual.screen import Screen

from rusvel_tui.theme import THEMES, meanings
from rusvel_tui.widgets.key_router import KeyRouter
from rusvel_tui.widgets.plain import NoControlCodes, plain

STYLES = Path(__file__).parent.parent / "styles.tcss"


class DeskScreen(Screen[None]):
    """The screen under all dialogs; pages put their parts side by side from 100 cells on."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]

    class Resumed(Message, bubble=False):
        """Told to each page when the last dialog has closed."""

    def on_screen_resume(self) -> None:
        for page in self.query(".page"):
            page.post_message(self.Resumed())


class DeskApp(KeyRouter):
    """The looks and manners of every program of ours."""

    CSS_PATH = STYLES
    ENABLE_COMMAND_PALETTE = True
    guest = False
    """Whether somebody looks on who must not reach the files and programs of this machine."""

    _control_codes = NoControlCodes()

    def __init__(self) -> None:
        super().__init__()
        self.animation_level = "none"
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name

    def get_default_screen(self) -> DeskScreen:
        return DeskScreen(id="_default")

    def get_line_filters(self) -> list[LineFilter]:
        return [*super().get_line_filters(), self._control_codes]

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return meanings(self.current_theme)

    def say(self, text: str, *, bad: bool = False) -> None:
        """A short message that vanishes by itself."""
        self.notify(plain(text).plain, severity="error" if bad else "information", markup=False)


def shut_to_guest(app: App[Any]) -> bool:
    """Whether a guest asked for a file or a program of this machine; they are told that there is none for them."""
    if not (isinstance(app, DeskApp) and app.guest):
        return False
    app.say("You are a guest here: this desk opens no files and no editor for you.", bad=True)
    return True
