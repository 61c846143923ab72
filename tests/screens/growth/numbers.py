"""A desk with numbers for the tests of the growth page."""

from __future__ import annotations

from typing import Any

from rusvel_tui.app import RusvelApp
from rusvel_tui.screens import PAGES
from tests.factories import Desk

STAGES = ("Visited", "Signed up", "Activated", "Paid")
BEFORE, NOW = (4200, 930, 512, 141), (5100, 1010, 390, 160)


def program(desk: Desk, **how: Any) -> RusvelApp:
    """The real application with growth in front, beside invoices and contacts."""
    known = ("growth", "invoices", "contacts")
    pages = sorted(
        (page for page in PAGES if page.id in known), key=lambda page: page.id != "growth"
    )
    return RusvelApp(desk.engine, pages=pages, creators=(), **how)


def readings(desk: Desk, name: str, *values: float, unit: str = "USD") -> None:
    """One reading on the first of each month up to November."""
    first = 12 - len(values)
    for month, value in enumerate(values, first):
        desk.call(
            "growth.kpi.record_kpi",
            name=name,
            value=str(value),
            unit=unit,
            at=f"2026-{month:02d}-01",
        )


def website(desk: Desk) -> None:
    """A funnel with two months of counts."""
    desk.call("growth.funnel.create", name="Website", stages=STAGES)
    for period, counts in (("2026-10", BEFORE), ("2026-11", NOW)):
        for stage, count in zip(STAGES, counts, strict=True):
            desk.call(
                "growth.funnel.record_conversion",
                funnel="Website",
                stage=stage,
                count=count,
                period=period,
            )


def cohorts(desk: Desk) -> None:
    """Three months of people, each with who stayed."""
    for name, size, stayed in (
        ("2026-09", 120, (88, 70)),
        ("2026-10", 140, (99,)),
        ("2026-11", 160, ()),
    ):
        desk.call("growth.cohort.create_cohort", name=name, size=size)
        for age, active in enumerate(stayed, 1):
            desk.call("growth.cohort.record_activity", cohort=name, period=age, active=active)


def subscribers(desk: Desk) -> None:
    """Two who pay by the month; one of them left."""
    for month, paid in (
        ("2026-08", ("49", "99")),
        ("2026-09", ("49", "99")),
        ("2026-10", ("59", "0")),
    ):
        for customer, mrr in zip(("Acme", "Beta"), paid, strict=True):
            desk.call("growth.saas.record_subscription", customer=customer, mrr=mrr, month=month)


def everything(desk: Desk) -> None:
    """All of it, with an alert that fires."""
    readings(desk, "MRR", 8000, 8900, 9400, 10100, 10000, 12000)
    readings(desk, "Churn", 4, 4.4, 6.1, unit="%")
    desk.call("growth.kpi.update_kpi", kpi="Churn", direction="down")
    desk.call("growth.kpi.create_alert", kpi="Churn", rule={"op": ">", "threshold": "5"})
    website(desk)
    cohorts(desk)
    subscribers(desk)
