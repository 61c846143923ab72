"""The verdicts of the inbox: one key each, tied to the text that is shown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from textual import work

from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.approvals import boxes, choosing, postponing, rejecting, verdicts
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from rusvel_tui.engine.when_text import DAYS
from rusvel_tui.screens.attempts import attempt
from rusvel_tui.screens.inbox.boxes import InboxBoxes
from rusvel_tui.screens.inbox.letters import slot
from rusvel_tui.screens.moments import when
from rusvel_tui.widgets.line_input import Question


@dataclass(frozen=True, slots=True)
class No:
    """One kind of rejection: its words before and after."""

    label: str
    then: rejecting.Then
    done: str


NOES = {
    "1": No("redraft", rejecting.Then.REDRAFT, "gets a new draft"),
    "2": No("skip this step", rejecting.Then.SKIP, "goes on with the next step"),
    "3": No("stop this person", rejecting.Then.STOP, "is out of the sequence"),
    "4": No("stop the company", rejecting.Then.STOP_COMPANY, "and the company are out"),
    "5": No("wrong data", rejecting.Then.WRONG_DATA, "rests; a task tells to put the data right"),
}
"""What the digits mean after r."""
LATER = {"1": "in 3 hours", "2": "tomorrow", "3": "mon", "4": "in 1 week"}
"""What the digits mean after s."""


class Deciding(InboxBoxes):
    """Yes, no, and later."""

    decided: set[tuple[str, int]]
    """Id and version of what got its verdict here and may still stand in the list."""
    last_no: tuple[No, str] | None = None
    """The last rejection with its reason, for R."""

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

    @work(exit_on_error=False)
    async def action_reject(self) -> None:
        """No, with what it means for the person and why."""
        mail = self.mail
        if mail is None:
            return
        if mail.source_kind:
            await self._reject_source(mail)
            return
        options = {key: no.label for key, no in NOES.items()} | {"6": "not now"}
        key = await self.ask_key(f"Reject the mail to {mail.contact}", options)
        if key == "6":
            await self._snooze(mail)
        elif key is not None:
            await self._reject(mail, NOES[key])

    async def _reject(self, mail: boxes.ApprovalView, no: No) -> None:
        hint = "a few words, or Enter for none; Esc goes back"
        label = "What shall be different? " if no.then is rejecting.Then.REDRAFT else "Why? "
        reason = await self.ask_line(Question("reject", label, hint=hint))
        if reason is not None:
            self.last_no = no, reason or no.label
            self.say_no(mail, no, reason or no.label)

    async def _reject_source(self, mail: boxes.ApprovalView) -> None:
        reason = await self.ask_line(Question("reject", f"Reject the {mail.source}. Why? "))
        if reason is not None:
            no = No("no", rejecting.Then.STOP, "does not get it")
            self.say_no(mail, no, reason or "no")

    def say_no(self, mail: boxes.ApprovalView, no: No, reason: str) -> None:
        """Reject it; the next mail is shown at once."""
        if self.mail is not None and self.mail.id == mail.id:
            self.pass_on(mail)
        word = rejecting.Reject(id=mail.id, reason=reason, then=no.then)
        done = f"{mail.contact} {no.done}. z to undo."
        self.run(rejecting.reject, word, lambda _: self.say(done), partial(self.take_up, mail))

    @work(exit_on_error=False)
    async def action_snooze(self) -> None:
        """Put it out of sight for a while."""
        if (mail := self.mail) is not None:
            await self._snooze(mail)

    async def _snooze(self, mail: boxes.ApprovalView) -> None:
        options = LATER | {"t": "type a time"}
        key = await self.ask_key(f"Snooze the mail to {mail.contact}", options)
        text = LATER.get(key or "", "")
        if key == "t":
            text = await self.ask_line(Question("snooze", "Until: ", hint=DAYS)) or ""
        if text:
            order = postponing.Snooze(id=mail.id, until=text)
            self.run(postponing.snooze, order, self._snoozed)

    def _snoozed(self, mail: boxes.ApprovalView) -> None:
        if mail.snoozed_until is not None:
            until = when(mail.snoozed_until, self.zone)
            self.say(f"{mail.contact} comes back {until}; until then in held. z to undo.")

    @work(exit_on_error=False)
    async def action_time(self, text: str = "") -> None:
        """Choose when it may leave at the earliest; an empty answer lets it go at its own time."""
        mail = self.mail
        if mail is None:
            return
        hint = f"{DAYS} Enter alone: at its own time"
        question = Question("send time", f"The mail to {mail.contact} leaves: ", hint=hint)
        typed = text or await self.ask_line(question)
        if typed is not None:
            order = postponing.SetTime(id=mail.id, not_before=typed)
            self.run(postponing.set_time, order, partial(self._timed, mail.contact))

    def _timed(self, name: str, mail: boxes.ApprovalView) -> None:
        if mail.not_before is None:
            self.say(f"The mail to {name} leaves at its own time. z to undo.")
            return
        known = self.ahead.of(mail)
        both = slot(mail.not_before, self.zone, known.their_zone if known else mail.zone, name)
        self.say(f"Not before {both}. z to undo.")

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
