"""A prompt of one line at the bottom of the screen: commands, finding, filtering, reasons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input, Static

from rusvel_tui.engine.text import one_line
from rusvel_tui.widgets.plain import plain

HISTORY = 100
"""Answers kept for each kind of question."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the prompt asks. `kind` names the history that it shares with others of its kind."""

    kind: str
    label: str
    value: str = ""
    words: Sequence[str] = ()
    """What can be completed with Tab."""
    hint: str = ""
    """Shown while nothing is typed."""
    typed: Callable[[str], None] | None = None
    """Told of every change, for a search that follows the typing."""
    complete: Callable[[str], Sequence[str]] | None = None
    """What can be completed with Tab once that is typed, in place of `words`: paths are too many for a list."""


Then = Callable[[str | None], None]


class LineInput(Horizontal):
    """Hidden until somebody asks; then it takes the focus and gives it back."""

    BINDINGS = [
        Binding("escape", "cancel", "Cancel", show=False, id="line.cancel"),
        Binding("tab", "complete", "Complete", show=False, id="line.complete"),
        Binding("up", "recall(1)", "Older", show=False, id="line.older"),
        Binding("down", "recall(-1)", "Newer", show=False, id="line.newer"),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.history: dict[str, list[str]] = {}
        self._question = Question("", "")
        self._then: Then | None = None
        self._before: Widget | None = None
        self._at = 0
        self._offered: list[str] = []

    def compose(self) -> ComposeResult:
        yield Static(id="line-label", markup=False)
        yield Input(id="line-text", compact=True, select_on_focus=False)

    def on_mount(self) -> None:
        self.display = False

    @property
    def line(self) -> Input:
        """Where the text is typed."""
        return self.query_one("#line-text", Input)

    @property
    def waiting(self) -> bool:
        """True while somebody is asked."""
        return self._then is not None

    def ask(self, question: Question, then: Then) -> None:
        """Show the prompt; `then` is told the text, None when the person gave up."""
        self._end(None)
        self._question, self._then = question, then
        self._before = self.screen.focused
        self._at, self._offered = 0, []
        self.query_one("#line-label", Static).update(plain(question.label))
        self.line.suggester = (
            SuggestFromList(question.words, case_sensitive=False) if question.words else None
        )
        self.line.placeholder = one_line(question.hint)
        self._fill(question.value)
        self.display = True
        self.screen.set_focus(self.line)  # at once: the next key is typed here

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self._then is not None and self._question.typed is not None:
            self._question.typed(event.value)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        text = event.value.strip()
        past = self.history.setdefault(self._question.kind, [])
        if text and past[-1:] != [text]:
            past.append(text)
            del past[:-HISTORY]
        self._end(text)

    def action_cancel(self) -> None:
        """Give up."""
        self._end(None)

    def action_recall(self, by: int) -> None:
        """An older or newer answer to the same kind of question."""
        past = self.history.get(self._question.kind, [])
        self._at = max(0, min(len(past), self._at + by))
        self._fill(past[-self._at] if self._at else self._question.value)

    def action_complete(self) -> None:
        """The first word that begins with what is typed; again for the next one."""
        typed = self.line.value
        if typed in self._offered and len(self._offered) > 1:
            at = self._offered.index(typed) + 1
        else:
            words = self._question.words
            if self._question.complete is not None:
                words = self._question.complete(typed)
            self._offered = [word for word in words if word.lower().startswith(typed.lower())]
            at = 0
        if self._offered:
            self._fill(self._offered[at % len(self._offered)])

    def _fill(self, text: str) -> None:
        self.line.value = text
        self.line.cursor_position = len(text)

    def _end(self, answer: str | None) -> None:
        then, self._then = self._then, None
        if then is None:
            return
        self.display = False
        if self._before is not None and self._before.is_attached:
            self.screen.set_focus(self._before)
        then(answer)
