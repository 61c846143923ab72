"""The way of a deal through its stages, with the time it spent in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.deals.deal_inputs import DealId
from rusvel_tui.engine.gtm.crm.deals.deal_rows import find_deal
from rusvel_tui.engine.gtm.crm.pipelines.stages import StageBook, load_stages
from rusvel_tui.engine.models import Deal, StageMove
from rusvel_tui.engine.operation import View, operation


@dataclass(frozen=True, slots=True)
class Stay:
    """A time in one stage, by its key; the present one has no end."""

    stage: str
    entered: datetime
    left: datetime | None
    actor: str
    """Who brought the deal there; empty for the stage in which it was made."""


class StayView(View):
    """A time in one stage."""

    stage: str
    stage_key: str
    entered_at: datetime
    left_at: datetime | None
    seconds: int
    """How long; until now for the present one, nothing for one in which the deal is closed."""
    actor: str


class StageTime(View):
    """The whole time in one stage, however often the deal was there."""

    stage: str
    stage_key: str
    seconds: int
    visits: int


class DealHistory(View):
    """The stages of one deal, oldest first."""

    deal_id: str
    title: str
    stays: tuple[StayView, ...]
    totals: tuple[StageTime, ...]
    age_seconds: int
    """From its making until it was closed, or until now."""


@operation("gtm.crm.deal_history", permission="crm.deals.read")
def deal_history(ctx: Context, cmd: DealId) -> DealHistory:
    """Show the stages that a deal was in, and for how long."""
    deal = find_deal(ctx, cmd.deal_id)
    stays = stay_views(load_stages(ctx.session_id), deal, ctx.now)
    end = deal.closed_at or ctx.now
    return DealHistory(
        deal_id=deal.id,
        title=deal.title,
        stays=stays,
        totals=_totals(stays),
        age_seconds=_seconds(deal.created_at, end),
    )


def stay_views(book: StageBook, deal: Deal, now: datetime) -> tuple[StayView, ...]:
    """The stays of one deal as others see them."""
    moves = StageMove.select().where(StageMove.deal_id == deal.id)
    found = stays_of(deal.stage, deal.created_at, list(moves.order_by(StageMove.at, StageMove.id)))
    return tuple(_view(book, stay, now) for stay in found)


def stays_of(stage: str, created_at: datetime, moves: Sequence[StageMove]) -> list[Stay]:
    """The stays that these moves make; the last one is in `stage`."""
    stages = [moves[0].from_stage if moves else stage, *(move.to_stage for move in moves)]
    times = [created_at, *(move.at for move in moves)]
    actors = ["", *(move.actor for move in moves)]
    return [Stay(*stay) for stay in zip(stages, times, [*times[1:], None], actors, strict=True)]


def _view(book: StageBook, stay: Stay, now: datetime) -> StayView:
    stage = book.of(stay.stage)
    rests = stay.left is None and stage.closed
    return StayView(
        stage=stage.name,
        stage_key=stage.key,
        entered_at=stay.entered,
        left_at=stay.left,
        seconds=0 if rests else _seconds(stay.entered, stay.left or now),
        actor=stay.actor,
    )


def _totals(stays: Sequence[StayView]) -> tuple[StageTime, ...]:
    names = {stay.stage_key: stay.stage for stay in stays}
    return tuple(
        StageTime(
            stage=name,
            stage_key=key,
            seconds=sum(stay.seconds for stay in stays if stay.stage_key == key),
            visits=sum(stay.stage_key == key for stay in stays),
        )
        for key, name in names.items()
    )


def _seconds(start: datetime, end: datetime) -> int:
    return max(0, int((end - start).total_seconds()))
