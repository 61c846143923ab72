"""The forecast: what deals may bring by the month in which they close, one currency at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import Field

from rusvel_tui.engine.clock import moment
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.deals.worth import Worth, total
from rusvel_tui.engine.gtm.crm.pipelines.stages import StageKind, load_stages
from rusvel_tui.engine.models import Deal
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.operation import Input, View, operation

_DEALS_SQL = """
SELECT d.value_minor, d.currency, coalesce(d.probability, s.probability), s.kind, d.expected_close,
  coalesce(d.closed_at, d.updated_at)
FROM deal d JOIN pipeline_stage s ON s.session_id = d.session_id AND s.key = d.stage
WHERE d.session_id = ? AND d.deleted_at IS NULL AND s.kind <> 'lost'
  AND s.pipeline_id IN (SELECT id FROM pipeline WHERE session_id = d.session_id AND deleted_at IS NULL)
  AND (? = '' OR s.pipeline_id = ?)
"""


class Forecast(Input):
    """Which deals, and from when on."""

    pipeline: str = ""
    """By name or id; all pipelines when left out."""
    since: str = Field(default="", pattern=r"^(\d{4}-(0[1-9]|1[0-2]))?$")
    """The first month (2026-11) of which won deals count; the present one when left out. Open deals always count."""


class ForecastRow(View):
    """The deals of one month and currency. Amounts are decimals in that currency."""

    month: str
    """`2026-11`; empty for deals without an expected close, and in totals."""
    currency: str
    deals: int
    overdue: int
    """Open deals whose expected close has passed."""
    won_deals: int
    won: str
    committed_deals: int
    committed: str
    """Won, and open ones that are at least 90 per cent sure."""
    weighted: str
    """Each value times its probability; what is won counts whole."""
    best_case: str
    """Everything, if all of it is won."""


class ForecastView(View):
    """What may come in: by month, without a date, and in all. Rows of different currencies never add up."""

    today: date
    since: str
    months: tuple[ForecastRow, ...]
    undated: tuple[ForecastRow, ...]
    totals: tuple[ForecastRow, ...]
    """One row per currency: the sums of all rows above."""


@dataclass(slots=True)
class _Month:
    """The deals of one month, by currency."""

    worth: defaultdict[str, Worth]
    overdue: defaultdict[str, int]


@operation("gtm.crm.forecast", permission="crm.deals.read")
def forecast(ctx: Context, cmd: Forecast) -> ForecastView:
    """Forecast what deals bring, by month of their expected close and by currency."""
    today = ctx.now.astimezone(ctx.zone).date()
    since = cmd.since or f"{today:%Y-%m}"
    pipeline_id = load_stages(ctx.session_id).pipeline(cmd.pipeline).id if cmd.pipeline else ""
    values = (ctx.session_id, pipeline_id, pipeline_id)
    rows = Deal._meta.database.execute_sql(_DEALS_SQL, values).fetchall()
    months = _by_month(rows, ctx.zone, today, since)
    undated = months.pop("", None)
    return ForecastView(
        today=today,
        since=since,
        months=tuple(row for month in sorted(months) for row in _rows(month, months[month])),
        undated=tuple(_rows("", undated)) if undated else (),
        totals=tuple(_rows("", _all([*months.values(), *([undated] if undated else [])]))),
    )


def _by_month(rows: Iterable[Any], zone: ZoneInfo, today: date, since: str) -> dict[str, _Month]:
    """Open deals by the month in which they are expected, won ones by that in which they were won."""
    months: dict[str, _Month] = defaultdict(_new_month)
    for minor, currency, percent, kind_key, close, closed_at in rows:
        kind = _KINDS[kind_key]
        month = f"{moment(closed_at).astimezone(zone):%Y-%m}" if kind.closed else close[:7]
        if kind.closed and month < since:
            continue
        months[month].worth[currency].add(minor, percent, kind)
        if not kind.closed and "" < close < today.isoformat():
            months[month].overdue[currency] += 1
    return months


_KINDS = {kind.key: kind for kind in StageKind}


def _new_month() -> _Month:
    return _Month(defaultdict(Worth), defaultdict(int))


def _all(months: Iterable[_Month]) -> _Month:
    found = _new_month()
    found.worth.update(total(month.worth for month in months))
    for month in months:
        for currency, count in month.overdue.items():
            found.overdue[currency] += count
    return found


def _rows(name: str, month: _Month) -> list[ForecastRow]:
    return [
        _row(name, currency, month.worth[currency], month.overdue[currency])
        for currency in sorted(month.worth)
    ]


def _row(month: str, currency: str, worth: Worth, overdue: int) -> ForecastRow:
    def amount(minor: int) -> str:
        return Money(minor, currency).amount

    return ForecastRow(
        month=month,
        currency=currency,
        deals=worth.deals,
        overdue=overdue,
        won_deals=worth.won_deals,
        won=amount(worth.won),
        committed_deals=worth.committed_deals,
        committed=amount(worth.committed),
        weighted=amount(worth.weighted),
        best_case=amount(worth.best),
    )
