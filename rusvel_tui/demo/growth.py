"""The numbers of the story: a website, a product with subscribers, what is watched, and one cohort that went wrong."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from rusvel_tui.demo.hands import Hands

MONTHS = 9
_CUSTOMERS = ("Northlight", "Basalt & Sons", "Kite Works", "Lumen Labs", "Oxbow", "Pinecrest", "Quill House", "Redshore",
              "Saltmarsh", "Tern Studio", "Umber", "Vale Press", "Wickham", "Yarrow", "Zephyr", "Alder", "Brook & Ivy",
              "Cobalt", "Dune", "Elmside")  # fmt: skip
_PLANS = (49, 99, 99, 199)
_SITE = (("Visit", 4200), ("Trial", 930), ("Activated", 512), ("Paid", 141))
_BAD = 5
"""Months back of the cohort that lost many."""


class Growth:
    """Types and imports the numbers, as their owner would have."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands
        self._rng = hands.rng

    def tell(self) -> None:
        """All of it, dated back from now."""
        self._import("kpi.csv", ("date", "name", "value", "unit", "note"), self._kpis())
        self._import("website.csv", ("period", "funnel", "stage", "count"), self._website())
        self._import("product.csv", ("timestamp", "actor", "event"), self._product())
        self._import(
            "subscribers.csv", ("customer", "month", "mrr", "currency"), self._subscribers()
        )
        self._import("cohorts.csv", ("cohort", "period", "active"), self._cohorts())
        self._watch()

    def _import(self, name: str, head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
        sheet = io.StringIO()
        csv.writer(sheet).writerows([head, *rows])
        self._hands.call("growth.import_csv", content=sheet.getvalue())
        self._hands.later(minutes=2)

    def _kpis(self) -> Iterator[tuple[object, ...]]:
        """Weekly readings: income grows with noise, churn wants to fall, sign-ups wobble, advice is rare."""
        income, churn = 2400.0, 6.2
        for week in range(26, -1, -1):
            day = (self._hands.now - timedelta(weeks=week, days=1)).date()
            income *= 1 + self._rng.uniform(-0.012, 0.05)
            churn = max(1.8, churn + self._rng.uniform(-0.4, 0.25))
            yield day, "Monthly income", round(income), "EUR", ""
            yield day, "Churn", round(churn, 1), "%", ""
            yield day, "Sign-ups", self._rng.randrange(14, 42), "", ""
            if week % 9 == 8:
                yield day, "NPS", self._rng.randrange(31, 52), "", "asked in the app"
            if week % 4 == 0:
                yield (
                    day,
                    "Acquisition spend",
                    self._rng.randrange(30, 60) * 10,
                    "EUR",
                    "ads and the fair",
                )

    def _website(self) -> Iterator[tuple[object, ...]]:
        for back in range(5, -1, -1):
            for stage, usual in _SITE:
                count = round(usual * (1 - 0.07 * back) * self._rng.uniform(0.92, 1.08))
                yield self._month(back), "Website", stage, count

    def _product(self) -> Iterator[tuple[object, ...]]:
        """People sign up, some activate and pay, and come back for a while."""
        for number in range(220):
            start = self._hands.now - timedelta(days=self._rng.uniform(3, 90))
            who = f"user-{number:03}"
            yield self._at(start), who, "signed up"
            if self._rng.random() < 0.62:
                yield (
                    self._at(start + timedelta(hours=self._rng.uniform(0.2, 60))),
                    who,
                    "activated",
                )
                if self._rng.random() < 0.35:
                    yield self._at(start + timedelta(days=self._rng.uniform(3, 12))), who, "paid"
                yield from self._returns(who, start)

    def _returns(self, who: str, start: datetime) -> Iterator[tuple[object, ...]]:
        at = start
        while self._rng.random() < 0.86:
            at += timedelta(days=self._rng.uniform(1, 9))
            if at >= self._hands.now:
                break
            yield self._at(at), who, "opened a project"

    def _subscribers(self) -> Iterator[tuple[object, ...]]:
        for number, customer in enumerate(_CUSTOMERS):
            price = self._rng.choice(_PLANS)
            first = self._rng.randrange(2, MONTHS) if number % 4 else MONTHS - 1
            leaves = self._rng.randrange(1, first) if number % 5 == 3 and first > 1 else -1
            for back in range(first, -1, -1):
                if self._rng.random() < 0.06:
                    price = self._rng.choice(_PLANS)
                yield customer, self._month(back), 0 if back <= leaves else price, "EUR"

    def _cohorts(self) -> Iterator[tuple[object, ...]]:
        """Monthly trials; those of one month left early, after a change of the price."""
        for back in range(MONTHS, 0, -1):
            left = size = self._rng.randrange(110, 190)
            yield self._month(back), 0, size
            for age in range(1, back):
                keep = (
                    0.62 if back == _BAD and age == 1 else self._rng.uniform(0.84, 0.9) + 0.01 * age
                )
                left = round(left * min(keep, 0.98))
                yield self._month(back), age, left

    def _watch(self) -> None:
        call = self._hands.call
        call("growth.kpi.update_kpi", kpi="Churn", direction="down", target="3")
        call("growth.kpi.update_kpi", kpi="Monthly income", target="5000")
        call(
            "growth.kpi.create_alert",
            kpi="Churn",
            rule={"op": ">", "threshold": "5", "clear": "4.5"},
        )
        call(
            "growth.kpi.create_alert",
            kpi="Sign-ups",
            rule={"op": "<", "threshold": "45", "for_periods": 1},
        )
        call(
            "growth.kpi.create_alert", kpi="Monthly income", name="Income falls by 5 %",
            rule={"op": "<", "threshold": "-5", "change_over": 4},
        )  # fmt: skip
        call(
            "growth.funnel.create",
            name="Product",
            steps=["signed up", "activated", "paid"],
            window="14d",
        )
        call("growth.churn.detect")
        call("growth.cohort.analyze_retention")

    def _month(self, back: int) -> str:
        place = self._hands.now.year * 12 + self._hands.now.month - 1 - back
        return f"{place // 12}-{place % 12 + 1:02}"

    def _at(self, moment: datetime) -> str:
        return moment.isoformat(timespec="seconds")
