"""The board: one pipeline as columns of light cards, with counts, and sums per currency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rusvel_tui.engine.clock import moment
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.deals.deal_inputs import Board
from rusvel_tui.engine.gtm.crm.deals.next_action import NextAction, next_actions
from rusvel_tui.engine.gtm.crm.deals.rot import RotFacts, is_rotting, last_talks, quiet_days
from rusvel_tui.engine.gtm.crm.deals.worth import Worth, amounts, total
from rusvel_tui.engine.gtm.crm.finding.filtering import where
from rusvel_tui.engine.gtm.crm.pipelines.stages import StageInfo, StageKind, load_stages
from rusvel_tui.engine.models import Deal
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.operation import View, operation

_BOARD_SQL = """
SELECT d.id, d.version, d.title, d.value_minor, d.currency, d.stage, coalesce(d.stage_since, d.created_at),
  d.expected_close, d.probability, d.snoozed_until, c.name, coalesce(company.name, c.company)
FROM pipeline_stage s JOIN deal d ON d.session_id = s.session_id AND d.stage = s.key
  JOIN contact c ON c.id = d.contact_id
  LEFT JOIN company ON company.id = d.company_id AND company.deleted_at IS NULL
WHERE s.session_id = ? AND s.pipeline_id = ? AND d.deleted_at IS NULL AND ({fits})
ORDER BY s.position, d.rank, d.id
"""


@dataclass(frozen=True, slots=True)
class DealCard:
    """One card of the board."""

    id: str
    version: int
    title: str
    who: str
    company: str
    amount: str
    """For people: `1,250.00 EUR`."""
    expected_close: str
    probability: int
    typed: bool
    """The probability is a person's, not the stage's."""
    stage_days: int
    quiet_days: int
    rotting: bool
    next: NextAction | None
    no_next_action: bool
    """Open, and nothing is planned."""


class ColumnView(View):
    """One stage with its cards, top first. Sums are one text per currency, for people."""

    stage: str
    key: str
    kind: StageKind
    probability: int
    rot_days: int | None
    reason: str
    """Whether a deal that comes here needs a reason: `required`, `asked`, or empty."""
    count: int
    cards: tuple[DealCard, ...]
    sums: tuple[str, ...]
    weighted: tuple[str, ...]
    """Each value times its probability."""
    committed: tuple[str, ...]
    """What is won, or at least 90 per cent sure."""


class BoardView(View):
    """One pipeline. The totals are those of its open deals."""

    pipeline_id: str
    pipeline: str
    pipelines: tuple[str, ...]
    """The names of all there are."""
    columns: tuple[ColumnView, ...]
    open_deals: int
    sums: tuple[str, ...]
    weighted: tuple[str, ...]
    committed: tuple[str, ...]
    rotting: int
    no_next_action: int


@operation("gtm.crm.board", permission="crm.deals.read")
def board(ctx: Context, cmd: Board) -> BoardView:
    """The pipeline as columns, with counts and sums per currency."""
    book = load_stages(ctx.session_id)
    pipeline = book.pipeline(cmd.pipeline)
    rows = _rows(ctx, pipeline.id, cmd.filter)
    cards: dict[str, list[DealCard]] = defaultdict(list)
    worth: dict[str, dict[str, Worth]] = defaultdict(lambda: defaultdict(Worth))
    dealer = _Dealer(ctx, [row[0] for row in rows if not book.of(row[5]).closed])
    for row in rows:
        stage = book.of(row[5])
        card = dealer.card(row, stage)
        cards[stage.key].append(card)
        worth[stage.key][row[4]].add(row[3], card.probability, stage.kind)
    stages = book.living(pipeline.id)
    open_ = [stage.key for stage in stages if not stage.closed]
    return BoardView.model_construct(
        pipeline_id=pipeline.id,
        pipeline=pipeline.name,
        pipelines=tuple(other.name for other in book.pipelines.values()),
        columns=tuple(_column(stage, cards[stage.key], worth[stage.key]) for stage in stages),
        **_totals([card for key in open_ for card in cards[key]], [worth[key] for key in open_]),
    )


def _rows(ctx: Context, pipeline_id: str, filter_text: str) -> list[tuple[Any, ...]]:
    fits = where(ctx, "deal", filter_text)
    values = (ctx.session_id, pipeline_id, *fits.values)
    return list(
        Deal._meta.database.execute_sql(_BOARD_SQL.format(fits=fits.sql), values).fetchall()
    )


class _Dealer:
    """Makes cards of rows; what the open deals need besides is read once for all of them."""

    def __init__(self, ctx: Context, ids: list[str]) -> None:
        self._now, self._zone = ctx.now, ctx.zone
        self._next = next_actions(ctx, ids)
        self._talks = last_talks(ids)

    def card(self, row: tuple[Any, ...], stage: StageInfo) -> DealCard:
        id_, version, title, minor, currency, _, since, close, typed, snoozed, name, company = row
        entered: datetime = moment(since)
        next_ = self._next.get(id_)
        facts = RotFacts(stage, entered, self._talks.get(id_), next_, snoozed)
        return DealCard(
            id=id_,
            version=version,
            title=title,
            who=name or company,
            company=company,
            amount=str(Money(minor, currency)),
            expected_close=close,
            probability=stage.probability if typed is None else typed,
            typed=typed is not None,
            stage_days=(self._now - entered).days,
            quiet_days=quiet_days(facts, self._now),
            rotting=is_rotting(facts, self._now, self._zone),
            next=next_,
            no_next_action=not stage.closed and next_ is None,
        )


def _column(stage: StageInfo, cards: list[DealCard], worth: dict[str, Worth]) -> ColumnView:
    return ColumnView.model_construct(
        stage=stage.name,
        key=stage.key,
        kind=stage.kind,
        probability=stage.probability,
        rot_days=stage.rot_days,
        reason=stage.reason,
        count=len(cards),
        cards=tuple(cards),
        sums=amounts(worth, "value"),
        weighted=amounts(worth, "weighted"),
        committed=amounts(worth, "committed"),
    )


def _totals(cards: list[DealCard], worths: Iterable[dict[str, Worth]]) -> dict[str, Any]:
    """What stands above the board."""
    all_ = total(worths)
    return {
        "open_deals": len(cards),
        "sums": amounts(all_, "value"),
        "weighted": amounts(all_, "weighted"),
        "committed": amounts(all_, "committed"),
        "rotting": sum(card.rotting for card in cards),
        "no_next_action": sum(card.no_next_action for card in cards),
    }
