"""The box of what programs want changed: one card whole, and a yes or no with the keys of the mails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from textual import on, work
from textual.widget import Widget

from rusvel_tui.engine.agent.proposals import listing
from rusvel_tui.engine.agent.proposals.cards import (
    ListProposals,
    ProposalId,
    ProposalState,
    ProposalView,
    ProposalWindow,
)
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.approvals import boxes
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from rusvel_tui.screens.inbox.boxes import BOXES, EMPTY, InboxState
from rusvel_tui.screens.inbox.cards import LOW, asker, card_blocks
from rusvel_tui.screens.inbox.looking import Looking
from rusvel_tui.screens.page import AnyList, Rows
from rusvel_tui.screens.shared.moments import short
from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.paged_list import PagedList
from rusvel_tui.widgets.tab_line import Choice, TabLine
from rusvel_tui.widgets.text_view import Prose, TextView
from rusvel_tui.widgets.virtual_list import VirtualList

PROPOSED = "proposed"
NOTHING = "Nothing is proposed.\n\nWhat the assistant wants to change waits here for your yes. g a asks it something."
_HINT = "\n\n9 shows what is proposed."


class Proposing(Looking):
    """A box beside those of the mails, with the same keys."""

    proposed = False
    """Whether this box is open."""
    waiting = 0
    """How many proposals wait."""

    def more_panes(self) -> Iterator[Widget]:
        def asked_at(card: ProposalView) -> str:
            return short(card.created_at, self.engine.clock.now(), self.zone)

        columns: tuple[Column[ProposalView], ...] = (
            Column("Change", lambda card: f"✎ {card.title}", width=34, grow=3, most=90),
            Column("Asked by", asker, width=13, drop=2, tone="muted"),
            Column("When", asked_at, width=8, drop=1, tone="muted", align="right"),
        )
        cards = VirtualList(columns, key="proposal_id", id="cards", empty=NOTHING)
        text = TextView(id="card")
        cards.display = text.display = False
        yield cards
        yield text

    @property
    def cards(self) -> VirtualList[ProposalView]:
        return self.query_one("#cards", VirtualList)

    @property
    def card(self) -> ProposalView | None:
        """The card under the cursor, the one that is shown."""
        return self.cards.current if self.proposed else None

    @property
    def mail(self) -> boxes.ApprovalView | None:
        return None if self.proposed else super().mail

    def read(self) -> InboxState:
        state = super().read()
        if self.engine.may("agent.read"):
            found = self.engine.run(listing.list_proposals, ListProposals(limit=1))
            state = replace(state, proposed=found.waiting)
        return state

    def show(self, view: InboxState) -> None:
        super().show(view)
        self.waiting = view.proposed
        if self.proposed:  # its moments are in the zone that is known now
            self.cards.refresh()
            self._show_card(self.card)
        if self.box is Box.WAITING and not self.filter_text:
            self.mails.empty = EMPTY[Box.WAITING] + (_HINT if view.proposed else "")
            self.mails.refresh()
        line = self.query_one(TabLine)
        if self.proposed or view.proposed:
            line.choices = (*line.choices, Choice(PROPOSED, PROPOSED, view.proposed, "accent"))
        line.active = PROPOSED if self.proposed else self.box.value

    def read_rows(self, widget: AnyList, first: int, count: int) -> Rows:
        if widget.id != "cards":
            return super().read_rows(widget, first, count)
        if not self.engine.may("agent.read"):
            return Rows(0, ())
        found = self.engine.run(listing.proposal_window, ProposalWindow(first=first, count=count))
        return Rows(found.total, found.rows)

    @work(thread=True, group="reveal", exit_on_error=False)
    def reveal(self, item_id: str) -> None:
        """Show one proposal that waits, or one mail."""
        try:
            card = self.engine.run(listing.show_proposal, ProposalId(proposal_id=item_id))
        except EngineError:
            self.call_later(super().reveal, item_id)
            return
        if card.state is ProposalState.WAITING:
            self.call_later(self.open_cards, item_id)
        else:
            self.call_later(self.say, f"This proposal is {card.state.value.lower()} already.")

    def open_cards(self, anchor: str | None = None) -> None:
        """Show the box, with the cursor on the card `anchor` if there is one."""
        self._turn_to(proposed=True)
        self.cards.reload(anchor)
        self.cards.focus()
        self.load()
        self.post_message(self.Turned())

    def open_box(self, box: Box, anchor: str | None = None) -> None:
        if self.proposed:
            self._turn_to(proposed=False)
            self.mails.focus()
        super().open_box(box, anchor)

    def _turn_to(self, *, proposed: bool) -> None:
        self.proposed = proposed
        self.set_class(proposed, "-proposed")
        for name in ("#cards", "#card"):
            self.query_one(name).display = proposed
        for name in ("#mails", "#letter"):
            self.query_one(name).display = not proposed
        self.cards.clear_marks()

    def action_box(self, name: str) -> None:
        if name == PROPOSED:
            self.open_cards()
        else:
            super().action_box(name)

    def action_turn(self, by: int) -> None:
        names = [*(box.value for box in BOXES), *([PROPOSED] if self.waiting else [])]
        here = names.index(self.box.value) if not self.proposed else len(BOXES)
        self.action_box(names[(here + by) % len(names)])

    def back(self) -> bool:
        """Esc: from the card to the list, then clear marks, then to the first box."""
        if not self.proposed:
            return super().back()
        if self.query_one("#card").has_focus:
            self.cards.focus()
        elif not self.cards.clear_marks():
            self.open_box(Box.WAITING)
        return True

    @on(PagedList.Highlighted, "#cards")
    def _card_highlighted(self, event: PagedList.Highlighted) -> None:
        self._show_card(event.row)

    def _show_card(self, card: ProposalView | None) -> None:
        view = self.query_one("#card", TextView)
        low = view.size.height < LOW
        now = self.engine.clock.now()
        view.show(card_blocks(card, now, self.zone, low=low) if card else (Prose(""),))

    @on(VirtualList.Opened, "#cards")
    def _card_opened(self) -> None:
        self.query_one("#card").focus()
