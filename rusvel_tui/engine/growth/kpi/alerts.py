"""Alerts on KPIs: make one, try a rule, say that you know, make it quiet for a while."""

from __future__ import annotations

from collections.abc import Sequence

from rusvel_tui.engine.conflicts import require_version
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput, NotFound
from rusvel_tui.engine.growth.changes import record
from rusvel_tui.engine.growth.kpi.alert_views import (
    AlertDeleted,
    AlertId,
    AlertList,
    AlertStates,
    AlertView,
    CreateAlert,
    EvaluateAlert,
    ListAlerts,
    ListNotices,
    NoticePage,
    NoticeView,
    RuleInput,
    SnoozeAlert,
    UpdateAlert,
    checked,
)
from rusvel_tui.engine.growth.kpi.alerting import AlertState, replay
from rusvel_tui.engine.growth.kpi.kpi_rows import find_kpi
from rusvel_tui.engine.growth.kpi.watching import watch_kpis
from rusvel_tui.engine.growth.names import clean_name, shown
from rusvel_tui.engine.growth.numbers import tidy
from rusvel_tui.engine.models import AlertNotice, Kpi, KpiAlert
from rusvel_tui.engine.operation import operation
from rusvel_tui.engine.row_changes import Part, Watch
from rusvel_tui.engine.when_text import parse_when

_ORDER = {"firing": 0, "pending": 1, "inactive": 2}


@operation("growth.kpi.evaluate_alert", permission="growth.read")
def evaluate_alert(ctx: Context, cmd: EvaluateAlert) -> AlertStates:
    """Replay a rule over readings and show the state after each; nothing is stored."""
    states = tuple(replay(checked(cmd.rule), cmd.points))
    before = (AlertState.INACTIVE, *states)
    changes = sum(a is not b for a, b in zip(before, states, strict=False))
    return AlertStates(states=states, transitions=changes)


@operation("growth.kpi.create_alert", writes=True, permission="growth.manage")
def create_alert(ctx: Context, cmd: CreateAlert) -> AlertView:
    """Set an alert on a KPI; it looks at the readings that are there at once."""
    checked(cmd.rule)
    kpi = find_kpi(ctx, cmd.kpi)
    alert_id = ctx.new_id()
    watch = _watch(ctx, alert_id)
    name = clean_name(cmd.name or words(kpi.name, kpi.unit, cmd.rule), "An alert")
    KpiAlert.create(
        id=alert_id, session_id=ctx.session_id, kpi_id=kpi.id, name=name, since=ctx.now,
        rule=cmd.rule.model_dump(mode="json"), created_at=ctx.now, updated_at=ctx.now,
    )  # fmt: skip
    record(ctx, "growth.alert.updated", alert_id, watch, {"name": name, "kpi": kpi.name})
    watch_kpis(ctx, {kpi.id})
    return view_of(ctx, alert_id)


@operation("growth.kpi.update_alert", writes=True, permission="growth.manage")
def update_alert(ctx: Context, cmd: UpdateAlert) -> AlertView:
    """Change the name or the rule of an alert."""
    row = find_alert(ctx, cmd.alert_id)
    require_version(cmd.version, row.version, f"The alert {row.name}")
    watch = _watch(ctx, row.id)
    changes: dict[str, object] = {"version": row.version + 1, "updated_at": ctx.now}
    if cmd.name is not None:
        changes["name"] = clean_name(cmd.name, "An alert")
    if cmd.rule is not None:
        checked(cmd.rule)
        changes["rule"] = cmd.rule.model_dump(mode="json")
    _set(ctx, row, watch, changes)
    watch_kpis(ctx, {row.kpi_id})
    return view_of(ctx, row.id)


@operation("growth.kpi.acknowledge_alert", writes=True, permission="growth.manage")
def acknowledge_alert(ctx: Context, cmd: AlertId) -> AlertView:
    """Say that you know of an alert: it is no longer asked about until it fires anew."""
    row = find_alert(ctx, cmd.alert_id)
    watch = _watch(ctx, row.id)
    AlertNotice.update(seen_at=ctx.now).where(
        (AlertNotice.alert_id == row.id) & AlertNotice.seen_at.is_null()
    ).execute()
    _set(ctx, row, watch, {"seen_at": ctx.now})
    return view_of(ctx, row.id)


@operation("growth.kpi.snooze_alert", writes=True, permission="growth.manage")
def snooze_alert(ctx: Context, cmd: SnoozeAlert) -> AlertView:
    """Make an alert quiet until a moment; its state is followed meanwhile."""
    row = find_alert(ctx, cmd.alert_id)
    until = parse_when(cmd.until, ctx.now, ctx.zone, field="until")
    if until <= ctx.now:
        raise InvalidInput("Say a moment that is still to come.", field="until")
    _set(ctx, row, _watch(ctx, row.id), {"snoozed_until": until})
    return view_of(ctx, row.id)


@operation("growth.kpi.delete_alert", writes=True, permission="growth.manage", human_only=True)
def delete_alert(ctx: Context, cmd: AlertId) -> AlertDeleted:
    """Delete an alert; undo brings it back."""
    row = find_alert(ctx, cmd.alert_id)
    _set(ctx, row, _watch(ctx, row.id), {"deleted_at": ctx.now})
    return AlertDeleted(id=row.id, name=row.name)


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


def _watch(ctx: Context, alert_id: str) -> Watch:
    return Watch(
        ctx,
        Part("kpi_alert", "id", (alert_id,)),
        Part("alert_notice", "alert_id", (alert_id,)),
    )


def _set(ctx: Context, row: KpiAlert, watch: Watch, changes: dict[str, object]) -> None:
    KpiAlert.update(**changes).where(KpiAlert.id == row.id).execute()
    record(ctx, "growth.alert.updated", row.id, watch, {"name": row.name})
