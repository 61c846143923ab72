"""The dashboard: tabs that are built when they are first seen, the news from the engine, and the keys of everything."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from textual import on, work
from textual.app import ComposeResult
from textual.signal import Signal
from textual.widget import Widget
from textual.widgets import ContentSwitcher
from textual.worker import get_current_worker

from rusvel_tui.actions import Action, offers_from
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.worker import Worker
from rusvel_tui.habits import Habits
from rusvel_tui.screens import CREATORS, PAGES, Creator, Entry
from rusvel_tui.screens.page import Page
from rusvel_tui.shell import Shell
from rusvel_tui.system_signals import end_well
from rusvel_tui.widgets.bottom_bar import BottomBar
from rusvel_tui.widgets.header import Header, Tab

_SWITCH = 0.001
"""Seconds after which a thread that works gives way to the screen; Python's own 5 ms add up within one key."""


_PATIENCE = 0.5
"""Seconds that the first picture waits for what stands in it."""


class RusvelApp(Shell):
    """The whole screen over one engine; `worker` drafts and sends in a thread while it is open."""

    TITLE = "rusvel"

    def __init__(
        self,
        engine: Engine,
        worker: Worker | None = None,
        *,
        pages: Sequence[Entry] = PAGES,
        creators: Sequence[Creator] = CREATORS,
        habits: Habits | None = None,
    ) -> None:
        super().__init__(engine, worker, habits)
        self.pages = {entry.id: entry for entry in pages}
        self.creators = {creator.id: creator for creator in creators}
        self.changes: Signal[frozenset[str]] = Signal(self, "changes")
        # Before anything is read: a write in between would be missed.
        self._since = engine.cursor()
        self._is_new = self.lacks_session
        self.last_tab = ""
        """The page with a tab that was in front last."""

    def offered(self) -> Iterator[Action]:
        yield from super().offered()
        yield from (entry.action for entry in self.pages.values())
        yield from (creator.action for creator in self.creators.values())

    def compose(self) -> ComposeResult:
        begins = self._is_new and "welcome" in self.pages
        first = "welcome" if begins else next(iter(self.pages))
        pages = [Tab(e.id, e.title, e.short, e.letter) for e in self.pages.values()]
        tabs = [page for page in pages if self.pages[page.id].tab]
        yield Header(tabs, [page for page in pages if page not in tabs])
        yield ContentSwitcher(self._build(first), initial=first)
        yield BottomBar()

    def on_load(self) -> None:
        sys.setswitchinterval(_SWITCH)
        self.use_own_keys()
        if not self.is_headless:
            end_well(self)

    def on_mount(self) -> None:
        if not self.is_headless:
            self.background.watch()
        self._arrive()
        if self._is_new and self.page.id == "welcome":
            self.call_next(self.run_action, "begin", self.page)
        self._open()

    @work
    async def _open(self) -> None:
        """Draw once, when the first page has something to show, and only then begin what else there is to do."""
        with self.batch_update(), suppress(TimeoutError):
            async with asyncio.timeout(0 if self._is_new else _PATIENCE):
                await self.page.filled.wait()
        self.screen.refresh(layout=True)
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        if (
            self.return_code is not None
        ):  # it was ended meanwhile: a thread begun now would never be told
            return
        gc.freeze()  # what start-up made stays: never look through it again
        gc.set_threshold(50_000, 20, 20)
        self.read_lights()
        self._follow()
        if self.worker is not None:
            self._work(self.worker)

    @property
    def page(self) -> Page[Any]:
        """The page in front."""
        return self.query_one(f"#{self.query_one(ContentSwitcher).current}", Page)

    @on(Header.Chosen)
    async def _tab_clicked(self, event: Header.Chosen) -> None:
        await self.action_go(event.tab)

    async def action_go(self, page_id: str) -> None:
        """Bring a page to the front; the first visit builds it."""
        switcher = self.query_one(ContentSwitcher)
        if page_id == switcher.current:
            return
        self.page.depart()
        if not switcher.query_children(f"#{page_id}"):
            await switcher.add_content(self._build(page_id))
        switcher.current = page_id
        self._arrive()

    async def action_leave(self) -> None:
        """Back; from a page without a tab to the tab that was there before, from a tab out."""
        if self.page.back():
            return
        if self.last_tab in ("", self.page.id):
            self.exit()
        else:
            await self.action_go(self.last_tab)

    @on(Page.Visit)
    async def _visit(self, event: Page.Visit) -> None:
        if event.page_id not in self.pages:
            return
        await self.action_go(event.page_id)
        if event.item_id:
            self.page.reveal(event.item_id)
        if event.action:
            await self.run_action(event.action, self.page)

    @work
    async def action_create(self, what: str) -> None:
        """Create something, over whatever page is in front."""
        await self.creators[what].load()(self.page)

    def _build(self, page_id: str) -> Page[Any]:
        return self.pages[page_id].load()(self.engine, self.changes, id=page_id)

    def _arrive(self) -> None:
        here = self.page.id or ""
        self.query_one(Header).active = here
        if self.pages[here].tab:
            self.last_tab = here
        self.page.arrive()
        self._show_keys(self.page.front)

    @on(Page.Turned)
    def _turned(self) -> None:
        self._show_keys(self.focused or self.page.front)

    def _show_keys(self, front: Widget) -> None:
        """Name the keys of the page and its parts in the footer, those of the widget with the focus last."""
        offers = sorted(offers_from(front), key=lambda offer: offer.node is front)
        self.bottom.footer.show([offer.action for offer in offers])

    @work(thread=True, group="feed", exit_on_error=False)
    def _follow(self) -> None:
        for topics in self.engine.follow(get_current_worker().cancelled_event, self._since):
            self.learn_names()
            self.call_later(self._spread, topics)

    def _spread(self, topics: frozenset[str]) -> None:
        self.changes.publish(topics)
        self.read_lights()

    @work(thread=True, group="worker", exit_on_error=False)
    def _work(self, worker: Worker) -> None:
        try:
            worker.run(get_current_worker().cancelled_event)
        except EngineError as error:
            self.call_later(self.say, str(error), bad=True)
