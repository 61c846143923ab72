"""The inbox as boxes: which mails lie in the one that is open, and the mail under the cursor."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container

from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.approvals import boxes, window
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from rusvel_tui.engine.operation import Input
from rusvel_tui.engine.sessions import ListSessions, show_session
from rusvel_tui.screens.inbox_letters import STATES, letter_of
from rusvel_tui.screens.moments import short
from rusvel_tui.screens.page import AnyList, Page, Rows
from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.mail_view import MailView
from rusvel_tui.widgets.paged_list import PagedList
from rusvel_tui.widgets.tab_line import Choice, TabLine
from rusvel_tui.widgets.virtual_list import VirtualList

BOXES = tuple(Box)
LABELS = {box: box.value.replace("_", " ") for box in BOXES}
EMPTY = {
    Box.WAITING: "Nothing waits for you.\n\nEnrol somebody in a sequence (g s) and the draft appears here by itself.",
    Box.NEEDS_DATA: "No draft lacks anything.",
    Box.CHANGED: "Nothing changed after you approved it.",
    Box.QUEUED: "No approved mail is on its way.",
    Box.HELD: "No approved mail is held back.",
    Box.IN_DOUBT: "No mail is in doubt.",
    Box.SENT: "Nothing was sent yet.",
    Box.FAILED: "Nothing failed.",
}
Mails = VirtualList[boxes.ApprovalView]


@dataclass(frozen=True, slots=True)
class InboxState:
    """What the page shows around the list."""

    counts: dict[Box, int]
    zone: ZoneInfo


class InboxBoxes(Page[InboxState]):
    """Boxes on top, mails on the left, the mail under the cursor on the right."""

    box = Box.WAITING
    shown: boxes.ApprovalView | None = None
    """The mail whose text stands on the screen."""
    zone = ZoneInfo("UTC")

    def compose(self) -> ComposeResult:
        yield TabLine(id="boxes")
        with Container(id="inbox-panes"):
            yield VirtualList(self._columns(), id="mails", empty=EMPTY[self.box])
            yield MailView(id="letter")

    def _columns(self) -> tuple[Column[boxes.ApprovalView], ...]:
        return (
            Column("To", lambda mail: mail.contact, width=14, grow=2, most=26),
            Column("Subject", lambda mail: mail.subject or mail.sequence, width=14, grow=3, most=60),
            Column("Step", lambda mail: f"{mail.step}/{mail.steps}", width=4, drop=2, tone="muted"),
            Column("When", self._moment, width=8, drop=1, tone="muted", align="right"),
        )  # fmt: skip

    def _moment(self, mail: boxes.ApprovalView) -> str:
        return short(mail.sent_at or mail.run_at, self.engine.clock.now(), self.zone)

    @property
    def mails(self) -> Mails:
        return self.query_one("#mails", VirtualList)

    @property
    def mail(self) -> boxes.ApprovalView | None:
        """The mail under the cursor, the one that is shown."""
        return self.mails.current

    def read(self) -> InboxState:
        counts = self.engine.run(boxes.count_approvals, Input()).counts
        return InboxState(counts, ZoneInfo(self.engine.run(show_session, ListSessions()).timezone))

    def show(self, view: InboxState) -> None:
        self.zone = view.zone
        line = self.query_one(TabLine)
        line.choices = tuple(
            Choice(box.value, LABELS[box], view.counts[box], STATES[box][1]) for box in BOXES
        )
        line.active = self.box.value

    def read_rows(self, widget: AnyList, first: int, count: int) -> Rows:
        found = self.engine.run(
            window.box_window, window.BoxWindow(box=self.box, first=first, count=count)
        )
        return Rows(found.total, found.rows)

    @work(thread=True, group="reveal", exit_on_error=False)
    def reveal(self, item_id: str) -> None:
        """Show one mail, whatever box it is in."""
        try:
            found = self.engine.run(boxes.show_approval, boxes.ApprovalId(id=item_id))
        except EngineError as error:
            self.call_later(self.complain, str(error))
            return
        if found.box is not None:
            self.call_later(self.open_box, found.box, item_id)

    def open_box(self, box: Box, anchor: str | None = None) -> None:
        """Show another box, with the cursor on the mail `anchor` if there is one."""
        self.box = box
        self.mails.empty = EMPTY[box]
        self.query_one(TabLine).active = box.value
        self.mails.clear_marks()
        self.mails.reload(anchor)

    @on(PagedList.Highlighted)
    def _highlighted(self, event: PagedList.Highlighted) -> None:
        self.shown = event.row
        letter = None if event.row is None else letter_of(event.row, self.zone)
        self.query_one(MailView).show_letter(letter)
        if event.row is not None:
            self._read_thread(event.row)

    @work(thread=True, group="thread", exclusive=True, exit_on_error=False)
    def _read_thread(self, mail: boxes.ApprovalView) -> None:
        detail = self.engine.run(boxes.show_approval, boxes.ApprovalId(id=mail.id))
        self.call_later(self._show_thread, mail, detail)

    def _show_thread(self, mail: boxes.ApprovalView, detail: boxes.ApprovalDetail) -> None:
        if self.shown == mail:  # an answer about an older text comes too late
            self.query_one(MailView).show_letter(letter_of(mail, self.zone, detail))

    @on(VirtualList.Opened)
    def _opened(self) -> None:
        self.query_one(MailView).focus()

    @on(TabLine.Chosen)
    def _chosen(self, event: TabLine.Chosen) -> None:
        self.open_box(Box(event.choice))

    def back(self) -> bool:
        """Esc: from the mail to the list, then clear marks, then to the first box."""
        if self.query_one(MailView).has_focus:
            self.mails.focus()
            return True
        if super().back():
            return True
        moved = self.box is not Box.WAITING
        if moved:
            self.open_box(Box.WAITING)
        return moved

    def action_box(self, name: str) -> None:
        self.open_box(Box(name))

    def action_turn(self, by: int) -> None:
        self.open_box(BOXES[(BOXES.index(self.box) + by) % len(BOXES)])
