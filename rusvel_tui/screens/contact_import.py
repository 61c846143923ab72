"""Importing a file of contacts: first what it would do, then the import itself."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.crm.importing.import_views import ImportContacts, ImportView
from rusvel_tui.engine.gtm.crm.importing.store import import_contacts
from rusvel_tui.screens.attempts import attempt
from rusvel_tui.screens.page import Page
from rusvel_tui.widgets.line_input import Question
from rusvel_tui.widgets.plain import plain
from rusvel_tui.widgets.text_view import Block, Fact, Heading, Prose, TextView

ENDINGS = ("*.csv", "*.tsv", "*.vcf")
SHOWN = 100
"""Lines of each kind of remark; the command line shows all of them."""


async def import_file(page: Page[Any], given: str) -> None:
    """Look at the file, let the person decide, and import it."""
    path = given or await _ask_path(page)
    if not path:
        return
    page.say(f"Looking at {Path(path).name} …")
    check = await attempt(page, partial(_run, page.engine, path, dry_run=True))
    if check is None:
        return
    page.app.clear_notifications()  # they would cover the answers
    if not await page.app.push_screen_wait(ImportCheck(Path(path).name, check)):
        return
    page.say(f"Importing {Path(path).name} …")
    done = await attempt(page, partial(_run, page.engine, path, dry_run=False))
    if done is not None:
        page.app.clear_notifications()
        page.say(f"Imported {Path(path).name}: {_counts(done)}.")
    page.load()


async def _ask_path(page: Page[Any]) -> str | None:
    here = Path.cwd()
    names = sorted(str(path.name) for ending in ENDINGS for path in here.glob(ending))
    return await page.ask_line(
        Question("import", "File: ", words=names, hint="CSV, TSV or vCard; tab completes")
    )


def _run(engine: Engine, path: str, *, dry_run: bool) -> ImportView:
    return engine.run(import_contacts, ImportContacts(path=path, dry_run=dry_run))


def _counts(view: ImportView) -> str:
    return f"{view.created} new, {view.updated} changed, {view.skipped} as they were, {view.rejected} rejected"


class ImportCheck(ModalScreen[bool]):
    """What the import would do, and the question whether it shall. The focus is in the text: y and n answer."""

    BINDINGS = [
        Binding("y", "dismiss(True)", "Import", show=False, id="import.yes"),
        Binding("n,escape,q", "dismiss(False)", "Cancel", show=False, id="import.no"),
    ]

    def __init__(self, name: str, check: ImportView) -> None:
        super().__init__()
        self.file, self.check = name, check

    def compose(self) -> ComposeResult:
        some = self.check.created + self.check.updated
        with Vertical(classes="dialog reader"):
            yield Static(plain(f"Import {self.file}?"), classes="dialog-title")
            yield TextView(tuple(check_blocks(self.check)))
            with Horizontal(classes="dialog-buttons"):
                yield Button("Cancel", compact=True, id="no")
                yield Button("Import", compact=True, id="yes", disabled=not some)
                yield Static("y imports · n does not", classes="dialog-keys")

    def on_mount(self) -> None:
        self.query_one(TextView).focus()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")


def check_blocks(view: ImportView) -> Iterator[Block]:
    """The counts, then every remark about a row."""
    yield Fact("Format", f"{view.preset}, {view.format.encoding}")
    yield Fact("Rows", str(view.read))
    yield Fact("New", str(view.created), "good" if view.created else "muted")
    yield Fact("Changed", str(view.updated), "" if view.updated else "muted")
    yield Fact("As they are", str(view.skipped), "muted")
    yield Fact("Rejected", str(view.rejected), "warn" if view.rejected else "muted")
    if view.suppressed:
        text = f"{len(view.suppressed)} addresses of the file must not be written to: they go on the suppression list."
        yield from (Prose(""), Prose(f"! {text}", "warn"))
    yield from _remarks("Rejected", [(row.row, row.text) for row in view.rejected_rows])
    yield from _remarks("Bad addresses, left out", [(bad.row, bad.value) for bad in view.dropped])
    yield from _remarks("Remarks", [(said.row, said.text) for said in view.warnings])


def _remarks(title: str, lines: list[tuple[int, str]]) -> Iterator[Block]:
    if lines:
        yield Heading(title)
        yield from (Fact(f"row {row}", text) for row, text in lines[:SHOWN])
    if len(lines) > SHOWN:
        yield Prose(f"… and {len(lines) - SHOWN} more; rusvel import shows all of them.", "muted")
