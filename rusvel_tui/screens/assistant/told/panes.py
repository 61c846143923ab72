"""The parts of the page: the kinds, the things of one of them, and one in full."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container

from rusvel_tui.engine import departments
from rusvel_tui.engine.agent.entities.views import EntityView
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.sessions import ListSessions, show_session
from rusvel_tui.screens.assistant.told.facts import facts
from rusvel_tui.screens.assistant.told.parts import PARTS, Part, Row
from rusvel_tui.screens.page import AnyList, Rows
from rusvel_tui.screens.shared.filtered import Filtered
from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.open_list import OpenList
from rusvel_tui.widgets.paged_list import PagedList
from rusvel_tui.widgets.tab_line import Choice, TabLine
from rusvel_tui.widgets.text_view import Block, Prose, TextView

WIDE = 110
"""Cells in which all names of the parts have room."""


class ToldPanes(Filtered[ZoneInfo]):
    """Shows a part; what is done with it is in `ToldPage`."""

    HINT = "words in the name"
    part: Part = PARTS[0]
    department = departments.DEPARTMENTS[0].id
    """Whose settings are shown."""
    zone = ZoneInfo("UTC")

    def compose(self) -> ComposeResult:
        yield TabLine(id="told-parts")
        yield self.caption()
        with Container(id="told-panes", classes="panes"):
            yield OpenList(
                (
                    Column[Row]("", lambda row: row.sign, width=1, tone=lambda row: row.tone),
                    Column[Row]("Name", lambda row: row.name, width=18, grow=1, most=38),
                    Column[Row]("", lambda row: row.about, width=14, grow=2, most=90, drop=2, tone="muted"),
                    Column[Row]("", lambda row: row.extra, width=8, drop=1, tone="muted"),
                ),
                id="told-list",
                classes="panes-list",
            )  # fmt: skip
            yield TextView(id="told-text", classes="panes-record")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#told-panes").set_class(True, "-preview")
        self._show_part()

    def on_resize(self) -> None:
        self._show_part()

    @property
    def row(self) -> Row | None:
        """What is under the cursor."""
        found: Row | None = self.query_one("#told-list", OpenList).current
        return found

    @property
    def entity(self) -> EntityView | None:
        """The agent, skill, rule … under the cursor."""
        return self.row.of if self.row is not None and isinstance(self.row.of, EntityView) else None

    def read(self) -> ZoneInfo:
        return ZoneInfo(self.engine.run(show_session, ListSessions()).timezone)

    def show(self, view: ZoneInfo) -> None:
        self.zone = view
        self._draw()

    def read_rows(self, widget: AnyList, first: int, count: int) -> Rows:
        found = self.part.read(self.engine, self.department, self.words)
        return Rows(len(found), found[first : first + count])

    def reveal(self, item_id: str) -> None:
        """Put the cursor on a row."""
        self.listing.reload(item_id)

    @on(TabLine.Chosen)
    def _chosen(self, event: TabLine.Chosen) -> None:
        self.action_part(event.choice)

    def action_part(self, part_id: str) -> None:
        """Show a part."""
        self.part = next(part for part in PARTS if part.id == part_id)
        self.words = ""
        self.narrow("")
        self._show_part()
        self.listing.cursor = 0
        self.listing.reload()

    def _show_part(self) -> None:
        line = self.query_one("#told-parts", TabLine)
        wide = self.size.width >= WIDE
        line.choices = tuple(Choice(part.id, part.title if wide else part.short) for part in PARTS)
        line.active = self.part.id
        makes = " n makes one." if self.part.kind else ""
        self.listing.empty = self.EMPTY or f"None: {self.part.about}.{makes}"

    @on(PagedList.Highlighted, "#told-list")
    def _draw(self) -> None:
        if self.row is None:
            self.query_one("#told-text", TextView).show((Prose(""),))
        else:
            self._read_facts(self.row)

    @work(thread=True, group="facts", exclusive=True, exit_on_error=False)
    def _read_facts(self, row: Row) -> None:
        try:
            blocks = facts(self.engine, row, self.zone, self.department)
        except EngineError as error:
            self.call_later(self.complain, str(error))
        else:
            self.call_later(self._show_facts, row, blocks)

    def _show_facts(self, row: Row, blocks: tuple[Block, ...]) -> None:
        if self.row is not None and self.row.id == row.id:
            self.query_one("#told-text", TextView).show(blocks)
