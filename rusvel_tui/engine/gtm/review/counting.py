"""What happened, by week: one pass over each kind of row, whatever the number of weeks."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.review.weeks import Week
from rusvel_tui.engine.models.base import database

_MINUTE = len("2026-11-24T09:30")
"""Weeks begin at whole minutes, so a stored moment is told apart by as much of it."""
_ACTIVITIES = """
SELECT kind, substr(at, 1, 16), count(*) FROM activity
WHERE session_id = :session AND status = 'done' AND deleted_at IS NULL AND at >= :since AND at < :until
GROUP BY 1, 2
"""
_SENT = """
SELECT 'sent', substr(sent_at, 1, 16), count(*) FROM mail
WHERE session_id = :session AND sent_at >= :since AND sent_at < :until GROUP BY 2
"""
_CONTACTS = """
SELECT 'new_contacts', substr(created_at, 1, 16), count(*) FROM contact
WHERE session_id = :session AND deleted_at IS NULL AND created_at >= :since AND created_at < :until GROUP BY 2
"""
_DEALS = """
SELECT 'new_deals', substr(created_at, 1, 16), count(*) FROM deal
WHERE session_id = :session AND deleted_at IS NULL AND created_at >= :since AND created_at < :until GROUP BY 2
"""
_CLOSED = """
SELECT s.kind, substr(d.closed_at, 1, 16), d.currency, count(*), sum(d.value_minor)
FROM deal d JOIN pipeline_stage s ON s.session_id = d.session_id AND s.key = d.stage AND s.kind IN ('won', 'lost')
WHERE d.session_id = :session AND d.deleted_at IS NULL AND d.closed_at >= :since AND d.closed_at < :until
GROUP BY 1, 2, 3
"""
_ISSUED = """
SELECT 'issued', issue_date, currency, sum(total_minor) FROM invoice WHERE session_id = :session
AND number IS NOT NULL AND voided_at IS NULL AND kind IN ('invoice', 'credit_note')
AND issue_date >= :first AND issue_date < :end GROUP BY 2, 3
"""
_PAID = """
SELECT 'paid', paid_on, currency, sum(amount_minor) FROM payment WHERE session_id = :session
AND removed_at IS NULL AND paid_on >= :first AND paid_on < :end GROUP BY 2, 3
"""


@dataclass(slots=True)
class Counted:
    """One week: how often each thing happened, and sums of money by what and currency, in minor units."""

    counts: Counter[str] = field(default_factory=Counter)
    sums: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


def count_weeks(ctx: Context, last: Week, weeks: int) -> list[Counted]:
    """The figures of so many weeks up to that one, oldest first. Weeks are those of the session's zone."""
    every = [last.shifted(-back) for back in range(weeks - 1, -1, -1)]
    begins = [week.begin(ctx.zone)[:_MINUTE] for week in every]
    days = [week.monday.isoformat() for week in every]
    found = [Counted() for _ in every]
    for what, at, count in _rows(ctx, every, _ACTIVITIES, _SENT, _CONTACTS, _DEALS):
        found[bisect_right(begins, at) - 1].counts[what] += count
    for what, at, currency, count, minor in _rows(ctx, every, _CLOSED):
        week = found[bisect_right(begins, at) - 1]
        week.counts[what] += count
        week.sums[what][currency] += minor
    for what, day, currency, minor in _rows(ctx, every, _ISSUED, _PAID):
        found[bisect_right(days, day) - 1].sums[what][currency] += minor
    return found


def _rows(ctx: Context, every: list[Week], *questions: str) -> Iterator[Any]:
    """The answers to these questions about those weeks."""
    values = {
        "session": ctx.session_id,
        "since": every[0].begin(ctx.zone),
        "until": every[-1].shifted(1).begin(ctx.zone),
        "first": every[0].monday.isoformat(),
        "end": (every[-1].sunday + timedelta(days=1)).isoformat(),
    }
    for sql in questions:
        yield from database.execute_sql(sql, values).fetchall()
