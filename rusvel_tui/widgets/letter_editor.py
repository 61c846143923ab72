"""Subject and text of a mail to be typed in place; it tells what was typed whenever the typing rests."""

from __future__ import annotations

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static, TextArea

from rusvel_tui.engine.text import one_line, sanitize
from rusvel_tui.widgets.plain import plain

REST = 0.4
"""Seconds without typing before what was typed is told."""


class LetterEditor(Vertical):
    """Two fields, one for the subject and one for the text. Escape means done: nothing that was typed is lost."""

    BINDINGS = [Binding("escape", "done", "Done", show=False, id="letter.done")]

    @dataclass
    class Typed(Message):
        """The typing rests."""

        subject: str
        body: str

    @dataclass
    class Done(Message):
        """The person is done; the text may be as it was."""

        subject: str
        body: str

    def __init__(self, title: str, subject: str, body: str, hint: str = "") -> None:
        super().__init__(classes="letter-editor")
        self.heading, self.hint = title, hint
        self.first = (one_line(subject), sanitize(body))
        self._rest: Timer | None = None

    def compose(self) -> ComposeResult:
        subject, body = self.first
        yield Static(plain(self.heading))
        yield Input(subject, compact=True, id="letter-subject", placeholder="Subject")
        yield TextArea(body, compact=True, id="letter-body", soft_wrap=True)
        yield Static(
            plain(self.hint or "esc saves and leaves · tab goes on · z takes it back afterwards"),
            classes="muted",
        )

    def on_mount(self) -> None:
        self.query_one(TextArea).focus()

    @property
    def text(self) -> tuple[str, str]:
        """Subject and body as they stand."""
        return self.query_one(Input).value, self.query_one(TextArea).text

    def take(self, subject: str, body: str) -> bool:
        """Show another text, unless somebody typed already; whether it is shown."""
        if self.text != self.first:
            return False
        self.query_one(Input).value = one_line(subject)
        self.query_one(TextArea).text = sanitize(body)
        return True

    @on(Input.Submitted)
    def _down(self) -> None:
        self.query_one(TextArea).focus()

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _typed(self) -> None:
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(REST, self._tell)

    def _tell(self) -> None:
        if self.text != self.first:
            self.post_message(self.Typed(*self.text))

    def action_done(self) -> None:
        """Leave the fields."""
        if self._rest is not None:
            self._rest.stop()
        self.post_message(self.Done(*self.text))
