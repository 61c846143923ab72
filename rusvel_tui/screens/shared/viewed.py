"""A page that a filter narrows down, with saved views on the digits: what contacts, companies and deals share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Generic, TypeVar

from textual import on, work

from rusvel_tui.actions import Action
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.crm.finding.filter_help import (
    CheckFilter,
    CompleteFilter,
    Completion,
    FilterCheck,
    check_filter,
    complete_filter,
)
from rusvel_tui.engine.gtm.view_proposals import ViewKind
from rusvel_tui.engine.gtm.views import (
    ListViews,
    SavedFilter,
    SaveView,
    ViewId,
    delete_view,
    list_views,
    save_view,
)
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.widgets.filter_line import FilterLine, Hint, Problem
from rusvel_tui.widgets.form import Field

V = TypeVar("V")
DIGITS = range(1, 10)
GROUP = "Views"

VIEW_ACTIONS = (
    Action("views.filter", "f", "Filter", "filter", "filter", "Narrow down by fields, such as tag:vip -has:phone; Tab completes.", foot=True),
    Action("views.save", "V", "Save view", "save_view", "save view", "Keep the filter under a name, and under a digit if you like.", GROUP),
    Action("views.list", "b", "Views", "views", "views", "Show the views and open one.", GROUP),
    Action("views.delete", "U", "Delete view", "delete_view", "delete view", "Delete one of your views.", GROUP),
    *(Action(f"views.open_{n}", str(n), f"View {n}", f"view({n})", f"view {n}", f"Open view {n}.", GROUP) for n in DIGITS),
)  # fmt: skip
"""What such a page offers besides its own verbs."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A view on a digit: one's own, or a proposal where none is saved."""

    name: str
    filter: str
    saved: SavedFilter | None = None


class Viewed(Page[V], Generic[V]):
    """Composes a `FilterLine`, reads `filter_text` in its queries, and lists again in `narrowed`."""

    KIND: ClassVar[ViewKind]
    filter_text = ""
    """The filter that holds; threads read it."""
    view_name = ""
    """What the filter is called, when it is a view's."""

    def narrowed(self) -> None:
        """The filter changed: list again."""
        raise NotImplementedError

    def narrow(self, text: str, name: str = "") -> bool:
        """Show only what fits the filter; False when it is the one that holds already."""
        self.view_name = name
        if text == self.filter_text:
            return False
        self.filter_text = text
        self.narrowed()
        return True

    def action_narrow_to(self, text: str) -> None:
        """Show what fits, for another page that sends the person here."""
        self.narrow(text)

    def back(self) -> bool:
        """Esc: the marks first, then the filter."""
        return super().back() or self.narrow("")

    @property
    def filter_caption(self) -> str:
        """What the list is narrowed to, in a few words; nothing when it is not."""
        if not self.filter_text:
            return ""
        return f"{self.view_name}: {self.filter_text}" if self.view_name else self.filter_text

    def action_filter(self) -> None:
        self.query_one(FilterLine).open(self.filter_text)

    @on(FilterLine.Typed)
    def _filter_typed(self, event: FilterLine.Typed) -> None:
        self._look(event.text, event.column)

    @on(FilterLine.Applied)
    @on(FilterLine.Cancelled)
    def _filter_set(self, event: FilterLine.Applied | FilterLine.Cancelled) -> None:
        self.narrow(event.text)

    @work(thread=True, exclusive=True, group="filter", exit_on_error=False)
    def _look(self, text: str, column: int) -> None:
        """Check and complete what is typed, in a thread."""
        try:
            with self.engine.connected():
                seen = self.engine.run(check_filter, CheckFilter(kind=self.KIND, filter=text))
                wanted = CompleteFilter(kind=self.KIND, text=text, column=column)
                found = self.engine.run(complete_filter, wanted)
        except EngineError as error:
            self.call_later(self.complain, str(error))
        else:
            self.call_later(self._tell, text, seen, found)

    def _tell(self, text: str, seen: FilterCheck, found: Completion) -> None:
        line = self.query_one(FilterLine)
        problem = Problem(seen.problem, seen.column, seen.width) if seen.problem else None
        line.judge(text, problem=problem, meaning=seen.meaning)
        line.offer(text, found.start, found.end, [Hint(one.text, one.help) for one in found.items])
        if problem is None and line.display:
            self.narrow(text.strip())  # the list follows the typing

    @work(exit_on_error=False)
    async def action_view(self, digit: int) -> None:
        """Open the view on a digit."""
        views = await attempt(self, partial(read_views, self.engine, self.KIND))
        if views is None:
            return
        if digit not in views:
            self.say(f"There is no view {digit}. f filters, V saves what you see.")
            return
        self.narrow(views[digit].filter, views[digit].name)

    @work(exit_on_error=False)
    async def action_views(self) -> None:
        views = await attempt(self, partial(read_views, self.engine, self.KIND))
        if views is None:
            return
        key = await self.ask_key("View", {str(digit): view.name for digit, view in views.items()})
        if key is not None:
            self.narrow(views[int(key)].filter, views[int(key)].name)

    @work(exit_on_error=False)
    async def action_save_view(self) -> None:
        """Keep the filter under a name."""
        digits = [("none", ""), *((str(digit), str(digit)) for digit in DIGITS)]
        fields = (
            Field("name", "Name", self.view_name, required=True),
            Field(
                "filter", "Filter", self.filter_text, help="Such as tag:vip -has:phone last>30d."
            ),
            Field("digit", "Key", kind="select", choices=digits, help="The digit that opens it."),
        )
        done = await self.form("Save view", fields, partial(_save, self.engine, self.KIND))
        if done is not None:
            self.say(f"Saved the view {done.name}. z to undo.")
            self.narrow(done.filter, done.name)

    @work(exit_on_error=False)
    async def action_delete_view(self) -> None:
        views = await attempt(self, partial(read_views, self.engine, self.KIND))
        own = {str(n): view for n, view in (views or {}).items() if view.saved is not None}
        if not own:
            self.say("There is no view of yours. V saves what you see.")
            return
        key = await self.ask_key("Delete", {key: view.name for key, view in own.items()})
        saved = own[key].saved if key is not None else None
        if saved is not None:
            gone = f"Deleted the view {saved.name}. z to undo."
            self.run(delete_view, ViewId(view_id=saved.view_id), lambda _: self.say(gone))


def read_views(engine: Engine, kind: ViewKind) -> dict[int, Shown]:
    """The views by digit: one's own on theirs, then those without one and the proposals on what is free."""
    found = engine.run(list_views, ListViews(kind=kind))
    views = {one.digit: Shown(one.name, one.filter, one) for one in found.items if one.digit}
    more = [Shown(one.name, one.filter, one) for one in found.items if not one.digit]
    more += [Shown(one.name, one.filter) for one in found.proposed]
    free = (digit for digit in DIGITS if digit not in views)
    return dict(sorted({**views, **dict(zip(free, more, strict=False))}.items()))


def _save(engine: Engine, kind: ViewKind, values: dict[str, str]) -> SavedFilter:
    digit = int(values["digit"]) if values["digit"] else None
    order = SaveView(kind=kind, name=values["name"], filter=values["filter"], digit=digit)
    return engine.run(save_view, order)


def captioned(parts: Sequence[str], caption: str) -> tuple[str, ...]:
    """What stands above a list: the filter first, when there is one, with the way out of it."""
    return (f"▽ {caption}", *parts, "esc shows all") if caption else tuple(parts)
