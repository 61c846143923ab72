"""Money that comes back every month: the movements add up, the shares are those of the definitions, risks have reasons."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.growth.saas import movements as moves
from tests.engine.growth.helpers import readings
from tests.factories import Desk, query

HISTORY = st.dictionaries(st.integers(0, 11), st.integers(0, 10_000), max_size=12)


def pays(desk: Desk, customer: str, *months: tuple[str, str]) -> None:
    for month, mrr in months:
        desk.call("growth.saas.record_subscription", customer=customer, month=month, mrr=mrr)


@given(st.lists(HISTORY, max_size=20))
def test_the_movements_add_up_to_the_cent_and_chain(customers: list[dict[int, int]]) -> None:
    months = moves.movements(customers, 1, 11)
    for month in months:
        gained = month.new + month.reactivation + month.expansion
        assert month.end == month.start + gained - month.contraction - month.churn
        people = (
            month.customers_start
            + month.customers_new
            + month.customers_back
            - month.customers_lost
        )
        assert month.customers_end == people
        grr, nrr = moves.gross_retention(month), moves.net_retention(month)
        assert grr is None or (0 <= grr <= 1 and nrr is not None and nrr >= grr)
    for before, after in pairwise(months):
        assert before.end == after.start


def test_the_example_of_chartmogul() -> None:
    month = moves.movements([{0: 70, 1: 80}, {0: 10}, {0: 20, 1: 10}, {}], 1, 1)[0]
    assert (month.start, month.churn, month.contraction, month.expansion) == (100, 10, 10, 10)
    assert moves.gross_churn(month) == pytest.approx(0.2)
    assert moves.net_churn(month) == pytest.approx(0.1)


def test_a_yearly_plan_is_rounded_half_up_to_a_month() -> None:
    assert moves.monthly(200_000, 12) == 16_667
    assert moves.monthly(5, 2) == 3


def test_movements_metrics_and_ranges(desk: Desk) -> None:
    pays(desk, "Acme", ("2026-09", "100"), ("2026-10", "150"))
    pays(desk, "Bolt", ("2026-09", "50"), ("2026-10", "0"))
    pays(desk, "Cove", ("2026-10", "30.50"))
    readings(desk, "Acquisition spend", (0,), unit="EUR")
    desk.call("growth.kpi.record_kpi", name="Acquisition spend", value=61, at="2026-10-10")
    view = desk.call("growth.saas.metrics", months=2, until="2026-10", margin=50)
    month = view.months[-1]
    assert (month.start, month.new, month.expansion, month.churn, month.end) == (
        "150.00", "30.50", "50.00", "50.00", "180.50",
    )  # fmt: skip
    assert (month.grr, month.nrr, month.customer_churn, month.quick_ratio) == (
        pytest.approx(2 / 3), 1.0, 0.5, pytest.approx(1.61),
    )  # fmt: skip
    assert (month.arpa, month.ltv) == ("90.25", "90.25")
    assert month.ltv_low is not None
    assert month.ltv_high is not None
    assert float(month.ltv_low) < 90.25 < float(month.ltv_high)
    assert (month.cac, month.payback_months) == ("61.00", pytest.approx(61 / 45.125))
    assert (view.currency, view.customers, month.complete) == ("EUR", 3, True)


def test_without_losses_there_is_no_ratio_and_no_infinity(desk: Desk) -> None:
    pays(desk, "Acme", ("2026-09", "100"), ("2026-10", "100"))
    month = desk.call("growth.saas.metrics", months=1, until="2026-10").months[0]
    assert (month.quick_ratio, month.quick_words, month.ltv) == (None, "no losses", None)


def test_who_comes_back_is_no_new_customer(desk: Desk) -> None:
    pays(desk, "Acme", ("2026-08", "10"), ("2026-09", "0"), ("2026-10", "15"))
    month = desk.call("growth.saas.metrics", months=1, until="2026-10").months[0]
    assert (month.new, month.reactivation, month.customers_back) == ("0.00", "15.00", 1)


def test_c2_9_negative_amounts_and_second_currencies_are_refused(desk: Desk) -> None:
    pays(desk, "Acme", ("2026-10", "10"))
    for bad in (
        {"mrr": "-1"},
        {"mrr": "NaN"},
        {"currency": "USD"},
        {"month": "2026-13"},
        {"month": "2026-W40"},
    ):
        asked = {"customer": "acme", "month": "2026-10", "mrr": "5", **bad}
        with pytest.raises(InvalidInput):
            desk.call("growth.saas.record_subscription", **asked)
    assert query(desk, "SELECT mrr_minor, currency FROM subscription_month") == [(1000, "EUR")]


def test_a_subscription_is_corrected_and_taken_back(desk: Desk) -> None:
    pays(desk, "Acme", ("2026-10", "10"))
    done = desk.call("growth.saas.record_subscription", customer="ACME", month="2026-10", mrr="12")
    assert (done.before, done.mrr) == ("10.00", "12.00")
    desk.call("undo")
    assert desk.call("growth.saas.list_subscriptions", customer="acme").items[0].mrr == "10.00"
    desk.call("undo")
    assert desk.call("growth.saas.list_subscriptions").items == ()


def subscribers(desk: Desk, *lives: tuple[str, int, int]) -> None:
    """Customers with an amount, who stay so many months from February 2026 on; ten are there still."""
    for customer, amount, months in lives:
        paid = [(f"2026-{2 + place:02}", str(amount)) for place in range(months)]
        if months < 10:
            paid.append((f"2026-{2 + months:02}", "0"))
        pays(desk, customer, *paid)


def test_paying_customers_are_cohorts_and_lives(desk: Desk) -> None:
    subscribers(desk, ("a", 10, 10), ("b", 10, 2), ("c", 90, 10), ("d", 90, 5))
    (row,) = desk.call("growth.saas.cohorts", months=12).rows
    assert (row.period, row.size, row.active) == ("2026-02", 4, (4, 4, 3, 3, 3, 2, 2, 2, 2, 2))
    (curve,) = desk.call("growth.churn.survival").curves
    assert [(p.time, p.survival) for p in curve.points] == [(2, 0.75), (5, 0.5)]
    both = desk.call("growth.churn.survival", by_size=True)
    assert [(one.name, one.customers) for one in both.curves] == [("smaller", 2), ("larger", 2)]
    assert both.words == "no clear difference"
    assert desk.call("growth.dashboard").cohorts.rows == (row,)
    assert desk.call("growth.dashboard").mrr.customers_end == 2


def test_q_116_customers_at_risk_have_their_reasons(desk: Desk) -> None:
    subscribers(desk, ("Acme", 100, 9), ("Calm", 10, 10))
    pays(desk, "Acme", ("2026-11", "60"))
    at = [f"2026-09-{day:02}T10:00:00Z" for day in range(1, 29, 3)]
    desk.call(
        "growth.events.record",
        events=[{"timestamp": when, "actor": "acme", "event": "login"} for when in at],
    )
    view = desk.call("growth.churn.risks")
    (risk,) = view.items
    assert (risk.customer.lower(), risk.mrr, risk.rules) == (
        "acme",
        "60.00",
        ("smaller payment", "no activity"),
    )
    assert risk.reasons == (
        "pays 40.00 EUR less than the month before",
        "nothing for 56 days, usually every 3",
    )
    assert view.at_risk == "60.00"


def test_lives_of_nobody_are_an_empty_curve(desk: Desk) -> None:
    (curve,) = desk.call("growth.churn.survival").curves
    assert (curve.points, curve.median, curve.customers) == ((), None, 0)
    with pytest.raises(InvalidInput, match="less than no time"):
        desk.call("growth.churn.survival", lives=[[-1, True]])
