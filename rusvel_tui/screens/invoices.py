"""Invoices: what was billed, and what could be: the deals that were won."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from textual import on
from textual.app import ComposeResult

from rusvel_tui.engine.gtm.crm.deals.board import board
from rusvel_tui.engine.gtm.crm.deals.deal_inputs import Board, ListDeals
from rusvel_tui.engine.gtm.crm.deals.deal_views import DealView
from rusvel_tui.engine.gtm.crm.deals.deals import list_deals
from rusvel_tui.engine.gtm.crm.pipelines.stages import StageKind
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.sessions import ListSessions, SessionView, show_session
from rusvel_tui.screens.moments import short
from rusvel_tui.screens.page import AnyList, Page, Rows
from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.open_list import OpenList
from rusvel_tui.widgets.text_view import Block, Fact, Prose, TextView

MOST = 1000
EMPTY = """No deal is won yet.

g d goes to the board; a deal that moves to Won shows up here."""


@dataclass(frozen=True, slots=True)
class Billing:
    """What the page says above the list."""

    session: SessionView
    won: int
    sums: tuple[str, ...]


class InvoicesPage(Page[Billing]):
    """Nothing is billed in this database; the won deals are what there is to bill."""

    TOPICS = frozenset({"gtm.deal"})
    ABOUT = (
        "What you billed and what is open. Below are the deals that are won: what there is to bill."
    )
    zone = ZoneInfo("UTC")

    def compose(self) -> ComposeResult:
        text = TextView(id="billing")
        text.can_focus = False  # the list has the keys
        yield text
        yield OpenList(
            (
                Column[DealView]("Won deal", lambda row: row.title, width=18, grow=2, most=50),
                Column[DealView]("Who", lambda row: row.contact_name or row.company, width=14, grow=1, most=36),
                Column[DealView]("Value", lambda row: str(Money.parse(row.value, row.currency)), width=14, align="right", tone="good"),
                Column[DealView]("Won", self._won, width=8, align="right", drop=1, tone="muted"),
            ),
            id="won",
            key="deal_id",
            empty=EMPTY,
        )  # fmt: skip

    def _won(self, row: DealView) -> str:
        return short(row.closed_at or row.updated_at, self.engine.clock.now(), self.zone)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#won").border_title = "Won deals"

    def read(self) -> Billing:
        columns = self.engine.run(board, Board()).columns
        won = [column for column in columns if column.kind is StageKind.WON]
        session = self.engine.run(show_session, ListSessions())
        count = sum(column.count for column in won)
        return Billing(session, count, tuple(text for column in won for text in column.sums))

    def show(self, view: Billing) -> None:
        self.zone = ZoneInfo(view.session.timezone)
        self.query_one("#billing", TextView).show(billing_blocks(view))

    def read_rows(self, widget: AnyList, first: int, count: int) -> Rows:
        deals = self.engine.run(list_deals, ListDeals(status=StageKind.WON, limit=MOST)).items
        return Rows(len(deals), deals[first : first + count])

    @on(OpenList.Opened)
    def _opened(self, event: OpenList.Opened) -> None:
        self.visit("deals", event.row.deal_id)


def billing_blocks(view: Billing) -> tuple[Block, ...]:
    """What is there, what it is for, and what can be done about it."""
    sums = f", {' and '.join(view.sums)}" if view.sums else ""
    return (
        Fact("Invoices", "0 · this database holds no invoice", "strong"),
        Fact("Won deals", f"{view.won}{sums}", "good" if view.won else ""),
        Fact("Your money", view.session.currency),
        Prose(""),
        Prose(
            "An invoice asks for what a won deal is worth. It is a draft, then sent, partially paid and paid; "
            "one whose due date has passed counts as overdue."
        ),
        Prose(""),
        Prose("For a script: rusvel call gtm.crm.list_deals stage=Won --json", "muted"),
    )
