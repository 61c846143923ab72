"""What is open by how late it is, by currency."""

from __future__ import annotations

from datetime import date, timedelta

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.invoices.ledger.rows import today_of
from rusvel_tui.engine.models.base import database
from rusvel_tui.engine.money import Money, currency_code
from rusvel_tui.engine.operation import Input, View, operation

BUCKETS = ("current", "1-30", "31-60", "61-90", "90+")
"""Days after the due date; the due date itself is current."""
_ENDS = (0, 30, 60, 90)


class Ageing(Input):
    """Of one currency, or of all."""

    currency: str = ""
    contact_id: str = ""


class Bucket(View):
    """What is open and so late."""

    bucket: str
    open: str
    invoices: int


class AgeingOf(View):
    """One currency."""

    currency: str
    buckets: tuple[Bucket, ...]
    open: str
    overdue: str
    invoices: int


class AgeingView(View):
    """What is open, by currency and age."""

    as_of: str
    currencies: tuple[AgeingOf, ...]


_SUMS = """SELECT currency, CASE WHEN due_date = '' OR due_date >= ? THEN 0 WHEN due_date >= ? THEN 1
  WHEN due_date >= ? THEN 2 WHEN due_date >= ? THEN 3 ELSE 4 END AS age, sum(open_minor), count(*)
FROM invoice INDEXED BY {index} WHERE {which} AND open_minor > 0 GROUP BY currency, age"""


@operation("gtm.invoices.ageing", permission="crm.invoices.read")
def ageing(ctx: Context, cmd: Ageing) -> AgeingView:
    """Show what is open: current, and 1-30, 31-60, 61-90 and more than 90 days late, by currency."""
    today = today_of(ctx)
    which, index, scope = "session_id = ?", "invoice_due", ctx.session_id
    if cmd.contact_id:
        which, index, scope = "contact_id = ?", "invoice_contact", cmd.contact_id
    sql = _SUMS.format(which=which, index=index)
    found: dict[str, dict[int, tuple[int, int]]] = {}
    for currency, age, minor, count in database.execute_sql(sql, (*_days(today), scope)).fetchall():
        found.setdefault(currency, {})[age] = (minor, count)
    wanted = currency_code(cmd.currency) if cmd.currency else ""
    listed = sorted(found) if not wanted else [wanted]
    return AgeingView(
        as_of=today.isoformat(),
        currencies=tuple(_of(currency, found.get(currency, {})) for currency in listed),
    )


def _days(today: date) -> tuple[str, ...]:
    """The earliest due date of each bucket but the last."""
    return tuple((today - timedelta(days=end)).isoformat() for end in _ENDS)


def _of(currency: str, ages: dict[int, tuple[int, int]]) -> AgeingOf:
    sums = [ages.get(age, (0, 0)) for age in range(len(BUCKETS))]
    return AgeingOf(
        currency=currency,
        buckets=tuple(
            Bucket(bucket=name, open=Money(minor, currency).amount, invoices=count)
            for name, (minor, count) in zip(BUCKETS, sums, strict=True)
        ),
        open=Money(sum(minor for minor, _ in sums), currency).amount,
        overdue=Money(sum(minor for minor, _ in sums[1:]), currency).amount,
        invoices=sum(count for _, count in sums),
    )
