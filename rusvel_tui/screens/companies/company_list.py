"""Companies as they are: the list, found as one types, and the record of the one under the cursor."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import Static

from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.crm.companies.companies import get_company
from rusvel_tui.engine.gtm.crm.companies.company_inputs import CompanyId
from rusvel_tui.engine.gtm.crm.companies.company_list import CompanyWindow, company_rows
from rusvel_tui.engine.gtm.crm.companies.company_views import CompanyDetail, CompanyRow
from rusvel_tui.engine.gtm.view_proposals import ViewKind
from rusvel_tui.engine.sessions import ListSessions, show_session
from rusvel_tui.screens.companies.record import company_blocks
from rusvel_tui.screens.page import AnyList, Rows
from rusvel_tui.screens.shared.viewed import Viewed, captioned
from rusvel_tui.screens.timeline.pane import TimelinePane
from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.filter_line import FilterLine
from rusvel_tui.widgets.paged_list import PagedList
from rusvel_tui.widgets.plain import plain
from rusvel_tui.widgets.text_view import Prose, TextView
from rusvel_tui.widgets.virtual_list import VirtualList

NOTHING = "No company yet.\n\nA contact with a company makes its record by itself; c o adds one."


class CompanyList(Viewed[ZoneInfo]):
    """The list on the left, the record on the right; opened, the record with its timeline."""

    KIND = ViewKind.COMPANIES
    zone = ZoneInfo("UTC")
    words = ""
    """What the list is searched for."""
    _seek = ""

    def compose(self) -> ComposeResult:
        yield Static(id="companies-caption", classes="tally")
        with Container(id="company-panes", classes="panes"):
            yield VirtualList(_COLUMNS, id="company-list", empty=NOTHING, classes="panes-list")
            yield TextView(id="company-record", classes="panes-record")
            yield TimelinePane(self.engine, self._changes, id="company-past", classes="panes-past")
        yield FilterLine(id="company-filter")

    @property
    def companies(self) -> VirtualList[CompanyRow]:
        return self.query_one("#company-list", VirtualList)

    @property
    def pane(self) -> TextView:
        return self.query_one("#company-record", TextView)

    @property
    def past(self) -> TimelinePane:
        return self.query_one("#company-past", TimelinePane)

    def read(self) -> ZoneInfo:
        return ZoneInfo(self.engine.run(show_session, ListSessions()).timezone)

    def show(self, view: ZoneInfo) -> None:
        self.zone = view
        self.read_now()

    def read_rows(self, widget: AnyList, first: int, count: int) -> Rows:
        wanted = CompanyWindow(
            first=first, count=count, query=self.words, filter=self.filter_text, place_of=self._seek
        )
        found = self.engine.run(company_rows, wanted)
        self.call_later(self._counted, found.total, widget.rows.version)
        return Rows(found.total, found.rows, found.at)

    def narrowed(self) -> None:
        self.companies.cursor = 0
        self.companies.reload()

    def search(self, words: str) -> None:
        """List those who fit, from the top."""
        if words != self.words:
            self.words = words
            self.companies.look_for(words)
            self.narrowed()

    def reveal(self, item_id: str) -> None:
        """Put the cursor on a company, wherever it is among all."""
        self.words, self.filter_text, self._seek = "", "", item_id
        self.companies.reload(item_id)

    def read_now(self) -> None:
        """Read the company under the cursor, if it is to be seen."""
        if (row := self.companies.current) is not None and self.pane.display:
            self._read_record(row.id)

    @work(thread=True, group="record", exclusive=True, exit_on_error=False)
    def _read_record(self, company_id: str) -> None:
        try:
            found = self.engine.run(get_company, CompanyId(company_id=company_id))
        except EngineError as error:
            self.call_later(self.complain, str(error))
        else:
            self.call_later(self._show_record, found)

    def _show_record(self, company: CompanyDetail) -> None:
        row = self.companies.current
        if row is not None and row.id == company.company_id:
            self.pane.show(company_blocks(company, self.zone))
            if self.past.display:
                self.past.about(company_id=company.company_id)

    def _counted(self, total: int, version: int) -> None:
        if version != self.companies.rows.version:
            return
        self._seek = ""
        count = f"{total:,}".replace(",", " ") + f" compan{'y' if total == 1 else 'ies'}"
        asked = " · ".join(
            filter(None, (f"“{self.words}”" if self.words else "", self.filter_caption))
        )
        parts = captioned((count,) if total or asked else (), asked)
        self.query_one("#companies-caption", Static).update(plain(" · ".join(parts)))
        self.companies.empty = "No company fits. Esc shows all." if asked else NOTHING

    @on(PagedList.Highlighted, "#company-list")
    def _highlighted(self, event: PagedList.Highlighted) -> None:
        if event.row is None:
            self.pane.show((Prose(""),))
        else:
            self.read_now()

    @work(exit_on_error=False)
    async def action_export(self, path: str = "") -> None:
        from rusvel_tui.screens.importing.export_dialog import export, fitting

        await export(self, self.KIND, path, fitting(self.words, self.filter_text))


_COLUMNS = (
    Column[CompanyRow]("Company", lambda row: row.name, width=20, grow=2, most=40, by=lambda row: row.name),
    Column[CompanyRow]("Domain", lambda row: row.domain, width=16, grow=2, most=34, drop=1, tone="muted"),
    Column[CompanyRow]("People", lambda row: str(row.people or ""), width=6, align="right", by=lambda row: row.people),
    Column[CompanyRow]("Open deals", lambda row: str(row.open_deals or ""), width=10, drop=2, align="right", by=lambda row: row.open_deals),
    Column[CompanyRow]("Tags", lambda row: row.tags, width=10, grow=1, most=40, drop=3, tone="muted"),
)  # fmt: skip
