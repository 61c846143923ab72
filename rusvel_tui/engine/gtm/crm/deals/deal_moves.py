"""Moves of a deal: to another stage, back when that is undone, and inside its column."""

from __future__ import annotations

from typing import Any

from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.conflicts import refuse_clash
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import InvalidState
from rusvel_tui.engine.gtm.crm.deals.deal_changes import closing_reason, told
from rusvel_tui.engine.gtm.crm.deals.deal_inputs import AdvanceDeal, ReorderDeal, ReturnDeal
from rusvel_tui.engine.gtm.crm.deals.deal_rows import (
    card_above,
    find_deal,
    rank_below,
    seen_above,
    touch,
)
from rusvel_tui.engine.gtm.crm.deals.deal_views import DealView, deal_view
from rusvel_tui.engine.gtm.crm.deals.stage_tasks import drop_entry, plan_entry
from rusvel_tui.engine.gtm.crm.pipelines.stages import StageInfo, load_stages
from rusvel_tui.engine.models import Deal, StageMove
from rusvel_tui.engine.operation import operation


@operation("gtm.crm.advance_deal", writes=True, permission="crm.deals.manage")
def advance_deal(ctx: Context, cmd: AdvanceDeal) -> DealView:
    """Move a deal to another stage; winning or losing it ends its enrollments."""
    from rusvel_tui.engine.gtm.outreach.enrolling.revival import end_for_deal

    deal = find_deal(ctx, cmd.deal_id)
    book = load_stages(ctx.session_id)
    was = book.of(deal.stage)
    stage = book.find(cmd.stage, book.pipeline(cmd.pipeline or was.pipeline_id).id)
    if stage == was:
        return deal_view(ctx, deal)
    _refuse_clash(ctx, deal, cmd.version, was, stage)
    if was.closed and not cmd.reopen:
        raise InvalidState("The deal", was.name, stage.name, "Reopen it first: pass reopen=true.")
    reason = closing_reason(stage, cmd.reason)
    back = _place(ctx, deal)
    _enter(ctx, deal, stage, reason, cmd.below)
    ended = end_for_deal(ctx, deal.id, stage.kind.key) if stage.closed else []
    move = _keep(ctx, deal, was)
    back |= {"move_id": move.id, "version": deal.version, "enrollments": ended}
    back["task_id"] = plan_entry(ctx, deal, stage)
    _record(ctx, deal, was, stage, Inverse("gtm.crm.return_deal", back))
    return deal_view(ctx, deal)


@operation("gtm.crm.return_deal", writes=True, permission="crm.deals.manage", internal=True)
def return_deal(ctx: Context, cmd: ReturnDeal) -> DealView:
    """Take a move back: the deal stands where and as it stood, its history and its enrollments too."""
    from rusvel_tui.engine.gtm.outreach.enrolling.revival import revive

    deal = find_deal(ctx, cmd.deal_id)
    book = load_stages(ctx.session_id)
    was, stage = book.of(deal.stage), book.of(cmd.stage)
    _refuse_clash(ctx, deal, cmd.version, was, stage)
    again = AdvanceDeal(
        deal_id=deal.id, stage=was.name, pipeline=was.pipeline_id, reason=deal.closed_reason,
        below=card_above(ctx, deal), reopen=True,
    )  # fmt: skip
    deal.stage, deal.stage_since = stage.key, cmd.stage_since
    deal.rank = rank_below(ctx, stage.key, cmd.below)
    deal.closed_at, deal.closed_reason = cmd.closed_at, cmd.closed_reason
    touch(ctx, deal)
    StageMove.delete().where(StageMove.id == cmd.move_id).execute()
    revive(ctx, cmd.enrollments)
    drop_entry(ctx, cmd.task_id)
    redo = again.model_dump(mode="json", exclude={"session_id"}) | {"version": deal.version}
    _record(ctx, deal, was, stage, Inverse("gtm.crm.advance_deal", redo))
    return deal_view(ctx, deal)


@operation("gtm.crm.reorder_deal", writes=True, permission="crm.deals.manage")
def reorder_deal(ctx: Context, cmd: ReorderDeal) -> DealView:
    """Move a deal up or down inside its column."""
    deal = find_deal(ctx, cmd.deal_id)
    above = cmd.below if cmd.below is not None else seen_above(ctx, deal, cmd.by)
    if above not in (deal.id, seen_above(ctx, deal)):
        inverse = Inverse(
            "gtm.crm.reorder_deal", {"deal_id": deal.id, "below": card_above(ctx, deal)}
        )
        rank = rank_below(ctx, deal.stage, above)
        Deal.update(rank=rank).where(Deal.id == deal.id).execute()
        payload = {"title": deal.title, "place": above}
        ctx.record("gtm.deal.updated", deal.id, payload, undo=inverse)
    return deal_view(ctx, find_deal(ctx, deal.id))


def _refuse_clash(
    ctx: Context, deal: Deal, seen: int | None, was: StageInfo, stage: StageInfo
) -> None:
    """Tell whoever moves a card that somebody else moved meanwhile."""
    versions, name = (seen, deal.version), "stage"
    refuse_clash(ctx, deal.id, deal.title, versions, {name: was.name}, {name: stage.name})


def _place(ctx: Context, deal: Deal) -> dict[str, Any]:
    """Where a deal is and how, as the input that brings it back there."""
    return {
        "deal_id": deal.id,
        "stage": deal.stage,
        "below": card_above(ctx, deal),
        "stage_since": stamp(deal.stage_since or deal.created_at),
        "closed_at": stamp(deal.closed_at) if deal.closed_at else None,
        "closed_reason": deal.closed_reason,
    }


def _enter(ctx: Context, deal: Deal, stage: StageInfo, reason: str, below: str) -> None:
    deal.rank = rank_below(ctx, stage.key, below)
    deal.stage, deal.stage_since = stage.key, ctx.now
    deal.closed_at = ctx.now if stage.closed else None
    deal.closed_reason = reason
    touch(ctx, deal)


def _keep(ctx: Context, deal: Deal, was: StageInfo) -> StageMove:
    """The move in the history of the deal."""
    made: StageMove = StageMove.create(
        id=ctx.new_id(), deal_id=deal.id, from_stage=was.key, to_stage=deal.stage, at=ctx.now,
        actor=ctx.actor.name,
    )  # fmt: skip
    return made


def _record(ctx: Context, deal: Deal, was: StageInfo, stage: StageInfo, undo: Inverse) -> None:
    move = {"from": was.name, "stage": stage.name, "reason": deal.closed_reason}
    ctx.record("gtm.deal.updated", deal.id, told(deal, "stage") | move, undo=undo)
