"""Who may leave next, by plain rules: a late invoice, a smaller payment, activity that stopped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import NamedTuple

from pydantic import Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.growth.periods import from_micros, micros
from rusvel_tui.engine.growth.saas.subscriptions import paid_by
from rusvel_tui.engine.models import Contact, ContactEmail
from rusvel_tui.engine.models.base import among, database, tuples
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.text import fold

LATE_DAYS = 30
QUIET_GAPS = 2
"""So many usual gaps without activity are a sign."""
LEAST_EVENTS = 4
"""Events from which on somebody has a usual gap."""
_DAY = 86_400_000_000


class RiskAsked(Input):
    """How many, in which money."""

    limit: int = Field(default=50, ge=1, le=1000)
    currency: str = ""


class Sign(NamedTuple):
    """One reason, of one customer."""

    customer: str
    rule: str
    text: str
    weight: float


class RiskView(View):
    """A customer who may leave, with the reasons in words."""

    customer: str
    contact_id: str | None
    mrr: str | None
    """What they pay in a month now."""
    rules: tuple[str, ...]
    reasons: tuple[str, ...]


class RiskList(View):
    """Customers at risk: most reasons first, then the most money."""

    currency: str
    items: tuple[RiskView, ...]
    at_risk: str
    """Their MRR together."""


@operation("growth.churn.risks", permission="growth.read")
def list_risks(ctx: Context, cmd: RiskAsked) -> RiskList:
    """List customers who may leave, by plain rules: late invoice, smaller payment, no activity for twice the usual gap."""
    currency = cmd.currency or ctx.session.currency
    signs: defaultdict[str, list[Sign]] = defaultdict(list)
    names: dict[str, str] = {}
    for rule in RULES:
        for sign in rule(ctx, currency):
            names.setdefault(fold(sign.customer), sign.customer)
            signs[fold(sign.customer)].append(sign)
    paid = _now(ctx, currency)
    ranked = sorted(signs, key=lambda who: (-len(signs[who]), -paid.get(who, 0), who))[: cmd.limit]
    contacts = _contacts(ctx, [names[who] for who in ranked])
    return RiskList(
        currency=currency,
        items=tuple(
            RiskView(
                customer=names[who],
                contact_id=contacts.get(who),
                mrr=Money(paid[who], currency).amount if who in paid else None,
                rules=tuple(sign.rule for sign in signs[who]),
                reasons=tuple(sign.text for sign in signs[who]),
            )
            for who in ranked
        ),
        at_risk=Money(sum(paid.get(who, 0) for who in ranked), currency).amount,
    )


_LATE = """
SELECT coalesce(nullif(c.name, ''), i.client_name), min(i.number), count(*),
  CAST(julianday(:today) - julianday(min(i.due_date)) AS INTEGER) AS days
FROM invoice i LEFT JOIN contact c ON c.id = i.contact_id
WHERE i.session_id = :session AND i.kind = 'invoice' AND i.number IS NOT NULL AND i.voided_at IS NULL
  AND i.open_minor > 0 AND i.due_date <> '' GROUP BY i.contact_id HAVING days > :late
"""


def _late(ctx: Context, currency: str) -> Iterator[Sign]:
    today = ctx.now.astimezone(ctx.zone).date().isoformat()
    asked = {"session": ctx.session_id, "today": today, "late": LATE_DAYS}
    for customer, number, count, days in database.execute_sql(_LATE, asked).fetchall():
        more = f" and {count - 1} more" if count > 1 else ""
        yield Sign(customer, "late invoice", f"{number}{more} overdue for {days} days", days)


def _smaller(ctx: Context, currency: str) -> Iterator[Sign]:
    """Who pays less in the newest month than in the one before."""
    today = ctx.now.astimezone(ctx.zone).date()
    running = today.year * 12 + today.month - 1
    for customer, history in paid_by(ctx, currency).items():
        now, before = (history.get(month, 0) for month in (running, running - 1))
        if not now and running not in history:
            now, before = before, history.get(running - 2, 0)
        if 0 < now < before:
            less = Money(before - now, currency)
            yield Sign(
                customer, "smaller payment", f"pays {less} less than the month before", before - now
            )


_QUIET = """
SELECT a.name, count(*) AS n, min(e.at) AS first, max(e.at) AS last
FROM growth_name g JOIN growth_event e ON e.name_id = g.id JOIN growth_actor a ON a.id = e.actor_id
WHERE g.session_id = :session AND e.at <= :now GROUP BY e.actor_id
HAVING n >= :least AND :now - last > :gaps * (last - first) / (n - 1) AND last - first > :day
ORDER BY last DESC LIMIT 500
"""


def _quiet(ctx: Context, currency: str) -> Iterator[Sign]:
    """Whose events stopped for longer than twice their usual gap, the most recent first."""
    asked = {
        "session": ctx.session_id, "now": micros(ctx.now), "least": LEAST_EVENTS, "gaps": QUIET_GAPS, "day": _DAY,
    }  # fmt: skip
    for actor, count, first, last in database.execute_sql(_QUIET, asked).fetchall():
        usual = max(round((last - first) / (count - 1) / _DAY), 1)
        days = (ctx.now - from_micros(last)).days
        yield Sign(actor, "no activity", f"nothing for {days} days, usually every {usual}", days)


RULES: tuple[Callable[[Context, str], Iterator[Sign]], ...] = (_late, _smaller, _quiet)
"""All there are; add yours here."""


def _now(ctx: Context, currency: str) -> dict[str, int]:
    """What each customer pays in the newest month that is known of them, this one or the one before."""
    today = ctx.now.astimezone(ctx.zone).date()
    running = today.year * 12 + today.month - 1
    found = {}
    for customer, history in paid_by(ctx, currency).items():
        paid = history.get(running, history.get(running - 1, 0))
        if paid:
            found[fold(customer)] = paid
    return found


def _contacts(ctx: Context, names: list[str]) -> dict[str, str]:
    """The contacts of that name or address, by folded name."""

    living = (Contact.session_id == ctx.session_id) & Contact.deleted_at.is_null()
    by_name = Contact.select(Contact.name, Contact.id).where(living & among(Contact.name, names))
    keys = [name.strip().lower() for name in names]
    addresses = ContactEmail.select(ContactEmail.key, ContactEmail.contact_id).where(
        (ContactEmail.session_id == ctx.session_id)
        & ContactEmail.deleted_at.is_null()
        & among(ContactEmail.key, keys)
    )
    return {
        fold(name): contact for query in (addresses, by_name) for name, contact in tuples(query)
    }
