"""The imports of the session: what each did, taking one back, and going on with one that was stopped."""

from __future__ import annotations

from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from rusvel_tui.engine.gtm.crm.importing.import_views import ImportId, ImportRunView, ListImports
from rusvel_tui.engine.gtm.crm.importing.runs import list_imports
from rusvel_tui.engine.gtm.crm.importing.undoing import undo_import
from rusvel_tui.screens.importing.words import STOPPED, counts, number, run_blocks, undone_line
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.shared.attempts import attempt, session_of
from rusvel_tui.screens.shared.dialogs import Confirm, Reader
from rusvel_tui.screens.shared.moments import short
from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.open_list import OpenList
from rusvel_tui.widgets.paged_list import PagedList

MOST = 200
"""Imports that are shown."""
HINT = "enter shows · D takes back · r goes on with it · esc closes"
NONE = "Nothing was imported yet. I on the contacts imports a file."


class ImportList(ModalScreen[ImportRunView | None]):
    """Newest first. Dismissed with a stopped import that shall go on, else with None."""

    BINDINGS = [
        Binding("escape,q", "dismiss(None)", "Close", show=False, id="imports.close"),
        Binding("D", "take_back", "Take back", show=False, id="imports.take_back"),
        Binding("r", "go_on", "Go on", show=False, id="imports.go_on"),
    ]

    def __init__(self, page: Page[Any], zone: ZoneInfo, runs: tuple[ImportRunView, ...]) -> None:
        super().__init__()
        self.page, self.zone, self.runs = page, zone, runs

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog picker broad"):
            yield Static("Imports", classes="dialog-title")
            yield OpenList[ImportRunView](self._columns(), key="import_id", empty=NONE)
            yield Static(HINT, classes="dialog-hint")

    @property
    def rows(self) -> OpenList[ImportRunView]:
        return self.query_one(OpenList)

    def on_mount(self) -> None:
        self.rows.focus()
        self.rows.reload()

    @on(OpenList.Opened)
    def _opened(self, event: OpenList.Opened) -> None:
        event.stop()
        run: ImportRunView = event.row
        title = f"{run.file_name}, {self._when(run)}"
        self.app.push_screen(Reader(title, tuple(run_blocks(run))))

    @work(exit_on_error=False)
    async def action_take_back(self) -> None:
        """Take the import under the cursor back, after a question."""
        if (run := self.rows.current) is None:
            return
        if run.state == "undone":
            self.page.complain(f"The import of {run.file_name} was taken back already.")
            return
        detail = f"{counts(run)}. Contacts that were touched since stay as they are."
        question = Confirm(f"Take back the import of {run.file_name}?", detail=detail, yes="Take back")  # fmt: skip
        if not await self.app.push_screen_wait(question):
            return
        order = ImportId(import_id=run.import_id)
        done = await attempt(self.page, partial(self.page.engine.run, undo_import, order))
        if done is not None:
            self.page.say(undone_line(done))
            self.page.load()
        self.runs = await attempt(self.page, partial(_read, self.page)) or self.runs
        self.rows.reload()

    def action_go_on(self) -> None:
        """Go on with a stopped one; its file is asked for."""
        if (run := self.rows.current) is None:
            return
        if run.state in STOPPED:
            self.dismiss(run)
        else:
            self.page.complain(f"The import of {run.file_name} is {run.state}: there is nothing left to do.")  # fmt: skip

    @on(PagedList.PageWanted)
    def _wanted(self, event: PagedList.PageWanted) -> None:
        event.stop()
        self.rows.set_total(event.version, len(self.runs))
        window = self.runs[event.first : event.first + event.count]
        self.rows.set_page(event.version, event.first, window)

    def _when(self, run: ImportRunView) -> str:
        return short(run.created_at, self.page.engine.clock.now(), self.zone)

    def _columns(self) -> tuple[Column[ImportRunView], ...]:
        return (
            Column("When", self._when, width=12),
            Column("File", lambda run: run.file_name, width=16, grow=2, most=50),
            Column("State", lambda run: run.state, width=9, tone=_tone),
            Column("Rows", _rows, width=15, grow=1, most=18, align="right"),
            Column("New", lambda run: number(run.created), width=7, align="right"),
            Column("Changed", lambda run: number(run.updated), width=7, drop=1, align="right"),
            Column("Rejected", lambda run: number(run.rejected), width=8, drop=2, align="right"),
        )


async def show_imports(page: Page[Any]) -> None:
    """Open the list over the page; a stopped import goes on from there."""
    from rusvel_tui.screens.importing.contacts import import_file

    session = await session_of(page)
    runs = await attempt(page, partial(_read, page))
    if session is None or runs is None:
        return
    run = await page.app.push_screen_wait(ImportList(page, ZoneInfo(session.timezone), runs))
    if run is not None:
        page.say(f"Where is {run.file_name}?")
        await import_file(page, "", run.file_name)


def _read(page: Page[Any]) -> tuple[ImportRunView, ...]:
    """The newest imports. Runs in a thread."""
    return page.engine.run(list_imports, ListImports(limit=MOST)).items


def _rows(run: ImportRunView) -> str:
    done = number(run.read)
    return done if run.read == run.total else f"{done}/{number(run.total)}"


def _tone(run: ImportRunView) -> str:
    return {"done": "good", "undone": "muted", "planned": "muted"}.get(run.state, "warn")
