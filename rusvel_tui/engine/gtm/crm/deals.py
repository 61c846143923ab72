"""Deals: add, list, move through the pipeline, and the board that shows them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from peewee import fn

from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import InvalidInput, InvalidState, NotFound
from rusvel_tui.engine.gtm.crm.deal_inputs import (
    AddDeal,
    AdvanceDeal,
    Board,
    DealId,
    ListDeals,
    ReorderDeal,
    UpdateDeal,
)
from rusvel_tui.engine.gtm.crm.deal_views import (
    BoardView,
    DealPage,
    DealView,
    board_view,
    deal_views,
)
from rusvel_tui.engine.gtm.crm.people import find_contact
from rusvel_tui.engine.gtm.crm.stages import Stage
from rusvel_tui.engine.models import Deal, StageMove
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.operation import View, operation
from rusvel_tui.engine.sessions import require_version
from rusvel_tui.engine.text import one_line, sanitize


class DealDeleted(View):
    """What was deleted."""

    deal_id: str
    title: str


@operation("gtm.crm.add_deal", writes=True, permission="crm.deals.manage")
def add_deal(ctx: Context, cmd: AddDeal) -> DealView:
    """Add a new deal to the CRM pipeline."""
    contact = find_contact(ctx, cmd.contact_id)
    money = _money(cmd.value, cmd.currency or ctx.session.currency)
    deal = Deal.create(
        id=ctx.new_id(),
        session_id=ctx.session_id,
        contact_id=contact.id,
        title=_title(cmd.title),
        value_minor=money.minor,
        currency=money.currency,
        stage=cmd.stage.key,
        rank=_top_rank(ctx, cmd.stage),
        probability=cmd.probability,
        expected_close=cmd.expected_close.isoformat() if cmd.expected_close else "",
        notes=sanitize(cmd.notes),
        closed_at=ctx.now if cmd.stage.closed else None,
        metadata=cmd.metadata,
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    inverse = Inverse("gtm.crm.delete_deal", {"deal_id": deal.id})
    ctx.record(
        "gtm.deal.added", deal.id, {"title": deal.title, "stage": cmd.stage.value}, undo=inverse
    )
    return view(deal)


@operation("gtm.crm.get_deal", permission="crm.deals.read")
def get_deal(ctx: Context, cmd: DealId) -> DealView:
    """Show one deal with its way through the stages."""
    return view(find_deal(ctx, cmd.deal_id))


@operation("gtm.crm.update_deal", writes=True, permission="crm.deals.manage")
def update_deal(ctx: Context, cmd: UpdateDeal) -> DealView:
    """Change a deal's title, value, contact, probability, date or notes."""
    deal = find_deal(ctx, cmd.deal_id)
    require_version(cmd.version, deal.version, deal.title)
    before = view(deal)
    given = cmd.model_fields_set
    if cmd.contact_id is not None:
        deal.contact_id = find_contact(ctx, cmd.contact_id).id
    if cmd.title is not None:
        deal.title = _title(cmd.title)
    if cmd.value is not None or cmd.currency is not None:
        money = _money(
            cmd.value if cmd.value is not None else Decimal(before.value),
            cmd.currency or deal.currency,
        )
        deal.value_minor, deal.currency = money.minor, money.currency
    if "probability" in given:
        deal.probability = cmd.probability
    if "expected_close" in given:
        deal.expected_close = cmd.expected_close.isoformat() if cmd.expected_close else ""
    if cmd.notes is not None:
        deal.notes = sanitize(cmd.notes)
    if cmd.metadata is not None:
        deal.metadata = cmd.metadata
    _touch(ctx, deal)
    inverse = Inverse("gtm.crm.update_deal", _as_input(before) | {"version": deal.version})
    ctx.record("gtm.deal.updated", deal.id, {"title": deal.title}, undo=inverse)
    return view(deal)


@operation("gtm.crm.advance_deal", writes=True, permission="crm.deals.manage")
def advance_deal(ctx: Context, cmd: AdvanceDeal) -> DealView:
    """Move a deal to another stage; winning or losing it ends its enrollments."""
    from rusvel_tui.engine.gtm.outreach.lifecycle import end_enrollments

    deal = find_deal(ctx, cmd.deal_id)
    require_version(cmd.version, deal.version, deal.title)
    was = Stage(deal.stage)
    if was is cmd.stage:
        return view(deal)
    if was.closed and not cmd.reopen:
        raise InvalidState(
            "The deal", was.value, cmd.stage.value, "Reopen it first: pass reopen=true."
        )
    back = AdvanceDeal(
        deal_id=deal.id, stage=was, reason=deal.closed_reason, rank=deal.rank, reopen=True
    )
    deal.stage = cmd.stage.key
    deal.rank = cmd.rank if cmd.rank is not None else _top_rank(ctx, cmd.stage)
    deal.closed_at = ctx.now if cmd.stage.closed else None
    deal.closed_reason = one_line(cmd.reason)
    _touch(ctx, deal)
    _record_move(ctx, deal, back)
    if cmd.stage.closed:
        end_enrollments(ctx, cmd.stage.key, deal_id=deal.id)
    return view(deal)


def _record_move(ctx: Context, deal: Deal, back: AdvanceDeal) -> None:
    """Keep the move in the deal's history and in the log; `back` is the move that undoes it."""
    StageMove.create(
        id=ctx.new_id(),
        deal_id=deal.id,
        from_stage=back.stage.key,
        to_stage=deal.stage,
        at=ctx.now,
        actor=ctx.actor.name,
    )
    payload = {
        "title": deal.title,
        "from": back.stage.value,
        "stage": Stage(deal.stage).value,
        "reason": deal.closed_reason,
    }
    undo = back.model_dump(mode="json", exclude={"session_id"}) | {"version": deal.version}
    ctx.record("gtm.deal.updated", deal.id, payload, undo=Inverse("gtm.crm.advance_deal", undo))


@operation("gtm.crm.reorder_deal", writes=True, permission="crm.deals.manage")
def reorder_deal(ctx: Context, cmd: ReorderDeal) -> DealView:
    """Move a deal up or down inside its column."""
    deal = find_deal(ctx, cmd.deal_id)
    column = list(_living(ctx).where(Deal.stage == deal.stage).order_by(Deal.rank, Deal.id))
    place = next(i for i, other in enumerate(column) if other.id == deal.id)
    target = max(0, min(len(column) - 1, place + cmd.by))
    if target != place:
        ranks = _distinct_ranks(column)
        column.insert(target, column.pop(place))
        for rank, other in zip(ranks, column, strict=True):
            if other.rank != rank:
                Deal.update(rank=rank).where(Deal.id == other.id).execute()
        inverse = Inverse("gtm.crm.reorder_deal", {"deal_id": deal.id, "by": place - target})
        ctx.record(
            "gtm.deal.updated", deal.id, {"title": deal.title, "place": target}, undo=inverse
        )
    return view(find_deal(ctx, deal.id))


@operation("gtm.crm.delete_deal", writes=True, permission="crm.deals.manage", human_only=True)
def delete_deal(ctx: Context, cmd: DealId) -> DealDeleted:
    """Delete a deal; undo brings it back."""
    deal = find_deal(ctx, cmd.deal_id)
    deal.deleted_at = ctx.now
    _touch(ctx, deal)
    inverse = Inverse("gtm.crm.restore_deal", {"deal_id": deal.id})
    ctx.record("gtm.deal.deleted", deal.id, {"title": deal.title}, undo=inverse)
    return DealDeleted(deal_id=deal.id, title=deal.title)


@operation("gtm.crm.restore_deal", writes=True, permission="crm.deals.manage", internal=True)
def restore_deal(ctx: Context, cmd: DealId) -> DealView:
    """Bring a deleted deal back."""
    deal = find_deal(ctx, cmd.deal_id, deleted=True)
    deal.deleted_at = None
    _touch(ctx, deal)
    inverse = Inverse("gtm.crm.delete_deal", {"deal_id": deal.id})
    ctx.record("gtm.deal.restored", deal.id, {"title": deal.title}, undo=inverse)
    return view(deal)


@operation("gtm.crm.list_deals", permission="crm.deals.read")
def list_deals(ctx: Context, cmd: ListDeals) -> DealPage:
    """List deals, newest first, by stage if one is named."""
    query = _living(ctx)
    if cmd.stage:
        query = query.where(Deal.stage == cmd.stage.key)
    if cmd.contact_id:
        query = query.where(Deal.contact_id == cmd.contact_id)
    if cmd.cursor:
        query = query.where(Deal.id < cmd.cursor)
    rows = list(query.order_by(Deal.id.desc()).limit(cmd.limit + 1))
    more = len(rows) > cmd.limit
    return DealPage(
        items=deal_views(rows[: cmd.limit]), next=rows[cmd.limit - 1].id if more else None
    )


@operation("gtm.crm.board", permission="crm.deals.read")
def board(ctx: Context, cmd: Board) -> BoardView:
    """The pipeline as columns, with counts and sums per currency."""
    return board_view(ctx.session_id)


def find_deal(ctx: Context, deal_id: str, *, deleted: bool = False) -> Deal:
    """The row of a living deal of this session; raises `NotFound`."""
    found: Deal | None = Deal.get_or_none(
        (Deal.id == deal_id)
        & (Deal.session_id == ctx.session_id)
        & Deal.deleted_at.is_null(not deleted)
    )
    if found is None:
        raise NotFound(f"There is no deal {deal_id!r} in this session.")
    return found


def view(deal: Deal) -> DealView:
    return deal_views([deal])[0]


def _as_input(before: DealView) -> dict[str, Any]:
    """The view as the input that brings this state back."""
    names = {"deal_id", "contact_id", "title", "value", "currency", "notes", "metadata"}
    return before.model_dump(mode="json", include=names) | {
        "probability": before.typed_probability,
        "expected_close": before.expected_close or None,
    }


def _living(ctx: Context) -> Any:
    return Deal.select().where((Deal.session_id == ctx.session_id) & Deal.deleted_at.is_null())


def _title(text: str) -> str:
    title = one_line(text)
    if not title or len(title) > 200:
        raise InvalidInput("A deal needs a title of 1 to 200 characters.", field="title")
    return title


def _money(value: Decimal, currency: str) -> Money:
    money = Money.parse(value, currency)
    if money.minor < 0:
        raise InvalidInput("A deal cannot be worth less than nothing.", field="value")
    return money


def _distinct_ranks(column: list[Deal]) -> list[int]:
    """The ranks of a column from top to bottom: the same ones again, so that a move can be taken back."""
    ranks = [int(deal.rank) for deal in column]
    return ranks if len(set(ranks)) == len(ranks) else list(range(len(ranks)))


def _top_rank(ctx: Context, stage: Stage) -> int:
    """A rank above every other card of the column, deleted ones included: what is new is seen first."""
    column = (Deal.session_id == ctx.session_id) & (Deal.stage == stage.key)
    return (Deal.select(fn.MIN(Deal.rank)).where(column).scalar() or 0) - 1


def _touch(ctx: Context, deal: Deal) -> None:
    deal.version += 1
    deal.updated_at = ctx.now
    deal.save()
