"""The verdicts on proposals: the keys of the mails, where their box is open."""

from __future__ import annotations

from functools import partial
from typing import Any

from textual import work

from rusvel_tui.engine.agent.proposals import listing, proposals
from rusvel_tui.engine.agent.proposals.cards import (
    ApprovedProposals,
    ApproveProposals,
    EditProposal,
    ProposalId,
    ProposalView,
    ProposalWindow,
    RejectProposal,
)
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import EngineError, InvalidInput
from rusvel_tui.screens.inbox.proposing import Proposing
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.widgets.form import Field
from rusvel_tui.widgets.line_input import Question

PAGES = {
    "contact": "contacts", "deal": "deals", "company": "companies", "sequence": "sequences", "invoice": "invoices",
    "mail": "inbox", "kpi": "growth", "funnel": "growth", "cohort": "growth",
}  # fmt: skip
"""Where each kind of thing that a change is about has its page."""
MOST = 1000
"""Cards that are approved at once."""


class Judging(Proposing):
    """Yes, no, and another input."""

    def action_approve(self) -> None:
        """Yes to the card that is shown, as it is shown; the next one is shown at once."""
        if not self.proposed:
            super().action_approve()
        elif (card := self.card) is not None and _mark(card) not in self.decided:
            self._pass_on(card)
            done = f"Done: {card.title}.{' z to undo.' if card.undoable else ''}"
            self.run(proposals.approve, _seen(card), lambda _: self.say(done), partial(self._take_card_up, card))  # fmt: skip

    @work(exit_on_error=False)
    async def action_approve_all(self) -> None:
        """Approve what is marked, or every card of the box, after saying how many and what."""
        if not self.proposed:
            super().action_approve_all()
            return
        window = ProposalWindow(count=MOST)
        found = await attempt(self, partial(self.engine.run, listing.proposal_window, window))
        marks = self.cards.marks
        marked = bool(marks.ids or marks.every)
        wanted = [card for card in found.rows if not marked or marks.has(card.proposal_id)] if found else []  # fmt: skip
        if not wanted:
            return
        many = f"{len(wanted)} changes" if len(wanted) != 1 else "one change"
        titles = "\n".join(card.title for card in wanted[:12])
        more = f"\nand {len(wanted) - 12} more" if len(wanted) > 12 else ""
        if await self.confirm(f"Make {many}?", detail=f"{titles}{more}", yes="Approve"):
            self.cards.clear_marks()
            word = ApproveProposals(proposals=tuple(map(_seen, wanted)))
            self.run(proposals.approve_many, word, self._approved_cards)

    def _approved_cards(self, done: ApprovedProposals) -> None:
        left = len(done.refused)
        but = f" {left} left: {done.refused[0].title}: {done.refused[0].why}" if left else ""
        back = " z takes them back, one at a time." if done.count else ""
        self.say(f"{done.count} made.{but}{back}")

    @work(exit_on_error=False)
    async def action_reject(self) -> None:
        """No, and why; the assistant reads the reason."""
        if not self.proposed:
            super().action_reject()
        elif (card := self.card) is not None:
            hint = "the assistant reads it · enter alone says no, esc goes back"
            reason = await self.ask_line(
                Question("reject proposal", "Reject, because: ", hint=hint)
            )
            if reason is not None:
                self._pass_on(card)
                word = RejectProposal(
                    proposal_id=card.proposal_id, version=card.version, reason=reason
                )
                said = f"Rejected: {card.title}. z to undo."
                self.run(proposals.reject, word, lambda _: self.say(said), partial(self._take_card_up, card))  # fmt: skip

    async def action_edit(self) -> None:
        """Another input for what is asked; it still needs a yes."""
        if not self.proposed:
            await super().action_edit()
        elif (card := self.card) is not None:
            self._edit_card(card)

    @work(exit_on_error=False)
    async def _edit_card(self, card: ProposalView) -> None:
        from rusvel_tui.engine.yaml_text import write_yaml

        text = write_yaml(card.input) if card.input else ""
        fields = (
            Field(
                "input", "Input", text, kind="multiline", lines=14, required=True,
                help="One `name: value` on each line (YAML).",
            ),
        )  # fmt: skip
        save = partial(_save, self.engine, card)
        if await self.form(card.title, fields, save, button="Change it") is not None:
            self.say("Changed; it still needs your yes. z to undo.")

    def action_person(self) -> None:
        """Go to what the change is about."""
        card = self.card
        if card is None:
            super().action_person()
        elif card.subject_kind in PAGES:
            self.visit(PAGES[card.subject_kind], card.subject_id)
        else:
            self.say("It is about nothing that is there already.")

    def action_source(self) -> None:
        """Go to the conversation in which it was asked."""
        card = self.card
        if card is None:
            super().action_source()
        elif card.conversation_id:
            self.visit("assistant", card.conversation_id)
        else:
            self.say("It was not asked in a conversation.")

    def _pass_on(self, card: ProposalView) -> None:
        """Go to the next card, or at the end to one before: this one is decided and leaves the box."""
        self.decided.add(_mark(card))
        at, count = self.cards.cursor, self.cards.count
        for index in (*range(at + 1, count), *range(at - 1, -1, -1)):
            row = self.cards.row_of(index)
            if row is not None and _mark(row) not in self.decided:
                self.cards.cursor = index
                return

    def _take_card_up(self, card: ProposalView, error: EngineError) -> None:
        """The verdict was refused: the card waits, and shows what is new."""
        self.decided.discard(_mark(card))
        self.complain(str(error))
        self.load()
        self.cards.reload(card.proposal_id)


def _mark(card: ProposalView) -> tuple[str, int]:
    return card.proposal_id, card.version


def _seen(card: ProposalView) -> ProposalId:
    return ProposalId(proposal_id=card.proposal_id, version=card.version)


def _save(engine: Engine, card: ProposalView, values: dict[str, str]) -> Any:
    """Store another input; raises `EngineError`. Runs in a thread."""
    from rusvel_tui.engine.yaml_text import read_yaml

    data = read_yaml(values["input"]).data
    if not isinstance(data, dict):
        raise InvalidInput("Write `name: value` lines.", field="input")
    word = EditProposal(proposal_id=card.proposal_id, version=card.version, input=data)
    return engine.run(proposals.edit, word)
