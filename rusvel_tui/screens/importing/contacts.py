"""Importing a file of contacts: a look at it, the decision, the import, and the report; each step has its module."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.binding import Binding

from rusvel_tui.engine.gtm.crm.importing.import_views import ImportView
from rusvel_tui.screens.importing.dialog import check_file, looking
from rusvel_tui.screens.importing.files import ask_file
from rusvel_tui.screens.importing.words import done_line, report_blocks, report_title
from rusvel_tui.screens.importing.writing import ImportWriting
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.screens.shared.dialogs import Reader
from rusvel_tui.widgets.desk_app import shut_to_guest


async def import_file(page: Page[Any], given: str, called: str = "") -> None:
    """Look at the file, let the person decide, and import it; `called` is the name of a file to go on with."""
    if shut_to_guest(page.app):
        return
    path = given or await ask_file(page, called)
    if not path:
        return
    page.say(f"Looking at {Path(path).name} …")
    found = await attempt(page, looking(page.engine, path))
    if found is None:
        return
    page.app.clear_notifications()  # they would cover the answers
    order = await check_file(page, found)
    if order is None:
        return
    name = found.seen.file_name
    view = await page.app.push_screen_wait(ImportWriting(page, order, name))
    page.load()
    if view is not None:
        await _report(page, name, view, order.rejected_path)


class ImportReport(Reader):
    """What became of the rows; `z` takes it back."""

    BINDINGS = [Binding("z", "take_back", "Undo", show=False, id="import.undo")]
    taken_back = False

    def action_take_back(self) -> None:
        """Close, and undo."""
        self.taken_back = True
        self.dismiss(None)


async def _report(page: Page[Any], name: str, view: ImportView, rejected_to: str) -> None:
    """The counts, and the remarks about rows when there are any."""
    if view.rejected or view.dropped or view.warnings or view.suppressed:
        blocks = tuple(report_blocks(view, rejected_to))
        report = ImportReport(report_title(name, view), blocks)
        await page.app.push_screen_wait(report)
        if report.taken_back:
            await page.app.run_action("undo")
            return
    page.say(done_line(name, view))
