"""Picking one thing of many by typing a few letters of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.crm.people.contact_list import ContactWindow, contact_rows
from rusvel_tui.engine.gtm.crm.people.contact_views import ContactRow
from rusvel_tui.screens.shared.asking import Asking
from rusvel_tui.screens.shared.reading import Rows
from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.open_list import OpenList
from rusvel_tui.widgets.paged_list import PagedList
from rusvel_tui.widgets.plain import plain

R = TypeVar("R")
Find = Callable[[str, int, int], Rows]
"""Reads a window of what fits the typed words: words, first, count. Runs in a thread."""
_TOP = "\0"
"""No row has this id: the list stays at its top instead of following a row."""


class Choices(OpenList[R], Generic[R]):
    """The rows; the one that Enter picks stands out although the focus is in the text."""

    cursor_row = "cursor"


class Picker(ModalScreen[R | None], Generic[R]):
    """Dismissed with the chosen row, with None when the person gave up. The focus stays in the text."""

    BINDINGS = [
        Binding("escape", "dismiss(None)", "Cancel", show=False, id="picker.cancel"),
        Binding("down", "move(1)", "Down", show=False, id="picker.down"),
        Binding("up", "move(-1)", "Up", show=False, id="picker.up"),
        Binding("pagedown", "move(10)", "Page down", show=False, id="picker.page_down"),
        Binding("pageup", "move(-10)", "Page up", show=False, id="picker.page_up"),
    ]

    def __init__(
        self,
        title: str,
        columns: Sequence[Column[R]],
        find: Find,
        *,
        empty: str = "Nothing fits.",
        hint: str = "Type a name, a company or an address",
        at: str | None = None,
    ) -> None:
        super().__init__()
        self.heading, self.columns, self.find, self.empty = title, columns, find, empty
        self.hint = hint
        self.at = at
        """The id of the row under the cursor at first."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog picker"):
            yield Static(plain(self.heading), classes="dialog-title")
            yield Input(placeholder=self.hint, compact=True)
            yield self.listing()
            yield Static("enter picks · ↑ ↓ move · esc cancels", classes="dialog-hint")

    def listing(self) -> Choices[R]:
        """The list of what fits."""
        return Choices(self.columns, empty=self.empty)

    @property
    def rows(self) -> OpenList[R]:
        return self.query_one(OpenList)

    def on_mount(self) -> None:
        self.query_one(Input).focus()
        self.rows.reload(self.at)

    @on(Input.Changed)
    def _typed(self) -> None:
        self.rows.cursor = 0
        self.rows.reload(_TOP)

    @on(Input.Submitted)
    def _entered(self) -> None:
        self.rows.action_open()

    @on(OpenList.Opened)
    def _opened(self, event: OpenList.Opened) -> None:
        self.dismiss(event.row)

    @on(PagedList.PageWanted)
    def _wanted(self, event: PagedList.PageWanted) -> None:
        event.stop()
        words = self.query_one(Input).value
        task = partial(self._fetch, words, event.version, event.first, event.count)
        self.run_worker(task, group="find", exclusive=True, thread=True, exit_on_error=False)

    def _fetch(self, words: str, version: int, first: int, count: int) -> None:
        try:
            found = self.find(words, first, count)
        except EngineError as error:
            self.call_later(self.app.notify, str(error), severity="error", markup=False)
        else:
            self.call_later(self._deliver, version, first, found)

    def _deliver(self, version: int, first: int, found: Rows) -> None:
        self.rows.set_total(version, found.total, found.at, exact=found.exact)
        self.rows.set_page(version, first, found.items)

    def action_move(self, by: int) -> None:
        """Move the cursor while the focus stays in the text."""
        self.rows.action_move(by)


async def pick_contact(page: Asking[Any], title: str) -> ContactRow | None:
    """One of the session's contacts; None when the person gave up. Await it in a worker."""

    def find(words: str, first: int, count: int) -> Rows:
        found = page.engine.run(contact_rows, ContactWindow(query=words, first=first, count=count))
        return Rows(found.total, found.rows, exact=found.exact)

    columns = (
        Column[ContactRow]("Name", lambda row: row.name, width=16, grow=2),
        Column[ContactRow]("Company", lambda row: row.company, width=10, grow=1, drop=1, tone="muted"),
        Column[ContactRow]("Address", _address, width=16, grow=2, tone=lambda row: "warn" if row.opted_out else "muted"),
    )  # fmt: skip
    empty = "Nobody fits. Esc goes back; c c adds a contact."
    return await page.app.push_screen_wait(Picker(title, columns, find, empty=empty))


def _address(row: ContactRow) -> str:
    return f"✗ opted out: {row.email}" if row.opted_out else row.email
