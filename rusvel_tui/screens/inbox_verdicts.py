"""The verdicts of the inbox: one key each, tied to the text that is shown."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from textual import work

from rusvel_tui.engine.gtm.approvals import boxes, verdicts, window
from rusvel_tui.screens.editor import edit_text
from rusvel_tui.screens.inbox_boxes import InboxBoxes
from rusvel_tui.screens.moments import when
from rusvel_tui.screens.sequence_why import show_why
from rusvel_tui.widgets.line_input import Question
from rusvel_tui.widgets.text_view import Fact

MOST = 500
"""Drafts that are approved at once at the most; nobody has read more."""


@dataclass(frozen=True, slots=True)
class No:
    """One kind of rejection: its words before and after."""

    label: str
    then: verdicts.Then
    done: str


NOES = {
    "1": No("redraft", verdicts.Then.REDRAFT, "gets a new draft; that cannot be taken back."),
    "2": No(
        "skip this step",
        verdicts.Then.SKIP,
        "goes on with the next step; that cannot be taken back.",
    ),
    "3": No("stop this person", verdicts.Then.STOP, "is out of the sequence. z takes it back."),
}
"""What the digits mean after r."""


class InboxVerdicts(InboxBoxes):
    """Yes, no, and other words."""

    def action_approve(self) -> None:
        """Yes to the mail that is shown, by the digest of what is shown."""
        mail = self.shown
        if mail is not None:
            self.run(
                verdicts.approve,
                verdicts.Approve(id=mail.id, digest=mail.digest or "none"),
                self._approved,
            )

    def _approved(self, mail: boxes.ApprovalView) -> None:
        self.say(
            f"Approved: {mail.contact}. It leaves {when(mail.run_at, self.zone)}. z takes it back."
        )

    @work
    async def action_reject(self) -> None:
        """No, with what it means for the person and why."""
        mail = self.mail
        if mail is None:
            return
        key = await self.ask_key(
            f"Reject the mail to {mail.contact}", {key: no.label for key, no in NOES.items()}
        )
        if key is None:
            return
        hint = "a few words, or Enter for none; Esc goes back"
        reason = await self.ask_line(Question("reject", "Why? ", hint=hint))
        if reason is not None:
            no = NOES[key]
            command = {"id": mail.id, "reason": reason or no.label, "then": no.then}
            self.run(verdicts.reject, command, lambda _: self.say(f"{mail.contact} {no.done}"))

    @work
    async def action_edit(self) -> None:
        from rusvel_tui.widgets.form import Field

        mail = self.mail
        if mail is None:
            return
        fields = (
            Field("subject", "Subject", mail.subject, required=True),
            Field("body", "Body", mail.body, kind="multiline", lines=14),
        )

        def save(values: dict[str, str]) -> Any:
            edit = verdicts.Edit(id=mail.id, version=mail.version, **values)
            return self.engine.run(verdicts.edit, edit)

        if await self.form(f"Mail to {mail.contact}", fields, save) is not None:
            self.say("Edited. z takes it back.")

    def action_edit_outside(self) -> None:
        """Edit in $EDITOR: the first line is the subject, the rest behind a blank line is the body."""
        mail = self.mail
        if mail is None:
            return
        text = edit_text(self.app, f"{mail.subject}\n\n{mail.body}\n")
        if text is not None:
            subject, _, body = text.partition("\n")
            edit = verdicts.Edit(
                id=mail.id, subject=subject, body=body.strip(), version=mail.version
            )
            self.run(verdicts.edit, edit, lambda _: self.say("Edited. z takes it back."))

    @work
    async def action_approve_all(self) -> None:
        """Approve what is marked, or every clean draft of the box, after saying how many."""
        rows = await asyncio.to_thread(self._whole_box)
        if self.mails.marked_count:
            rows = tuple(mail for mail in rows if self.mails.marks.has(mail.id))
        clean = [mail for mail in rows if not mail.problems]
        left = len(rows) - len(clean)
        detail = f"{left} with problems stay here." if left else ""
        many = f"{len(clean)} mails" if len(clean) != 1 else "one mail"
        if clean and await self.confirm(f"Approve {many}?", detail=detail, yes="Approve"):
            for mail in clean:
                self.run(
                    verdicts.approve, verdicts.Approve(id=mail.id, digest=mail.digest or "none")
                )
            self.mails.clear_marks()
            self.say(f"Approved {many}. u takes one back.")

    def action_redraft(self) -> None:
        self._act("gtm.outreach.redraft", "The draft is written anew.")

    def action_unapprove(self) -> None:
        self._act("gtm.approvals.unapprove", "The approval was taken back.")

    @work
    async def action_why(self) -> None:
        if (mail := self.mail) is not None:
            number = (Fact("Message-ID", mail.message_id),)
            await show_why(self, mail.id, self.zone, number)

    def _whole_box(self) -> tuple[boxes.ApprovalView, ...]:
        """The mails of the open box. Runs in a thread."""
        wanted = window.BoxWindow(box=self.box, count=MOST)
        return self.engine.run(window.box_window, wanted).rows

    def _act(self, operation: str, done: str) -> None:
        """An operation that needs the mail's id only."""
        if (mail := self.mail) is not None:
            self.run(operation, {"id": mail.id}, lambda _: self.say(done))
