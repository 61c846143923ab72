"""subscriptions.csv: `customer,month,mrr,currency`; a row is known by customer and month."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.growth.importing.shapes import Options, Plan, Shape
from rusvel_tui.engine.growth.importing.table import Row
from rusvel_tui.engine.growth.names import clean_name
from rusvel_tui.engine.growth.saas.subscriptions import (
    month_name,
    read_month,
    read_mrr,
    write_month,
)
from rusvel_tui.engine.models import SubscriptionMonth
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.row_changes import Part
from rusvel_tui.engine.text import fold

Known = dict[tuple[str, str], SubscriptionMonth]
"""What is recorded, by customer and month."""


class _Month(NamedTuple):
    row: Row
    customer: str
    month: int
    paid: Money

    @property
    def key(self) -> tuple[str, str]:
        return fold(self.customer), month_name(self.month)


def plan(ctx: Context, rows: Iterable[Row], options: Options) -> Plan:
    """Read, look for holes and second currencies, and say what would be written."""
    known = {
        (row.key, row.month): row
        for row in SubscriptionMonth.select().where(SubscriptionMonth.session_id == ctx.session_id)
    }
    months = _months(ctx, rows, known)
    _refuse_holes(months, known)
    new = {key: one for key, one in months.items() if key not in known}
    changed = {
        key: one for key, one in months.items()
        if key in known and (known[key].mrr_minor, known[key].currency) != (one.paid.minor, one.paid.currency)
    }  # fmt: skip
    ids = {key: ctx.new_id() for key in new}

    def write(ctx: Context) -> None:
        for key, one in (new | changed).items():
            there = known.get(key)
            write_month(
                ctx, there.id if there else ids[key], one.customer, key[1], one.paid, there, "file"
            )

    return Plan(
        new=len(new),
        changed=len(changed),
        same=len(months) - len(new) - len(changed),
        write=write,
        parts=(
            Part("subscription_month", "id", (*ids.values(), *(known[key].id for key in changed))),
        ),
        event="growth.subscription.recorded",
    )


def _months(ctx: Context, rows: Iterable[Row], known: Known) -> dict[tuple[str, str], _Month]:
    """The rows by customer and month."""
    months: dict[tuple[str, str], _Month] = {}
    for row in rows:
        one = _read(ctx, row)
        if one is None:
            continue
        first = months.setdefault(one.key, one)
        if first is not one and first.paid != one.paid:
            what = (
                "another currency" if first.paid.currency != one.paid.currency else "another amount"
            )
            row.wrong(f"line {first.row.line} has {what} for that customer and month", "month")
        _refuse_second_currency(one, known.get(one.key))
    return months


def _read(ctx: Context, row: Row) -> _Month | None:
    customer = row.read("customer", lambda text: clean_name(text, "A customer"))
    month = row.read("month", read_month)
    currency = row.cells["currency"] or ctx.session.currency
    paid = row.read("mrr", lambda text: read_mrr(text, currency))
    if customer is None or month is None or paid is None:
        return None
    return _Month(row, customer, month, paid)


def _refuse_second_currency(one: _Month, known: SubscriptionMonth | None) -> None:
    if known is not None and known.mrr_minor and known.currency != one.paid.currency:
        one.row.wrong(f"{known.currency} is recorded for that customer and month", "currency")


def _refuse_holes(months: dict[tuple[str, str], _Month], known: Known) -> None:
    """A month that is missing between two others is a question: churned or unpaid?"""
    seen: dict[str, set[int]] = {}
    for key, month in (*known, *months):
        seen.setdefault(key, set()).add(read_month(month))
    for one in months.values():
        own = seen[fold(one.customer)]
        if one.month > min(own) and one.month - 1 not in own:
            one.row.wrong(
                f"{month_name(one.month - 1)} is missing for {one.customer}: churned (write 0) or unpaid (write what is due)?",
                "month",
            )


SHAPE = Shape("subscriptions", ("customer", "month", "mrr"), ("currency",), plan)
