"""KPIs that the app computes from its own deals, invoices and outreach: nobody has to type them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from rusvel_tui.engine.calendar import midnight
from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.growth.saas.metrics import mrr_at
from rusvel_tui.engine.growth.saas.subscriptions import Paid, paid_by
from rusvel_tui.engine.gtm.invoices.reports.dso import issued_until, outstanding
from rusvel_tui.engine.models.base import database
from rusvel_tui.engine.money import exponent

DAYS = 90
"""Days behind a share."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The end of a day at which a measure is taken, and the span behind it."""

    ctx: Context
    day: date
    paid: Callable[[], Paid]
    """What customers pay by the month, read once for all moments."""

    def asked(self, days: int = DAYS) -> dict[str, Any]:
        """The values that the questions below are asked with."""
        zone = self.ctx.zone
        end = min(midnight(self.day + timedelta(1), zone), self.ctx.now + timedelta(seconds=1))
        return {
            "session": self.ctx.session_id,
            "currency": self.ctx.session.currency,
            "day": self.day.isoformat(),
            "month": f"{self.day:%Y-%m}-01",
            "since_day": (self.day - timedelta(days - 1)).isoformat(),
            "since": stamp(midnight(self.day - timedelta(days - 1), zone)),
            "end": stamp(end),
        }

    def one(self, sql: str, days: int = DAYS) -> Any:
        """The one value that a question answers with."""
        return database.execute_sql(sql, self.asked(days)).fetchone()

    def money(self, sql: str, days: int = DAYS) -> float:
        """A sum of minor units, in the session's currency."""
        minor = self.one(sql, days)[0] or 0
        return float(minor / 10 ** exponent(self.ctx.session.currency))


@dataclass(frozen=True, slots=True)
class Measure:
    """A KPI that the app computes. `money` ones have the session's currency as their unit."""

    key: str
    name: str
    unit: str
    up: bool
    about: str
    compute: Callable[[Moment], float | None]

    @property
    def money(self) -> bool:
        return self.unit == "money"


def _mrr(at: Moment) -> float | None:
    paid = at.paid()
    minor = mrr_at(paid, at.day.year * 12 + at.day.month - 1)
    return minor / 10 ** exponent(at.ctx.session.currency) if paid else None


def _share(part: int | None, whole: int | None) -> float | None:
    return round(100 * (part or 0) / whole, 1) if whole else None


_REPLIES = """
SELECT sum(EXISTS (SELECT 1 FROM enrollment e WHERE e.contact_id = m.contact_id AND e.session_id = :session
    AND e.replied_at >= m.first AND e.replied_at < :end)), count(*)
FROM (SELECT contact_id, min(sent_at) AS first FROM mail WHERE session_id = :session AND state = 'sent'
  AND sent_at >= :since AND sent_at < :end AND enrollment_id IS NOT NULL GROUP BY contact_id) m
"""


def _reply_rate(at: Moment) -> float | None:
    return _share(*at.one(_REPLIES))


_CLOSED = """
SELECT sum(s.kind = 'won'), count(*) FROM deal d JOIN pipeline_stage s ON s.session_id = d.session_id AND s.key = d.stage
WHERE d.session_id = :session AND d.deleted_at IS NULL AND s.kind IN ('won', 'lost')
  AND d.closed_at >= :since AND d.closed_at < :end
"""


def _win_rate(at: Moment) -> float | None:
    return _share(*at.one(_CLOSED))


_OPEN = """
SELECT sum(value_minor), count(*) FROM deal WHERE session_id = :session AND deleted_at IS NULL
  AND currency = :currency AND created_at < :end AND (closed_at IS NULL OR closed_at >= :end)
"""


def _pipeline(at: Moment) -> float | None:
    return at.money(_OPEN) if at.one(_OPEN)[1] else None


_MEETINGS = """
SELECT count(*) FROM activity WHERE session_id = :session AND kind = 'meeting' AND deleted_at IS NULL
  AND status = 'done' AND at >= :since AND at < :end
"""


def _meetings(at: Moment) -> float | None:
    return float(at.one(_MEETINGS, 30)[0])


_PAID = """
SELECT sum(amount_minor), count(*) FROM payment WHERE session_id = :session AND removed_at IS NULL
  AND currency = :currency AND paid_on BETWEEN {since} AND :day
"""
_ANY_INVOICE = "SELECT count(*) FROM invoice WHERE session_id = :session AND number IS NOT NULL AND issue_date <= :day"


def _revenue(at: Moment) -> float | None:
    return at.money(_PAID.format(since=":month")) if at.one(_ANY_INVOICE)[0] else None


_OWED = """
SELECT sum(i.total_minor - i.prepaid_minor - i.credited_minor - coalesce((SELECT sum(p.amount_minor) FROM payment p
    WHERE p.invoice_id = i.id AND p.removed_at IS NULL AND p.paid_on <= :day), 0)), count(*)
FROM invoice i WHERE i.session_id = :session AND i.kind = 'invoice' AND i.number IS NOT NULL AND i.voided_at IS NULL
  AND i.status <> 'uncollectible' AND i.currency = :currency AND i.issue_date <= :day {late}
"""


def _overdue(at: Moment) -> float | None:
    late = "AND i.due_date <> '' AND i.due_date < :day"
    return max(at.money(_OWED.format(late=late)), 0.0) if at.one(_ANY_INVOICE)[0] else None


def _dso(at: Moment) -> float | None:
    """As of that day; of today it is what the report of the invoices says."""
    issued = issued_until(at.ctx, at.day, DAYS).get(at.ctx.session.currency, 0)
    owed = at.one(_OWED.format(late=""))[0] or 0
    return outstanding(max(owed, 0), issued, DAYS)


_CLIENTS = """
SELECT count(DISTINCT contact_id) FROM invoice WHERE session_id = :session AND kind = 'invoice' AND number IS NOT NULL
  AND voided_at IS NULL AND issue_date BETWEEN :since_day AND :day
"""


def _clients(at: Moment) -> float | None:
    return float(at.one(_CLIENTS)[0]) if at.one(_ANY_INVOICE)[0] else None


MEASURES = {
    measure.key: measure
    for measure in (
        Measure("mrr", "MRR", "money", True, "what customers pay in this month", _mrr),
        Measure(
            "reply_rate", "Reply rate", "%", True, f"of people mailed in {DAYS} days", _reply_rate
        ),
        Measure("meetings", "Meetings", "", True, "held in 30 days", _meetings),
        Measure("win_rate", "Win rate", "%", True, f"of deals closed in {DAYS} days", _win_rate),
        Measure("pipeline", "Pipeline", "money", True, "open deals together", _pipeline),
        Measure("revenue", "Revenue", "money", True, "paid in this month so far", _revenue),
        Measure("overdue", "Overdue", "money", False, "should have been paid by now", _overdue),
        Measure(
            "dso", "DSO", "days", False, f"days until invoices are paid, over {DAYS} days", _dso
        ),
        Measure("clients", "Active clients", "", True, f"with an invoice in {DAYS} days", _clients),
    )
}
"""All there are; add yours here."""


def taken_at(ctx: Context, days: Sequence[date]) -> dict[str, list[float | None]]:
    """Every measure at the end of each of these days; none where there is nothing to measure."""
    paid = cache(lambda: paid_by(ctx))
    moments = [Moment(ctx, day, paid) for day in days]
    return {key: [measure.compute(at) for at in moments] for key, measure in MEASURES.items()}


def month_ends(now: datetime, ctx: Context, count: int) -> list[date]:
    """The last days of so many months, oldest first; today stands for the running one."""
    today = now.astimezone(ctx.zone).date()
    ends, first = [today], today.replace(day=1)
    while len(ends) < count:
        last = first - timedelta(1)
        ends.append(last)
        first = last.replace(day=1)
    return ends[::-1]
