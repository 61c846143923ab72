"""The queue of possible duplicates: pair after pair, made one or called two."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.crm.merging.duplicates import (
    DuplicatePage,
    PossibleDuplicate,
    TwoContacts,
    not_duplicates,
    possible_duplicates,
)
from rusvel_tui.engine.operation import PageInput
from rusvel_tui.screens.contacts.merge_dialog import look_label, merge_pair
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.open_list import OpenList
from rusvel_tui.widgets.paged_list import PagedList
from rusvel_tui.widgets.plain import plain

MOST = 200
"""Pairs that are shown at once."""
HINT = "enter shows both side by side · x they are two people · esc closes"
NONE = "No two contacts look like one person."


@dataclass(frozen=True, slots=True)
class Row:
    """One pair."""

    id: str
    pair: PossibleDuplicate


class Duplicates(ModalScreen[None]):
    """Pairs with their reasons, the surest first."""

    BINDINGS = [
        Binding("escape,q", "dismiss(None)", "Close", show=False, id="duplicates.close"),
        Binding("x,D", "two", "Two people", show=False, id="duplicates.two"),
    ]

    def __init__(self, page: Page[Any], found: DuplicatePage) -> None:
        super().__init__()
        self.page, self.found = page, found

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog picker"):
            yield Static("", classes="dialog-title", id="duplicates-title")
            yield OpenList[Row](_COLUMNS, empty=NONE, id="duplicates-list")
            yield Static(plain(" ".join(self.found.capped)), classes="dialog-text")
            yield Static(HINT, classes="dialog-hint")

    @property
    def rows(self) -> OpenList[Row]:
        return self.query_one(OpenList)

    def on_mount(self) -> None:
        self.rows.focus()
        self._show(self.found)

    @on(OpenList.Opened)
    @work(exit_on_error=False)
    async def _compare(self, event: OpenList.Opened) -> None:
        event.stop()
        pair: PossibleDuplicate = event.row.pair
        if await merge_pair(self.page, pair.first.contact_id, pair.second.contact_id):
            await self._read()

    @work(exit_on_error=False)
    async def action_two(self) -> None:
        """The pair under the cursor is two people."""
        if (row := self.rows.current) is None:
            return
        order = TwoContacts(
            first_id=row.pair.first.contact_id, second_id=row.pair.second.contact_id
        )
        engine = self.page.engine
        if await attempt(self.page, lambda: engine.run(not_duplicates, order)) is not None:
            self.page.say("Two people. They are not shown as a pair again; z takes it back.")
            await self._read()

    async def _read(self) -> None:
        found = await attempt(self.page, partial(read_duplicates, self.page.engine))
        if found is not None:
            self._show(found)

    def _show(self, found: DuplicatePage) -> None:
        self.found = found
        count = len(found.items)
        more = "+" if found.next else ""
        title = f"{count}{more} possible duplicate{'' if count == 1 and not more else 's'}"
        self.query_one("#duplicates-title", Static).update(plain(title))
        self.rows.reload()

    @on(PagedList.PageWanted)
    def _wanted(self, event: PagedList.PageWanted) -> None:
        event.stop()
        rows = [Row(f"{p.first.contact_id}+{p.second.contact_id}", p) for p in self.found.items]
        self.rows.set_total(event.version, len(rows))
        self.rows.set_page(
            event.version, event.first, rows[event.first : event.first + event.count]
        )


def read_duplicates(engine: Engine) -> DuplicatePage:
    """The beginning of the queue. Runs in a thread."""
    return engine.run(possible_duplicates, PageInput(limit=MOST))


async def show_duplicates(page: Page[Any]) -> None:
    """Open the queue over the page."""
    found = await attempt(page, partial(read_duplicates, page.engine))
    if found is not None:
        await page.app.push_screen_wait(Duplicates(page, found))


_COLUMNS = (
    Column[Row]("Sure", lambda row: f"{row.pair.score} %", width=5, align="right"),
    Column[Row]("One", lambda row: look_label(row.pair.first), width=14, grow=2, most=30),
    Column[Row]("Other", lambda row: look_label(row.pair.second), width=14, grow=2, most=30),
    Column[Row]("Why", lambda row: "; ".join(why.text for why in row.pair.reasons), width=14, grow=4, most=80, drop=1, tone="muted"),
)  # fmt: skip
