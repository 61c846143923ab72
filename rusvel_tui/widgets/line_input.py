"""A prompt of one line at the bottom of the screen: commands, finding, filtering, reasons."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input, Static

from rusvel_tui.actions import Acts
from rusvel_tui.engine.text import one_line
from rusvel_tui.widgets.hint_lines import HintLines, LineHint
from rusvel_tui.widgets.plain import plain

HISTORY = 500
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
    hints: Callable[[str], Sequence[LineHint]] | None = None
    """What can follow, shown above the line while it is typed, in place of both. Runs in a thread."""
    problem: str = ""
    """What was wrong with this line before; it is shown until something is typed."""
    cursor: int | None = None
    """Where the cursor begins; behind the last letter when it is not said."""


Then = Callable[[str | None], None]


class LineInput(Acts, Horizontal):
    """Hidden until somebody asks; then it takes the focus and gives it back."""

    BINDINGS = [
        Binding("escape", "cancel", "Cancel", show=False, id="line.cancel"),
        Binding("tab", "complete(1)", "Complete", show=False, id="line.complete"),
        Binding("shift+tab", "complete(-1)", "Complete back", show=False, id="line.back"),
        Binding("up", "recall(1)", "Older", show=False, id="line.older"),
        Binding("down", "recall(-1)", "Newer", show=False, id="line.newer"),
        Binding("ctrl+r", "search", "Search what was typed before", show=False, id="line.search"),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.history: dict[str, list[str]] = {}
        self._question = Question("", "")
        self._then: Then | None = None
        self._before: Widget | None = None
        self._at = 0
        self._stem = ""
        """What older answers must begin with, or hold while they are searched."""
        self._searching = False
        self._filled: str | None = None
        """What was put into the line by itself: nobody typed that."""
        self._offered: tuple[LineHint, ...] = ()
        self._offered_for: str | None = None
        self._taken = -1

    def compose(self) -> ComposeResult:
        yield Static(id="line-label", markup=False)
        yield Input(id="line-text", compact=True, select_on_focus=False)
        yield HintLines()

    def on_mount(self) -> None:
        self.display = False

    @property
    def line(self) -> Input:
        """Where the text is typed."""
        return self.query_one("#line-text", Input)

    @property
    def shown(self) -> HintLines:
        """What is shown above it."""
        return self.query_one(HintLines)

    @property
    def waiting(self) -> bool:
        """True while somebody is asked."""
        return self._then is not None

    def ask(self, question: Question, then: Then) -> None:
        """Show the prompt; `then` is told the text, None when the person gave up."""
        self._end(None)
        self._question, self._then = question, then
        self._before = self.screen.focused
        self._at, self._stem, self._searching = 0, "", False
        self._offered, self._offered_for, self._taken = (), None, -1
        self._label(question.label)
        self.line.suggester = (
            SuggestFromList(question.words, case_sensitive=False) if question.words else None
        )
        self.line.placeholder = one_line(question.hint)
        self._fill(question.value, question.cursor)
        self.shown.show(problem=question.problem)
        self.display = True
        self.screen.set_focus(self.line)  # at once: the next key is typed here
        if question.value and question.hints is not None and not question.problem:
            self._look(question.value)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self._then is None:
            return
        if event.value != self._filled:
            self._at, self._stem, self._searching, self._filled = 0, event.value, False, None
            self._label(self._question.label)
            if self._question.hints is not None:
                self._look(event.value)
        if self._question.typed is not None:
            self._question.typed(event.value)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        text = event.value.strip()
        past = self.history.setdefault(self._question.kind, [])
        if text:  # the same one again becomes the newest
            past[:] = [*(line for line in past if line != text), text][-HISTORY:]
        self._end(text)

    def action_cancel(self) -> None:
        """Give up."""
        self._end(None)

    def action_recall(self, by: int) -> None:
        """An older or newer answer to the same kind of question, of those that begin with what is typed."""
        self._searching = False
        past = [line for line in self._past if line.startswith(self._stem)]
        self._at = max(0, min(len(past), self._at + by))
        self._fill(past[-self._at] if self._at else self._stem or self._question.value)
        self.shown.show()

    def action_search(self) -> None:
        """The newest answer that holds what is typed; again for older ones."""
        if not self._searching:
            self._searching, self._stem, self._at = True, self.line.value, 0
        past = [line for line in self._past if self._stem.lower() in line.lower()]
        found = self._at < len(past)
        self._at += found
        self._label(f"{'older with' if found or self._at else 'nothing holds'} “{self._stem}” ")
        if found:
            self._fill(past[-self._at])
        self.shown.show()

    @property
    def _past(self) -> list[str]:
        return self.history.get(self._question.kind, [])

    async def action_complete(self, by: int = 1) -> None:
        """The first way to go on; again for the next one."""
        typed = self.line.value
        if self._offered_for is None or typed not in (self._offered_for, self._filled):
            self._offered = tuple(await asyncio.to_thread(self._find, typed))
            self._offered_for, self._taken = typed, -1
        if self._offered:
            last = self._taken if self._taken >= 0 or by > 0 else 0
            self._take((last + by) % len(self._offered))

    def _take(self, index: int) -> None:
        """Go on like this. With one way only, what follows then is looked for at once."""
        hint, self._taken = self._offered[index], index
        self._fill(hint.line)
        self.shown.show(self._offered if self._question.hints else (), index)
        if len(self._offered) == 1:
            self._offered_for, self._stem = None, hint.line
            if self._question.hints is not None:
                self._look(hint.line)

    @on(HintLines.Taken)
    def _clicked(self, event: HintLines.Taken) -> None:
        event.stop()
        self.screen.set_focus(self.line)
        self._take(event.index)

    def _find(self, typed: str) -> Sequence[LineHint]:
        """What can follow; in a thread."""
        question = self._question
        if question.hints is not None:
            return question.hints(typed)
        words = question.words if question.complete is None else question.complete(typed)
        return [LineHint(word, word) for word in words if word.lower().startswith(typed.lower())]

    @work(thread=True, exclusive=True, group="hints", exit_on_error=False)
    def _look(self, text: str) -> None:
        """What can follow, for questions that show it while one types."""
        self.call_later(partial(self._offer, text, tuple(self._find(text))))

    def _offer(self, text: str, hints: tuple[LineHint, ...]) -> None:
        """Show what can follow, unless something else stands there by now."""
        if self._then is not None and text == self.line.value and not self._searching:
            self._offered, self._offered_for, self._taken = hints, text, -1
            self.shown.show(hints, problem=self.shown.problem if text == self._question.value else "")  # fmt: skip

    def _label(self, text: str) -> None:
        self.query_one("#line-label", Static).update(plain(text))

    def _fill(self, text: str, cursor: int | None = None) -> None:
        self._filled = text
        self.line.value = text
        self.line.cursor_position = len(text) if cursor is None else cursor

    def _end(self, answer: str | None) -> None:
        then, self._then = self._then, None
        if then is None:
            return
        self.display = False
        self.shown.show()
        if self._before is not None and self._before.is_attached:
            self.screen.set_focus(self._before)
        then(answer)
