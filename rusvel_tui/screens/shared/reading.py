"""The reading half of a page: in threads, again when something happened, and only while somebody looks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar, cast

from textual import on, work
from textual.containers import Vertical
from textual.signal import Signal
from textual.worker import Worker, WorkerState, get_current_worker

from rusvel_tui.actions import Acts
from rusvel_tui.engine import log
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.widgets.desk_app import DeskScreen
from rusvel_tui.widgets.paged_list import PagedList
from rusvel_tui.widgets.plain import plain

V = TypeVar("V")
AnyList = PagedList[Any]
Changes = Signal[frozenset[str]]
_REST = 0.15
"""Seconds without a new question after which a list is counted."""
SESSION = frozenset({"session.created", "session.used", "session.updated"})
"""Topics that concern every page: another session, or another zone and sender."""

TOO_MANY = "These are too many to sort. f or / narrows them first."


class Rows(NamedTuple):
    """A window of a listing."""

    total: int
    items: Sequence[Any]
    at: int | None = None
    """Where the row is now that the list wanted to stay on, when that is known."""
    exact: bool = True
    """Whether `total` is all there are; else at least so many, and `count_rows` is asked once the list rests."""


class Reading(Acts, Vertical, Generic[V]):
    """Reads when it is first seen, and again after events of its topics."""

    TOPICS: ClassVar[frozenset[str]] = frozenset()
    """The first two parts of the event kinds that concern this page, such as `gtm.contact`."""

    def __init__(
        self, engine: Engine, changes: Changes, *, id: str | None = None, classes: str = "page"
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.engine = engine
        self._changes = changes
        self._stale = True
        self.filled = asyncio.Event()
        """Set when there is something to see."""

    def read(self) -> V | None:
        """Read what the page shows, as frozen data. Runs in a thread."""
        return None

    def show(self, view: V) -> None:
        """Draw what was read. Runs on the UI thread."""

    def read_rows(self, widget: AnyList, first: int, count: int) -> Rows:
        """Read `count` rows of one of the page's lists from index `first`. Runs in a thread."""
        raise NotImplementedError(f"{type(self).__name__} has a list and must say how to read it")

    def count_rows(self, widget: AnyList) -> int:
        """Count all rows of a list whose windows come without an exact total. Runs in a thread."""
        raise NotImplementedError(f"{type(self).__name__} answers inexact totals and must count")

    def on_mount(self) -> None:
        self._changes.subscribe(self, self._news)

    @property
    def seen(self) -> bool:
        """True while the page is in front, with no dialog over it."""
        return self.display and self.is_attached and self.screen.is_active

    def load(self) -> None:
        """Read everything again; lists keep their place."""
        self._stale = False
        self._load()
        for widget in self.query(PagedList):
            widget.reload()

    def catch_up(self) -> None:
        """Read again if something happened while nobody looked."""
        if self._stale and self.seen:
            self.load()

    @on(DeskScreen.Resumed)
    def _dialog_closed(self) -> None:
        self.catch_up()

    def complain(self, text: str) -> None:
        """Tell the person that something failed."""
        self.app.notify(plain(text).plain, severity="error", markup=False, timeout=8)

    def _news(self, topics: frozenset[str]) -> None:
        if not topics.isdisjoint(self.TOPICS | SESSION):
            self._stale = True
            self.catch_up()

    @work(thread=True, exclusive=True, group="load", exit_on_error=False)
    def _load(self) -> None:
        worker = get_current_worker()
        try:
            view = self.read()
        except EngineError as error:
            self.call_later(self.complain, str(error))
            self.call_later(self.filled.set)
            return
        if view is not None and not worker.is_cancelled:
            self.call_later(self.show, view)
        if not self.query(PagedList):
            self.call_later(self.filled.set)

    @on(PagedList.PageWanted)
    def _wanted(self, event: PagedList.PageWanted) -> None:
        event.stop()
        widget = cast(AnyList, event.widget)
        task = partial(self._fetch, widget, event.version, event.first, event.count)
        self.run_worker(
            task, group=f"rows-{id(event.widget)}", exclusive=True, thread=True, exit_on_error=False
        )

    def _fetch(self, widget: AnyList, version: int, first: int, count: int) -> None:
        try:
            rows = (
                self.read_rows(widget, first, count)
                if widget.order is None
                else sorted_window(self, widget, first, count)
            )
        except EngineError as error:
            self.call_later(self.complain, str(error))
            self.call_later(self.filled.set)
            return
        self.call_later(self._deliver, widget, version, first, rows)

    def _deliver(self, widget: AnyList, version: int, first: int, rows: Rows) -> None:
        widget.set_total(version, rows.total, rows.at, exact=rows.exact)
        widget.set_page(version, first, rows.items)
        self.filled.set()
        if not widget.rows.exact:
            count = partial(self._count, widget, version)
            self.set_timer(_REST, partial(self.run_worker, count, thread=True, exit_on_error=False))

    def _count(self, widget: AnyList, version: int) -> None:
        """Count, unless the list was asked for something else meanwhile."""
        if version != widget.rows.version or widget.rows.exact:
            return
        try:
            total = self.count_rows(widget)
        except EngineError:
            return  # the list has said so already
        self.call_later(widget.set_total, version, total)

    @on(Worker.StateChanged)
    def _worker_failed(self, event: Worker.StateChanged) -> None:
        """Anything else that breaks in a worker is our mistake; it must not end the session."""
        if event.state is WorkerState.ERROR:
            self.log.error(event.worker.error)
            if event.worker.error is not None:
                log.failed(f"page {self.id}", event.worker.error)
            self.complain(
                f"This did not work: {type(event.worker.error).__name__}. {event.worker.error}"
            )


def sorted_window(page: Reading[Any], widget: AnyList, first: int, count: int) -> Rows:
    """The window of a list that the person wants in another order."""
    from rusvel_tui.screens.shared.sorting import in_order

    refuse = partial(page.call_later, page.complain, TOO_MANY)
    return in_order(page.read_rows, widget, first, count, refuse)
