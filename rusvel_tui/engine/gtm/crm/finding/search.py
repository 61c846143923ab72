"""One search over everything: people, companies and deals by name, then all that was written about them.

Names are found by any part, texts by the beginnings of words; every word must stand in the name, or in one text.
What fits comes in tiers: names that begin so, names with words that begin so, other names (addresses and tags
included), subjects, texts; in each the newest first. While more names fit than can be told apart, they are one tier.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from pydantic import Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.filters.kinds import like
from rusvel_tui.engine.filters.where import Where, all_of
from rusvel_tui.engine.gtm.crm.finding.filtering import ENTITIES, found_text
from rusvel_tui.engine.gtm.crm.finding.search_hits import Hit, HitKind, SearchPage, read_hits
from rusvel_tui.engine.gtm.crm.finding.search_texts import SUBJECTS, TEXTS, written
from rusvel_tui.engine.models.base import database
from rusvel_tui.engine.operation import PageInput, operation
from rusvel_tui.engine.text import fold, one_line

_NEEDED = {HitKind.DEAL: "crm.deals.read", HitKind.ACTIVITY: "crm.activities.read"}
"""What finding such a thing needs besides."""
LONGEST = 200
"""Characters of a search; what is longer is no search."""
_NAMES = {"contact": "c.search", "company": "o.key", "deal": "fold(d.title)"}
"""The folded name of each kind, which begins with what people call it by."""
_NAMED = """
SELECT tier, id FROM (
  SELECT {tier} AS tier, {row}.id AS id FROM {table}
  WHERE +{row}.session_id = ? AND {row}.deleted_at IS NULL AND {found})
WHERE (tier = ? AND id < ?) OR tier > ? ORDER BY tier, id DESC LIMIT ?"""
_ONE_TIER = """
SELECT 2, {row}.id FROM {table}
WHERE +{row}.session_id = ? AND {row}.deleted_at IS NULL AND {found} AND {row}.id < ?
ORDER BY {row}.id DESC LIMIT ?"""
_LAST = "\U0010ffff"
"""Behind every id."""


class Search(PageInput):
    """What to look for."""

    query: str
    """Words; all of them must be there. Case and accents do not matter, and signs have no meaning."""
    kinds: tuple[HitKind, ...] = ()
    """Contact, Company, Deal, Activity; all when left out."""
    limit: int = Field(default=20, ge=1, le=200)


class Place(NamedTuple):
    """Where a page ended: the tier, and the id (of names) or number (of texts) there."""

    tier: int = 0
    at: str | int = _LAST


@operation("gtm.crm.search", permission="crm.contacts.read")
def search(ctx: Context, cmd: Search) -> SearchPage:
    """Search people, companies, deals, and everything that was noted about them."""
    line = one_line(cmd.query)[:LONGEST]
    words = tuple(dict.fromkeys(fold(line).split()))
    if not words:
        return SearchPage(items=(), next=None)
    asked = cmd.kinds or tuple(HitKind)
    kinds = {kind.key for kind in asked if ctx.may(_NEEDED.get(kind, "crm.contacts.read"))}
    place, wanted = _read_place(cmd.cursor), cmd.limit + 1
    found = _names(ctx, kinds, words, place, wanted) if place.tier < SUBJECTS else []
    for tier in (SUBJECTS, TEXTS):
        if len(found) < wanted and tier >= place.tier:
            before = place.at if tier == place.tier else None
            rest = written(ctx, tier, kinds, line.split(), words, before, wanted - len(found))
            found += [(Place(tier, number), hit) for number, hit in rest]
    more, found = len(found) > cmd.limit, found[: cmd.limit]
    return SearchPage(
        items=read_hits([hit for _, hit in found], words),
        next=json.dumps(found[-1][0]) if more else None,
    )


def _names(
    ctx: Context, kinds: set[str], words: tuple[str, ...], place: Place, limit: int
) -> list[tuple[Place, Hit]]:
    """What bears the words in its name, the best first."""
    found = [
        (Place(tier, item_id), Hit(kind, item_id, written=False))
        for kind in _NAMES
        if kind in kinds
        for tier, item_id in _of_kind(ctx, kind, words, place, limit)
    ]
    found.sort(key=lambda one: str(one[0].at), reverse=True)
    found.sort(key=lambda one: one[0].tier)
    return found[:limit]


def _of_kind(
    ctx: Context, kind: str, words: tuple[str, ...], place: Place, limit: int
) -> list[tuple[int, str]]:
    entity = ENTITIES[kind]
    if kind == "deal":
        test = f"{_NAMES[kind]} LIKE ? ESCAPE '\\'"
        fits = all_of([Where(f"{test}", (like(word),)) for word in words])
        fits = Where(fits.sql, fits.values, narrow=True)
    else:
        fits = all_of(found_text(ctx, kind, word) for word in words)
    names = {"row": entity.row, "table": entity.table, "found": fits.sql}
    if not fits.narrow:
        before = place.at if place.tier == 2 else _LAST
        sql, values = _ONE_TIER.format(**names), (ctx.session_id, *fits.values, before, limit)
        return _read(sql, values) if place.tier <= 2 else []
    tier = _tier(kind, words)
    values = (*tier.values, ctx.session_id, *fits.values, place.tier, place.at, place.tier, limit)
    return _read(_NAMED.format(tier=tier.sql, **names), values)


def _tier(kind: str, words: tuple[str, ...]) -> Where:
    """0 when the name begins with the words, 1 when words of it begin with each, else 2."""
    name, start = _NAMES[kind], like(" ".join(words))[1:]
    also = " OR c.sort_name LIKE ? ESCAPE '\\'" if kind == "contact" else ""
    begins = " AND ".join([f"' ' || {name} LIKE ? ESCAPE '\\'"] * len(words))
    sql = f"CASE WHEN {name} LIKE ? ESCAPE '\\'{also} THEN 0 WHEN {begins} THEN 1 ELSE 2 END"
    return Where(sql, (*[start] * (2 if also else 1), *(f"% {like(word)[1:]}" for word in words)))


def _read(sql: str, values: tuple[Any, ...]) -> list[tuple[int, str]]:
    rows: list[tuple[int, str]] = database.execute_sql(sql, values).fetchall()
    return rows


def _read_place(cursor: str | None) -> Place:
    if cursor is None:
        return Place()
    try:
        tier, at = json.loads(cursor)
        if not isinstance(tier, int) or not isinstance(at, int if tier >= SUBJECTS else str):
            raise TypeError  # noqa: TRY301 - one refusal for all that is no cursor
    except (ValueError, TypeError):
        raise InvalidInput("That cursor does not belong to this search.", field="cursor") from None
    return Place(tier, at)
