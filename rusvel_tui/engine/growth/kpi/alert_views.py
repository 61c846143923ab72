"""What is asked of alerts, and what they answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, Field

from rusvel_tui.engine.described import Described
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.growth.kpi.alerting import OPS, AlertRule, AlertState, NoData
from rusvel_tui.engine.growth.numbers import Number, Shown, read_number
from rusvel_tui.engine.operation import Input, PageInput, View
from rusvel_tui.engine.when_text import When

_MOST = 1000


class RuleInput(Described):
    """When to alert. Counts are in readings."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    op: str
    """`>`, `>=`, `<` or `<=`."""
    threshold: Number
    clear: Number | None = None
    """Where it ends, on the safe side of the threshold."""
    for_periods: int = 0
    """For how many further readings it must hold before it fires."""
    keep_firing_periods: int = 0
    """For how many readings it fires on afterwards."""
    change_over: int | None = None
    """Look at the change in per cent against so many readings before."""
    no_data: NoData = NoData.KEEP
    """What a missing reading means: `keep`, `alert` or `ok`."""
    no_data_days: int | None = None
    """Days without a reading that count as a missing one; never when left out."""


def checked(rule: RuleInput) -> AlertRule:
    """The rule; refuses one that makes no sense."""
    if rule.op not in OPS:
        raise InvalidInput(f"{rule.op!r:.20} is no comparison. Use >, >=, < or <=.", field="op")
    if rule.clear is not None and not _safe(rule.op, rule.threshold, rule.clear):
        side = "below" if rule.op.startswith(">") else "above"
        raise InvalidInput(
            f"An alert on {rule.op} {rule.threshold:g} ends {side} that, not at {rule.clear:g}.",
            field="clear",
        )
    if rule.change_over is not None and not 1 <= rule.change_over <= _MOST:
        raise InvalidInput("A change is measured over at least 1 reading.", field="change_over")
    if rule.no_data_days is not None and rule.no_data_days < 1:
        raise InvalidInput("A reading is missing after at least 1 day.", field="no_data_days")
    for name in ("for_periods", "keep_firing_periods"):
        if not 0 <= getattr(rule, name) <= _MOST:
            raise InvalidInput(f"{name} is a count of readings from 0 to {_MOST}.", field=name)
    return AlertRule(
        op=rule.op,
        threshold=rule.threshold,
        clear=rule.clear,
        for_periods=rule.for_periods,
        keep_firing_periods=rule.keep_firing_periods,
        change_over=rule.change_over or 0,
        no_data=rule.no_data,
    )


def _safe(op: str, threshold: float, clear: float) -> bool:
    return clear <= threshold if op.startswith(">") else clear >= threshold


def _point(value: object) -> float | None:
    return None if value is None else read_number(value)


Measured = Annotated[float | None, BeforeValidator(_point)]
"""A reading, or none where it is missing."""


class EvaluateAlert(Input):
    """A rule and the readings to replay."""

    rule: RuleInput
    points: tuple[Measured, ...] = Field(max_length=100_000)


class AlertStates(View):
    """The state after each reading."""

    states: tuple[AlertState, ...]
    transitions: int
    """How often the state changed, from inactive on."""


class CreateAlert(Input):
    """A rule for one KPI."""

    kpi: str
    rule: RuleInput
    name: str = ""
    """What to call it; from the rule when left out."""


class UpdateAlert(Input):
    """What changes; what is left out stays."""

    alert_id: str
    name: str | None = None
    rule: RuleInput | None = None
    version: int | None = None


class AlertId(Input):
    """Which alert."""

    alert_id: str


class SnoozeAlert(Input):
    """Until when an alert is quiet."""

    alert_id: str
    until: When
    """`tomorrow`, `3 days`, `fri 14:00`, a moment."""


class ListAlerts(Input):
    """Which alerts."""

    kpi: str = ""
    firing: bool = False
    """Only those that fire or are pending."""


class ListNotices(PageInput):
    """Which notices."""

    unseen: bool = False


class AlertView(View):
    """An alert and how it stands."""

    alert_id: str
    kpi_id: str
    kpi: str
    unit: str
    name: str
    rule: RuleInput
    words: str
    """The rule as a sentence."""
    state: AlertState
    since: datetime
    value: Shown | None
    """What was compared last."""
    acknowledged_at: datetime | None
    snoozed_until: datetime | None
    version: int


class AlertList(View):
    """Alerts, those that fire first."""

    items: tuple[AlertView, ...]
    next: str | None = None


class AlertDeleted(View):
    """What was deleted."""

    id: str
    name: str


class NoticeView(View):
    """A change of state of an alert, as a person is told."""

    notice_id: str
    alert_id: str
    at: datetime
    before: AlertState
    after: AlertState
    value: Shown | None
    text: str
    quiet: bool
    """It came while the alert was snoozed."""
    seen: bool


class NoticePage(View):
    """Notices, newest first."""

    items: tuple[NoticeView, ...]
    next: str | None
