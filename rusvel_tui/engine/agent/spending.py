"""What the models took and cost: by day, department, model and purpose, and how that stands to the budgets."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from pydantic import Field

from rusvel_tui.engine import departments
from rusvel_tui.engine.agent.config.layers import DEFAULTS, AgentSettings, Layer, resolve, stored
from rusvel_tui.engine.calendar import midnight
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.models import ModelCall
from rusvel_tui.engine.operation import Input, View, operation

WARN_AT = Decimal("0.8")
"""The part of a budget at which the person is told."""
NANO = Decimal(10) ** 9


class Summary(Input):
    """Over how many days, and of what."""

    days: int = Field(default=30, ge=1, le=366)
    """Days of the session's calendar up to today."""
    department: str = ""
    model: str = ""


class Month(Input):
    """The running month."""


class SpentView(View):
    """Some calls put together."""

    name: str
    """Of the day, department, model or purpose."""
    calls: int
    input_tokens: int
    """All that were read, those from the cache too."""
    output_tokens: int
    cache_read: int
    cache_write: int
    cost_usd: str
    unpriced: int
    """Calls of which nobody knows the price; the cost is without them."""


class BudgetView(View):
    """How the month stands to its budget."""

    month: str
    spent_usd: str
    spent_nano: int
    limit_usd: str
    """Empty where there is none."""
    share: float | None
    state: str
    """`none`, `fine`, `warning` from 80 % on, `used up`."""
    per_answer_usd: str
    """What one answer may cost; empty for no limit."""


class SpendingView(View):
    """What the models took and cost."""

    since: date
    until: date
    total: SpentView
    by_day: tuple[SpentView, ...]
    """Days on which something was asked, the newest first."""
    by_department: tuple[SpentView, ...]
    by_model: tuple[SpentView, ...]
    by_purpose: tuple[SpentView, ...]
    budget: BudgetView


class _Row(NamedTuple):
    """One call, as far as it counts here."""

    at: datetime
    department: str
    provider: str
    model: str
    purpose: str
    input_tokens: int
    output_tokens: int
    cache_read: int
    cache_write: int
    cost_nano: int | None


@operation("agent.spending.summary", permission="agent.read")
def summary(ctx: Context, cmd: Summary) -> SpendingView:
    """Show what the models took and cost, by day, department, model and purpose, and how the budget stands."""
    today = ctx.now.astimezone(ctx.zone).date()
    since = today - timedelta(days=cmd.days - 1)
    if cmd.department:
        departments.find(cmd.department)
    rows = [row for row in _rows(ctx, since) if _wanted(row, cmd)]
    days = [row.at.astimezone(ctx.zone).date().isoformat() for row in rows]
    return SpendingView(
        since=since,
        until=today,
        total=_sum("", rows),
        by_day=tuple(reversed(_grouped(zip(days, rows, strict=True)))),
        by_department=_grouped((row.department, row) for row in rows),
        by_model=_grouped((f"{row.provider} {row.model}", row) for row in rows),
        by_purpose=_grouped((row.purpose, row) for row in rows),
        budget=budget(ctx, cmd.department),
    )


@operation("agent.spending.month", permission="agent.read")
def month(ctx: Context, cmd: Month) -> BudgetView:
    """Show how the running month stands to its budget."""
    return budget(ctx)


def budget(ctx: Context, department: str = "") -> BudgetView:
    """The month of the session's calendar, against what its configuration allows."""
    first = ctx.now.astimezone(ctx.zone).date().replace(day=1)
    spent = sum(row.cost_nano or 0 for row in _rows(ctx, first))
    settings = _settings(ctx, department)
    limit, answer = settings.monthly_budget_usd, settings.budget_usd
    share = None if limit is None else float(Decimal(spent) / NANO / limit) if limit else 1.0
    return BudgetView(
        month=f"{first:%Y-%m}",
        spent_usd=_usd(spent),
        spent_nano=spent,
        limit_usd="" if limit is None else str(limit),
        share=share,
        state=_state(share),
        per_answer_usd="" if answer is None else str(answer),
    )


def _settings(ctx: Context, department: str) -> AgentSettings:
    """What holds for a department, or for the session as a whole."""
    if department:
        return resolve(ctx, department).settings
    values = DEFAULTS.model_dump()
    for layer in (Layer.GLOBAL, Layer.SESSION):
        values |= stored(ctx, layer, "")
    return AgentSettings.model_validate(values)


def _state(share: float | None) -> str:
    if share is None:
        return "none"
    if share >= 1:
        return "used up"
    return "warning" if share >= float(WARN_AT) else "fine"


def _rows(ctx: Context, since: date) -> list[_Row]:
    fields = [getattr(ModelCall, name) for name in _Row._fields]
    mine = (ModelCall.session_id == ctx.session_id) & (ModelCall.at >= midnight(since, ctx.zone))
    query = ModelCall.select(*fields).where(mine).order_by(ModelCall.at)
    return [_Row(*row) for row in query.tuples()]


def _wanted(row: _Row, cmd: Summary) -> bool:
    return cmd.department in ("", row.department) and cmd.model in ("", row.model)


def _grouped(named: Iterable[tuple[str, _Row]]) -> tuple[SpentView, ...]:
    groups: dict[str, list[_Row]] = {}
    for name, row in named:
        groups.setdefault(name, []).append(row)
    return tuple(_sum(name, rows) for name, rows in sorted(groups.items()))


def _sum(name: str, rows: list[_Row]) -> SpentView:
    return SpentView(
        name=name,
        calls=len(rows),
        input_tokens=sum(row.input_tokens + row.cache_read + row.cache_write for row in rows),
        output_tokens=sum(row.output_tokens for row in rows),
        cache_read=sum(row.cache_read for row in rows),
        cache_write=sum(row.cache_write for row in rows),
        cost_usd=_usd(sum(row.cost_nano or 0 for row in rows)),
        unpriced=sum(row.cost_nano is None for row in rows),
    )


def _usd(nano: int) -> str:
    return f"{Decimal(nano) / NANO:.4f}"
