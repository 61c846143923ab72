"""The mail under the cursor as a letter, and the next ones read ahead."""

from __future__ import annotations

from textual import on, work

from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.approvals import boxes, detail
from rusvel_tui.screens.inbox.boxes import InboxBoxes
from rusvel_tui.screens.inbox.letters import letter_of
from rusvel_tui.widgets.mail_view import MailView
from rusvel_tui.widgets.paged_list import PagedList


class Lettered(InboxBoxes):
    """Shows what the cursor stands on at once, from what is known of it already."""

    @on(PagedList.Highlighted, "#mails")
    def _highlighted(self, event: PagedList.Highlighted) -> None:
        self.shown = event.row
        if event.row is None:
            self.query_one(MailView).show_letter(None)
            return
        known = self.ahead.of(event.row)
        self._letter(event.row, known)
        self._read_ahead()

    def _letter(self, mail: boxes.ApprovalView, known: detail.ApprovalDetail | None) -> None:
        now = self.engine.clock.now()
        self.query_one(MailView).show_letter(letter_of(mail, now, self.zone, known))

    @work(thread=True, group="thread", exclusive=True, exit_on_error=False)
    def _read_ahead(self) -> None:
        """Read what is not in the row: of the mail that is shown, and of the next two."""
        for mail in self._near():
            if self.ahead.of(mail) is None:
                try:
                    wanted = boxes.ApprovalId(id=mail.id)
                    self.ahead.keep(self.engine.run(detail.show_approval, wanted))
                except EngineError:
                    continue  # it went meanwhile; the list follows
                self.call_later(self._show_thread, mail)

    def _near(self) -> list[boxes.ApprovalView]:
        at = self.mails.cursor
        rows = (self.mails.row_of(index) for index in range(at, at + 3))
        return [row for row in rows if row is not None]

    def _show_thread(self, mail: boxes.ApprovalView) -> None:
        if self.shown == mail:  # an answer about an older text comes too late
            self._letter(mail, self.ahead.of(mail))
