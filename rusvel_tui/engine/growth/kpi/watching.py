"""Alerts follow the readings: every change of a KPI replays its rules, and a change of state is told once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.growth.kpi.alert_views import RuleInput, checked
from rusvel_tui.engine.growth.kpi.alerting import AlertState, NoData, measured, replay
from rusvel_tui.engine.growth.kpi.kpi_rows import Point, newest
from rusvel_tui.engine.growth.numbers import tidy
from rusvel_tui.engine.models import AlertNotice, Kpi, KpiAlert

REPLAYED = 500
"""So many of the newest readings are replayed."""


def watch_kpis(ctx: Context, kpi_ids: Iterable[str]) -> int:
    """Look at the alerts of these KPIs again; how many changed their state."""
    living = KpiAlert.kpi_id.in_(list(kpi_ids)) & KpiAlert.deleted_at.is_null()
    alerts = list(KpiAlert.select().where(living & (KpiAlert.session_id == ctx.session_id)))
    if not alerts:
        return 0
    ids = list({alert.kpi_id for alert in alerts})
    series = newest(ids, REPLAYED)
    names = {row.id: row.name for row in Kpi.select().where(Kpi.id.in_(ids))}
    return sum(
        _settle(ctx, alert, names[alert.kpi_id], series.get(alert.kpi_id, [])) for alert in alerts
    )


def stand(
    rule: RuleInput, series: Sequence[Point], now: datetime
) -> tuple[AlertState, float | None]:
    """How an alert stands after these readings, and what was compared last."""
    points = with_missing(series, rule.no_data_days, now)
    if not points:
        empty = rule.no_data is NoData.ALERT and rule.no_data_days is not None
        return (AlertState.FIRING if empty else AlertState.INACTIVE), None
    plain = checked(rule)
    value = measured(plain, points)[-1]
    change = value is not None and plain.change_over
    return replay(plain, points)[-1], round(value, 2) if change and value is not None else value


def with_missing(series: Sequence[Point], days: int | None, now: datetime) -> list[float | None]:
    """The values, with a missing one wherever more days passed than may."""
    if days is None:
        return [point.value for point in series]
    longest = timedelta(days=days)
    found: list[float | None] = []
    ends = [*(point.at for point in series[1:]), now]
    for point, end in zip(series, ends, strict=False):
        found.append(point.value)
        if end - point.at > longest:
            found.append(None)
    return found


def _settle(ctx: Context, alert: KpiAlert, kpi: str, series: Sequence[Point]) -> bool:
    """Write the new state; one event and one notice for a change, none for none."""
    before = AlertState(alert.state)
    after, value = stand(RuleInput.model_validate(alert.rule), series, ctx.now)
    if after is before:
        KpiAlert.update(value=value).where(KpiAlert.id == alert.id).execute()
        return False
    fires = after is AlertState.FIRING
    KpiAlert.update(
        state=after.value, since=ctx.now, value=value, seen_at=None if fires else alert.seen_at
    ).where(KpiAlert.id == alert.id).execute()
    _tell(ctx, alert, kpi, before, after, value)
    return True


def _tell(
    ctx: Context,
    alert: KpiAlert,
    kpi: str,
    before: AlertState,
    after: AlertState,
    value: float | None,
) -> None:
    text = sentence(alert.name, kpi, before, after, value)
    quiet = alert.snoozed_until is not None and alert.snoozed_until > ctx.now
    AlertNotice.create(
        id=ctx.new_id(), session_id=ctx.session_id, alert_id=alert.id, at=ctx.now, before=before.value,
        after=after.value, value=value, text=text, quiet=int(quiet),
    )  # fmt: skip
    payload = {
        "name": alert.name,
        "kpi": kpi,
        "before": before.value,
        "after": after.value,
        "value": None if value is None else tidy(value),
        "subject": text,
        "quiet": quiet,
    }
    ctx.record("growth.kpi.alert", alert.id, payload)


def sentence(
    name: str, kpi: str, before: AlertState, after: AlertState, value: float | None
) -> str:
    """What a person is told."""
    at = "without a reading" if value is None else f"at {tidy(value):,}"
    if after is AlertState.FIRING:
        return f"{name}: {kpi} is {at}."
    if after is AlertState.PENDING:
        return f"{name}: {kpi} is {at}; it fires if that stays so."
    return (
        f"{name}: {kpi} is {at}, all is well again."
        if before is AlertState.FIRING
        else f"{name}: {kpi} is {at}."
    )
