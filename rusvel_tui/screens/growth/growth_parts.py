"""The parts of the growth tab as they are: one in front, its list, its charts, and what is known of the row."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.widget import Widget

from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.growth.dashboard import Dashboard, dashboard
from rusvel_tui.engine.growth.kpi.kpi_views import GetTrend
from rusvel_tui.engine.growth.kpi.trends import Trend, get_trend
from rusvel_tui.engine.sessions import ListSessions, show_session
from rusvel_tui.screens.growth.parts import PARTS, Item, Part, Seen
from rusvel_tui.screens.growth.trend import RANGES, series_of, trend_blocks
from rusvel_tui.screens.page import AnyList, Page, Rows
from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.open_list import OpenList
from rusvel_tui.widgets.paged_list import PagedList
from rusvel_tui.widgets.tab_line import Choice, TabLine
from rusvel_tui.widgets.text_view import Prose, TextView

if TYPE_CHECKING:
    from rusvel_tui.widgets.charts.time_line import TimeLine

_BY_ID = {part.id: part for part in PARTS}


class GrowthParts(Page[Seen]):
    """The part in front, the row under the cursor, and what is known of both."""

    part: Part = PARTS[0]
    state: Seen | None = None
    trend: Trend | None = None
    """Of the KPI under the cursor."""
    span = 1
    """Which of `RANGES` is drawn."""
    _seek: str | None = None
    """The row to put the cursor on when it is there."""

    def compose(self) -> ComposeResult:
        yield TabLine(id="growth-parts")
        with Container(id="growth-panes"):
            yield OpenList(_COLUMNS, id="growth-items")
            with Vertical(id="growth-side"):
                yield TextView(id="growth-text")

    @property
    def items(self) -> OpenList[Item]:
        return self.query_one("#growth-items", OpenList)

    @property
    def text(self) -> TextView:
        return self.query_one("#growth-text", TextView)

    @property
    def item(self) -> Item | None:
        """The row under the cursor; None in parts without a list."""
        return self.items.current if self.part.listed else None

    def on_mount(self) -> None:
        super().on_mount()
        self._dress()

    def read(self) -> Seen:
        part = self.part
        with self.engine.connected():
            zone = ZoneInfo(self.engine.run(show_session, ListSessions()).timezone)
            board = self.engine.run(dashboard, Dashboard())
            return Seen(board, zone, part.more(self.engine), part.id)

    def show(self, view: Seen) -> None:
        if view.part != self.part.id:
            return  # another part was turned to meanwhile, and what is read for it comes
        self.state = view
        counts = {
            "alerts": sum(str(one.state) == "firing" for one in view.board.alerts),
            "churn": len(view.board.churn),
        }
        self.query_one(TabLine).choices = tuple(
            Choice(part.id, part.title, counts.get(part.id) or None, "bad") for part in PARTS
        )
        self.items.reload(self._seek)
        self._seek = None
        self.draw()

    def reveal(self, item_id: str) -> None:
        """Bring an alert to the front, wherever it is among them."""
        self.action_part("alerts")
        self._seek = item_id

    def read_rows(self, widget: AnyList, first: int, count: int) -> Rows:
        rows = self.part.items(self.state) if self.state is not None else ()
        return Rows(len(rows), rows[first : first + count])

    def _dress(self) -> None:
        """What the part in front needs around it."""
        line = self.query_one(TabLine)
        line.choices = line.choices or tuple(Choice(part.id, part.title) for part in PARTS)
        line.active = self.part.id
        self.set_class(self.part.listed, "-listed")
        self.items.empty = self.part.empty

    @property
    def front(self) -> Widget:
        """The list, where there is one; else the text."""
        return self.items if self.part.listed else self.text

    @on(TabLine.Chosen)
    def _chosen(self, event: TabLine.Chosen) -> None:
        self.action_part(event.choice)

    def action_part(self, part_id: str) -> None:
        """Bring a part to the front."""
        self.part, self.trend = _BY_ID[part_id], None
        if self.state is not None:
            self.state = replace(self.state, more=None, part=part_id)
        self._dress()
        self.items.cursor = 0
        self.text.show((Prose(""),))
        self.load()
        self.call_after_refresh(self._turned)

    def _turned(self) -> None:
        """The keys are those of the part now."""
        self.front.focus()
        self.post_message(self.Turned())

    def action_turn(self, by: int) -> None:
        """The next or the previous part."""
        self.action_part(PARTS[(PARTS.index(self.part) + by) % len(PARTS)].id)

    @on(PagedList.Highlighted, "#growth-items")
    def _highlighted(self) -> None:
        self.draw()

    def draw(self) -> None:
        """Say what there is of the row under the cursor."""
        if self.state is None:
            return
        item = self.item
        own = self.part.plot and item is not None and not item.id.startswith("app:")
        self.set_class(own, "-drawn")
        if own and item is not None:
            self._read_trend(item.id)
        else:
            self.text.show(self.part.text(self.state, item))

    @work(thread=True, group="trend", exclusive=True, exit_on_error=False)
    def _read_trend(self, kpi_id: str) -> None:
        try:
            found = self.engine.run(get_trend, GetTrend(kpi_name=kpi_id, last=RANGES[self.span]))
        except EngineError as error:
            self.call_later(self.complain, str(error))
        else:
            self.call_later(self._show_trend, found)

    async def _show_trend(self, trend: Trend) -> None:
        if self.item is None or self.item.id != trend.kpi_id or self.state is None:
            return
        self.trend = trend
        target = next(
            (kpi.target for kpi in self.state.board.kpis if kpi.kpi_id == trend.kpi_id), None
        )
        plot = await self._plot()
        goal = None if target is None else float(target)
        plot.show(series_of(trend, goal, self.state.zone))
        self.text.show(trend_blocks(trend))

    async def _plot(self) -> TimeLine:
        """The line, made when there is one to draw: plotext is imported for it."""
        from rusvel_tui.widgets.charts.time_line import TimeLine

        found = self.query(TimeLine)
        if found:
            return found.first()
        plot = TimeLine(id="growth-plot")
        await self.query_one("#growth-side").mount(plot, before=self.text)
        return plot


_COLUMNS = (
    Column[Item]("Name", lambda row: row.name, width=14, grow=2, most=30),
    Column[Item]("Value", lambda row: row.value, width=10, grow=1, most=18, align="right", tone="strong"),
    Column[Item]("", lambda row: row.note, width=12, grow=2, most=36, drop=1, tone=lambda row: row.tone),
)  # fmt: skip
