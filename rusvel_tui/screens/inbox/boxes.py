"""The inbox as boxes: which mails lie in the one that is open, and the mail under the cursor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar
from zoneinfo import ZoneInfo

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.widget import Widget
from textual.widgets import Static

from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.approvals import boxes, detail, window
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from rusvel_tui.engine.gtm.view_proposals import ViewKind
from rusvel_tui.engine.operation import Input
from rusvel_tui.engine.sessions import ListSessions, show_session
from rusvel_tui.screens.inbox.letters import STATES
from rusvel_tui.screens.inbox.reading_ahead import Ahead
from rusvel_tui.screens.page import AnyList, Rows
from rusvel_tui.screens.shared.moments import short
from rusvel_tui.screens.shared.subjects import Subject
from rusvel_tui.screens.shared.viewed import Viewed, captioned
from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.filter_line import FilterLine
from rusvel_tui.widgets.mail_view import MailView
from rusvel_tui.widgets.plain import plain
from rusvel_tui.widgets.tab_line import Choice, TabLine
from rusvel_tui.widgets.virtual_list import VirtualList

BOXES = tuple(Box)
LABELS = {box: box.value.replace("_", " ") for box in BOXES}
EMPTY = {
    Box.WAITING: "Nothing waits for you.\n\nWhoever is enrolled in a sequence gets a draft here by itself. "
    "g s goes to the sequences, c m writes a mail of your own.",
    Box.NEEDS_DATA: "No draft lacks anything.\n\nb shows the next box.",
    Box.CHANGED: "Nothing changed after you approved it.\n\nb shows the next box.",
    Box.QUEUED: "No approved mail is on its way.\n\na on a draft approves it; 1 shows the drafts.",
    Box.HELD: "No mail is held back or snoozed.\n\ns on a draft puts it out of sight for a while.",
    Box.IN_DOUBT: "No mail is in doubt.\n\nb shows the next box.",
    Box.SENT: "Nothing was sent yet.\n\na on a draft approves it; 1 shows the drafts.",
    Box.FAILED: "Nothing failed.\n\nb shows the next box.",
}
Mails = VirtualList[boxes.ApprovalView]


@dataclass(frozen=True, slots=True)
class InboxState:
    """What the page shows around the list."""

    counts: dict[Box, int]
    zone: ZoneInfo
    proposed: int = 0
    """How many changes programs want made."""


class InboxBoxes(Viewed[InboxState]):
    """Boxes on top, mails on the left, the mail under the cursor on the right."""

    KIND: ClassVar[ViewKind] = ViewKind.MAILS
    box = Box.WAITING
    shown: boxes.ApprovalView | None = None
    """The mail whose text stands on the screen."""
    zone = ZoneInfo("UTC")

    def compose(self) -> ComposeResult:
        self.ahead = Ahead()
        self.decided: set[tuple[str, int]] = set()
        yield TabLine(id="boxes")
        caption = Static(classes="caption", markup=False)
        caption.display = False
        yield caption
        with Container(id="inbox-panes"):
            yield VirtualList(self._columns(), id="mails", empty=EMPTY[self.box])
            yield MailView(id="letter")
            yield from self.more_panes()
        yield FilterLine(id="filter")

    def more_panes(self) -> Iterator[Widget]:
        """What else can stand in the place of the mails."""
        yield from ()

    def _columns(self) -> tuple[Column[boxes.ApprovalView], ...]:
        return (
            Column("To", lambda mail: mail.contact, width=14, grow=2, most=26),
            Column("Subject", lambda mail: mail.subject or mail.sequence, width=14, grow=3, most=60),
            Column("Step", _step, width=8, drop=2, tone="muted"),
            Column("When", self._moment, width=8, drop=1, tone="muted", align="right"),
        )  # fmt: skip

    def _moment(self, mail: boxes.ApprovalView) -> str:
        asleep = mail.snoozed_until if mail.box is Box.HELD and mail.state == "Held" else None
        return short(mail.sent_at or asleep or mail.run_at, self.engine.clock.now(), self.zone)

    @property
    def mails(self) -> Mails:
        return self.query_one("#mails", VirtualList)

    @property
    def mail(self) -> boxes.ApprovalView | None:
        """The mail under the cursor, the one that is shown."""
        return self.mails.current

    @property
    def subject(self) -> Subject | None:
        """The person whom the mail goes to."""
        mail = self.mail
        if mail is None or not mail.contact_id:
            return None
        return Subject(mail.contact_id, mail.contact)

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
        wanted = window.BoxWindow(box=self.box, first=first, count=count, filter=self.filter_text)
        found = self.engine.run(window.box_window, wanted)
        return Rows(found.total, found.rows)

    def narrowed(self) -> None:
        """Another filter: list again, and say so above the list."""
        caption = self.query_one(".caption", Static)
        caption.display = bool(self.filter_text)
        caption.update(plain(" · ".join(captioned((), self.filter_caption))))
        self.mails.empty = "No mail of this box fits." if self.filter_text else EMPTY[self.box]
        self.mails.reload()

    @work(thread=True, group="reveal", exit_on_error=False)
    def reveal(self, item_id: str) -> None:
        """Show one mail, whatever box it is in."""
        try:
            found = self.engine.run(detail.show_approval, boxes.ApprovalId(id=item_id))
        except EngineError as error:
            self.call_later(self.complain, str(error))
            return
        if found.box is not None:
            self.call_later(self.open_box, found.box, item_id)

    def open_box(self, box: Box, anchor: str | None = None) -> None:
        """Show another box, with the cursor on the mail `anchor` if there is one."""
        if anchor is not None and self.filter_text:
            self.narrow("")
        self.box = box
        self.mails.empty = "No mail of this box fits." if self.filter_text else EMPTY[box]
        self.query_one(TabLine).active = box.value
        self.mails.clear_marks()
        self.mails.cursor = 0
        self.mails.reload(anchor)
        self.post_message(self.Turned())

    @on(VirtualList.Opened, "#mails")
    def _opened(self) -> None:
        self.query_one(MailView).focus()

    @on(TabLine.Chosen)
    def _chosen(self, event: TabLine.Chosen) -> None:
        self.action_box(event.choice)

    def back(self) -> bool:
        """Esc: from the mail to the list, then clear marks, then the filter, then to the first box."""
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


def _step(mail: boxes.ApprovalView) -> str:
    return f"{mail.step}/{mail.steps}" if mail.steps else mail.source
