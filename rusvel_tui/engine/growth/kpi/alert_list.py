"""Alerts to look at: the list, what they told, and a rule in words."""

from __future__ import annotations

from collections.abc import Sequence

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import NotFound
from rusvel_tui.engine.growth.kpi.alert_views import (
    AlertList,
    AlertView,
    ListAlerts,
    ListNotices,
    NoticePage,
    NoticeView,
    RuleInput,
)
from rusvel_tui.engine.growth.kpi.alerting import AlertState
from rusvel_tui.engine.growth.kpi.kpi_rows import find_kpi
from rusvel_tui.engine.growth.names import shown
from rusvel_tui.engine.growth.numbers import tidy
from rusvel_tui.engine.models import AlertNotice, Kpi, KpiAlert
from rusvel_tui.engine.operation import operation

_ORDER = {"firing": 0, "pending": 1, "inactive": 2}


@operation("growth.kpi.list_alerts", permission="growth.read")
def list_alerts(ctx: Context, cmd: ListAlerts) -> AlertList:
    """List the alerts, those that fire first."""
    own = (KpiAlert.session_id == ctx.session_id) & KpiAlert.deleted_at.is_null()
    if cmd.kpi:
        own &= KpiAlert.kpi_id == find_kpi(ctx, cmd.kpi).id
    if cmd.firing:
        own &= KpiAlert.state != "inactive"
    rows = list(KpiAlert.select().where(own).order_by(KpiAlert.id))
    return AlertList(items=views(sorted(rows, key=lambda row: _ORDER[row.state])))


@operation("growth.kpi.list_notices", permission="growth.read")
def list_notices(ctx: Context, cmd: ListNotices) -> NoticePage:
    """List what alerts told, newest first."""
    query = AlertNotice.select().where(AlertNotice.session_id == ctx.session_id)
    if cmd.unseen:
        query = query.where(AlertNotice.seen_at.is_null() & (AlertNotice.quiet == 0))
    if cmd.cursor:
        query = query.where(AlertNotice.id < cmd.cursor)
    rows = list(query.order_by(AlertNotice.id.desc()).limit(cmd.limit + 1))
    more = rows[cmd.limit - 1].id if len(rows) > cmd.limit else None
    return NoticePage(items=tuple(_notice(row) for row in rows[: cmd.limit]), next=more)


def find_alert(ctx: Context, alert_id: str) -> KpiAlert:
    """A living alert of this session; raises `NotFound`."""
    own = (KpiAlert.id == alert_id) & (KpiAlert.session_id == ctx.session_id)
    found: KpiAlert | None = KpiAlert.get_or_none(own & KpiAlert.deleted_at.is_null())
    if found is None:
        raise NotFound(f"There is no alert {shown(alert_id)} in this session.")
    return found


def view_of(ctx: Context, alert_id: str) -> AlertView:
    return views([find_alert(ctx, alert_id)])[0]


def views(rows: Sequence[KpiAlert]) -> tuple[AlertView, ...]:
    """The alerts with their KPIs; one question for all."""
    kpis = {row.id: row for row in Kpi.select().where(Kpi.id.in_([row.kpi_id for row in rows]))}
    return tuple(_view(row, kpis[row.kpi_id]) for row in rows)


def words(kpi: str, unit: str, rule: RuleInput) -> str:
    """A rule as people say it: `MRR < 10,000 USD`."""
    value = f"{tidy(rule.threshold):,}"
    if rule.change_over:
        over = (
            "the reading before" if rule.change_over == 1 else f"{rule.change_over} readings before"
        )
        return f"{kpi} {rule.op} {value} % against {over}"
    return f"{kpi} {rule.op} {value} {unit}".rstrip()


def _view(row: KpiAlert, kpi: Kpi) -> AlertView:
    rule = RuleInput.model_validate(row.rule)
    return AlertView(
        alert_id=row.id,
        kpi_id=kpi.id,
        kpi=kpi.name,
        unit=kpi.unit,
        name=row.name,
        rule=rule,
        words=words(kpi.name, kpi.unit, rule),
        state=AlertState(row.state),
        since=row.since,
        value=None if row.value is None else tidy(row.value),
        acknowledged_at=row.seen_at,
        snoozed_until=row.snoozed_until,
        version=row.version,
    )


def _notice(row: AlertNotice) -> NoticeView:
    return NoticeView(
        notice_id=row.id,
        alert_id=row.alert_id,
        at=row.at,
        before=AlertState(row.before),
        after=AlertState(row.after),
        value=None if row.value is None else tidy(row.value),
        text=row.text,
        quiet=bool(row.quiet),
        seen=row.seen_at is not None,
    )
