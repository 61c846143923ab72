"""The approval inbox: read a draft whole, then say yes or no with one key."""

from __future__ import annotations

from textual import work

from rusvel_tui.actions import Action
from rusvel_tui.engine.gtm.approvals import aftermath
from rusvel_tui.engine.gtm.outreach.mails import mending
from rusvel_tui.screens.inbox_boxes import BOXES, LABELS
from rusvel_tui.screens.inbox_verdicts import InboxVerdicts
from rusvel_tui.widgets.line_input import Question


class InboxPage(InboxVerdicts):
    """Verdicts on drafts, and on mails that went wrong."""

    TOPICS = frozenset({"gtm.outreach", "gtm.email", "gtm.sender", "gtm.sequence"})
    ABOUT = "Nothing leaves without your yes. Read the draft, then a approves and r rejects; z takes it back."
    ACTIONS = (
        Action("inbox.approve", "a", "Approve", "approve", "approve", "Yes to exactly this text; it leaves after the undo window.", foot=True),
        Action("inbox.reject", "r", "Reject", "reject", "reject", "No: have it redrafted, skip the step, or stop the person.", foot=True),
        Action("inbox.edit", "e", "Edit", "edit", "edit", "Edit subject and body; an approved mail then needs a new yes.", foot=True),
        Action("inbox.edit_outside", "E", "Editor", "edit_outside", "editor", "Edit in your own editor: first line the subject, then the body."),
        Action("inbox.person", "O", "Person", "person", "person", "Open the person."),
        Action("inbox.next_box", "b", "Next box", "turn(1)", "next box", "Go to the next box.", foot=True),
        Action("inbox.previous_box", "B", "Box before", "turn(-1)", "previous box", "Go to the box before."),
        Action("inbox.why", "w", "Why", "why", "why", "Why this mail is where it is, and when it may leave.", foot=True),
        Action("inbox.approve_all", "A", "Approve all", "approve_all", "approve all", "Approve the marked drafts, or all that are clean here; asks first."),
        Action("inbox.redraft", "i", "Redraft", "redraft", "redraft", "Have the draft written anew from the present data."),
        Action("inbox.mend_name", "F", "Fix name", "mend_name", "fix name", "Give the person the better first name that a warning proposes."),
        Action("inbox.fix_data", "m", "Fix data", "fix_data", "fix data", "Fill in what drafts lack, one person after the other."),
        Action("inbox.unapprove", "u", "Take back", "unapprove", "take back", "Take the approval back while the mail has not left."),
        Action("inbox.sent", "M", "It was sent", "settle_sent", "mark sent", "A mail in doubt: it arrived, go on."),
        Action("inbox.again", "S", "Send again", "send_again", "send again", "A mail in doubt: send it once more; it may be a second copy."),
        Action("inbox.retry", "R", "Try again", "retry", "retry", "Try a dead mail again, as it was approved."),
        Action("inbox.pause", "P", "Pause sending", "pause_sending", "pause sending", "Stop or resume all sending."),
        *(Action(f"inbox.box_{n}", str(n), LABELS[box].capitalize(), f"box('{box.value}')", f"box {LABELS[box]}", f"Show the box {LABELS[box]}.", "Boxes") for n, box in enumerate(BOXES, 1)),
    )  # fmt: skip

    def action_retry(self) -> None:
        self._act("gtm.approvals.retry", "It is tried again.")

    def action_settle_sent(self) -> None:
        mail = self.mail
        if mail is not None:
            word = aftermath.SettleDoubt(id=mail.id, outcome=aftermath.Outcome.SENT)
            self.run(
                aftermath.settle_doubt,
                word,
                lambda _: self.say("Marked as sent; the next step is planned."),
            )

    @work
    async def action_send_again(self) -> None:
        mail = self.mail
        if mail is None:
            return
        typed = await self.ask_line(
            Question("again", f"It may be a second copy. Type {mail.to} to confirm: ")
        )
        if typed is not None:
            word = aftermath.SettleDoubt(
                id=mail.id, outcome=aftermath.Outcome.SEND_AGAIN, confirm=typed
            )
            self.run(aftermath.settle_doubt, word, lambda _: self.say("It is sent again."))

    def action_pause_sending(self) -> None:
        """Pause all sending, or go on."""
        self._toggle_sending()

    @work(thread=True, group="write", exit_on_error=False)
    def _toggle_sending(self) -> None:
        sender = self.engine.call("gtm.outreach.sender", {}).model_dump()
        name = "gtm.outreach.resume_sending" if sender["paused"] else "gtm.outreach.pause_sending"
        self.engine.call(name, {})
        self.call_later(
            self.say, "Sending goes on." if sender["paused"] else "Sending is paused. P resumes it."
        )

    def action_mend_name(self) -> None:
        """Take over the first name that a warning proposes."""
        if (mail := self.mail) is not None:
            self.run(
                mending.mend_name,
                mending.MendName(contact_id=mail.contact_id),
                lambda done: self.say(
                    f"The first name is {done.after or 'empty'} now; the draft follows. z to undo."
                ),
            )

    @work(exit_on_error=False)
    async def action_fix_data(self) -> None:
        from rusvel_tui.screens.fix_data import fix_data

        await fix_data(self)

    def action_person(self) -> None:
        """Go to the contact of the mail."""
        if self.mail is not None:
            self.visit("contacts", self.mail.contact_id)
