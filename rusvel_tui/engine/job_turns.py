"""Whose turn it is among the jobs that are due."""

from __future__ import annotations

from functools import cache

BESIDE = 2
"""The turn of work that waits for others: hooks, schedules, workflows. A thread of its own does it, so that no mail waits."""
PRIORITIES = (0, 1, BESIDE)
"""The turns of what is due: each is looked at alone, so that one index finds the next job of many."""
_DUE = """(SELECT id FROM job WHERE state = 'queued' AND priority = {} AND run_at <= :now
  AND (:session IS NULL OR session_id = :session) ORDER BY run_at, id LIMIT 1)"""


@cache
def claim_sql(lanes: tuple[int, ...]) -> str:
    """The statement that takes the next job of these turns."""
    return f"""
UPDATE job SET state = 'running', owner = :owner, lease_until = :until, started_at = :now, fence = fence + 1,
  attempts = attempts + 1, metadata = '{{}}'
WHERE id = (SELECT coalesce({", ".join(map(_DUE.format, lanes))}, '')) AND state = 'queued'
RETURNING id, session_id, kind, payload, attempts, fence
"""
