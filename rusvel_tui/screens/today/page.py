"""Today: everything that needs the person, the most urgent first."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container

from rusvel_tui.actions import Action
from rusvel_tui.engine.gtm.today.listing import today
from rusvel_tui.engine.gtm.today.needs import TodayItem
from rusvel_tui.engine.operation import PageInput
from rusvel_tui.engine.sessions import ListSessions, show_session
from rusvel_tui.screens.page import AnyList, Page, Rows
from rusvel_tui.screens.shared.moments import short, since
from rusvel_tui.screens.today.words import HERE, NEEDS, NOTHING, need_blocks
from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.open_list import OpenList
from rusvel_tui.widgets.paged_list import PagedList
from rusvel_tui.widgets.text_view import TextView

MOST = 1000


class TodayPage(Page[ZoneInfo]):
    """One list; Enter goes to where a thing is dealt with."""

    TOPICS = frozenset({
        "gtm.outreach", "gtm.email", "gtm.sender", "gtm.sequence", "gtm.activity", "gtm.contact", "gtm.deal",
        "gtm.mail", "gtm.invoice", "agent.proposal", "growth.alert",
    })  # fmt: skip
    ABOUT = "Everything that needs you, by money × urgency. Enter goes to where it is dealt with."
    ACTIONS = (
        Action("today.done", "d", "Done", "done", "done", "Say that the task is done, the message read, the alert known.", foot=True),
        Action("today.snooze", "s", "Snooze", "snooze", "snooze", "Put a task, a draft, a deal or an alert off.", takes="[WHEN]", foot=True),
        Action("today.person", "O", "Person", "person", "person", "Go to the contact whom it is about.", foot=True),
        Action("today.week", "R", "Review", "week", "review", "Look back at the week, and ahead.", foot=True),
    )  # fmt: skip

    zone = ZoneInfo("UTC")

    def compose(self) -> ComposeResult:
        with Container(id="today-panes", classes="-empty"):
            yield OpenList(self._columns(), id="needs", empty=NOTHING)
            yield TextView(id="need")

    def _columns(self) -> tuple[Column[TodayItem], ...]:
        return (
            Column("Need", lambda row: NEEDS[row.need][0], width=15, tone=lambda row: NEEDS[row.need][1]),
            Column("Who", lambda row: row.who, width=12, grow=1, most=26),
            Column("What", lambda row: row.what, width=20, grow=2, most=60),
            Column("Why", lambda row: row.why, width=22, grow=3, most=70, drop=1, tone="muted"),
            Column("Since", self._since, width=10, align="right", drop=2, tone="muted"),
        )  # fmt: skip

    def _since(self, row: TodayItem) -> str:
        now = self.engine.clock.now()
        return short(row.at, now, self.zone) if row.at > now else since(row.at, now)

    @property
    def needs(self) -> OpenList[TodayItem]:
        return self.query_one("#needs", OpenList)

    def read(self) -> ZoneInfo:
        return ZoneInfo(self.engine.run(show_session, ListSessions()).timezone)

    def show(self, view: ZoneInfo) -> None:
        self.zone = view
        self._show_need(self.needs.current)

    def read_rows(self, widget: AnyList, first: int, count: int) -> Rows:
        items = self.engine.run(today, PageInput(limit=MOST)).items
        return Rows(len(items), items[first : first + count])

    @on(PagedList.Highlighted)
    def _highlighted(self, event: PagedList.Highlighted) -> None:
        self._show_need(event.row)

    def _show_need(self, row: TodayItem | None) -> None:
        self.query_one("#today-panes").set_class(row is None, "-empty")
        self.query_one("#need", TextView).show(need_blocks(row, self.zone) if row else ())

    @on(OpenList.Opened)
    def _opened(self, event: OpenList.Opened) -> None:
        row: TodayItem = event.row
        if row.page == HERE:
            self._open_card(row)
        else:
            self.visit(row.page, row.item_id)

    @work(exit_on_error=False)
    async def _open_card(self, row: TodayItem) -> None:
        """The card of the task, and then those after it."""
        from rusvel_tui.screens.today.task_card import TaskCard

        todo = [item.id for _, item in self.needs.rows.fresh() if item.page == HERE]
        ids = todo[todo.index(row.id) :] if row.id in todo else [row.id]
        await self.app.push_screen_wait(TaskCard(self.engine, ids))

    @work(exit_on_error=False)
    async def action_done(self) -> None:
        """Say that it is done."""
        from rusvel_tui.screens.today.verbs import do

        if (row := self.needs.current) is not None:
            await do(self, row)

    @work(exit_on_error=False)
    async def action_snooze(self, until: str = "") -> None:
        """Put it off."""
        from rusvel_tui.screens.today.verbs import put_off

        if (row := self.needs.current) is not None:
            await put_off(self, row, until)

    def action_week(self) -> None:
        """Go to the review of the week."""
        self.visit("review")

    def action_person(self) -> None:
        row = self.needs.current
        if row is not None and row.contact_id:
            self.visit("contacts", row.contact_id)
