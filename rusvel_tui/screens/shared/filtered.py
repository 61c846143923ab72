"""A page with one list that words narrow down."""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar

from textual import work
from textual.widgets import Static

from rusvel_tui.screens.page import AnyList, Page
from rusvel_tui.widgets.line_input import Question
from rusvel_tui.widgets.paged_list import PagedList
from rusvel_tui.widgets.plain import plain

V = TypeVar("V")


class Filtered(Page[V], Generic[V]):
    """Composes `caption()` above its list, reads `words` in `read_rows`, and offers `filter` as an action."""

    HINT: ClassVar[str] = ""
    """Shown while no word is typed."""
    EMPTY: ClassVar[str] = ""
    """Shown when there is nothing at all."""
    words = ""
    """The filter; threads read it."""

    def caption(self) -> Static:
        """The line that says that not everything is shown."""
        line = Static(classes="caption", markup=False)
        line.display = False
        return line

    @property
    def listing(self) -> AnyList:
        return self.query_one(PagedList)

    def back(self) -> bool:
        """Esc: show everything again."""
        had = bool(self.words)
        self.narrow("")
        return super().back() or had

    @work(exit_on_error=False)
    async def action_filter(self) -> None:
        """Narrow the list down while the words are typed; giving up restores it."""
        before = self.words
        question = Question(f"filter {self.id}", "Filter: ", before, (), self.HINT, self.narrow)
        answer = await self.ask_line(question)
        self.narrow(before if answer is None else answer)

    def narrow(self, words: str) -> None:
        """Show only what holds these words."""
        if words == self.words:
            return
        self.words = words
        self.listing.empty = f"Nothing holds “{words}”." if words else self.EMPTY
        line = self.query_one(".caption", Static)
        line.display = bool(words)
        line.update(plain(f"Only with “{words}” · esc shows all"))
        self.listing.reload()
