"""Tasks and calls: everything that is planned, by the day it is due; Enter opens the card and goes through them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from textual import on, work
from textual.app import ComposeResult

from rusvel_tui.actions import Action
from rusvel_tui.engine.gtm.crm.timeline.activity_inputs import CompleteTask, ListTasks, SnoozeTask
from rusvel_tui.engine.gtm.crm.timeline.activity_views import ActivityView
from rusvel_tui.engine.gtm.crm.timeline.tasks import complete_task, list_tasks, snooze_task
from rusvel_tui.engine.sessions import ListSessions, show_session
from rusvel_tui.engine.when_text import HELP
from rusvel_tui.screens.page import AnyList, Rows
from rusvel_tui.screens.shared.filtered import Filtered
from rusvel_tui.screens.shared.moments import short
from rusvel_tui.screens.shared.subjects import Subject
from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.line_input import Question
from rusvel_tui.widgets.open_list import OpenList

NOTHING = """Nothing is planned.

c t plans a task, c l a call. Steps of sequences that are yours to do show up here, too."""
MOST = 1000
"""Tasks in the list; whoever has more wants a filter."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One line of the list."""

    id: str
    due: datetime
    kind: str
    subject: str
    contact: str
    contact_id: str
    deal: str
    deal_id: str
    late: bool

    def holds(self, words: list[str]) -> bool:
        """Whether all the words are in it."""
        text = f"{self.kind} {self.subject} {self.contact} {self.deal}".casefold()
        return all(word in text for word in words)


class TasksPage(Filtered[ZoneInfo]):
    """Verbs on what is planned."""

    TOPICS = frozenset({"gtm.activity", "gtm.contact", "gtm.deal", "gtm.outreach"})
    ABOUT = "Everything that is planned: tasks, calls and meetings, the most urgent first. Enter opens the card."
    HINT = "words of a task, a person or a deal; call shows the calls"
    EMPTY = NOTHING
    ACTIONS = (
        Action("tasks.done", "d", "Done", "done", "done", "Say that it is done, and what came of it.", foot=True),
        Action("tasks.snooze", "s", "Snooze", "snooze", "snooze", "Put it off to another time.", foot=True),
        Action("tasks.person", "O", "Person", "person", "person", "Go to the contact.", foot=True),
        Action("tasks.filter", "f", "Filter", "filter", "filter", "Show only what holds some words.", foot=True),
    )  # fmt: skip
    zone = ZoneInfo("UTC")

    def compose(self) -> ComposeResult:
        yield self.caption()
        yield OpenList(self._columns(), id="planned", empty=NOTHING)

    def _columns(self) -> tuple[Column[Planned], ...]:
        return (
            Column(
                "Due",
                self._due,
                width=14,
                tone=lambda row: "warn" if row.late else "muted",
                by=lambda row: row.due,
            ),
            Column("Kind", lambda row: row.kind, width=8, tone="muted", by=lambda row: row.kind),
            Column(
                "What",
                lambda row: row.subject,
                width=20,
                grow=3,
                most=70,
                by=lambda row: row.subject,
            ),
            Column(
                "Who",
                lambda row: row.contact,
                width=14,
                grow=1,
                most=30,
                by=lambda row: row.contact,
            ),
            Column(
                "Deal",
                lambda row: row.deal,
                width=12,
                grow=1,
                most=30,
                drop=1,
                tone="muted",
                by=lambda row: row.deal,
            ),
        )

    def _due(self, row: Planned) -> str:
        return ("! " if row.late else "  ") + short(row.due, self.engine.clock.now(), self.zone)

    @property
    def planned(self) -> OpenList[Planned]:
        return self.query_one("#planned", OpenList)

    @property
    def subject(self) -> Subject | None:
        """Whom the task under the cursor is about."""
        row = self.planned.current
        if row is None or not row.contact_id:
            return None
        return Subject(row.contact_id, row.contact, row.deal_id, row.deal)

    def read(self) -> ZoneInfo:
        return ZoneInfo(self.engine.run(show_session, ListSessions()).timezone)

    def show(self, view: ZoneInfo) -> None:
        self.zone = view
        self.planned.refresh()

    def read_rows(self, widget: AnyList, first: int, count: int) -> Rows:
        found = self.engine.run(list_tasks, ListTasks(limit=MOST)).items
        now, words = self.engine.clock.now(), self.words.casefold().split()
        rows = [row for row in (_row(one, now) for one in found) if row.holds(words)]
        return Rows(len(rows), rows[first : first + count])

    @work(exit_on_error=False)
    @on(OpenList.Opened)
    async def _opened(self, event: OpenList.Opened) -> None:
        """The card of the task, and then those after it."""
        from rusvel_tui.screens.today.task_card import TaskCard

        ids = [row.id for _, row in self.planned.rows.fresh()]
        at = ids.index(event.row.id) if event.row.id in ids else 0
        await self.app.push_screen_wait(TaskCard(self.engine, ids[at:]))

    @work(exit_on_error=False)
    async def action_done(self) -> None:
        if (row := self.planned.current) is None:
            return
        hint = "what came of it? Enter without a word means: done"
        outcome = await self.ask_line(Question("outcome", f"{row.subject}: ", hint=hint))
        if outcome is not None:
            order = CompleteTask(activity_id=row.id, outcome=outcome or "done")
            self.run(complete_task, order, lambda _: self.say(f"Done: {row.subject}. z to undo."))

    @work(exit_on_error=False)
    async def action_snooze(self) -> None:
        if (row := self.planned.current) is None:
            return
        until = await self.ask_line(Question("until", "Until: ", "in 3 days", hint=HELP))
        if until:
            order = SnoozeTask(activity_id=row.id, until=until)
            self.run(snooze_task, order, lambda _: self.say(f"Put off: {row.subject}. z to undo."))

    def action_person(self) -> None:
        row = self.planned.current
        if row is not None and row.contact_id:
            self.visit("contacts", row.contact_id)


def _row(task: ActivityView, now: datetime) -> Planned:
    due = task.due_at or task.at
    return Planned(
        id=task.activity_id,
        due=due,
        kind=task.kind.value,
        subject=task.subject,
        contact=task.contact,
        contact_id=task.contact_id or "",
        deal=task.deal,
        deal_id=task.deal_id or "",
        late=due < now,
    )
