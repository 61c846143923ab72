"""The forms of growth: readings, counts, cohorts, funnels, subscriptions, alerts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from rusvel_tui.engine.growth.cohort.cohort_views import ListCohorts
from rusvel_tui.engine.growth.cohort.cohorts import create_cohort, list_cohorts, record_activity
from rusvel_tui.engine.growth.funnel.counts import record_conversion
from rusvel_tui.engine.growth.funnel.funnel_views import CreateFunnel
from rusvel_tui.engine.growth.funnel.funnels import create_funnel, list_funnels
from rusvel_tui.engine.growth.kpi.alert_views import AlertView, CreateAlert, UpdateAlert
from rusvel_tui.engine.growth.kpi.alerts import create_alert, update_alert
from rusvel_tui.engine.growth.kpi.kpi_views import KpiRecorded, KpiView
from rusvel_tui.engine.growth.kpi.kpis import define_kpi, update_kpi
from rusvel_tui.engine.growth.kpi.readings import record_kpi
from rusvel_tui.engine.growth.saas.subscriptions import record_subscription as record_paid
from rusvel_tui.engine.operation import Input, Operation
from rusvel_tui.screens.growth.words import amount, change
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.widgets.form import Field

if TYPE_CHECKING:
    from rusvel_tui.screens.growth.page import GrowthPage

Told = dict[str, Any]
_WAYS = (("more is better", "up"), ("less is better", "down"))
_SPANS = (("by the month", "month"), ("by the week", "week"), ("by the day", "day"))


async def ask(
    page: GrowthPage,
    title: str,
    fields: tuple[Field, ...],
    operation: Operation[Any, Any],
    told: Told | None = None,
) -> Any:
    """Ask for the input of an operation and run it; fields that are left empty are left out."""

    def save(values: dict[str, str]) -> Any:
        typed = {name: text.strip() for name, text in values.items() if text.strip()}
        return page.engine.run(operation, operation.input.model_validate(typed | (told or {})))

    return await page.form(title, fields, save)


async def record_reading(page: GrowthPage, kpi: KpiView | None) -> None:
    """A reading of a KPI; a new name makes a new one."""
    fields = (
        Field("name", "KPI", kpi.name if kpi else "", required=True, help="A new name makes a new KPI."),
        Field("value", "Value", required=True, help="A number such as 12000 or 4.5."),
        Field("unit", "Unit", kpi.unit if kpi else "", help="USD, %, customers; it stays for all readings."),
        Field("at", "When", help="A day such as 2026-11-20; now when left out."),
        Field("note", "Note"),
        Field("replace", "If there is one", kind="select", choices=(("refuse it", ""), ("correct it", "true"))),
    )  # fmt: skip
    done: KpiRecorded | None = await ask(page, "New reading", fields, record_kpi)
    if done is not None:
        moved = None if done.delta is None else float(done.delta)
        text = change(moved, done.unit)
        words = f" {text} from the reading before." if text else ""
        page.say(f"{done.name}: {amount(float(done.value), done.unit)}.{words} z to undo.")


async def make_kpi(page: GrowthPage) -> None:
    """A number to follow, before its first reading."""
    fields = (*_kpi_fields(None), Field("unit", "Unit", help="USD, %, customers."))
    done = await ask(page, "New KPI", fields, define_kpi)
    if done is not None:
        page.say(f"Added {done.name}. n records a first reading.")


async def edit_kpi(page: GrowthPage, kpi: KpiView) -> None:
    """Another name, direction or target."""
    done = await ask(
        page, kpi.name, _kpi_fields(kpi), update_kpi, {"kpi": kpi.kpi_id, "version": kpi.version}
    )
    if done is not None:
        page.say(f"Changed {done.name}. z to undo.")


def _kpi_fields(kpi: KpiView | None) -> tuple[Field, ...]:
    target = "" if kpi is None or kpi.target is None else f"{kpi.target}"
    way = "up" if kpi is None else kpi.direction.value
    return (
        Field("name", "Name", kpi.name if kpi else "", required=True),
        Field("direction", "Good is", way, kind="select", choices=_WAYS),
        Field("target", "Target", target, help="Where it shall be; nothing for none."),
    )


async def record_count(page: GrowthPage) -> None:
    """How many were in a stage of a funnel in a period."""
    found = await attempt(page, partial(page.engine.run, list_funnels, Input()))
    counted = [one for one in found.items if one.kind == "counts"] if found else []
    if not counted:
        page.say("There is no funnel with counts that you type. N makes one.")
        return
    wanted = page.item.id if page.item is not None else ""
    funnel = next((one for one in counted if one.name == wanted), counted[0])
    stages = [(stage.name, stage.stage_id) for stage in funnel.stages]
    fields = (
        Field("stage_id", "Stage", stages[0][1], kind="select", choices=stages),
        Field("count", "How many", required=True),
        Field("period", "When", help="2026-11, 2026-W48 or 2026-11-24; the running one when left out."),
        Field("add", "To what is there", kind="select", choices=(("replace it", ""), ("add to it", "true"))),
    )  # fmt: skip
    done = await ask(page, f"Count of {funnel.name}", fields, record_conversion)
    if done is not None:
        page.say(f"{done.stage}, {done.period}: {done.count:,}. z to undo.")


async def make_funnel(page: GrowthPage) -> None:
    """Stages that are counted, or steps that are events of people."""
    fields = (
        Field("name", "Name", required=True),
        Field("kind", "Made of", "stages", kind="select", choices=(("stages that you count", "stages"), ("events of people", "steps"))),
        Field("parts", "Parts", required=True, help="In their order, with commas: Visited, Signed up, Paid."),
        Field("period", "Counted", "month", kind="select", choices=_SPANS),
        Field("window", "Within", "14d", help="Of events: how long after the first step the others count."),
        Field("order", "Order", "ordered", kind="select", choices=(("in order", "ordered"), ("nothing between", "strict"), ("any order", "any"))),
    )  # fmt: skip

    def save(values: dict[str, str]) -> Any:
        parts = [part.strip() for part in values["parts"].split(",") if part.strip()]
        told: Told = {"name": values["name"], values["kind"]: parts}
        if values["kind"] == "steps":
            told |= {"window": values["window"], "order": values["order"]}
        else:
            told["period"] = values["period"]
        return page.engine.run(create_funnel, CreateFunnel.model_validate(told))

    done = await page.form("New funnel", fields, save)
    if done is not None:
        hint = " n records counts." if done.kind == "counts" else ""
        page.say(f"Added the funnel {done.name}.{hint} z to undo.")


async def make_cohort(page: GrowthPage) -> None:
    """People who began together."""
    fields = (
        Field("name", "Name", required=True, help="Such as 2026-11, or Launch."),
        Field("size", "How many", required=True, help="Who began."),
        Field("start", "Began in", help="2026-11, 2026-W48 or 2026-11-24; the name when it is one."),
        Field("kind", "Who is gone", "survival", kind="select", choices=(("stays gone", "survival"), ("may come back", "activity"))),
    )  # fmt: skip
    done = await ask(page, "New cohort", fields, create_cohort)
    if done is not None:
        page.say(f"Added the cohort {done.name}. n records who is active. z to undo.")


async def record_active(page: GrowthPage) -> None:
    """How many of a cohort are active in one of its periods."""
    found = await attempt(page, partial(page.engine.run, list_cohorts, ListCohorts(limit=100)))
    if found is None or not found.items:
        page.say("There is no cohort yet. N makes one.")
        return
    names = [(one.name, one.cohort_id) for one in found.items]
    fields = (
        Field("cohort_id", "Cohort", names[0][1], kind="select", choices=names),
        Field(
            "period", "Period", required=True, help="Counted from 0, the one in which they began."
        ),
        Field("active", "Active", required=True, help="How many of them are still there."),
    )
    done = await ask(page, "Who is active", fields, record_activity)
    if done is not None:
        page.say(f"{done.name}, period {done.period}: {done.active:,} of {done.size:,}. z to undo.")


async def record_subscription(page: GrowthPage) -> None:
    """What a customer pays in a month."""
    month = f"{page.engine.clock.now():%Y-%m}"
    fields = (
        Field("customer", "Customer", required=True),
        Field(
            "mrr", "Pays a month", required=True, help="A decimal such as 49.00; 0 when they left."
        ),
        Field("month", "Month", month, required=True),
        Field("currency", "Currency", help="The session's when left out."),
    )
    done = await ask(page, "Who pays by the month", fields, record_paid)
    if done is not None:
        page.say(f"{done.customer} pays {done.mrr} {done.currency} in {done.month}. z to undo.")


async def new_alert(page: GrowthPage, kpi: KpiView | None) -> None:
    """Be told when a KPI crosses a value."""
    names = [(one.name, one.kpi_id) for one in page.state.board.kpis] if page.state else []
    if not names:
        page.say("There is no KPI yet. n records a first reading.")
        return
    at = kpi.kpi_id if kpi is not None else names[0][1]
    watched = Field("kpi", "KPI", at, kind="select", choices=names)
    done = await page.form(
        "New alert", (watched, *_rule_fields(None)), partial(_create_alert, page)
    )
    if done is not None:
        page.say(f"Added: {done.words}. z to undo.")


async def edit_alert(page: GrowthPage, alert: AlertView) -> None:
    """Another rule or name."""
    name = Field("name", "Name", alert.name, required=True)

    def save(values: dict[str, str]) -> Any:
        told = {"alert_id": alert.alert_id, "name": values["name"], "rule": _rule(values)}
        return page.engine.run(update_alert, UpdateAlert.model_validate(told))

    done = await page.form(alert.name, (name, *_rule_fields(alert)), save)
    if done is not None:
        page.say(f"Changed: {done.words}. z to undo.")


def _create_alert(page: GrowthPage, values: dict[str, str]) -> Any:
    told = {"kpi": values["kpi"], "rule": _rule(values)}
    return page.engine.run(create_alert, CreateAlert.model_validate(told))


def _rule_fields(alert: AlertView | None) -> tuple[Field, ...]:
    rule = alert.rule if alert is not None else None
    signs = (("is below", "<"), ("is at most", "<="), ("is above", ">"), ("is at least", ">="))

    def text(value: float | None) -> str:
        return "" if value is None else f"{value:g}"

    return (
        Field("op", "When it", rule.op if rule else "<", kind="select", choices=signs),
        Field("threshold", "Value", text(rule.threshold) if rule else "", required=True),
        Field("clear", "Over again at", text(rule.clear) if rule else "", help="On the safe side of the value, so that it does not flicker."),
        Field("for_periods", "Hold for", text(rule.for_periods) if rule else "0", help="Readings for which it must hold before it fires."),
        Field("keep_firing_periods", "Keep firing", text(rule.keep_firing_periods) if rule else "0", help="Readings for which it fires on afterwards."),
        Field("change_over", "Change over", text(rule.change_over) if rule else "", help="Readings: look at the change in per cent instead of the value."),
        Field("no_data_days", "Missing after", text(rule.no_data_days) if rule else "", help="Days without a reading that count as a missing one."),
    )  # fmt: skip


def _rule(values: dict[str, str]) -> Told:
    names = (
        "op",
        "threshold",
        "clear",
        "for_periods",
        "keep_firing_periods",
        "change_over",
        "no_data_days",
    )
    told: Told = {name: values[name].strip() for name in names if values[name].strip()}
    return told | ({"no_data": "alert"} if "no_data_days" in told else {})
