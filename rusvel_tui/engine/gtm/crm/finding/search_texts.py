"""The part of the search that looks into what was written: notes, subjects and bodies, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.filters.kinds import like
from rusvel_tui.engine.filters.where import Where, all_of
from rusvel_tui.engine.gtm.crm.finding.search_hits import Hit
from rusvel_tui.engine.models.base import database
from rusvel_tui.engine.search import text_query

SUBJECTS = 3
"""The tier of activities with the words in their subject, and deals whose title has them in other signs."""
TEXTS = 4
"""The tier of everything with the words in its text."""
_FIRST = 2**62
_LIVING = """CASE s.kind
  WHEN 'contact_text' THEN EXISTS (SELECT 1 FROM contact c WHERE c.id = s.item_id AND c.deleted_at IS NULL AND NOT ({contact}))
  WHEN 'company_text' THEN EXISTS (SELECT 1 FROM company o WHERE o.id = s.item_id AND o.deleted_at IS NULL AND NOT ({company}))
  WHEN 'deal_text' THEN EXISTS (SELECT 1 FROM deal d WHERE d.id = s.item_id AND d.deleted_at IS NULL AND NOT ({deal}))
  ELSE EXISTS (SELECT 1 FROM activity a WHERE a.id = s.item_id AND a.deleted_at IS NULL) END"""
_INDEXED = """
SELECT s.number, s.kind, s.item_id FROM text_search CROSS JOIN search_doc s ON s.number = text_search.rowid
WHERE text_search MATCH ? AND text_search.rowid < ? AND s.session_id = ? AND {kinds} AND {living}
ORDER BY text_search.rowid DESC LIMIT ?"""
_READ = """
SELECT s.number, s.kind, s.item_id FROM search_doc s
WHERE s.number < ? AND s.session_id = ? AND {kinds} AND {holds} AND {living} ORDER BY s.number DESC LIMIT ?"""
_HOLDS = """CASE s.kind
  WHEN 'contact_text' THEN (SELECT c.notes FROM contact c WHERE c.id = s.item_id)
  WHEN 'company_text' THEN (SELECT o.notes FROM company o WHERE o.id = s.item_id)
  WHEN 'deal_text' THEN (SELECT d.notes FROM deal d WHERE d.id = s.item_id)
  ELSE (SELECT a.subject || ' ' || a.body || ' ' || a.notes FROM activity a WHERE a.id = s.item_id) END
  LIKE ? ESCAPE '\\'"""


def written(
    ctx: Context,
    tier: int,
    kinds: set[str],
    typed: Sequence[str],
    words: Sequence[str],
    before: Any,
    limit: int,
) -> list[tuple[int, Hit]]:
    """The texts of one tier that hold all words, as typed and folded; numbered, and before that number."""
    titled = {"activity", "deal"} if tier == SUBJECTS else kinds
    listed = [f"{kind}_text" for kind in sorted(kinds & titled)]
    place = _FIRST if before is None else before
    query = text_query(typed)
    if query is None and tier == SUBJECTS:
        return []
    named, kind_test = _names_hold(words), f"s.kind IN ({', '.join('?' * len(listed))})"
    parts = {"kinds": kind_test, "living": named.sql}
    if query is None:
        holds = all_of([Where(_HOLDS, (like(word),)) for word in typed])
        sql = _READ.format(holds=holds.sql, **parts)
        values: tuple[Any, ...] = (place, ctx.session_id, *listed, *holds.values, *named.values)
    else:
        subject = f"title : ({query})"
        match = subject if tier == SUBJECTS else f"({query}) NOT ({subject})"
        sql = _INDEXED.format(**parts)
        values = (match, place, ctx.session_id, *listed, *named.values)
    rows = database.execute_sql(sql, (*values, limit)).fetchall()
    return [
        (number, Hit(kind.removesuffix("_text"), item_id, written=True))
        for number, kind, item_id in rows
    ]


def _names_hold(words: Sequence[str]) -> Where:
    """That the thing lives, and was not found by its name already."""
    tests, values = {}, []
    for kind, name in (
        ("contact", "c.search"),
        ("company", "o.key || ' ' || lower(o.domain)"),
        ("deal", "fold(d.title)"),
    ):
        tests[kind] = " AND ".join([f"{name} LIKE ? ESCAPE '\\'"] * len(words))
        values += [like(word) for word in words]
    return Where(_LIVING.format(**tests), tuple(values))
