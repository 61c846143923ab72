"""What is done on the growth tab: each verb knows the part in front and the row under the cursor."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from rusvel_tui.engine.growth.churn.risks import RiskView
from rusvel_tui.engine.growth.kpi.alert_views import AlertId, AlertView, SnoozeAlert
from rusvel_tui.engine.growth.kpi.alerts import (
    acknowledge_alert,
    delete_alert,
    snooze_alert,
)
from rusvel_tui.engine.growth.kpi.kpi_views import KpiRef, KpiView
from rusvel_tui.engine.growth.kpi.kpis import delete_kpi
from rusvel_tui.screens.growth import forms, rows
from rusvel_tui.widgets.line_input import Question

if TYPE_CHECKING:
    from rusvel_tui.screens.growth.page import GrowthPage

Verb = Callable[["GrowthPage"], Awaitable[None]]


def kpi_of(page: GrowthPage) -> KpiView | None:
    """The KPI under the cursor, or the one that the alert under the cursor watches."""
    item, seen = page.item, page.state
    if item is None or seen is None:
        return None
    alert = alert_of(page)
    wanted = alert.kpi_id if alert is not None else item.id
    return next((kpi for kpi in seen.board.kpis if kpi.kpi_id == wanted), None)


def alert_of(page: GrowthPage) -> AlertView | None:
    """The alert under the cursor."""
    item, seen = page.item, page.state
    if item is None or seen is None or page.part.id != "alerts":
        return None
    return next((alert for alert in seen.board.alerts if alert.alert_id == item.id), None)


async def record(page: GrowthPage) -> None:
    """A reading, a count, or who is active."""
    if page.part.id == "funnels":
        await forms.record_count(page)
    elif page.part.id == "cohorts":
        await forms.record_active(page)
    elif page.part.id == "money":
        await forms.record_subscription(page)
    else:
        await forms.record_reading(page, kpi_of(page))


async def new(page: GrowthPage) -> None:
    """What the part in front holds."""
    makers: dict[str, Callable[[GrowthPage], Awaitable[None]]] = {
        "funnels": forms.make_funnel,
        "cohorts": forms.make_cohort,
        "alerts": alert,
        "money": forms.record_subscription,
    }
    await makers.get(page.part.id, forms.make_kpi)(page)


async def edit(page: GrowthPage) -> None:
    """Change the KPI or the alert under the cursor."""
    watched, kpi = alert_of(page), kpi_of(page)
    if watched is not None:
        await forms.edit_alert(page, watched)
    elif kpi is not None:
        await forms.edit_kpi(page, kpi)
    else:
        page.say("A KPI or an alert can be changed: 2 and 6 list them.")


async def delete(page: GrowthPage) -> None:
    """Delete the KPI, funnel or alert under the cursor."""
    watched, item = alert_of(page), page.item
    if item is None or item.id.startswith(("app:", "case:", "risk:")):
        page.say("There is nothing to delete: this is counted by itself.")
        return
    if not await page.confirm(f"Delete {item.name.removeprefix('! ')}?", yes="Delete"):
        return
    gone = f"Deleted {item.name.removeprefix('! ')}. z to undo."
    if watched is not None:
        page.run(delete_alert, AlertId(alert_id=item.id), lambda _: page.say(gone))
    elif page.part.id == "funnels":
        page.run("growth.funnel.delete", {"funnel": item.id}, lambda _: page.say(gone))
    else:
        page.run(delete_kpi, KpiRef(kpi=item.id), lambda _: page.say(gone))


async def alert(page: GrowthPage) -> None:
    """Be told when a KPI crosses a value."""
    await forms.new_alert(page, kpi_of(page))


async def acknowledge(page: GrowthPage) -> None:
    """You have seen it."""
    if (watched := alert_of(page)) is None:
        page.say("Only an alert is acknowledged: 6 lists them.")
        return
    said = f"{watched.name}: seen. It speaks again when it fires anew."
    page.run(acknowledge_alert, AlertId(alert_id=watched.alert_id), lambda _: page.say(said))


async def snooze(page: GrowthPage) -> None:
    """Quiet until a day."""
    if (watched := alert_of(page)) is None:
        page.say("Only an alert is snoozed: 6 lists them.")
        return
    hint = "tomorrow, in 3 days, 2026-12-01"
    text = await page.ask_line(
        Question("snooze alert", f"{watched.name} is quiet until: ", hint=hint)
    )
    if text:
        told: dict[str, Any] = {"alert_id": watched.alert_id, "until": text}
        said = f"{watched.name} is quiet. z to undo."
        page.run(snooze_alert, SnoozeAlert.model_validate(told), lambda _: page.say(said))


async def show_rows(page: GrowthPage) -> None:
    """The rows behind the chart in front."""
    if page.part.id == "money":
        page.visit("invoices")
    elif page.part.id == "churn" and (risk := risk_of(page)) is not None and risk.contact_id:
        page.visit("contacts", risk.contact_id)
    else:
        await rows.show_rows(page, kpi_of(page))


def risk_of(page: GrowthPage) -> RiskView | None:
    """The customer at risk under the cursor."""
    item, seen = page.item, page.state
    if item is None or seen is None or not seen.more or not item.id.startswith("risk:"):
        return None
    found: RiskView = seen.more[0].items[int(item.id.removeprefix("risk:"))]
    return found


VERBS: dict[str, Verb] = {
    "record": record,
    "new": new,
    "edit": edit,
    "delete": delete,
    "alert": alert,
    "acknowledge": acknowledge,
    "snooze": snooze,
    "rows": show_rows,
}
"""By the name that an action of the page calls it; add yours here."""
