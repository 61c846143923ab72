"""An import on its way: how far it is, and stopping it."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.crm.importing.import_views import (
    ImportContacts,
    ImportId,
    ImportRunView,
    ImportView,
    ListImports,
)
from rusvel_tui.engine.gtm.crm.importing.runs import cancel_import, list_imports
from rusvel_tui.engine.gtm.crm.importing.store import import_contacts
from rusvel_tui.screens.importing.words import progress_line
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.screens.shared.dialogs import Confirm
from rusvel_tui.widgets.plain import plain

EVERY = 0.25
"""Seconds between two looks at how far it is."""
KEPT = "What was done stays. Import the file again to go on, or take it back with z."


class ImportWriting(ModalScreen[ImportView | None]):
    """Dismissed with what was done, with None when it was refused."""

    BINDINGS = [Binding("escape,q", "stop", "Stop", show=False, id="import.stop")]

    def __init__(self, page: Page[Any], order: ImportContacts, name: str) -> None:
        super().__init__()
        self.page, self.order, self.file = page, order, name
        self.run_seen: ImportRunView | None = None
        self.ended = False
        self._view: ImportView | None = None

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(plain(f"Importing {self.file}"), classes="dialog-title")
            yield Static(plain(progress_line(None)), id="import-progress", classes="dialog-text")
            yield Static("esc stops it; what was done stays", classes="dialog-hint")

    def on_mount(self) -> None:
        self._write()
        self.set_interval(EVERY, self.watch_run)

    @work(exit_on_error=False)
    async def _write(self) -> None:
        engine = self.page.engine
        self._view = await attempt(self.page, partial(engine.run, import_contacts, self.order))
        self.ended = True
        self._finish()

    def _finish(self) -> None:
        """Go, unless a question is over it: then that one is answered first."""
        if self.ended and self.is_current:
            self.dismiss(self._view)

    @work(thread=True, exclusive=True, group="progress", exit_on_error=False)
    def watch_run(self) -> None:
        """See how far it is."""
        with suppress(EngineError):  # the file is busy: look again
            self.call_later(self._tell, self._find_run())

    def _find_run(self) -> ImportRunView | None:
        found = self.page.engine.run(list_imports, ListImports(state="running", limit=20)).items
        return next((run for run in found if run.file_name == self.file), None)

    def _tell(self, run: ImportRunView | None) -> None:
        if run is not None:
            self.run_seen = run
            self.query_one("#import-progress", Static).update(plain(progress_line(run)))

    @work(exit_on_error=False)
    async def action_stop(self) -> None:
        """Ask, and stop it between two parts."""
        question = f"Stop the import of {self.file}?"
        stop = Confirm(question, detail=KEPT, yes="Stop", no="Go on")
        if await self.app.push_screen_wait(stop) and not self.ended:
            run = await attempt(self.page, self._find_run)
            if run is not None and not self.ended:
                order = ImportId(import_id=run.import_id)
                await attempt(self.page, partial(self.page.engine.run, cancel_import, order))
        self._finish()
