"""What is open by how late it is, by currency."""

from __future__ import annotations

from datetime import date, timedelta

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.invoices.ledger.standing import today_of
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


_AGES = (
    "due_date = '' OR due_date >= :d0",
    "due_date >= :d1 AND due_date < :d0 AND due_date <> ''",
    "due_date >= :d2 AND due_date < :d1 AND due_date <> ''",
    "due_date >= :d3 AND due_date < :d2 AND due_date <> ''",
    "due_date < :d3 AND due_date <> ''",
)
_SUMS = ", ".join(f"sum(CASE WHEN {age} THEN open_minor ELSE 0 END), sum({age})" for age in _AGES)


@operation("gtm.invoices.ageing", permission="crm.invoices.read")
def ageing(ctx: Context, cmd: Ageing) -> AgeingView:
    """Show what is open: current, and 1-30, 31-60, 61-90 and more than 90 days late, by currency."""
    today = today_of(ctx)
    if cmd.contact_id:
        # The plus lets the index of the contact be used, not that of the session.
        which = "contact_id = :contact AND +session_id = :session"
        source, count = f"invoice WHERE open_minor > 0 AND {which}", "1"
    else:
        source, count = "invoice_open_day WHERE session_id = :session", "invoices"
    sql = f"SELECT currency, {_SUMS.format(count=count)} FROM {source} GROUP BY currency"
    scope = {"session": ctx.session_id, "contact": cmd.contact_id}
    rows = database.execute_sql(sql, _days(today) | scope).fetchall()
    found = {row[0]: list(zip(row[1::2], row[2::2], strict=True)) for row in rows}
    wanted = currency_code(cmd.currency) if cmd.currency else ""
    listed = sorted(found) if not wanted else [wanted]
    return AgeingView(
        as_of=today.isoformat(),
        currencies=tuple(
            _of(currency, found.get(currency) or [(0, 0)] * len(BUCKETS)) for currency in listed
        ),
    )


def _days(today: date) -> dict[str, str]:
    """The earliest due date of each bucket but the last."""
    return {f"d{n}": (today - timedelta(days=end)).isoformat() for n, end in enumerate(_ENDS)}


def _of(currency: str, sums: list[tuple[int, int]]) -> AgeingOf:
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
