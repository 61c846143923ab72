"""Dialogs: typed questions. They answer and do nothing else; forms are in `widgets/form.py`."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from rusvel_tui.widgets.plain import plain
from rusvel_tui.widgets.text_view import Block, TextView


class Confirm(ModalScreen[bool]):
    """Yes or no. The focus stands on no, so that a hasty Enter does no harm."""

    BINDINGS = [
        Binding("y", "answer(True)", "Yes", show=False, id="confirm.yes"),
        Binding("n,escape,q", "answer(False)", "No", show=False, id="confirm.no"),
        Binding("left,h", "app.focus_previous", "Button before", show=False, id="confirm.left"),
        Binding("right,l", "app.focus_next", "Next button", show=False, id="confirm.right"),
    ]

    def __init__(
        self, question: str, *, detail: str = "", yes: str = "Yes", no: str = "No"
    ) -> None:
        super().__init__()
        self.question, self.detail = question, detail
        self.yes, self.no = yes, no

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(plain(self.question), classes="dialog-title")
            if self.detail:
                yield Static(plain(self.detail), classes="dialog-text")
            with Horizontal(classes="dialog-buttons"):
                yield Button(plain(self.no), compact=True, id="no")
                yield Button(plain(self.yes), compact=True, id="yes")
                yield Static("y yes · n no", classes="dialog-keys")

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.action_answer(event.button.id == "yes")

    def action_answer(self, yes: bool) -> None:
        """Close with this answer."""
        self.dismiss(yes)


class Reader(ModalScreen[None]):
    """Text in full, over the page."""

    BINDINGS = [Binding("escape,q,enter", "close", "Close", show=False, id="reader.close")]

    def __init__(self, title: str, blocks: Sequence[Block], *, look: str = "") -> None:
        super().__init__()
        self.heading, self.blocks = title, blocks
        self.look = look
        """`-paper` is laid out for 78 columns already and needs them all; `broad` is for lines of numbers."""

    def compose(self) -> ComposeResult:
        with Vertical(classes=f"dialog reader {self.look}"):
            yield Static(plain(self.heading), classes="dialog-title")
            yield TextView(self.blocks)

    def on_mount(self) -> None:
        self.query_one(TextView).focus()

    def action_close(self) -> None:
        """Back to the page."""
        self.dismiss(None)
