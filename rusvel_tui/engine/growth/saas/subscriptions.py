"""What customers pay by month: typed, imported, or from the invoices that recur."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from pydantic import Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.growth.changes import record
from rusvel_tui.engine.growth.names import clean_name
from rusvel_tui.engine.growth.periods import PeriodKind, parse_period
from rusvel_tui.engine.growth.saas.movements import monthly
from rusvel_tui.engine.models import SubscriptionMonth
from rusvel_tui.engine.models.base import database, tuples
from rusvel_tui.engine.money import Money, currency_code
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.row_changes import Part, Watch
from rusvel_tui.engine.text import fold

Paid = dict[str, dict[int, int]]
"""Minor units by customer and month."""


class RecordSubscription(Input):
    """What a customer pays in a month."""

    customer: str
    month: str
    """`2026-11`."""
    mrr: str
    """A decimal such as 49.00; 0 when they left."""
    currency: str = ""
    """The session's when left out."""


class SubscriptionView(View):
    """What a customer pays in a month."""

    customer: str
    month: str
    mrr: str
    currency: str
    before: str | None


class RemoveSubscription(Input):
    """Which month of which customer."""

    customer: str
    month: str


class ListSubscriptions(Input):
    """Of whom."""

    customer: str = ""
    limit: int = Field(default=200, ge=1, le=5000)


class SubscriptionList(View):
    """What customers pay, newest months first."""

    items: tuple[SubscriptionView, ...]


@operation("growth.saas.record_subscription", writes=True, permission="growth.manage")
def record_subscription(ctx: Context, cmd: RecordSubscription) -> SubscriptionView:
    """Record what a customer pays in a month; a second amount replaces the first."""
    customer = clean_name(cmd.customer, "A customer", field="customer")
    paid = read_mrr(cmd.mrr, cmd.currency or ctx.session.currency)
    month = read_month(cmd.month)
    name = month_name(month)
    known = find_month(ctx, customer, name)
    row_id = known.id if known else ctx.new_id()
    watch = Watch(ctx, Part("subscription_month", "id", (row_id,)))
    before = None if known is None else Money(known.mrr_minor, known.currency).amount
    write_month(ctx, row_id, customer, name, paid, known)
    said = {"name": customer, "month": name, "mrr": paid.amount, "currency": paid.currency}
    record(ctx, "growth.subscription.recorded", row_id, watch, said)
    return SubscriptionView(
        customer=customer, month=name, mrr=paid.amount, currency=paid.currency, before=before
    )


@operation("growth.saas.list_subscriptions", permission="growth.read")
def list_subscriptions(ctx: Context, cmd: ListSubscriptions) -> SubscriptionList:
    """List what customers pay by month, newest first."""
    own = SubscriptionMonth.session_id == ctx.session_id
    if cmd.customer:
        own &= SubscriptionMonth.key == fold(cmd.customer)
    order = (SubscriptionMonth.month.desc(), SubscriptionMonth.key)
    rows = SubscriptionMonth.select().where(own).order_by(*order).limit(cmd.limit)
    return SubscriptionList(
        items=tuple(
            SubscriptionView(
                customer=row.customer, month=row.month, currency=row.currency, before=None,
                mrr=Money(row.mrr_minor, row.currency).amount,
            )
            for row in rows
        )
    )  # fmt: skip


def find_month(ctx: Context, customer: str, month: str) -> SubscriptionMonth | None:
    """The row of a customer and month, if there is one."""
    own = (SubscriptionMonth.session_id == ctx.session_id) & (SubscriptionMonth.month == month)
    found: SubscriptionMonth | None = SubscriptionMonth.get_or_none(
        own & (SubscriptionMonth.key == fold(customer))
    )
    return found


def write_month(
    ctx: Context,
    row_id: str,
    customer: str,
    month: str,
    paid: Money,
    known: SubscriptionMonth | None,
    source: str = "",
) -> None:
    """Write one row; one month has one currency."""
    values: dict[str, Any] = {
        "mrr_minor": paid.minor,
        "currency": paid.currency,
        "updated_at": ctx.now,
    }
    if known is None:
        SubscriptionMonth.create(
            id=row_id, session_id=ctx.session_id, customer=customer, key=fold(customer), month=month,
            source=source, **values,
        )  # fmt: skip
        return
    if known.currency != paid.currency and known.mrr_minor:
        raise InvalidInput(
            f"{customer} pays in {known.currency} in {month}; a second currency in one month is a mistake.",
            field="currency",
        )
    SubscriptionMonth.update(**values).where(SubscriptionMonth.id == row_id).execute()


def read_mrr(text: str, currency: str) -> Money:
    """An amount that comes back every month; refuses a negative one."""
    paid = Money.parse(text, currency)
    if paid.minor < 0:
        raise InvalidInput(f"{text} is negative; an MRR is 0 or more.", field="mrr")
    return paid


def read_month(text: str) -> int:
    """A month as a whole number; raises `InvalidInput`."""
    period = parse_period(text)
    if period.kind is not PeriodKind.MONTH:
        raise InvalidInput(f"{text!r:.40} is not a month. Write 2026-11.", field="month")
    return period.start.year * 12 + period.start.month - 1


def month_name(month: int) -> str:
    """`2026-11`."""
    return f"{month // 12:04}-{month % 12 + 1:02}"


def paid_by(ctx: Context, currency: str = "") -> Paid:
    """What every customer paid by month in a currency: typed rows, and recurring invoices where none is typed."""
    code = currency_code(currency or ctx.session.currency)
    found = _from_invoices(ctx, code)
    rows = SubscriptionMonth.select(
        SubscriptionMonth.customer, SubscriptionMonth.month, SubscriptionMonth.mrr_minor
    ).where((SubscriptionMonth.session_id == ctx.session_id) & (SubscriptionMonth.currency == code))
    for customer, month, minor in tuples(rows):
        found[customer][read_month(month)] = minor
    return dict(found)


_RECURRING = """
SELECT coalesce(nullif(c.name, ''), i.client_name), i.issue_date, i.net_minor - i.credited_minor, r.every
FROM invoice i JOIN recurring_invoice r ON r.id = substr(i.once, 11, instr(substr(i.once, 11), ':') - 1)
LEFT JOIN contact c ON c.id = i.contact_id
WHERE i.session_id = ? AND i.currency = ? AND i.kind = 'invoice' AND i.number IS NOT NULL AND i.voided_at IS NULL
  AND i.once LIKE 'recurring:%'
"""
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def _from_invoices(ctx: Context, currency: str) -> defaultdict[str, dict[int, int]]:
    """Each recurring invoice counts for the months that it is for; of several in a week's rhythm each in its own."""
    found: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for customer, day, minor, every in database.execute_sql(
        _RECURRING, (ctx.session_id, currency)
    ).fetchall():
        months = next((count for word, count in _MONTHS.items() if every.startswith(word)), 1)
        first = read_month(day[:7])
        for month in range(first, first + months):
            paid = found[customer]
            paid[month] = paid.get(month, 0) + max(monthly(minor, months), 0)
    return found
