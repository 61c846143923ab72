"""The forecast: what may come in by month, one currency at a time, with the counts beside the sums."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rusvel_tui.engine.gtm.crm.deals.forecast import ForecastRow, ForecastView
from rusvel_tui.engine.money import Money
from rusvel_tui.screens.deals.cards import short_amount
from rusvel_tui.widgets.text_view import Block, Fact, Heading, Prose

BAR = 12
"""Cells of the longest bar."""
NOTHING = """No open deal, and none was won this month.

c d adds a deal; give it an expected close, and it counts in that month."""


def forecast_title(view: ForecastView) -> str:
    """What the bars mean, where there are some."""
    return "Forecast · █ sure ▓ weighted ░ best case" if view.months else "Forecast"


def forecast_blocks(view: ForecastView) -> tuple[Block, ...]:
    """One part for each currency: the months, what has no date, and the sum."""
    if not view.totals:
        return (Prose(NOTHING),)
    return tuple(block for total in view.totals for block in _currency(view, total))


def _currency(view: ForecastView, total: ForecastRow) -> Iterator[Block]:
    currency = total.currency
    months = [row for row in view.months if row.currency == currency]
    most = max((Money.parse(row.best_case, currency).minor for row in months), default=0)
    yield Heading(f"{currency}: sure · weighted · best case")
    for row in months:
        yield Fact(
            _month(row.month, view.today), _figures(row, most), "warn" if row.overdue else ""
        )
    for row in view.undated:
        if row.currency == currency:
            yield Fact("No date", _figures(row, 0), "muted")
    yield Fact("In all", _figures(total, 0), "strong")
    if total.won_deals:
        yield Prose(
            f"Of these, {_deals(total.won_deals)} won: {_money(total.won, currency)}.", "muted"
        )
    if total.overdue:
        yield Prose(
            f"! {_deals(total.overdue)} should have closed by now: move the date, or the deal.",
            "warn",
        )


def _figures(row: ForecastRow, most: int) -> str:
    """Three numbers, never one: with few deals the weighted sum is an amount that cannot happen."""
    texts = (row.committed, row.weighted, row.best_case)
    sums = " · ".join(_money(text, row.currency) for text in texts)
    late = f", ! {row.overdue} late" if row.overdue else ""
    return f"{_bar(row, most)}{sums}  ({_deals(row.deals)}{late})"


def _bar(row: ForecastRow, most: int) -> str:
    """`███▓▓░░ `: what is sure, what is weighted beyond that, and the rest of the best case."""
    if not most:
        return ""
    ends = [
        Money.parse(t, row.currency).minor * BAR // most
        for t in (row.committed, row.weighted, row.best_case)
    ]
    sure, weighted, best = ends[0], max(ends[0], ends[1]), max(ends)
    return "█" * sure + "▓" * (weighted - sure) + "░" * (best - weighted) + " " * (BAR + 1 - best)


def _month(month: str, today: date) -> str:
    first = date.fromisoformat(f"{month}-01")
    return f"{first:%b %Y}" + (" now" if month == f"{today:%Y-%m}" else "")


def _money(amount: str, currency: str) -> str:
    number = short_amount(str(Money.parse(amount, currency)))
    return number.rpartition(" ")[0]


def _deals(count: int) -> str:
    return f"{count} deal{'' if count == 1 else 's'}"
