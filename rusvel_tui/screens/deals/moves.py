"""The board and its moves: a card goes at once, the change is written behind it, and a refusal puts it back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from textual import on, work
from textual.app import ComposeResult
from textual.widgets import Static

from rusvel_tui.engine.gtm.crm.deals.board import BoardView, board
from rusvel_tui.engine.gtm.crm.deals.deal_inputs import AdvanceDeal, ReorderDeal
from rusvel_tui.engine.gtm.crm.deals.deal_inputs import Board as BoardInput
from rusvel_tui.engine.gtm.crm.deals.deal_moves import advance_deal, reorder_deal
from rusvel_tui.engine.gtm.crm.deals.deal_views import DealView
from rusvel_tui.engine.gtm.crm.pipelines.stages import StageKind
from rusvel_tui.engine.gtm.view_proposals import ViewKind
from rusvel_tui.engine.sessions import ListSessions, show_session
from rusvel_tui.screens.deals.cards import amount, lanes_of, totals
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.screens.shared.viewed import Viewed, captioned
from rusvel_tui.widgets.board import Board
from rusvel_tui.widgets.board_state import LEAST, Lane
from rusvel_tui.widgets.filter_line import FilterLine
from rusvel_tui.widgets.line_input import Question
from rusvel_tui.widgets.plain import fitting, plain

Move = Callable[[], Awaitable[None]]
_WHY = "a few words; Esc leaves it"
NO_DEAL = "No deal yet. c d adds one, with a contact that you pick by typing a part of the name."


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What the page shows."""

    name: str
    zone: ZoneInfo
    reasons: dict[str, str]
    """Of each stage, whether a deal that comes there needs a reason: `required`, `asked`, or empty."""
    closed: frozenset[str]
    """The stages that end a deal."""
    lanes: tuple[Lane, ...]
    totals: tuple[str, ...]


class Places:
    """Where each card is by the moves so far, written or on their way."""

    def __init__(self, lanes: tuple[Lane, ...] = ()) -> None:
        self._ids = {lane.id: [card.id for card in lane.cards] for lane in lanes}
        self.titles = {card.id: card.title for lane in lanes for card in lane.cards}

    def take(self, card_id: str, lane_id: str, index: int) -> tuple[str, int]:
        """Put a card there; the lane and the index where it was."""
        lane = next(lane for lane, ids in self._ids.items() if card_id in ids)
        before = self._ids[lane].index(card_id)
        del self._ids[lane][before]
        self._ids[lane_id].insert(index, card_id)
        return lane, before


class DealMoves(Viewed[Pipeline]):
    """One board. Moves are written one after the other, in the order in which the keys were pressed."""

    KIND = ViewKind.DEALS
    zone = ZoneInfo("UTC")
    pipeline = ""
    """The name of the one on the board; the first one when empty."""
    _reasons: dict[str, str] = {}
    _ends: frozenset[str] = frozenset()
    _under_way = 0
    _anew = False
    """The cards that come next are other ones: the cursor begins at the first of them."""
    _seek = ""

    def compose(self) -> ComposeResult:
        yield Static(id="deals-totals", classes="tally")
        yield Board(id="deal-board")
        yield Static(NO_DEAL, id="no-deal", markup=False)
        yield FilterLine(id="deal-filter")

    def on_mount(self) -> None:
        super().on_mount()
        self._turn = asyncio.Lock()
        self._places = Places()

    @property
    def board(self) -> Board:
        return self.query_one(Board)

    def read(self) -> Pipeline:
        zone = ZoneInfo(self.engine.run(show_session, ListSessions()).timezone)
        view: BoardView = self.engine.run(
            board, BoardInput(pipeline=self.pipeline, filter=self.filter_text)
        )
        room = max(LEAST, self.board.size.width // len(view.columns)) - 2
        reasons = {column.stage: column.reason for column in view.columns}
        closed = frozenset(column.stage for column in view.columns if column.kind.closed)
        lanes = lanes_of(view, self.engine.clock.now(), zone, room)
        return Pipeline(view.pipeline, zone, reasons, closed, lanes, totals(view))

    def on_resize(self) -> None:
        self.load()

    def show(self, view: Pipeline) -> None:
        if self._under_way:
            return  # the board is ahead; it is read again when all is written
        self.zone, self._reasons, self._ends = view.zone, view.reasons, view.closed
        caption = self.query_one("#deals-totals", Static)
        texts = captioned(view.totals, self.filter_caption)
        caption.update(plain(fitting(texts, max(20, caption.size.width - 2))))
        nothing = not any(lane.cards for lane in view.lanes)
        self.set_class(nothing and not self.filter_text, "-empty")
        if not self.board.state.lanes or self._anew:
            self._anew = False
            self._seek = self._seek or _first(view.lanes)
        self._places = Places(view.lanes)
        self.board.show(view.lanes)
        if self._seek:
            self.board.select(self._seek)
            self._seek = ""

    def narrowed(self) -> None:
        self._anew = True
        self.load()

    def reveal(self, item_id: str) -> None:
        """Put the cursor on a deal."""
        self._seek = item_id
        self.narrow("")
        self.load()

    @on(Board.Moved)
    def _moved(self, event: Board.Moved) -> None:
        lane, _ = self._places.take(event.card_id, event.to_column, event.index)
        self._write(partial(self._advance, event.card_id, lane, event.to_column, event.index))

    @on(Board.Reordered)
    def _reordered(self, event: Board.Reordered) -> None:
        _, before = self._places.take(event.card_id, event.column, event.index)
        self._write(partial(self._reorder, event.card_id, event.index - before))

    def _write(self, move: Move) -> None:
        self._under_way += 1
        self._in_turn(move)

    @work(exit_on_error=False)
    async def _in_turn(self, move: Move) -> None:
        """One move after the other; then the board shows what is stored."""
        try:
            async with self._turn:
                await move()
        finally:
            self._under_way -= 1
            if not self._under_way:
                self.load()

    async def _advance(self, deal_id: str, start: str, stage: str, index: int) -> None:
        """Write a move to another stage, after what must be asked."""
        title, self._seek = self._places.titles[deal_id], deal_id
        closed = start in self._ends
        if closed and not await self._reopens(title, start, stage):
            return
        reason: str | None = ""
        if asked := self._reasons.get(stage, ""):
            reason = await self._why(title, stage, asked)
            if reason is None:
                return
        order = AdvanceDeal(deal_id=deal_id, stage=stage, reason=reason, reopen=closed)
        done = await attempt(self, partial(self.engine.run, advance_deal, order))
        if done is None:
            return
        self._seek = ""  # only the cursor of a refused move goes back with its card
        self.app.clear_notifications()  # of several moves only the last one is news
        self.say(_told(done))
        if index:
            await self._reorder(deal_id, index)

    async def _why(self, title: str, stage: str, asked: str) -> str | None:
        """The reason that closes a deal, on which the next ones are judged; None leaves it where it was."""
        hint = _WHY if asked == "required" else "a few words, or Enter for none; Esc leaves it"
        return await self.ask_line(
            Question(f"why {stage}", f"Why was {title} {stage.lower()}? ", hint=hint)
        )

    async def _reopens(self, title: str, start: str, stage: str) -> bool:
        detail = f"It is {start.lower()}, and goes to {stage.lower()}."
        return await self.confirm(f"Reopen {title}?", detail=detail, yes="Reopen")

    async def _reorder(self, deal_id: str, by: int) -> None:
        """Write a move inside a stage."""
        order = ReorderDeal(deal_id=deal_id, by=by)
        await attempt(self, partial(self.engine.run, reorder_deal, order))


def _first(lanes: tuple[Lane, ...]) -> str:
    """The id of the first card there is."""
    return next((card.id for lane in lanes for card in lane.cards), "")


def _told(deal: DealView) -> str:
    if deal.status.closed:
        bill = " I writes the invoice." if deal.status is StageKind.WON else ""
        return f"{deal.stage}: {deal.title}, {amount(deal)}. z to undo.{bill}"
    return f"{deal.title} is now in {deal.stage}. z to undo."
