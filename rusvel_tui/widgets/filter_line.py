"""The filter line: one line to type a filter in, with completion, errors at their column, and a history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from rusvel_tui.widgets.filter_hints import FilterHints, Hint, Problem
from rusvel_tui.widgets.plain import cells, plain

HISTORY = 100
"""Filters kept."""


class FilterLine(Vertical):
    """Hidden until `open` is called; then it takes the focus, and gives it back at its end.

    It knows no filter language: the page does the reading, in a thread, and tells it what came of it.

        yield FilterLine(id="filter")                      # in compose, below the list

        def action_filter(self) -> None:                   # the key f
            self.query_one(FilterLine).open(self.filter)

        @on(FilterLine.Typed)                              # each change: list live, check and complete in a thread
        def _typed(self, event): self._look(event.text, event.column)

        @work(thread=True, exclusive=True, group="filter")
        def _look(self, text, column):
            seen = self.engine.run(check_filter, CheckFilter(kind=…, filter=text))
            found = self.engine.run(complete_filter, CompleteFilter(kind=…, text=text, column=column))
            self.call_later(self._tell, text, seen, found)

        def _tell(self, text, seen, found):                # on the UI thread; answers to older texts are ignored
            line = self.query_one(FilterLine)
            line.judge(text, meaning=seen.meaning)
            # or: line.judge(text, problem=Problem(seen.problem, seen.column, seen.width))
            line.offer(text, found.start, found.end, [Hint(one.text, one.help) for one in found.items])

        @on(FilterLine.Applied)                            # Enter: `text` is the filter from now on
        @on(FilterLine.Cancelled)                          # Esc: `text` is the filter that was there before

    Enter on a filter with a problem stays and points at it. While the cursor is inside what is wrong, nothing is
    said: what is being typed is not yet wrong. Tab takes the first offer, and the next one when pressed again; Up and
    Down go through the filters that were applied before.
    """

    BINDINGS = [
        Binding("escape", "cancel", "Cancel", show=False, id="filter.cancel"),
        Binding("tab", "complete(1)", "Complete", show=False, id="filter.complete"),
        Binding("shift+tab", "complete(-1)", "Complete back", show=False, id="filter.back"),
        Binding("up", "recall(1)", "Older", show=False, id="filter.older"),
        Binding("down", "recall(-1)", "Newer", show=False, id="filter.newer"),
    ]

    @dataclass
    class Typed(Message):
        """The text changed, or the line was opened; `column` is where the cursor stands, from 1."""

        line: FilterLine
        text: str
        column: int

        @property
        def control(self) -> FilterLine:
            return self.line

    @dataclass
    class Applied(Message):
        """Enter: this is the filter now."""

        line: FilterLine
        text: str

        @property
        def control(self) -> FilterLine:
            return self.line

    @dataclass
    class Cancelled(Message):
        """Esc: the filter is again what it was when the line was opened."""

        line: FilterLine
        text: str

        @property
        def control(self) -> FilterLine:
            return self.line

    def __init__(self, *, label: str = "Filter: ", id: str | None = None) -> None:
        super().__init__(id=id)
        self.history: list[str] = []
        """The filters that were applied, oldest first."""
        self.label = label
        self._before = ""
        self._focused: Widget | None = None
        self._at = 0
        self._problem: Problem | None = None
        self._offers: tuple[Hint, ...] = ()
        self._range = (0, 0)
        self._taken = -1
        self._filled = ""

    def compose(self) -> ComposeResult:
        with Horizontal(classes="filter-row"):
            yield Static(plain(self.label), classes="filter-label")
            yield Input(classes="filter-text", compact=True, select_on_focus=False)
        yield FilterHints()

    def on_mount(self) -> None:
        self.display = False

    @property
    def input(self) -> Input:
        """Where the text is typed."""
        return self.query_one(Input)

    @property
    def hints(self) -> FilterHints:
        """The lines below it."""
        return self.query_one(FilterHints)

    def open(self, text: str = "") -> None:
        """Begin with the filter that there is; Esc brings it back."""
        self._before, self._focused, self._at = text, self.screen.focused, 0
        self.judge(self.input.value)
        self.display = True
        self._fill(text)
        self.screen.set_focus(self.input)  # at once: the next key is typed here
        self.call_after_refresh(self._show_cursor)
        self._tell()

    def judge(self, text: str, *, problem: Problem | None = None, meaning: str = "") -> None:
        """Say what became of this text; an answer to another one than stands here is ignored."""
        if text != self.input.value:
            return
        self._problem = problem
        if problem is None:
            self.hints.say(meaning=meaning)
        elif problem.holds(self.input.cursor_position):
            self.hints.say()
        else:
            self._point(problem)

    def offer(self, text: str, start: int, end: int, offers: Sequence[Hint]) -> None:
        """Offer to replace the characters from column `start` to before `end` of this text."""
        if text == self.input.value and text != self._filled:
            self._offers, self._range, self._taken = tuple(offers), (start - 1, end - 1), -1
            self.hints.offer(self._offers)

    def action_cancel(self) -> None:
        """Back to the filter that was there."""
        self._close()
        self.post_message(self.Cancelled(self, self._before))

    def action_complete(self, by: int) -> None:
        """The next of the offers in place of what was begun."""
        if not self._offers:
            return
        start, end = self._range
        self._taken = (self._taken + by) % len(self._offers) if self._taken >= 0 or by > 0 else -1
        taken = self._offers[self._taken].text
        value = self.input.value
        self._range = (start, start + len(taken))
        self._filled = value[:start] + taken + value[end:]
        self._fill(self._filled, start + len(taken))
        self.hints.offer(self._offers, self._taken)
        if len(self._offers) == 1:
            self._filled = ""  # nothing to go through: what comes next may be offered at once

    def action_recall(self, by: int) -> None:
        """An older or newer filter."""
        self._at = max(0, min(len(self.history), self._at + by))
        self._fill(self.history[-self._at] if self._at else self._before)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value != self._filled:
            self._filled = ""
        if self.display:
            self._tell()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._problem is not None:
            self._point(self._problem)
            return
        text = event.value.strip()
        if text and self.history[-1:] != [text]:
            self.history.append(text)
            del self.history[:-HISTORY]
        self._close()
        self.post_message(self.Applied(self, text))

    def _tell(self) -> None:
        text = self.input.value
        self.post_message(self.Typed(self, text, self.input.cursor_position + 1))

    def _point(self, problem: Problem) -> None:
        """Carets below what is meant, once the input has scrolled to where it is."""
        self.call_after_refresh(self._draw_carets, problem)

    def _draw_carets(self, problem: Problem) -> None:
        if problem is not self._problem:
            return
        text, at = self.input.value, problem.column - 1
        before, meant = cells(text[:at]), cells(text[at : at + problem.width])
        left = cells(self.label) - round(self.input.scroll_offset.x)
        self.hints.complain(problem, max(0, left + before), meant)

    def _show_cursor(self) -> None:
        """The input has a width now, and can scroll to its cursor."""
        cursor = self.input.cursor_position
        self.input.cursor_position = 0
        self.input.cursor_position = cursor

    def _fill(self, text: str, cursor: int | None = None) -> None:
        self.input.value = text
        self.input.cursor_position = len(text) if cursor is None else cursor

    def _close(self) -> None:
        self.display = False
        self.hints.offer(())
        self._offers, self._problem = (), None
        if self._focused is not None and self._focused.is_attached:
            self.screen.set_focus(self._focused)


__all__ = ["FilterLine", "Hint", "Problem"]
