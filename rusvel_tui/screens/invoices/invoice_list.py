"""Documents as they are: the list with what is to come, and the record of the one under the cursor."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import Static

from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.invoices.ledger.inputs import InvoiceId
from rusvel_tui.engine.gtm.invoices.ledger.record import get_invoice
from rusvel_tui.engine.gtm.invoices.ledger.views import InvoiceRow, InvoiceView
from rusvel_tui.engine.gtm.invoices.ledger.window import InvoiceWindow, invoice_rows, open_sums
from rusvel_tui.engine.gtm.view_proposals import ViewKind
from rusvel_tui.engine.operation import Input
from rusvel_tui.engine.sessions import ListSessions, show_session
from rusvel_tui.screens.invoices.record import invoice_blocks
from rusvel_tui.screens.invoices.words import (
    due_text,
    money,
    number_of,
    open_text,
    status_of,
    tally,
)
from rusvel_tui.screens.page import AnyList, Rows
from rusvel_tui.screens.shared.viewed import Viewed, captioned
from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.filter_line import FilterLine
from rusvel_tui.widgets.paged_list import PagedList
from rusvel_tui.widgets.plain import plain
from rusvel_tui.widgets.text_view import Prose, TextView
from rusvel_tui.widgets.virtual_list import VirtualList

NOTHING = """No invoice yet.

c v writes one. On the board (g d), a won deal becomes one with I."""


@dataclass(frozen=True, slots=True)
class InvoicesState:
    """What the page shows around the list."""

    zone: ZoneInfo
    sums: tuple[str, ...]


class InvoiceList(Viewed[InvoicesState]):
    """The list on the left, the record on the right."""

    KIND = ViewKind.INVOICES
    zone = ZoneInfo("UTC")
    sums: tuple[str, ...] = ()
    _seek = ""

    def compose(self) -> ComposeResult:
        yield Static(id="invoices-caption", classes="tally")
        with Container(id="invoice-panes", classes="panes"):
            yield VirtualList(
                _COLUMNS, id="invoice-list", key="invoice_id", empty=NOTHING, classes="panes-list"
            )
            yield TextView(id="invoice-record", classes="panes-record")
        yield FilterLine(id="invoice-filter")  # fmt: skip

    @property
    def invoices(self) -> VirtualList[InvoiceRow]:
        return self.query_one("#invoice-list", VirtualList)

    @property
    def pane(self) -> TextView:
        return self.query_one("#invoice-record", TextView)

    def read(self) -> InvoicesState:
        with self.engine.connected():
            zone = ZoneInfo(self.engine.run(show_session, ListSessions()).timezone)
            return InvoicesState(zone, tally(self.engine.run(open_sums, Input()).items))

    def show(self, view: InvoicesState) -> None:
        self.zone, self.sums = view.zone, view.sums
        self._caption()
        self.read_now()

    def read_rows(self, widget: AnyList, first: int, count: int) -> Rows:
        wanted = InvoiceWindow(
            first=first, count=count, filter=self.filter_text, place_of=self._seek
        )
        found = self.engine.run(invoice_rows, wanted)
        self.call_later(self._counted, found.total, widget.rows.version)
        return Rows(found.total, found.rows, found.at)

    def narrowed(self) -> None:
        self.invoices.cursor = 0
        self.invoices.reload()

    def reveal(self, item_id: str) -> None:
        """Put the cursor on a document, wherever it is among all."""
        self.filter_text, self._seek = "", item_id
        self.invoices.reload(item_id)

    def read_now(self) -> None:
        """Read the document under the cursor, if it is to be seen."""
        if (row := self.invoices.current) is not None and self.pane.display:
            self._read_record(row.invoice_id)

    @work(thread=True, group="record", exclusive=True, exit_on_error=False)
    def _read_record(self, invoice_id: str) -> None:
        try:
            found = self.engine.run(get_invoice, InvoiceId(invoice_id=invoice_id))
        except EngineError as error:
            self.call_later(self.complain, str(error))
        else:
            self.call_later(self._show_record, found)

    def _show_record(self, seen: InvoiceView) -> None:
        row = self.invoices.current
        if row is not None and row.invoice_id == seen.invoice_id:
            self.pane.show(invoice_blocks(seen, self.zone))

    def _counted(self, total: int, version: int) -> None:
        if version == self.invoices.rows.version:
            self._seek = ""
            self._total = total
            self._caption()

    _total = 0

    def _caption(self) -> None:
        asked = self.filter_caption
        count = f"{self._total} document{'' if self._total == 1 else 's'}"
        parts = (*self.sums, count) if self._total or asked else ()
        parts = captioned(parts, asked)
        self.query_one("#invoices-caption", Static).update(plain(" · ".join(parts)))
        self.invoices.empty = "No document fits. Esc shows all." if asked else NOTHING

    @on(PagedList.Highlighted, "#invoice-list")
    def _highlighted(self, event: PagedList.Highlighted) -> None:
        if event.row is None:
            self.pane.show((Prose(""),))
        else:
            self.read_now()


_COLUMNS = (
    Column[InvoiceRow]("State", lambda row: status_of(row)[0], width=12, tone=lambda row: status_of(row)[1]),
    Column[InvoiceRow]("Number", number_of, width=13, by=number_of),
    Column[InvoiceRow]("Client", lambda row: row.client, width=12, grow=2, most=36, by=lambda row: row.client),
    Column[InvoiceRow]("Title", lambda row: row.title or row.reference, width=12, grow=2, most=40, drop=2, tone="muted"),
    Column[InvoiceRow]("Total", lambda row: money(row.total, row.currency), width=13, align="right", by=lambda row: (row.currency, Decimal(row.total))),
    Column[InvoiceRow]("Open", open_text, width=13, drop=3, align="right", tone="strong"),
    Column[InvoiceRow]("Due", due_text, width=11, drop=1, align="right", tone="muted", by=lambda row: row.due_date),
)  # fmt: skip
