"""Deals as others see them: one by one, and as the columns of the board."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rusvel_tui.engine.gtm.crm.stages import Stage
from rusvel_tui.engine.models import Contact, Deal, StageMove
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.operation import View

_BOARD_SQL = """
SELECT d.id, d.title, d.value_minor, d.currency, d.stage, d.expected_close, d.probability, c.name, c.company
FROM deal d JOIN contact c ON c.id = d.contact_id
WHERE d.session_id = ? AND d.deleted_at IS NULL ORDER BY d.stage, d.rank, d.id
"""


class MoveView(View):
    """One move from stage to stage."""

    from_stage: Stage
    to_stage: Stage
    at: datetime
    actor: str


class DealView(View):
    """A sale in the making. The status follows from the stage."""

    deal_id: str
    contact_id: str
    contact_name: str
    company: str
    title: str
    value: str
    currency: str
    stage: Stage
    status: str
    probability: int
    """Per cent: the typed one, else what the stage is usually worth."""
    typed_probability: int | None
    expected_close: str
    notes: str
    closed_reason: str
    closed_at: datetime | None
    moves: tuple[MoveView, ...]
    metadata: dict[str, Any]
    version: int
    created_at: datetime
    updated_at: datetime


class DealPage(View):
    """A part of a list of deals."""

    items: tuple[DealView, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class DealCard:
    """One card of the board."""

    id: str
    title: str
    who: str
    amount: str
    expected_close: str
    probability: int


class ColumnView(View):
    """One stage with its cards, top first."""

    stage: Stage
    cards: tuple[DealCard, ...]
    sums: tuple[str, ...]
    """One sum per currency, for people."""
    weighted: tuple[str, ...]
    """The sums times the probability of each deal."""


class BoardView(View):
    """The whole pipeline."""

    columns: tuple[ColumnView, ...]


def deal_views(deals: Sequence[Deal]) -> tuple[DealView, ...]:
    """The views of these deals in their order: three queries, however many there are."""
    people = {
        c.id: c for c in Contact.select().where(Contact.id.in_([d.contact_id for d in deals]))
    }
    moves = defaultdict(list)
    for row in (
        StageMove.select()
        .where(StageMove.deal_id.in_([d.id for d in deals]))
        .order_by(StageMove.at)
    ):
        moves[row.deal_id].append(
            MoveView(
                from_stage=Stage(row.from_stage),
                to_stage=Stage(row.to_stage),
                at=row.at,
                actor=row.actor,
            )
        )
    return tuple(_view(deal, people[deal.contact_id], tuple(moves[deal.id])) for deal in deals)


def _view(deal: Deal, contact: Contact, moves: tuple[MoveView, ...]) -> DealView:
    stage = Stage(deal.stage)
    return DealView(
        deal_id=deal.id,
        contact_id=deal.contact_id,
        contact_name=contact.name,
        company=contact.company,
        title=deal.title,
        value=Money(deal.value_minor, deal.currency).amount,
        currency=deal.currency,
        stage=stage,
        status=stage.value if stage.closed else "Open",
        probability=stage.probability if deal.probability is None else deal.probability,
        typed_probability=deal.probability,
        expected_close=deal.expected_close,
        notes=deal.notes,
        closed_reason=deal.closed_reason,
        closed_at=deal.closed_at,
        moves=moves,
        metadata=deal.metadata,
        version=deal.version,
        created_at=deal.created_at,
        updated_at=deal.updated_at,
    )


def board_view(session_id: str) -> BoardView:
    """All columns from one query over plain tuples: a board of thousands stays quick."""
    cards: dict[str, list[DealCard]] = defaultdict(list)
    sums: dict[tuple[str, str], int] = defaultdict(int)
    weighted: dict[tuple[str, str], int] = defaultdict(int)
    rows = Deal._meta.database.execute_sql(_BOARD_SQL, (session_id,)).fetchall()
    for deal_id, title, minor, currency, stage, close, typed, name, company in rows:
        probability = Stage(stage).probability if typed is None else typed
        amount = str(Money(minor, currency))
        cards[stage].append(DealCard(deal_id, title, name or company, amount, close, probability))
        sums[stage, currency] += minor
        weighted[stage, currency] += minor * probability
    return BoardView(
        columns=tuple(
            ColumnView(
                stage=stage,
                cards=tuple(cards[stage.key]),
                sums=_amounts(sums, stage),
                weighted=_amounts({key: total // 100 for key, total in weighted.items()}, stage),
            )
            for stage in Stage
        )
    )


def _amounts(totals: dict[tuple[str, str], int], stage: Stage) -> tuple[str, ...]:
    return tuple(
        str(Money(total, code)) for (key, code), total in sorted(totals.items()) if key == stage.key
    )


__all__ = [
    "BoardView",
    "ColumnView",
    "DealCard",
    "DealPage",
    "DealView",
    "board_view",
    "deal_views",
]
