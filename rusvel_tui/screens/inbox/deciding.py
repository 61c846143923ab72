"""The verdicts of the inbox: one key each, tied to the text that is shown."""

from __future__ import annotations

from functools import partial

from textual import work

from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.approvals import boxes, choosing, verdicts
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from rusvel_tui.screens.inbox.letters import slot
from rusvel_tui.screens.inbox.reading import Lettered
from rusvel_tui.screens.shared.attempts import attempt


class Deciding(Lettered):
    """Yes, no, and later."""

    decided: set[tuple[str, int]]
    """Id and version of what got its verdict here and may still stand in the list."""

    def action_approve(self) -> None:
        """Yes to the mail that is shown, by the digest of what is shown; the next one is shown at once."""
        mail = self.shown
        if mail is None or self.is_decided(mail):
            return
        self.pass_on(mail)
        word = verdicts.Approve(id=mail.id, digest=mail.digest or "none")
        self.run(verdicts.approve, word, self._approved, partial(self.take_up, mail))

    def pass_on(self, mail: boxes.ApprovalView) -> None:
        """Go to the next mail, or at the end to one before: this one is decided and leaves the box."""
        self.decided.add((mail.id, mail.version))
        at, count = self.mails.cursor, self.mails.count
        for index in (*range(at + 1, count), *range(at - 1, -1, -1)):
            row = self.mails.row_of(index)
            if row is not None and not self.is_decided(row):
                self.mails.cursor = index
                return

    def is_decided(self, mail: boxes.ApprovalView) -> bool:
        """Whether it got its verdict here a moment ago; as it comes back from an undo it is another version."""
        return (mail.id, mail.version) in self.decided

    def take_up(self, mail: boxes.ApprovalView, error: EngineError) -> None:
        """The verdict was refused: the mail waits as before."""
        self.decided.discard((mail.id, mail.version))
        self.complain(f"{mail.contact}: {error}")
        self.load()
        self.mails.reload(mail.id)

    def say(self, text: str) -> None:
        """One message at a time: thirty verdicts must not cover the thirty-first mail."""
        self.app.clear_notifications()
        super().say(text)

    def _approved(self, mail: boxes.ApprovalView) -> None:
        known = self.ahead.of(mail)
        leaves = slot(
            mail.run_at, self.zone, known.their_zone if known else mail.zone, mail.contact
        )
        self.say(f"Approved: {mail.contact}. It leaves {leaves}. z to undo.")

    @work(exit_on_error=False)
    async def action_approve_all(self) -> None:
        """Approve what is marked, or every clean draft of the box, after saying how many and who."""
        wanted = choosing.SortOut(box=self.box, filter=self.filter_text)
        marks = self.mails.marks
        if marks.every:
            wanted = wanted.model_copy(update={"every": True})
        elif marks.ids:
            wanted = wanted.model_copy(update={"ids": tuple(sorted(marks.ids))})
        found = await attempt(self, partial(self.engine.run, choosing.sort_out, wanted))
        if found is None:
            return
        if marks.every and marks.ids:  # all but these
            ready = tuple(one for one in found.ready if marks.has(one.id))
            found = found.model_copy(update={"ready": ready, "recipients": ()})
        left = ", ".join(f"{count} {why}" for why, count in found.left.items())
        if not found.ready:
            self.say(f"Nothing to approve at once{f': {left}' if left else ''}.")
            return
        detail = "\n".join(filter(None, (_to_whom(found), f"Left out: {left}." if left else "")))
        many = _many(len(found.ready))
        if await self.confirm(f"Approve {many}?", detail=detail, yes="Approve"):
            self.mails.clear_marks()
            word = verdicts.ApproveMany(mails=found.ready)
            self.run(verdicts.approve_many, word, self._approved_many)

    def _approved_many(self, done: verdicts.ApprovedMany) -> None:
        but = f" {len(done.refused)} left out: {done.refused[0].why}" if done.refused else ""
        self.say(f"Approved {_many(done.count)}.{but} z to undo.")

    def action_unapprove(self) -> None:
        """Take the yes back; of a snoozed draft, the snooze."""
        mail = self.mail
        if mail is None:
            return
        if mail.box is Box.HELD and mail.state == "Held":
            self.act("gtm.approvals.wake", "It waits for your yes again. z to undo.")
        else:
            self.act("gtm.approvals.unapprove", "The approval was taken back.")

    def act(self, operation: str, done: str) -> None:
        """An operation that needs the mail's id only."""
        if (mail := self.mail) is not None:
            self.run(operation, {"id": mail.id}, lambda _: self.say(done))


def _many(count: int) -> str:
    return f"{count} mails" if count != 1 else "one mail"


def _to_whom(found: choosing.Sorted) -> str:
    """The recipients, as far as there is room."""
    warned = f"{found.warned} of them with warnings." if found.warned else ""
    if not found.recipients:
        return warned
    shown = ", ".join(found.recipients[:12])
    more = len(found.ready) - min(12, len(found.recipients))
    return f"To {shown}{f' and {more} more' if more > 0 else ''}. {warned}".strip()
