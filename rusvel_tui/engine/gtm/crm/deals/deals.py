"""Deals: add, look at, change, delete and list them."""

from __future__ import annotations

from typing import Any

from rusvel_tui.engine.conflicts import refuse_clash
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.gtm.crm.deals.deal_changes import (
    as_update,
    closing_reason,
    deal_changes,
    told,
)
from rusvel_tui.engine.gtm.crm.deals.deal_inputs import (
    AddDeal,
    DealId,
    ListDeals,
    RestoreDeal,
    SnoozeDeal,
    UpdateDeal,
)
from rusvel_tui.engine.gtm.crm.deals.deal_rows import (
    clean_company,
    clean_tags,
    clean_title,
    clean_value,
    find_deal,
    living,
    rank_below,
    touch,
)
from rusvel_tui.engine.gtm.crm.deals.deal_views import (
    DealDeleted,
    DealPage,
    DealView,
    deal_view,
    deal_views,
)
from rusvel_tui.engine.gtm.crm.deals.next_action import has_next_action
from rusvel_tui.engine.gtm.crm.deals.rotting import rotting_ids
from rusvel_tui.engine.gtm.crm.fields.field_store import normalise_fields
from rusvel_tui.engine.gtm.crm.finding.filtering import matching
from rusvel_tui.engine.gtm.crm.people.people import find_contact
from rusvel_tui.engine.gtm.crm.pipelines.stages import StageBook, StageInfo, load_stages
from rusvel_tui.engine.models import Deal
from rusvel_tui.engine.models.base import among
from rusvel_tui.engine.operation import operation
from rusvel_tui.engine.text import sanitize


@operation("gtm.crm.add_deal", writes=True, permission="crm.deals.manage")
def add_deal(ctx: Context, cmd: AddDeal) -> DealView:
    """Add a new deal to the CRM pipeline."""
    contact = find_contact(ctx, cmd.contact_id)
    stage = _first_stage(load_stages(ctx.session_id), cmd)
    money = clean_value(cmd.value, cmd.currency or ctx.session.currency)
    deal = Deal.create(
        id=ctx.new_id(),
        session_id=ctx.session_id,
        contact_id=contact.id,
        company_id=clean_company(ctx, cmd.company_id) or contact.company_id,
        title=clean_title(cmd.title),
        value_minor=money.minor,
        currency=money.currency,
        stage=stage.key,
        stage_since=ctx.now,
        rank=rank_below(ctx, stage.key, ""),
        probability=cmd.probability,
        expected_close=cmd.expected_close.isoformat() if cmd.expected_close else "",
        tags=clean_tags(cmd.tags),
        fields=normalise_fields(ctx, "deal", cmd.fields),
        notes=sanitize(cmd.notes),
        closed_reason=closing_reason(stage, cmd.reason),
        closed_at=ctx.now if stage.closed else None,
        metadata=cmd.metadata,
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    inverse = Inverse("gtm.crm.delete_deal", {"deal_id": deal.id})
    ctx.record("gtm.deal.added", deal.id, told(deal) | {"stage": stage.name}, undo=inverse)
    return deal_view(ctx, deal)


def _first_stage(book: StageBook, cmd: AddDeal) -> StageInfo:
    pipeline = book.pipeline(cmd.pipeline)
    return book.find(cmd.stage, pipeline.id) if cmd.stage else book.living(pipeline.id)[0]


@operation("gtm.crm.update_deal", writes=True, permission="crm.deals.manage")
def update_deal(ctx: Context, cmd: UpdateDeal) -> DealView:
    """Change a deal's title, value, people, probability, date, tags, fields, notes or reason."""
    deal = find_deal(ctx, cmd.deal_id)
    yours = deal_changes(ctx, deal, cmd)
    theirs = {name: getattr(deal, name) for name in yours}
    refuse_clash(ctx, deal.id, deal.title, (cmd.version, deal.version), theirs, yours)
    new = {name: value for name, value in yours.items() if theirs[name] != value}
    if not new:
        return deal_view(ctx, deal)
    back = as_update(deal, new)
    for name, value in new.items():
        setattr(deal, name, value)
    touch(ctx, deal)
    inverse = Inverse("gtm.crm.update_deal", back | {"version": deal.version})
    ctx.record("gtm.deal.updated", deal.id, told(deal, *new), undo=inverse)
    return deal_view(ctx, deal)


@operation("gtm.crm.snooze_deal", writes=True, permission="crm.deals.manage")
def snooze_deal(ctx: Context, cmd: SnoozeDeal) -> DealView:
    """Let a deal rest: it does not count as rotting before that day."""
    deal = find_deal(ctx, cmd.deal_id)
    until, before = cmd.until.isoformat() if cmd.until else "", deal.snoozed_until
    seen = (cmd.version, deal.version)
    name = "snoozed_until"
    refuse_clash(ctx, deal.id, deal.title, seen, {name: before}, {name: until})
    deal.snoozed_until = until
    touch(ctx, deal)
    back = {"deal_id": deal.id, "until": before or None, "version": deal.version}
    inverse = Inverse("gtm.crm.snooze_deal", back)
    ctx.record("gtm.deal.updated", deal.id, told(deal, name) | {name: until}, undo=inverse)
    return deal_view(ctx, deal)


@operation("gtm.crm.delete_deal", writes=True, permission="crm.deals.manage", human_only=True)
def delete_deal(ctx: Context, cmd: DealId) -> DealDeleted:
    """Delete a deal; its enrollments end, and undo brings all of it back."""
    from rusvel_tui.engine.gtm.outreach.enrolling.revival import end_for_deal

    deal = find_deal(ctx, cmd.deal_id)
    ended = end_for_deal(ctx, deal.id, "deleted")
    deal.deleted_at = ctx.now
    touch(ctx, deal)
    inverse = Inverse("gtm.crm.restore_deal", {"deal_id": deal.id, "enrollments": ended})
    ctx.record("gtm.deal.deleted", deal.id, told(deal), undo=inverse)
    return DealDeleted(deal_id=deal.id, title=deal.title)


@operation("gtm.crm.restore_deal", writes=True, permission="crm.deals.manage", internal=True)
def restore_deal(ctx: Context, cmd: RestoreDeal) -> DealView:
    """Bring a deleted deal back, and the enrollments that ended with it."""
    from rusvel_tui.engine.gtm.outreach.enrolling.revival import revive

    deal = find_deal(ctx, cmd.deal_id, deleted=True)
    book = load_stages(ctx.session_id)
    if book.of(deal.stage).pipeline_id not in book.pipelines:
        raise Conflict(f"The pipeline of {deal.title} was deleted. Bring that back first.")
    deal.deleted_at = None
    touch(ctx, deal)
    revive(ctx, cmd.enrollments)
    inverse = Inverse("gtm.crm.delete_deal", {"deal_id": deal.id})
    ctx.record("gtm.deal.restored", deal.id, told(deal), undo=inverse)
    return deal_view(ctx, deal)


@operation("gtm.crm.list_deals", permission="crm.deals.read")
def list_deals(ctx: Context, cmd: ListDeals) -> DealPage:
    """List deals, newest first."""
    query = _listed(ctx, cmd)
    if cmd.cursor:
        query = query.where(Deal.id < cmd.cursor)
    rows = list(query.order_by(Deal.id.desc()).limit(cmd.limit + 1))
    more = len(rows) > cmd.limit
    rows = rows[: cmd.limit]
    return DealPage(items=deal_views(ctx, rows), next=rows[-1].id if more else None)


def _listed(ctx: Context, cmd: ListDeals) -> Any:
    """The deals that are wanted; an unknown stage or pipeline is refused."""
    query, book = living(ctx), load_stages(ctx.session_id)
    pipeline_id = book.pipeline(cmd.pipeline).id if cmd.pipeline else ""
    stages = book.find_all(cmd.stage, pipeline_id) if cmd.stage else book.living(pipeline_id)
    if cmd.status:
        stages = tuple(stage for stage in stages if stage.kind is cmd.status)
    if cmd.stage or cmd.status or pipeline_id:
        query = query.where(Deal.stage.in_([stage.key for stage in stages]))
    for name in ("contact_id", "company_id"):
        if wanted := getattr(cmd, name):
            query = query.where(getattr(Deal, name) == wanted)
    if cmd.no_next_action:
        open_ = [stage.key for stage in stages if not stage.closed]
        query = query.where(Deal.stage.in_(open_) & ~has_next_action())
    if cmd.rotting:
        query = query.where(among(Deal.id, rotting_ids(ctx)))
    return query.where(matching(ctx, "deal", cmd.filter)) if cmd.filter else query


__all__ = ["find_deal"]
