"""A file before it is imported: how it was read, what each column goes to, and what would become of its rows."""

from __future__ import annotations

import asyncio
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
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.crm.importing.import_views import (
    ImportContacts,
    ImportFile,
    ImportPreview,
    ImportView,
)
from rusvel_tui.engine.gtm.crm.importing.preview import read_import
from rusvel_tui.engine.gtm.crm.importing.store import import_contacts
from rusvel_tui.screens.importing.files import rejected_place
from rusvel_tui.screens.importing.mapping import (
    CHOICES,
    IGNORE,
    MAPPING,
    Choice,
    Line,
    choices_for,
    lines_of,
)
from rusvel_tui.screens.importing.options import ask_options
from rusvel_tui.screens.importing.words import STOPPED, file_line, notice, outcome_blocks
from rusvel_tui.screens.page import Page, Rows
from rusvel_tui.screens.shared.dialogs import Confirm
from rusvel_tui.screens.shared.picker import Picker
from rusvel_tui.widgets.open_list import OpenList
from rusvel_tui.widgets.paged_list import PagedList
from rusvel_tui.widgets.plain import plain
from rusvel_tui.widgets.text_view import Block, Prose, TextView

HINT = "enter field · - leaves out · u as found · o options · tab rows · w imports"
CARDS_HINT = "o options · w imports · esc leaves it"
FIXED_HINT = "tab rows · w goes on · esc leaves it"


@dataclass(frozen=True, slots=True)
class Look:
    """A file as it would be read and imported with these choices."""

    order: ImportContacts
    seen: ImportPreview
    check: ImportView | None
    problem: str
    """Why it cannot be imported like this."""


def look(engine: Engine, order: ImportContacts) -> Look:
    """Read the file and import it in thought. Runs in a thread; raises when it cannot be read at all."""
    kept = {name: getattr(order, name) for name in ImportFile.model_fields}
    seen = engine.run(read_import, ImportFile(**kept))
    try:
        check = engine.run(import_contacts, order.model_copy(update={"dry_run": True}))
    except EngineError as error:
        return Look(order, seen, None, str(error))
    return Look(order, seen, check, "")


class ImportDialog(ModalScreen[ImportContacts | None]):
    """Dismissed with what shall be imported, with None when the person gave up."""

    BINDINGS = [
        Binding("escape,q", "cancel", "Cancel", show=False, id="import.cancel"),
        Binding("w", "write", "Import", show=False, id="import.write"),
        Binding("minus", "leave_out", "Leave out", show=False, id="import.leave_out"),
        Binding("u", "as_found", "As found", show=False, id="import.as_found"),
        Binding("o", "options", "Options", show=False, id="import.options"),
        Binding("x", "rejected", "Rejected rows", show=False, id="import.rejected"),
    ]

    def __init__(self, page: Page[Any], found: Look) -> None:
        super().__init__()
        self.page, self.look = page, found
        self.order = self._found = found.order
        self.rejected_to = rejected_place(found.order.path)
        """Where rejected rows are written; nowhere when empty."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog import"):
            yield Static(plain(f"Import {self.look.seen.file_name}"), classes="dialog-title")
            yield Static("", id="import-file")
            yield Static("", id="import-notice")
            yield OpenList[Line](MAPPING, id="import-mapping")
            yield TextView(id="import-outcome")
            yield Static(self._hint, classes="dialog-hint", markup=False)

    @property
    def rows(self) -> OpenList[Line]:
        return self.query_one(OpenList)

    @property
    def lines(self) -> list[Line]:
        """The columns of the file."""
        return lines_of(self.look.seen, self.look.order.mapping)

    @property
    def fixed(self) -> bool:
        """Whether it goes on as it began, so that there is nothing to decide."""
        earlier = self.look.seen.earlier
        return earlier is not None and earlier.state in STOPPED

    @property
    def _hint(self) -> str:
        """The keys that do something here."""
        if self.fixed:
            return FIXED_HINT
        return HINT if self.look.seen.columns else CARDS_HINT

    def on_mount(self) -> None:
        self.rows.focus()
        self._show(self.look)

    def decide(self, order: ImportContacts) -> None:
        """Other choices: what they would do is found out in a thread."""
        if self.fixed:
            self.page.complain("It goes on as it began. Take it back first (:imports) to change that.")  # fmt: skip
            return
        self.order = order
        self.query_one("#import-notice", Static).update(plain("Looking …"))
        self._look_again(order)

    @work(exclusive=True, group="look", exit_on_error=False)
    async def _look_again(self, order: ImportContacts) -> None:
        try:
            found = await asyncio.to_thread(look, self.page.engine, order)
        except EngineError as error:
            found = Look(order, self.look.seen, None, str(error))
        self._show(found)

    def _show(self, found: Look) -> None:
        self.look = found
        self.query_one("#import-file", Static).update(plain(file_line(found.seen)))
        note = self.query_one("#import-notice", Static)
        note.update(plain(found.problem or notice(found.seen)))
        note.set_class(bool(found.problem), "-bad")
        self._tell()
        self.query_one(".dialog-hint", Static).update(plain(self._hint))
        self.rows.display = bool(found.seen.columns)
        (self.rows if found.seen.columns else self.query_one(TextView)).focus()
        self.rows.reload()

    def _tell(self) -> None:
        found = self.look
        blocks: tuple[Block, ...] = (Prose("Nothing can be imported like this.", "warn"),)
        if found.check is not None:
            blocks = tuple(outcome_blocks(found.check, found.seen, found.order, self._target))
        self.query_one(TextView).show(blocks)

    @property
    def _target(self) -> str:
        return f"they go to {self.rejected_to}" if self.rejected_to else "written nowhere"

    def _map(self, column: str, target: str | None) -> None:
        """Send a column to a target; None is what was found."""
        mapping = {name: one for name, one in self.order.mapping.items() if name != column}
        if target is not None:
            mapping[column] = target
        self.decide(self.order.model_copy(update={"mapping": mapping}))

    @on(OpenList.Opened)
    @work(exit_on_error=False)
    async def _pick(self, event: OpenList.Opened) -> None:
        event.stop()
        column, seen = event.row.id, self.look.seen

        def find(words: str, first: int, count: int) -> Rows:
            found = choices_for(seen, column, words)
            return Rows(len(found), found[first : first + count])

        hint, at = "Type a field, or the name of a custom field", event.row.column.target
        picker = Picker[Choice](f"{column} goes to", CHOICES, find, hint=hint, at=at)
        if (choice := await self.app.push_screen_wait(picker)) is not None:
            self._map(column, choice.id)

    def action_leave_out(self) -> None:
        """Ignore the column under the cursor."""
        if (line := self.rows.current) is not None:
            self._map(line.id, IGNORE)

    def action_as_found(self) -> None:
        """What was found for the column under the cursor."""
        if (line := self.rows.current) is not None:
            self._map(line.id, None)

    @work(exit_on_error=False)
    async def action_options(self) -> None:
        """Who is changed, by what people are met, and how the file is read."""
        order = await ask_options(self.page, self.order)
        if order is not None:
            self.decide(order)

    @work(exit_on_error=False)
    async def action_cancel(self) -> None:
        """Give up; what was decided is thrown away after a question only."""
        question = Confirm(f"Leave {self.look.seen.file_name} as it is?", detail="What you decided is forgotten.", yes="Leave")  # fmt: skip
        if self.order is self._found or await self.app.push_screen_wait(question):
            self.dismiss(None)

    def action_rejected(self) -> None:
        """Whether rejected rows are written to a file."""
        self.rejected_to = "" if self.rejected_to else rejected_place(self.order.path)
        self._tell()

    def action_write(self) -> None:
        """Import, unless what is shown is not what would happen."""
        if self.look.check is None or self.look.order is not self.order:
            self.page.complain(self.look.problem or "Still looking what this would do. Press w again then.")  # fmt: skip
            return
        target = self.rejected_to if self.look.check.rejected else ""
        self.dismiss(self.order.model_copy(update={"rejected_path": target}))

    @on(PagedList.PageWanted)
    def _wanted(self, event: PagedList.PageWanted) -> None:
        event.stop()
        lines = self.lines
        self.rows.set_total(event.version, len(lines))
        window = lines[event.first : event.first + event.count]
        self.rows.set_page(event.version, event.first, window)


async def check_file(page: Page[Any], found: Look) -> ImportContacts | None:
    """Show what a file would do, until the person imports it or gives up."""
    return await page.app.push_screen_wait(ImportDialog(page, found))


def looking(engine: Engine, path: str) -> partial[Look]:
    """The first look at a file, to be run in a thread."""
    return partial(look, engine, ImportContacts(path=path))
