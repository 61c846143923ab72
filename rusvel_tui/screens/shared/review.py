"""What would happen, to read before a yes: a change shown in full, and one key that does it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.events import Key
from textual.screen import ModalScreen
from textual.widgets import Static

from rusvel_tui.widgets.plain import plain
from rusvel_tui.widgets.text_view import Block, TextView


class Review(ModalScreen[str]):
    """Dismissed with the key that was chosen, with nothing when the person gave up. Enter alone does nothing."""

    BINDINGS = [Binding("escape,q,n", "dismiss('')", "No", show=False, id="review.no")]

    def __init__(self, title: str, blocks: Sequence[Block], answers: Mapping[str, str]) -> None:
        super().__init__()
        self.heading, self.blocks, self.answers = title, tuple(blocks), answers

    def compose(self) -> ComposeResult:
        keys = " · ".join(f"{key} {meaning}" for key, meaning in self.answers.items())
        with Vertical(classes="dialog reader"):
            yield Static(plain(self.heading), classes="dialog-title")
            yield TextView(self.blocks)
            yield Static(plain(f"{keys} · n goes back · j k scroll"), classes="dialog-hint")

    def on_mount(self) -> None:
        self.query_one(TextView).focus()

    def on_key(self, event: Key) -> None:
        """One of the answers."""
        if event.key in self.answers:
            event.stop()
            self.dismiss(event.key)
