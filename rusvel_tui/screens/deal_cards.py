"""The pipeline as lanes of cards, and money in few cells."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from rusvel_tui.engine.gtm.crm.board import BoardView, ColumnView, DealCard
from rusvel_tui.engine.gtm.crm.deal_views import DealView
from rusvel_tui.engine.money import Money
from rusvel_tui.widgets.board_state import Card, Lane

_FAR = timedelta(days=300)
"""A day that is further away is shown with its year."""


def lanes_of(board: BoardView, today: date, room: int = 80) -> tuple[Lane, ...]:
    """One lane for each stage, in the order of the pipeline; `room` are the cells for the sums of one."""
    return tuple(_lane(column, today, room) for column in board.columns)


def _lane(column: ColumnView, today: date, room: int) -> Lane:
    sums = " · ".join(map(short_amount, column.sums))
    if len(sums) > room:
        sums = ", ".join(map(rough_amount, column.sums))
    cards = tuple(_card(card, column, today) for card in column.cards)
    return Lane(column.stage, column.stage, cards, sums, column.key)


def _card(card: DealCard, column: ColumnView, today: date) -> Card:
    note, tone = ("", "muted") if column.kind.closed else _outlook(card, today)
    return Card(card.id, card.title, card.who, short_amount(card.amount), note, tone)


def _outlook(card: DealCard, today: date) -> tuple[str, str]:
    """When it closes, and how likely that is unless it is what the stage says."""
    share = f"{card.probability} %" if card.typed else ""
    if not card.expected_close:
        return share, "muted"
    day = date.fromisoformat(card.expected_close)
    text = f"{day:%d %b %Y}" if abs(day - today) > _FAR else f"{day:%d %b}"
    late = day < today
    words = [part for part in (share, f"{'late: ' if late else 'by '}{text}") if part]
    return " · ".join(words), "warn" if late else "muted"


def short_amount(text: str) -> str:
    """`1,250.00 EUR` as `1,250 EUR`: cents that are none take no room."""
    number, _, currency = text.rpartition(" ")
    whole, _, cents = number.partition(".")
    return f"{number if cents.strip('0') else whole} {currency}"


def rough_amount(text: str) -> str:
    """`19,300.00 EUR` as `19k EUR`, for several sums side by side."""
    number, _, currency = text.rpartition(" ")
    value = Decimal(number.replace(",", ""))
    for letter, size in (("M", 1_000_000), ("k", 1_000)):
        if value >= size:
            some = f"{value / size:.{1 if value < 10 * size else 0}f}".removesuffix(".0")
            return f"{some}{letter} {currency}"
    return short_amount(text)


def amount(deal: DealView) -> str:
    """The value for people: `1,250.00 EUR`."""
    return str(Money.parse(deal.value, deal.currency))


def totals(board: BoardView) -> str:
    """The line above the board: how many are open, what they are worth, and that times their probabilities."""
    open_ = [column for column in board.columns if not column.kind.closed]
    count = sum(len(column.cards) for column in open_)
    if not count:
        return "No open deal"
    worth = _sum([text for column in open_ for text in column.sums])
    weighted = _sum([text for column in open_ for text in column.weighted])
    return f"{count} open deal{'' if count == 1 else 's'} · {worth} · weighted {weighted}"


def _sum(texts: list[str]) -> str:
    """Amounts added up, each currency by itself."""
    found: dict[str, Money] = {}
    for text in texts:
        number, _, currency = text.replace(",", "").rpartition(" ")
        money = Money.parse(number, currency)
        found[currency] = found.get(currency, Money(0, currency)) + money
    return " + ".join(short_amount(str(money)) for money in found.values())
