"""No and later: what a rejection means for the person, a snooze, another time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from textual import work

from rusvel_tui.engine.gtm.approvals import boxes, postponing, rejecting
from rusvel_tui.engine.when_text import DAYS
from rusvel_tui.screens.inbox.deciding import Deciding
from rusvel_tui.screens.inbox.letters import slot
from rusvel_tui.screens.shared.moments import when
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


class Refusing(Deciding):
    """Reject, snooze, choose a time."""

    last_no: tuple[No, str] | None = None
    """The last rejection with its reason, for R."""

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
