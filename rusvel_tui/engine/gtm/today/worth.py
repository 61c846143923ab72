"""What is at stake with people: their open deals, the largest of each currency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from peewee import fn

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.deals.deal_rows import living
from rusvel_tui.engine.gtm.crm.pipelines.stages import load_stages
from rusvel_tui.engine.gtm.today.needs import Found
from rusvel_tui.engine.models import Deal
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.money import Money

Amounts = dict[str, tuple[Money, ...]]


def with_amounts(ctx: Context, found: list[Found]) -> list[Found]:
    """The same, where nothing was said with the value of its deal, else of its person's open deals: two queries."""
    bare = [one for one in found if not one.amounts]
    if not bare or not ctx.may("crm.deals.read"):
        return found
    deals = _of_deals(ctx, {one.deal_id for one in bare if one.deal_id})
    people = _of_people(ctx, {one.contact_id for one in bare if one.contact_id})
    return [
        replace(one, amounts=deals.get(one.deal_id or "") or people.get(one.contact_id or "", ()))
        if not one.amounts
        else one
        for one in found
    ]


def open_stages(ctx: Context) -> list[str]:
    """The keys of the stages in which a deal is still to be decided."""
    return [stage.key for stage in load_stages(ctx.session_id).living() if not stage.closed]


def _of_deals(ctx: Context, ids: Iterable[str]) -> Amounts:
    query = living(ctx).select(Deal.id, Deal.value_minor, Deal.currency)
    rows = tuples(query.where(Deal.id.in_(list(ids)) & (Deal.value_minor > 0)))
    return {deal_id: (Money(minor, currency),) for deal_id, minor, currency in rows}


def _of_people(ctx: Context, ids: Iterable[str]) -> Amounts:
    query = (
        living(ctx)
        .select(Deal.contact_id, Deal.currency, fn.MAX(Deal.value_minor))
        .where(
            Deal.contact_id.in_(list(ids))
            & Deal.stage.in_(open_stages(ctx))
            & (Deal.value_minor > 0)
        )
        .group_by(Deal.contact_id, Deal.currency)
    )
    found: dict[str, list[Money]] = defaultdict(list)
    for contact_id, currency, minor in tuples(query):
        found[contact_id].append(Money(minor, currency))
    return {contact_id: tuple(amounts) for contact_id, amounts in found.items()}
