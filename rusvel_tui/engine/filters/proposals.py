"""Rows that the index of names proposes, each looked at again: the same answer, without a walk over all."""

from __future__ import annotations

from rusvel_tui.engine.filters.where import Where
from rusvel_tui.engine.search import narrow


def proposed(row: str, kind: str, words: str, exact: Where) -> Where:
    """The exact test, asked of proposed rows only where few can fit."""
    query = narrow(words)
    if query is None:
        return exact
    # CROSS JOIN is SQLite's word for: in this order. From the documents on it would ask the index about each of them.
    found = (
        f"{row}.id IN (SELECT s.item_id FROM name_search CROSS JOIN search_doc s ON s.number = name_search.rowid"
        f" WHERE name_search MATCH ? AND s.kind = '{kind}')"
    )
    return Where(f"{found} AND {exact.sql}", (query, *exact.values), narrow=True)
