"""Alerts on KPIs: make one, try a rule, say that you know, make it quiet for a while."""

from __future__ import annotations

from rusvel_tui.engine.conflicts import require_version
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.growth.changes import record
from rusvel_tui.engine.growth.kpi.alert_list import find_alert, view_of, words
from rusvel_tui.engine.growth.kpi.alert_views import (
    AlertDeleted,
    AlertId,
    AlertStates,
    AlertView,
    CreateAlert,
    EvaluateAlert,
    SnoozeAlert,
    UpdateAlert,
    checked,
)
from rusvel_tui.engine.growth.kpi.alerting import AlertState, replay
from rusvel_tui.engine.growth.kpi.kpi_rows import find_kpi
from rusvel_tui.engine.growth.kpi.watching import watch_kpis
from rusvel_tui.engine.growth.names import clean_name
from rusvel_tui.engine.models import AlertNotice, KpiAlert
from rusvel_tui.engine.operation import operation
from rusvel_tui.engine.row_changes import Part, Watch
from rusvel_tui.engine.when_text import parse_when


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


def _watch(ctx: Context, alert_id: str) -> Watch:
    return Watch(
        ctx,
        Part("kpi_alert", "id", (alert_id,)),
        Part("alert_notice", "alert_id", (alert_id,)),
    )


def _set(ctx: Context, row: KpiAlert, watch: Watch, changes: dict[str, object]) -> None:
    KpiAlert.update(**changes).where(KpiAlert.id == row.id).execute()
    record(ctx, "growth.alert.updated", row.id, watch, {"name": row.name})
