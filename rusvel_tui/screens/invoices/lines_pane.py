"""The lines of a draft: every change is stored at once, and the totals follow while a line is typed."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import NamedTuple

from textual import on, work
from textual.app import ComposeResult
from textual.message import Message

from rusvel_tui.actions import Action
from rusvel_tui.engine.errors import Conflict, EngineError
from rusvel_tui.engine.gtm.invoices.ledger.drafts import update_invoice
from rusvel_tui.engine.gtm.invoices.ledger.inputs import InvoiceId, LineInput, UpdateInvoice
from rusvel_tui.engine.gtm.invoices.ledger.record import get_invoice
from rusvel_tui.engine.gtm.invoices.ledger.views import InvoiceView, LineView
from rusvel_tui.screens.invoices.line_form import NEW_LINE, ask_line_item, input_of
from rusvel_tui.screens.invoices.record import total_blocks
from rusvel_tui.screens.invoices.words import exact, name_of
from rusvel_tui.screens.page import AnyList, Rows
from rusvel_tui.screens.shared.asking import Asking
from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.open_list import OpenList
from rusvel_tui.widgets.plain import plain
from rusvel_tui.widgets.text_view import Fact, Heading, Prose, TextView


class Placed(NamedTuple):
    """One row of the list."""

    id: str
    line: LineView
    currency: str


COLUMNS = (
    Column[Placed]("", lambda row: row.id, width=2, align="right", tone="muted"),
    Column[Placed]("What", lambda row: row.line.description, width=16, grow=3, most=70),
    Column[Placed]("Count", lambda row: f"{row.line.quantity} {row.line.unit}".strip(), width=9, align="right"),
    Column[Placed]("Price", lambda row: row.line.unit_price, width=10, drop=2, align="right"),
    Column[Placed]("Tax", lambda row: f"{row.line.tax_rate} %" if row.line.tax_rate else "", width=6, drop=1, align="right", tone="muted"),
    Column[Placed]("Amount", lambda row: exact(row.line.net, row.currency), width=15, align="right", tone="strong"),
)  # fmt: skip
EMPTY = "No line yet. n writes the first one."


class LinesPane(Asking[InvoiceView]):
    """Writes, changes, moves and removes the lines of one draft."""

    TOPICS = frozenset({"gtm.invoice"})
    ACTIONS = (
        Action("lines.new", "n", "New line", "new", "new line", "Write a line behind this one.", foot=True),
        Action("lines.edit", "e", "Edit line", "edit", "edit line", "Change the line under the cursor.", foot=True),
        Action("lines.later", "J,shift+down", "Down", "shift(1)", "line down", "Move the line down.", foot=True),
        Action("lines.sooner", "K,shift+up", "Up", "shift(-1)", "line up", "Move the line up."),
        Action("lines.remove", "D", "Remove", "remove", "remove line", "Take the line out; z brings it back.", foot=True),
    )  # fmt: skip

    class Closed(Message):
        """The person is done with it."""

    document: InvoiceView | None = None
    storing = False
    """True while the engine has the lines in its hands."""

    def compose(self) -> ComposeResult:
        yield OpenList(COLUMNS, id="draft-lines", empty=EMPTY)
        yield TextView(id="draft-total")

    @property
    def rows(self) -> OpenList[Placed]:
        return self.query_one("#draft-lines", OpenList)

    def edit(self, seen: InvoiceView) -> None:
        """Show the lines of a draft, from the first."""
        self._stale = False
        self.document = None
        self.show(seen, 0)

    def read(self) -> InvoiceView | None:
        if self.document is None:
            return None
        return self.engine.run(get_invoice, InvoiceId(invoice_id=self.document.invoice_id))

    def show(self, view: InvoiceView, at: int | None = None) -> None:
        if at is None and self.document is not None and view.version == self.document.version:
            return  # shown already, with the cursor where it belongs
        self.document = view
        name = name_of(view)
        title = f" · {view.title}" if view.title else ""
        self.rows.border_title = plain(f"{name}{title} · esc closes")
        at = self.rows.cursor if at is None else at
        self.rows.cursor = at
        self.rows.reload(str(at + 1))
        self.query_one(TextView).show(
            (
                Fact("Client", view.client, "strong"),
                Heading("Total"),
                *total_blocks(view),
                *((Prose(""),) if view.missing else ()),
                *(Prose(f"! {sentence}", "warn") for sentence in view.missing),
            )
        )
        if view.number is not None:
            self.post_message(self.Closed())  # it became final meanwhile

    def read_rows(self, widget: AnyList, first: int, count: int) -> Rows:
        seen = self.document
        lines = seen.lines if seen else ()
        code = seen.currency if seen else ""
        rows = [Placed(str(number), line, code) for number, line in enumerate(lines, 1)]
        return Rows(len(rows), rows[first : first + count])

    @on(OpenList.Opened)
    def _opened(self, event: OpenList.Opened) -> None:
        event.stop()
        self.action_edit()

    @work(exit_on_error=False)
    async def action_new(self) -> None:
        """Ask for a line and put it behind the one under the cursor."""
        if (seen := self.document) is None:
            return
        at = self.rows.cursor + 1 if seen.lines else 0
        items = [input_of(line) for line in seen.lines]
        usual = items[at - 1] if items else NEW_LINE
        blank = NEW_LINE.model_copy(
            update={"tax_rate": usual.tax_rate, "tax_category": usual.tax_category}
        )

        def save(item: LineInput) -> InvoiceView:
            return self._write([*items[:at], item, *items[at:]])

        done = await ask_line_item(self, f"Line {at + 1}", seen, blank, (*items,), save)
        self._arrived(done, at)

    @work(exit_on_error=False)
    async def action_edit(self) -> None:
        """Change the line under the cursor."""
        seen, at = self.document, self.rows.cursor
        if seen is None or at >= len(seen.lines):
            return
        items = [input_of(line) for line in seen.lines]
        others = (*items[:at], *items[at + 1 :])

        def save(item: LineInput) -> InvoiceView:
            return self._write([*items[:at], item, *items[at + 1 :]])

        done = await ask_line_item(self, f"Line {at + 1}", seen, items[at], others, save)
        self._arrived(done, at)

    @work(exit_on_error=False)
    async def action_shift(self, by: int) -> None:
        """Move the line under the cursor."""
        seen, at = self.document, self.rows.cursor
        if seen is not None and at < len(seen.lines) and 0 <= at + by < len(seen.lines):
            items = [input_of(line) for line in seen.lines]
            items[at], items[at + by] = items[at + by], items[at]
            await self._store(items, at + by)

    @work(exit_on_error=False)
    async def action_remove(self) -> None:
        """Take the line under the cursor out."""
        seen, at = self.document, self.rows.cursor
        if seen is not None and at < len(seen.lines):
            items = [input_of(line) for line in seen.lines]
            del items[at]
            if await self._store(items, max(0, min(at, len(items) - 1))):
                self.say("The line is out. z to undo.")

    def _write(self, items: list[LineInput]) -> InvoiceView:
        """All lines there shall be, over the version that is shown. Runs in a thread."""
        seen = self.document
        if seen is None:
            raise Conflict("No draft is open.")
        order = UpdateInvoice(
            invoice_id=seen.invoice_id, version=seen.version, line_items=tuple(items)
        )
        return self.engine.run(update_invoice, order)

    async def _store(self, items: list[LineInput], at: int) -> bool:
        """Write the lines; one change at a time, so that two quick keys do not overtake each other."""
        if self.storing:
            return False
        self.storing = True
        try:
            done = await asyncio.to_thread(partial(self._write, items))
        except EngineError as error:
            self.complain(str(error))
            self.load()
            return False
        finally:
            self.storing = False
        self._arrived(done, at)
        return True

    def _arrived(self, done: InvoiceView | None, at: int) -> None:
        if done is not None:
            self.show(done, at)
