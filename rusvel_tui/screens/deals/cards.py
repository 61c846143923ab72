"""The pipeline as lanes of cards, and money in few cells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from rusvel_tui.engine.gtm.crm.deals.board import BoardView, ColumnView, DealCard
from rusvel_tui.engine.gtm.crm.deals.deal_views import DealView
from rusvel_tui.engine.money import Money
from rusvel_tui.screens.shared.moments import short
from rusvel_tui.widgets.board_state import Card, Lane

_FAR = timedelta(days=300)
"""A day that is further away is shown with its year."""


def lanes_of(board: BoardView, now: datetime, zone: ZoneInfo, room: int = 80) -> tuple[Lane, ...]:
    """One lane for each stage, in the order of the pipeline; `room` are the cells for the sums of one."""
    return tuple(_lane(column, now, zone, room) for column in board.columns)


def _lane(column: ColumnView, now: datetime, zone: ZoneInfo, room: int) -> Lane:
    cards = tuple(_card(card, column, now, zone) for card in column.cards)
    sums, detail = sums_of(column.sums, room), ""
    if not column.kind.closed:
        parts = (("~", column.weighted), ("sure ", column.committed))
        found = [(sign, texts) for sign, texts in parts if any(map(_is_some, texts))]
        each = max(1, room // max(1, len(found)) - 6)
        detail = " · ".join(f"{sign}{sums_of(texts, each)}" for sign, texts in found)
    return Lane(column.stage, column.stage, cards, sums, detail, column.key)


def sums_of(texts: Sequence[str], room: int) -> str:
    """Amounts of several currencies side by side; rounded where they would not fit."""
    exact = " · ".join(map(short_amount, texts))
    return exact if len(exact) <= room else " ".join(map(rough_amount, texts))


def _is_some(amount: str) -> bool:
    """Whether it is more than nothing."""
    return any(c in "123456789" for c in amount)


def _card(card: DealCard, column: ColumnView, now: datetime, zone: ZoneInfo) -> Card:
    note, tone = ((), "muted") if column.kind.closed else _outlook(card, now, zone)
    return Card(card.id, card.title, card.who, short_amount(card.amount), note, tone)


def _outlook(card: DealCard, now: datetime, zone: ZoneInfo) -> tuple[tuple[str, ...], str]:
    """The line that asks for something: rot, no next step, a late close; else what is next and when it closes."""
    share = f"{card.probability} %" if card.typed else ""
    close, late = _close(card, now.astimezone(zone).date())
    if card.rotting:
        return _parts(f"◷ quiet {card.quiet_days} d", share, close), "bad"
    if card.no_next_action:
        return _parts("! no next step", share, close), "warn"
    if card.next is not None and card.next.due is not None and card.next.due < now:
        return _parts(f"! due {_next(card, now, zone)[2:]}", share, close), "warn"
    if late:
        return _parts(close, share, _next(card, now, zone)), "warn"
    return _parts(_next(card, now, zone), share, close), "muted"


def _parts(*parts: str) -> tuple[str, ...]:
    return tuple(part for part in parts if part)


def _next(card: DealCard, now: datetime, zone: ZoneInfo) -> str:
    """`→ 12 Nov Call Ada`: when something is to be done, and what."""
    if card.next is None:
        return ""
    day = f"{short(card.next.due, now, zone)} " if card.next.due else ""
    return f"→ {day}{card.next.subject}"


def _close(card: DealCard, today: date) -> tuple[str, bool]:
    """By when it is expected to close, and whether that has passed."""
    if not card.expected_close:
        return "", False
    day = date.fromisoformat(card.expected_close)
    text = f"{day:%d %b %Y}" if abs(day - today) > _FAR else f"{day:%d %b}"
    late = day < today
    return f"{'late: ' if late else 'by '}{text}", late


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
    return f"{value:.0f} {currency}" if value >= 1 else short_amount(text)


def amount(deal: DealView) -> str:
    """The value for people: `1,250.00 EUR`."""
    return str(Money.parse(deal.value, deal.currency))


def totals(board: BoardView) -> tuple[str, ...]:
    """The line above the board: how many are open, which of them want attention, and what they are worth."""
    if not board.open_deals:
        return ("No open deal",)
    value, weighted = (
        " + ".join(map(short_amount, texts)) for texts in (board.sums, board.weighted)
    )
    return _parts(
        f"{board.open_deals} open deal{'' if board.open_deals == 1 else 's'}",
        f"◷ {board.rotting} quiet" if board.rotting else "",
        f"! {board.no_next_action} without a next step" if board.no_next_action else "",
        value,
        f"weighted {weighted}",
    )
