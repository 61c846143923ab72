"""Today: everything that needs the person, the most urgent first."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container

from rusvel_tui.actions import Action
from rusvel_tui.engine.gtm.crm.timeline.activity_inputs import CompleteTask
from rusvel_tui.engine.gtm.crm.timeline.tasks import complete_task
from rusvel_tui.engine.gtm.today import Need, TodayItem, today
from rusvel_tui.engine.operation import PageInput
from rusvel_tui.engine.sessions import ListSessions, show_session
from rusvel_tui.screens.page import AnyList, Page, Rows
from rusvel_tui.screens.shared.moments import short, since, when
from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.line_input import Question
from rusvel_tui.widgets.open_list import OpenList
from rusvel_tui.widgets.paged_list import PagedList
from rusvel_tui.widgets.text_view import Block, Fact, Prose, TextView

NEEDS = {
    Need.PAUSED: ("‖ sending paused", "warn", "Approved mails wait until P in the inbox resumes."),
    Need.STOPPED: (
        "▮ paused itself",
        "warn",
        "Too much came back: R on it shows the results, A resumes.",
    ),
    Need.IN_DOUBT: ("? in doubt", "bad", "It may have arrived: look there, then decide."),
    Need.FAILED: ("✗ failed", "bad", "It was refused: try again, or let it be."),
    Need.REPLIED: ("↩ replied", "good", "A message that somebody should read, and maybe answer."),
    Need.OVERDUE: ("! overdue", "warn", "It was due on an earlier day."),
    Need.CHANGED: ("~ changed", "warn", "It changed after your yes and needs a new one."),
    Need.TO_APPROVE: ("○ to approve", "accent", "A draft waits for your yes."),
    Need.PROPOSED: ("✎ proposed", "accent", "A program wants to change something: you decide."),
    Need.NEEDS_DATA: ("… needs data", "warn", "The draft lacks something and cannot leave."),
    Need.BLOCKED: ("▪ held", "muted", "It is approved and cannot leave yet."),
    Need.ALERT: ("▲ alert", "bad", "A KPI is where it should not be: a on it there says you know."),
    Need.DUE: ("· due today", "", "To be done today."),
    Need.AWAY: ("z is away", "muted", "They say when they are back: the next step can wait."),
    Need.LATE: (
        "¤ unpaid",
        "warn",
        "Its due date has passed: the reminders ask for it.",
    ),
    Need.TO_INVOICE: (
        "$ to invoice",
        "good",
        "It is won and has no invoice: I on the board drafts it.",
    ),
    Need.NO_STEP: (
        "◇ no next step",
        "muted",
        "Nothing is planned for it: t on the board plans what is next.",
    ),
}
"""Each need with its sign, its tone and what it means."""
NOTHING = """Nothing needs you.

Drafts to approve, mails in trouble and tasks that are due show up here by themselves.
g s goes to the sequences, g c to the contacts."""
HERE = "today"
"""The page of what is dealt with on this page: tasks."""
MOST = 1000


class TodayPage(Page[ZoneInfo]):
    """One list; Enter goes to where a thing is dealt with."""

    TOPICS = frozenset({
        "gtm.outreach", "gtm.email", "gtm.sender", "gtm.sequence", "gtm.activity", "gtm.contact", "gtm.deal",
        "gtm.mail", "gtm.invoice", "agent.proposal",
    })  # fmt: skip
    ABOUT = "Everything that needs you, most urgent first. Enter goes to where it is dealt with."
    ACTIONS = (
        Action("today.done", "full_stop", "Done", "done", "done", "Say that the task is done, and what came of it.", foot=True),
        Action("today.person", "O", "Person", "person", "person", "Go to the contact whom it is about.", foot=True),
    )  # fmt: skip

    zone = ZoneInfo("UTC")

    def compose(self) -> ComposeResult:
        with Container(id="today-panes", classes="-empty"):
            yield OpenList(self._columns(), id="needs", empty=NOTHING)
            yield TextView(id="need")

    def _columns(self) -> tuple[Column[TodayItem], ...]:
        return (
            Column("Need", lambda row: NEEDS[row.need][0], width=16, tone=lambda row: NEEDS[row.need][1]),
            Column("Who", lambda row: row.who, width=12, grow=1, most=28),
            Column("What", lambda row: row.what, width=16, grow=2, most=60),
            Column("Why", lambda row: row.why, width=30, grow=2, most=60, drop=2, tone="muted"),
            Column("Since", self._since, width=10, align="right", drop=1, tone="muted"),
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
        row = self.needs.current
        if row is None:
            return
        if row.page != HERE:
            self.say("Only a task can be done here. Enter goes to where this is dealt with.")
            return
        hint = "what came of it? Enter without a word means: done"
        outcome = await self.ask_line(Question("outcome", f"{row.what}: ", hint=hint))
        if outcome is not None:
            order = CompleteTask(activity_id=row.id, outcome=outcome or "done")
            self.run(complete_task, order, lambda _: self.say(f"Done: {row.what}"))

    def action_person(self) -> None:
        row = self.needs.current
        if row is not None and row.contact_id:
            self.visit("contacts", row.contact_id)


def need_blocks(row: TodayItem, zone: ZoneInfo) -> tuple[Block, ...]:
    """One need in full."""
    words, tone, meaning = NEEDS[row.need]
    who = (Fact("Who", row.who, "strong"),) if row.who else ()
    why = (Fact("Why", row.why),) if row.why else ()
    next_ = "Enter opens its card" if row.page == HERE else f"Enter goes to the {row.page}"
    return (
        Fact("Need", words, tone),
        *who,
        Fact("What", row.what),
        *why,
        Fact("Due" if row.page == HERE else "Since", when(row.at, zone)),
        Prose(""),
        Prose(f"{meaning} {next_}.", "muted"),
    )
