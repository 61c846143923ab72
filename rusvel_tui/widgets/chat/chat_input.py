"""The line that is written in: grows with its text, Enter sends, the arrows bring back what was said before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.widgets import TextArea

from rusvel_tui.engine.text import sanitize

HISTORY = 100
"""Questions that are kept to come back to."""


class ChatInput(TextArea):
    """Enter sends; a backslash before it, or F4, begins a new line; pasted text keeps its lines."""

    BINDINGS = [Binding("f4", "new_line", "New line", show=False, id="chat.new_line")]

    @dataclass
    class Sent(Message):
        """The person said this."""

        text: str

    @dataclass
    class Typed(Message):
        """The text up to the cursor is this now."""

        before: str

    @dataclass
    class Completing(Message):
        """Tab: the next thing that could stand here."""

    AT_REST = "i to write"
    HINT = "enter sends · \\ enter: new line · / skills · @ agents"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(compact=True, soft_wrap=True, show_line_numbers=False, id=id)
        self.past: list[str] = []
        self._at = 0
        self._draft = ""
        self.placeholder = self.AT_REST

    def watch_has_focus(self, focus: bool) -> None:
        """The hint is about what can be pressed now."""
        super().watch_has_focus(focus)
        self.placeholder = self.HINT if focus else self.AT_REST

    def check_consume_key(self, key: str, character: str | None = None) -> bool:
        """Tab is ours too: it completes."""
        return key == "tab" or super().check_consume_key(key, character)

    async def _on_key(self, event: events.Key) -> None:
        """Enter and Tab are not text here."""
        if event.key not in ("enter", "tab"):
            return
        event.stop()
        event.prevent_default()
        if event.key == "tab":
            self.post_message(self.Completing())
        elif self.before.endswith("\\"):
            self.action_delete_left()
            self.action_new_line()
        else:
            self._send()

    @property
    def before(self) -> str:
        """What stands before the cursor."""
        return self.get_text_range((0, 0), self.cursor_location)

    def fill(self, text: str) -> None:
        """Put a text here, the cursor at its end."""
        self.replace(sanitize(text), (0, 0), self.document.end)
        self.move_cursor(self.document.end)

    def complete(self, text: str) -> None:
        """Put this in place of what stands before the cursor."""
        self.replace(sanitize(text), (0, 0), self.cursor_location)

    def action_new_line(self) -> None:
        """Begin a new line."""
        self.insert("\n")

    def action_cursor_up(self, select: bool = False) -> None:
        """Up a line; from the first one, to what was said before."""
        if self.cursor_location[0] > 0 or select:
            super().action_cursor_up(select)
        else:
            self._recall(1)

    def action_cursor_down(self, select: bool = False) -> None:
        """Down a line; from the last one, back towards what is being written."""
        if self.cursor_location[0] < self.document.line_count - 1 or select:
            super().action_cursor_down(select)
        elif self._at:
            self._recall(-1)

    def remember(self, texts: Sequence[str]) -> None:
        """What was said before, oldest first."""
        self.past = list(texts)[-HISTORY:]
        self._at = 0

    def _recall(self, by: int) -> None:
        if not self._at:
            self._draft = self.text
        self._at = max(0, min(len(self.past), self._at + by))
        self.fill(self.past[-self._at] if self._at else self._draft)

    def _send(self) -> None:
        text = self.text.strip()
        if not text:
            return
        if self.past[-1:] != [text]:
            self.remember([*self.past, text])
        self._at, self._draft = 0, ""
        self.fill("")
        self.post_message(self.Sent(text))

    def on_text_area_changed(self) -> None:
        self.post_message(self.Typed(self.before))
