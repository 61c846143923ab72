"""What every full-screen program of ours is: our themes, our keys, safe text, no animation."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from textual.app import App
from textual.filter import LineFilter
from textual.message import Message
from textual.screen import Screen

from rusvel_tui.engine import log
from rusvel_tui.terminal import FULL, Drawing
from rusvel_tui.theme import THEMES, meanings
from rusvel_tui.widgets.clipboard import clipboard_sequence
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

    def __init__(self) -> None:
        super().__init__()
        self._last_filters = _last_filters(FULL)
        self.privacy: LineFilter | None = None
        self.animation_level = "none"
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        if self.no_color:  # Textual takes the colours from these, and leaves black on black
            for name in [name for name, theme in self.available_themes.items() if theme.ansi]:
                self.unregister_theme(name)

    def draw_with(self, drawing: Drawing) -> None:
        """Keep to what this terminal can show."""
        self._last_filters = _last_filters(drawing)

    def get_default_screen(self) -> DeskScreen:
        return DeskScreen(id="_default")

    def get_line_filters(self) -> list[LineFilter]:
        private = [] if self.privacy is None else [self.privacy]
        return [*super().get_line_filters(), *private, *self._last_filters]

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return meanings(self.current_theme)

    @property
    def failure(self) -> Exception | None:
        """What ended the program that nobody had expected."""
        return self._exception

    def _fatal_error(self) -> None:
        """End without Textual's picture of the failure: it shows the values of variables, mails and passwords among them."""
        self._close_messages_no_wait()

    def _handle_exception(self, error: Exception) -> None:
        """What ends the program leaves its place in the log, besides what Textual shows."""
        log.failed("screen", error)
        if not self._exit:  # a dialog that is taken down while it is put up is no failure
            super()._handle_exception(error)

    def copy_to_clipboard(self, text: str) -> None:
        """Put text into the clipboard of the terminal at the person's end of the line."""
        self._clipboard = text
        if self._driver is not None:
            self._driver.write(clipboard_sequence(text, os.environ))

    def say(self, text: str, *, bad: bool = False) -> None:
        """A short message that vanishes by itself."""
        self.notify(plain(text).plain, severity="error" if bad else "information", markup=False)


def _last_filters(drawing: Drawing) -> list[LineFilter]:
    """What every line goes through on its way to the terminal."""
    filters: list[LineFilter] = [NoControlCodes()]
    if drawing.glyphs != "all":
        from rusvel_tui.widgets.glyphs import Twins

        filters.append(Twins(drawing.glyphs, fold=drawing.fold))
    if drawing.sixteen:
        from rusvel_tui.widgets.sixteen_colours import SixteenColours

        filters.append(SixteenColours())
    return filters


def shut_to_guest(app: App[Any]) -> bool:
    """Whether a guest asked for a file or a program of this machine; they are told that there is none for them."""
    if not (isinstance(app, DeskApp) and app.guest):
        return False
    app.say("You are a guest here: this desk opens no files and no editor for you.", bad=True)
    return True
