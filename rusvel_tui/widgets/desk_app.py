"""What every full-screen program of ours is: our themes, our keys, safe text, no animation."""

from __future__ import annotations

from pathlib import Path

from textual import events
from textual.app import App
from textual.filter import LineFilter
from textual.message import Message
from textual.screen import Screen

from rusvel_tui.actions import Acts, Offer, available, chords
from rusvel_tui.theme import THEMES, meanings
from rusvel_tui.widgets.bottom_bar import BottomBar
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


class DeskApp(Acts, App[None]):
    """Routes the keys of the strip and of prefixes; everything else is Textual's own way."""

    CSS_PATH = STYLES
    ENABLE_COMMAND_PALETTE = True

    _control_codes = NoControlCodes()

    def __init__(self) -> None:
        super().__init__()
        self.animation_level = "none"
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name

    def get_default_screen(self) -> DeskScreen:
        return DeskScreen(id="_default")

    @property
    def bottom(self) -> BottomBar:
        """The bar of the default screen."""
        return self.query_one(BottomBar)

    def get_line_filters(self) -> list[LineFilter]:
        return [*super().get_line_filters(), self._control_codes]

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return meanings(self.current_theme)

    def say(self, text: str, *, bad: bool = False) -> None:
        """A short message that vanishes by itself."""
        self.notify(plain(text).plain, severity="error" if bad else "information", markup=False)

    async def run_offer(self, offer: Offer, word: str = "") -> None:
        """Do what an action says, on the node that offers it."""
        if offer.action.takes:
            await self.run_action(("", offer.action.do, (word,)), offer.node)
        else:
            await self.run_action(offer.action.do, offer.node)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and not event.is_forwarded and self._takes(event):
            return
        await super().on_event(event)

    def _takes(self, event: events.Key) -> bool:
        """True for a key that belongs to the strip or begins a pair of keys."""
        strip = self.bottom.strip
        if strip.waiting:
            strip.press(event.key)
            return True
        focused = self.focused
        if focused is not None and focused.check_consume_key(event.key, event.character):
            return False
        second = chords(available(self.screen)).get(event.key)
        if not second:
            return False
        labels = {key: offer.action.label for key, offer in second.items()}
        strip.ask(event.key, labels, lambda key: self._run_second(second, key))
        return True

    def _run_second(self, second: dict[str, Offer], key: str | None) -> None:
        if key is not None:
            self.call_next(self.run_offer, second[key])
