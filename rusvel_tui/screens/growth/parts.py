"""The parts of the tab: what each lists, what it says of the row under the cursor, and what it reads besides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.growth.churn.risks import RiskAsked, list_risks
from rusvel_tui.engine.growth.churn.survival import SurvivalInput, survival
from rusvel_tui.engine.growth.dashboard import GrowthDashboard
from rusvel_tui.engine.growth.saas.metrics import SaasMetrics, saas_metrics
from rusvel_tui.screens.growth import blocks
from rusvel_tui.screens.growth.words import amount, change, leak_words, tone
from rusvel_tui.widgets.text_view import Block


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a list."""

    id: str
    name: str
    value: str = ""
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that the tab shows, of one moment."""

    board: GrowthDashboard
    zone: ZoneInfo
    more: Any = None
    """What the part in front reads besides."""
    part: str = ""
    """The part that it was read for."""


def no_items(seen: Seen) -> tuple[Item, ...]:
    """A part without a list: its text has the whole width."""
    return ()


def nothing_more(engine: Engine) -> None:
    """A part that needs no more than the dashboard."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the tab."""

    id: str
    title: str
    text: Callable[[Seen, Item | None], tuple[Block, ...]]
    items: Callable[[Seen], tuple[Item, ...]] = no_items
    more: Callable[[Engine], Any] = nothing_more
    plot: bool = False
    """Whether the row under the cursor is a series that is drawn as a line."""
    empty: str = ""
    """What a list without rows says; a part without a list has none."""

    @property
    def listed(self) -> bool:
        return bool(self.empty)


def _kpis(seen: Seen) -> tuple[Item, ...]:
    own = tuple(
        Item(
            kpi.kpi_id,
            f"! {kpi.name}" if kpi.alerts else kpi.name,
            amount(kpi.latest, kpi.unit),
            change(kpi.delta, "", kpi.change) or kpi.word,
            tone(better=kpi.better),
        )
        for kpi in seen.board.kpis
    )
    known = {kpi.name.casefold() for kpi in seen.board.kpis}
    computed = tuple(
        Item(
            f"app:{one.key}",
            one.name,
            amount(None if one.value is None else float(one.value), one.unit),
            "computed",
            "muted",
        )
        for one in seen.board.measures
        if one.name.casefold() not in known
    )
    return own + computed


def _funnels(seen: Seen) -> tuple[Item, ...]:
    return tuple(
        Item(
            view.name,
            view.name,
            "" if view.overall is None else f"{view.overall * 100:.1f} %",
            leak_words(view),
            "warn" if view.biggest_leak else "muted",
        )
        for view in seen.board.funnels
    )


def _alerts(seen: Seen) -> tuple[Item, ...]:
    signs = {"firing": "! firing", "pending": "◔ pending", "inactive": "○ quiet"}
    tones = {"firing": "bad", "pending": "warn"}
    return tuple(
        Item(
            alert.alert_id,
            alert.name,
            amount(None if alert.value is None else float(alert.value), alert.unit),
            signs.get(str(alert.state), str(alert.state)),
            tones.get(str(alert.state), "muted"),
        )
        for alert in seen.board.alerts
    )


def _churn(seen: Seen) -> tuple[Item, ...]:
    cases = tuple(
        Item(f"case:{case.case_id}", case.name, f"{case.share * 100:.0f} % stay", "! cohort", "bad")
        for case in seen.board.churn
    )
    listed = seen.more[0].items if seen.more else ()
    return cases + tuple(
        Item(f"risk:{place}", risk.customer, risk.mrr or "", ", ".join(risk.rules), "warn")
        for place, risk in enumerate(listed)
    )


def _read_churn(engine: Engine) -> Any:
    return engine.run(list_risks, RiskAsked()), engine.run(survival, SurvivalInput())


def _read_money(engine: Engine) -> Any:
    return engine.run(saas_metrics, SaasMetrics())


PARTS = (
    Part("overview", "Overview", blocks.overview),
    Part("kpis", "KPIs", blocks.kpi, _kpis, plot=True, empty=blocks.NO_KPI),
    Part("funnels", "Funnels", blocks.funnel, _funnels, empty=blocks.NO_FUNNEL),
    Part("cohorts", "Cohorts", blocks.cohorts),
    Part("money", "Money", blocks.money, more=_read_money),
    Part("alerts", "Alerts", blocks.alert, _alerts, empty=blocks.NO_ALERT),
    Part("churn", "Churn", blocks.churn, _churn, more=_read_churn, empty=blocks.NO_CHURN),
)
"""In the order of their digits; add yours here."""
