"""What every operation on deals shares: finding, cleaning, and the place of a card in its column."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from peewee import fn

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput, NotFound
from rusvel_tui.engine.models import Company, Deal
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.text import one_line

GAP = 1 << 20
"""Between the ranks of neighbours, so that twenty cards can go into one place before a column is numbered anew."""


def living(ctx: Context) -> Any:
    """The deals of this session; those of a deleted contact are deleted, and come back, with it."""
    return Deal.select().where((Deal.session_id == ctx.session_id) & Deal.deleted_at.is_null())


def find_deal(ctx: Context, deal_id: str, *, deleted: bool = False) -> Deal:
    """The row of a living deal of this session, or of a deleted one; raises `NotFound`."""
    gone = Deal.select().where((Deal.session_id == ctx.session_id) & Deal.deleted_at.is_null(False))
    found: Deal | None = (gone if deleted else living(ctx)).where(Deal.id == deal_id).first()
    if found is None:
        raise NotFound.here("deal", deal_id, "gtm list --kind deals")
    return found


def clean_title(text: str) -> str:
    title = one_line(text)
    if not title or len(title) > 200:
        raise InvalidInput("A deal needs a title of 1 to 200 characters.", field="title")
    return title


def clean_value(value: Decimal, currency: str) -> Money:
    money = Money.parse(value, currency)
    if money.minor < 0:
        raise InvalidInput("A deal cannot be worth less than nothing.", field="value")
    return money


def touch(ctx: Context, deal: Deal) -> None:
    """Store a changed deal as its next version."""
    deal.version += 1
    deal.updated_at = ctx.now
    deal.save()


def rank_below(ctx: Context, stage: str, above: str) -> int:
    """The rank of a card that goes right below the card `above`, or on top of the column when that is not there.

    Two look-ups in an index; when there is no gap left, the column gets new ranks in one statement.
    """
    column = (Deal.session_id == ctx.session_id) & (Deal.stage == stage)
    upper = Deal.get_or_none(column & (Deal.id == above)) if above else None
    if upper is None:
        lowest = Deal.select(fn.MIN(Deal.rank)).where(column).scalar()
        return (lowest if lowest is not None else GAP) - GAP
    lower = Deal.select().where(column & _after(upper)).order_by(Deal.rank, Deal.id).first()
    if lower is None:
        return int(upper.rank) + GAP
    if lower.rank - upper.rank < 2:
        _spread(ctx, stage)
        return rank_below(ctx, stage, above)
    return int(upper.rank + lower.rank) // 2


def card_above(ctx: Context, deal: Deal) -> str:
    """The id of the card right above this one, hidden ones counted, so that it finds its way back; empty on top."""
    column = Deal.select(Deal.id).where(
        (Deal.session_id == ctx.session_id) & (Deal.stage == deal.stage)
    )
    return _first(column.where(_before(deal)).order_by(Deal.rank.desc(), Deal.id.desc()))


def seen_above(ctx: Context, deal: Deal, by: int = 0) -> str:
    """The id of the card that a person sees above this one once it went `by` places down; empty on top."""
    column = living(ctx).where((Deal.stage == deal.stage) & (Deal.id != deal.id))
    upwards = column.order_by(Deal.rank.desc(), Deal.id.desc())
    if by <= 0:
        return _first(upwards.where(_before(deal)), -by)
    downwards = column.where(_after(deal)).order_by(Deal.rank, Deal.id)
    return _first(downwards, by - 1) or _first(upwards)


def _first(cards: Any, skip: int = 0) -> str:
    found = cards.limit(1).offset(skip).first()
    return str(found.id) if found else ""


def _after(deal: Deal) -> Any:
    """Below that card; the first condition is the one that an index can use."""
    return (Deal.rank >= deal.rank) & ((Deal.rank > deal.rank) | (Deal.id > deal.id))


def _before(deal: Deal) -> Any:
    return (Deal.rank <= deal.rank) & ((Deal.rank < deal.rank) | (Deal.id < deal.id))


def _spread(ctx: Context, stage: str) -> None:
    """Give the cards of a column, hidden ones included, ranks with gaps in their present order."""
    Deal._meta.database.execute_sql(
        "WITH place AS (SELECT id, row_number() OVER (ORDER BY rank, id) AS number FROM deal"
        " WHERE session_id = ? AND stage = ?)"
        " UPDATE deal SET rank = place.number * ? FROM place WHERE place.id = deal.id",
        (ctx.session_id, stage, GAP),
    )


def clean_company(ctx: Context, company_id: str | None) -> str | None:
    """The id of a living company of this session; raises `NotFound`."""
    if company_id is None:
        return None
    found = Company.get_or_none(
        (Company.id == company_id)
        & (Company.session_id == ctx.session_id)
        & Company.deleted_at.is_null()
    )
    if found is None:
        raise NotFound.here("company", company_id, "gtm list --kind companies")
    return company_id


def clean_tags(tags: Iterable[str]) -> list[str]:
    """Each tag once, on one line."""
    return list(dict.fromkeys(tag for tag in map(one_line, tags) if tag))
