"""One deal with all that is known of it: its way, what is next, and how it is doing."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.deals.deal_history import StayView, stay_views
from rusvel_tui.engine.gtm.crm.deals.deal_inputs import DealId
from rusvel_tui.engine.gtm.crm.deals.deal_rows import find_deal
from rusvel_tui.engine.gtm.crm.deals.deal_views import DealView, deal_view
from rusvel_tui.engine.gtm.crm.deals.health import (
    QUIET_DAYS,
    CloseRange,
    Confidence,
    Factor,
    Health,
    HealthFacts,
    close_range,
    confidence_of,
    state_of,
    weigh,
)
from rusvel_tui.engine.gtm.crm.deals.learning import Learned, Lessons, lessons
from rusvel_tui.engine.gtm.crm.deals.rot import talks_since
from rusvel_tui.engine.gtm.crm.pipelines.stages import StageKind, load_stages
from rusvel_tui.engine.operation import View, operation


class HealthView(View):
    """How an open deal is doing, by fixed rules. A closed one has its outcome only."""

    deal_id: str
    health: Health | None
    win_probability: float
    """0 to 1."""
    base_probability: int
    """Per cent that the rules started from."""
    base_from: str
    """`typed`, `history` or `stage`."""
    learned: Learned | None
    """What closed deals say of its stage, from 20 of them on."""
    confidence: Confidence
    factors: tuple[Factor, ...]
    """The weightiest first."""
    close: CloseRange | None
    """Null without enough won deals to tell."""


class DealRecord(DealView):
    """A deal with its way through the stages and its health."""

    stays: tuple[StayView, ...]
    health: HealthView


@operation("gtm.crm.get_deal", permission="crm.deals.read")
def get_deal(ctx: Context, cmd: DealId) -> DealRecord:
    """Show one deal with its way through the stages, what is next, and how it is doing."""
    deal = find_deal(ctx, cmd.deal_id)
    seen = deal_view(ctx, deal)
    return DealRecord.model_construct(
        **dict(seen),
        stays=stay_views(load_stages(ctx.session_id), deal, ctx.now),
        health=health_of(ctx, seen),
    )


@operation("gtm.crm.deal_health", permission="crm.deals.read")
def deal_health(ctx: Context, cmd: DealId) -> HealthView:
    """Tell how a deal is doing, how likely it is won and when, with the reasons for it."""
    return health_of(ctx, deal_view(ctx, find_deal(ctx, cmd.deal_id)))


def health_of(ctx: Context, deal: DealView) -> HealthView:
    """The health of a deal that was read."""
    if deal.status.closed:
        return _outcome(deal)
    facts = health_facts(ctx, deal, lessons(ctx.session_id, deal.stage_key))
    percent, factors = weigh(facts)
    return HealthView(
        deal_id=deal.deal_id,
        health=state_of(facts),
        win_probability=percent / 100,
        base_probability=facts.base,
        base_from=_base_from(deal, facts.lessons),
        learned=facts.lessons.share,
        confidence=confidence_of(facts),
        factors=factors,
        close=close_range(facts),
    )


def health_facts(ctx: Context, deal: DealView, known: Lessons) -> HealthFacts:
    """What the rules look at, of one deal."""
    today = ctx.now.astimezone(ctx.zone).date()
    close = date.fromisoformat(deal.expected_close) if deal.expected_close else None
    next_, learned = deal.next_action, known.share
    return HealthFacts(
        today=today,
        stage=deal.stage,
        base=learned.probability
        if _base_from(deal, known) == "history" and learned
        else deal.probability,
        in_stage=ctx.now - deal.stage_since,
        quiet_days=deal.rot.quiet_days,
        limit_days=deal.rot.limit_days or QUIET_DAYS,
        talked=deal.rot.last_talk is not None,
        talks=talks_since(deal.deal_id, ctx.now - timedelta(days=30)),
        has_next=next_ is not None,
        planned=deal.rot.planned or bool(deal.rot.snoozed_until),
        days_to_close=(close - today).days if close else None,
        valued=Decimal(deal.value) > 0,
        lessons=known,
    )


def _base_from(deal: DealView, known: Lessons) -> str:
    if deal.typed_probability is not None:
        return "typed"
    return "history" if known.share else "stage"


def _outcome(deal: DealView) -> HealthView:
    won = deal.status is StageKind.WON
    why = deal.closed_reason or "no reason was given"
    return HealthView(
        deal_id=deal.deal_id,
        health=None,
        win_probability=1.0 if won else 0.0,
        base_probability=deal.probability,
        base_from=deal.probability_from,
        learned=None,
        confidence=Confidence.HIGH,
        factors=(Factor(label=deal.stage, effect=0, evidence=why),),
        close=None,
    )
