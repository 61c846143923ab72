"""Deals as others see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.deals.next_action import NextAction, next_actions
from rusvel_tui.engine.gtm.crm.deals.requirements import missing
from rusvel_tui.engine.gtm.crm.deals.rot import RotFacts, RotView, last_talks, rot_view
from rusvel_tui.engine.gtm.crm.pipelines.stages import StageBook, StageKind, load_stages
from rusvel_tui.engine.models import Company, Contact, Deal, StageMove
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.operation import View


class MoveView(View):
    """One move from stage to stage."""

    from_stage: str
    to_stage: str
    at: datetime
    actor: str


class DealView(View):
    """A sale in the making. The status follows from the stage."""

    deal_id: str
    contact_id: str
    contact_name: str
    company_id: str | None
    company: str
    title: str
    value: str
    currency: str
    pipeline_id: str
    pipeline: str
    stage: str
    stage_key: str
    """What stays when the stage is renamed."""
    status: StageKind
    probability: int
    """Per cent: the typed one, else what the stage is usually worth."""
    typed_probability: int | None
    probability_from: str
    """`typed` or `stage`."""
    stage_since: datetime
    stage_days: int
    """Whole days in the present stage; of a closed deal, until now."""
    expected_close: str
    overdue: bool
    """Open, and its expected close has passed."""
    next_action: NextAction | None
    no_next_action: bool
    """Open, and nothing is planned."""
    rot: RotView
    missing: tuple[str, ...]
    """What its stage asks for and it does not have."""
    tags: tuple[str, ...]
    fields: dict[str, str]
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


class DealDeleted(View):
    """What was deleted."""

    deal_id: str
    title: str


@dataclass(frozen=True, slots=True)
class _Around:
    """What the views of some deals need besides their rows."""

    book: StageBook
    people: dict[str, Contact]
    companies: dict[str, str]
    moves: dict[str, list[MoveView]]
    next: dict[str, NextAction]
    talks: dict[str, datetime]


def deal_views(ctx: Context, deals: Sequence[Deal]) -> tuple[DealView, ...]:
    """The views of these deals in their order: seven queries, however many there are."""
    around = _around(ctx, deals)
    return tuple(DealView.model_construct(**_values(ctx, deal, around)) for deal in deals)


def deal_view(ctx: Context, deal: Deal) -> DealView:
    return deal_views(ctx, [deal])[0]


def _around(ctx: Context, deals: Sequence[Deal]) -> _Around:
    ids = [deal.id for deal in deals]
    book = load_stages(ctx.session_id)
    people = Contact.select().where(Contact.id.in_({deal.contact_id for deal in deals}))
    wanted = Company.id.in_({deal.company_id for deal in deals if deal.company_id})
    companies = Company.select(Company.id, Company.name).where(
        wanted & Company.deleted_at.is_null()
    )
    return _Around(
        book=book,
        people={person.id: person for person in people},
        companies=dict(tuples(companies)),
        moves=_moves(book, ids),
        next=next_actions(ctx, ids),
        talks=last_talks(ids),
    )


def _moves(book: StageBook, ids: Sequence[str]) -> dict[str, list[MoveView]]:
    found: dict[str, list[MoveView]] = defaultdict(list)
    rows = StageMove.select().where(StageMove.deal_id.in_(ids))
    for row in rows.order_by(StageMove.at, StageMove.id):
        move = MoveView(
            from_stage=book.of(row.from_stage).name,
            to_stage=book.of(row.to_stage).name,
            at=row.at,
            actor=row.actor,
        )
        found[row.deal_id].append(move)
    return found


def rot_facts(deal: Deal, around: _Around) -> RotFacts:
    return RotFacts(
        stage=around.book.of(deal.stage),
        since=deal.stage_since or deal.created_at,
        talked_at=around.talks.get(deal.id),
        next=around.next.get(deal.id),
        snoozed_until=deal.snoozed_until,
    )


def _values(ctx: Context, deal: Deal, around: _Around) -> dict[str, Any]:
    contact, facts = around.people[deal.contact_id], rot_facts(deal, around)
    kept = {name: getattr(deal, name) for name in _PLAIN}
    return (
        kept
        | _standing(ctx, deal, around, facts)
        | {
            "deal_id": deal.id,
            "contact_name": contact.name,
            "company": around.companies.get(deal.company_id or "") or contact.company,
            "value": Money(deal.value_minor, deal.currency).amount,
            "next_action": facts.next,
            "rot": rot_view(facts, ctx.now, ctx.zone),
            "missing": missing(facts.stage.requires, deal, facts.next),
            "tags": tuple(deal.tags),
            "moves": tuple(around.moves.get(deal.id, ())),
        }
    )


def _standing(ctx: Context, deal: Deal, around: _Around, facts: RotFacts) -> dict[str, Any]:
    """Where the deal stands in its pipeline."""
    stage = facts.stage
    typed = deal.probability
    today = ctx.now.astimezone(ctx.zone).date().isoformat()
    return {
        "pipeline_id": stage.pipeline_id,
        "pipeline": around.book.pipeline_of(stage.key).name,
        "stage": stage.name,
        "stage_key": stage.key,
        "status": stage.kind,
        "probability": stage.probability if typed is None else typed,
        "typed_probability": typed,
        "probability_from": "stage" if typed is None else "typed",
        "stage_since": facts.since,
        "stage_days": (ctx.now - facts.since).days,
        "overdue": not stage.closed and "" < deal.expected_close < today,
        "no_next_action": not stage.closed and facts.next is None,
    }


_PLAIN = (
    "contact_id", "company_id", "title", "currency", "expected_close", "fields", "notes", "closed_reason",
    "closed_at", "metadata", "version", "created_at", "updated_at",
)  # fmt: skip
