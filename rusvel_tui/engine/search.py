"""Finding rows by a part of their name, or by the words that were written about them.

For names the index of three-letter pieces proposes, the row decides.

A query of the index names pieces that must all occur. It is only made when few rows can fit: for the rest it is
cheaper to walk the list in its order until the window is full.
"""

from __future__ import annotations

from collections.abc import Sequence

from rusvel_tui.engine.models.base import database

FEW = 3000
"""Rows up to which the index is asked and the answer sorted; measured at 100 000 contacts (4 µs for each)."""
_COUNT = "SELECT count(*) FROM (SELECT 1 FROM name_search WHERE name_search MATCH ? LIMIT ?)"
_PIECES = "SELECT term, doc FROM name_piece WHERE term >= ? AND term < ?"


def narrow(text: str) -> str | None:
    """The FTS5 query for the rows that may hold this folded text; None when too many do."""
    query = _long(text) if len(text) > 2 else _short(text)
    if query is None:
        return None
    ((count,),) = database.execute_sql(_COUNT, (query, FEW + 1)).fetchall()
    return query if count <= FEW else None


def _long(text: str) -> str:
    """All pieces of the text that do not overlap, and its last: fewer lists to meet, as few candidates."""
    starts = [*range(0, len(text) - 3, 3), len(text) - 3]
    return " AND ".join(_quoted(text[at : at + 3]) for at in starts)


def _short(text: str) -> str | None:
    """Every piece that begins with the one or two letters; the text is padded, so each occurrence begins one."""
    found, rows = [], 0
    for piece, count in database.execute_sql(_PIECES, (text, f"{text}\U0010ffff")):
        found.append(_quoted(piece))
        rows += count
        if rows > 2 * FEW:
            return None
    return " OR ".join(found) or '"\x01\x01\x01"'


def text_query(words: Sequence[str]) -> str | None:
    """The FTS5 query for texts in which each word begins one; None when an index of words cannot tell.

    Scripts without blanks between words (CJK) are indexed as whole runs, and signs are not indexed at all.
    """
    if not words or not all(_is_word(word) for word in words):
        return None
    return " AND ".join(f"{_quoted(word)} *" for word in words)


def _is_word(word: str) -> bool:
    return any(c.isalnum() for c in word) and not any(c >= "\u2e80" for c in word if c.isalpha())


def _quoted(piece: str) -> str:
    escaped = piece.replace('"', '""')
    return f'"{escaped}"'
