"""Looking closer before the yes: reasons, bytes, a test to oneself, the person; and mails that went wrong."""

from __future__ import annotations

from functools import partial

from textual import work

from rusvel_tui.engine.gtm.approvals import aftermath, boxes, proofs
from rusvel_tui.engine.gtm.outreach.mails import mending
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from rusvel_tui.screens.inbox.writing import Writing
from rusvel_tui.screens.sequences.why import why_blocks
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.screens.shared.dialogs import Reader
from rusvel_tui.widgets.line_input import Question
from rusvel_tui.widgets.text_view import Block, Fact, Heading, Prose


class Looking(Writing):
    """Why, what exactly, and what now."""

    @work(exit_on_error=False)
    async def action_why(self) -> None:
        """Why this person, why now, which gates, and which facts the text rests on."""
        if (mail := self.mail) is None:
            return
        order = boxes.ApprovalId(id=mail.id)
        seen = await attempt(self, partial(self.engine.run, proofs.show_why, order))
        if seen is not None:
            now = why_blocks(seen.now, self.zone)
            number = Fact("Message-ID", mail.message_id)
            self.app.push_screen(
                Reader(f"Why: {mail.contact}", (*now, *_reasons(seen), Prose(""), number))
            )

    @work(exit_on_error=False)
    async def action_raw(self) -> None:
        """The message as mail servers see it."""
        if (mail := self.mail) is None:
            return
        order = boxes.ApprovalId(id=mail.id)
        seen = await attempt(self, partial(self.engine.run, proofs.show_raw, order))
        if seen is not None:
            what = "as it left" if mail.box is Box.SENT else "as it was first tried"
            kind = what if seen.final else "as it would be now; the date still changes"
            head = Prose(f"{seen.size} bytes, {kind}.", "muted")
            self.app.push_screen(
                Reader(f"Raw: {mail.contact}", (head, Prose(""), Prose(seen.text)))
            )

    def action_test(self) -> None:
        """A copy to oneself."""
        if (mail := self.mail) is not None:
            order = boxes.ApprovalId(id=mail.id)
            self.run(
                proofs.send_test,
                order,
                lambda sent: self.say(
                    f"A test goes to {sent.to}. z to undo while it has not left."
                ),
            )

    def action_person(self) -> None:
        """Go to the contact of the mail."""
        mail = self.mail
        if mail is not None and mail.contact_id:
            self.visit("contacts", mail.contact_id)
        elif mail is not None:
            self.say(f"{mail.to} belongs to no contact.")

    def action_source(self) -> None:
        """Go to what asked for the mail, where there is a page for it."""
        mail = self.mail
        if mail is not None and mail.source_kind in ("invoice", "reminder"):
            self.visit("invoices", mail.source_id)
        elif mail is not None and mail.sequence_id:
            self.visit("sequences", mail.sequence_id)

    def action_again(self) -> None:
        """Once more: the last rejection, a mail in doubt, or one that failed."""
        mail = self.mail
        if mail is None:
            return
        if mail.box is Box.FAILED:
            self.act("gtm.approvals.retry", "It is tried again.")
        elif mail.box is Box.IN_DOUBT:
            self._send_again(mail)
        elif self.last_no is None or mail.source_kind:
            self.say("There is no rejection to repeat. r rejects.")
        else:
            self.say_no(mail, *self.last_no)

    def action_settle_sent(self) -> None:
        """A mail in doubt: it arrived."""
        if (mail := self.mail) is not None:
            word = aftermath.SettleDoubt(id=mail.id, outcome=aftermath.Outcome.SENT)
            done = "Marked as sent; the next step is planned."
            self.run(aftermath.settle_doubt, word, lambda _: self.say(done))

    @work(exit_on_error=False)
    async def action_give_up(self) -> None:
        """A mail in doubt: leave it."""
        mail = self.mail
        if mail is not None and await self.confirm(
            f"Give up the mail to {mail.contact}?",
            detail="It is not sent again, and the person leaves the sequence.",
            yes="Give up",
        ):
            word = aftermath.SettleDoubt(id=mail.id, outcome=aftermath.Outcome.GIVE_UP)
            self.run(aftermath.settle_doubt, word, lambda _: self.say("Given up."))

    @work(exit_on_error=False)
    async def _send_again(self, mail: boxes.ApprovalView) -> None:
        label = f"It may be a second copy. Type {mail.to} to confirm: "
        typed = await self.ask_line(Question("again", label))
        if typed is not None:
            word = aftermath.SettleDoubt(
                id=mail.id, outcome=aftermath.Outcome.SEND_AGAIN, confirm=typed
            )
            self.run(aftermath.settle_doubt, word, lambda _: self.say("It is sent again."))

    @work(thread=True, group="write", exit_on_error=False)
    def action_pause_sending(self) -> None:
        """Pause all sending, or go on."""
        sender = self.engine.call("gtm.outreach.sender", {}).model_dump()
        name = "gtm.outreach.resume_sending" if sender["paused"] else "gtm.outreach.pause_sending"
        self.engine.call(name, {})
        said = "Sending goes on." if sender["paused"] else "Sending is paused. ! resumes it."
        self.call_later(self.say, said)

    def action_mend_name(self) -> None:
        """Take over the first name that a warning proposes."""
        if (mail := self.mail) is not None and mail.contact_id:
            self.run(
                mending.mend_name,
                mending.MendName(contact_id=mail.contact_id),
                lambda done: self.say(
                    f"The first name is {done.after or 'empty'} now; the draft follows. z to undo."
                ),
            )

    def action_readdress(self) -> None:
        """Put the present sender on the draft."""
        self.act("gtm.approvals.readdress", "The present sender stands on it. Look at it again.")

    @work(exit_on_error=False)
    async def action_fix_data(self) -> None:
        from rusvel_tui.screens.contacts.fix_data import fix_data

        await fix_data(self)


def _reasons(seen: proofs.Because) -> list[Block]:
    blocks: list[Block] = [Heading("Why this person"), *map(Prose, seen.person)]
    if seen.words:
        blocks += [Heading("Why these words"), *map(Prose, seen.words)]
    if seen.facts:
        blocks.append(Heading("Facts it rests on"))
        blocks += [Fact(fact.source, fact.text) for fact in seen.facts]
    return blocks
