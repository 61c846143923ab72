"""Values that can be proposed for a field: each source is one bounded look-up, never a walk over all rows."""

from __future__ import annotations

from typing import Any

from rusvel_tui.engine.filters.fields import Scope, Source
from rusvel_tui.engine.models.base import database
from rusvel_tui.engine.money import CURRENCIES
from rusvel_tui.engine.text import fold

MOST = 200
"""Values that a source answers with at most."""
_SAMPLE = """
SELECT DISTINCT value FROM (SELECT {column} AS value FROM {table}
  WHERE +session_id = ? AND deleted_at IS NULL ORDER BY rowid DESC LIMIT 2000) WHERE value <> ''"""
_NEXT_SET = (
    "SELECT min(tags) FROM contact WHERE session_id = ? AND tags <> '[]' AND deleted_at IS NULL"
)
_TAGS = """
SELECT DISTINCT t.value FROM (SELECT tags FROM {table}
  WHERE session_id = ? AND deleted_at IS NULL AND tags <> '[]' ORDER BY rowid DESC LIMIT 2000) s, json_each(s.tags) t"""
_COMPANIES = """
SELECT name FROM company WHERE session_id = ? AND deleted_at IS NULL AND key >= ? AND key < ? ORDER BY key LIMIT ?"""
# Only different sets of tags are read, each by one step into the index `contact_tags`.
_CONTACT_TAGS = f"""
WITH RECURSIVE sets (tags) AS (
  SELECT ({_NEXT_SET})
  UNION ALL SELECT ({_NEXT_SET} AND tags > sets.tags) FROM sets WHERE tags IS NOT NULL LIMIT 500)
SELECT DISTINCT t.value FROM sets, json_each(sets.tags) t WHERE sets.tags IS NOT NULL"""
_STAGES = """
SELECT name FROM pipeline_stage WHERE session_id = ? AND removed_at IS NULL GROUP BY name ORDER BY min(position)"""
_PIPELINES = "SELECT name FROM pipeline WHERE session_id = ? AND deleted_at IS NULL ORDER BY id"
_SEQUENCES = "SELECT name FROM sequence WHERE session_id = ? AND status <> 'archived' ORDER BY name LIMIT 1000"


def words(*known: str) -> Source:
    """A fixed list."""
    return lambda scope, prefix: _fitting(known, prefix)


def sample(table: str, column: str) -> Source:
    """What stands in a column of the newest rows."""
    sql = _SAMPLE.format(table=table, column=column)
    return lambda scope, prefix: _fitting(sorted(_column(sql, scope.session_id)), prefix)


def tags(table: str) -> Source:
    """The tags of the newest tagged rows."""
    sql = _TAGS.format(table=table)
    return lambda scope, prefix: _fitting(sorted(_column(sql, scope.session_id)), prefix)


def contact_tags(scope: Scope, prefix: str) -> tuple[str, ...]:
    """The tags of contacts."""
    session = scope.session_id
    return _fitting(sorted(_column(_CONTACT_TAGS, session, session)), prefix)


def companies(scope: Scope, prefix: str) -> tuple[str, ...]:
    """Companies whose names begin so, by the index on their keys."""
    begin = fold(prefix)
    return tuple(_column(_COMPANIES, scope.session_id, begin, f"{begin}\U0010ffff", MOST))


def sequences(scope: Scope, prefix: str) -> tuple[str, ...]:
    """The names of the sequences."""
    return _fitting(_column(_SEQUENCES, scope.session_id), prefix)


def stages(scope: Scope, prefix: str) -> tuple[str, ...]:
    """The names of the stages of all pipelines."""
    return _fitting(_column(_STAGES, scope.session_id), prefix)


def pipelines(scope: Scope, prefix: str) -> tuple[str, ...]:
    """The names of the pipelines."""
    return _fitting(_column(_PIPELINES, scope.session_id), prefix)


def currencies(scope: Scope, prefix: str) -> tuple[str, ...]:
    """The codes of ISO 4217, that of the session first."""
    others = sorted(CURRENCIES - {scope.currency})
    return _fitting([scope.currency, *others], prefix)


def _fitting(known: tuple[str, ...] | list[str], prefix: str) -> tuple[str, ...]:
    begin = fold(prefix)
    return tuple(word for word in known if fold(word).startswith(begin))[:MOST]


def _column(sql: str, *values: Any) -> list[str]:
    return [str(value) for (value,) in database.execute_sql(sql, values).fetchall()]
