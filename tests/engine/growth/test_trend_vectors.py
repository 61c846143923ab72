"""The trend of a KPI: the reference vectors, ties, too few points, corrections, units, periods."""

from __future__ import annotations

import pytest

from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound
from rusvel_tui.engine.growth.kpi.trend import holt, mann_kendall, moving_average, theil_sen
from tests.engine.growth.helpers import readings
from tests.factories import Desk, events, kinds, query

RISING = (10, 12, 11, 14, 15, 17, 16, 20)
FALLING = (9, 8.5, 8.7, 7.9, 7, 7.2, 6.1)
AIR = (
    17.5534, 21.86, 23.8866, 26.9293, 26.8885, 28.8314, 30.0751, 30.9535, 30.1857, 31.5797, 32.577569, 33.477398,
    39.021581, 41.386432, 41.596552,
)  # fmt: skip


@pytest.mark.parametrize(
    ("series", "slope", "intercept", "s", "variance", "z", "p", "word"),
    [
        (RISING, 1.333333, 9.833333, 24, 65.333333, 2.8455, 0.00443, "rising"),
        (FALLING, -0.483333, 9.35, -17, 44.333333, -2.4030, 0.01626, "falling"),
        ((5,) * 6, 0, 5, 0, 0, 0, 1, "no clear trend"),
    ],
)
def test_trend_vectors_r_044_q_114_of_the_reference(
    desk: Desk, series: tuple[float, ...], slope: float, intercept: float, s: int, variance: float, z: float, p: float,
    word: str,
) -> None:  # fmt: skip
    readings(desk, "MRR", series)
    trend = desk.call("growth.kpi.get_trend", kpi_name="mrr")
    assert (trend.slope, trend.intercept) == pytest.approx((slope, intercept), abs=1e-6)
    test = trend.mann_kendall
    assert (test.s, test.variance) == (s, pytest.approx(variance, abs=1e-6))
    assert (test.z, test.p) == pytest.approx((z, p), abs=1e-4)
    assert trend.word == word
    assert [point.value for point in trend.points] == list(series)


def test_holt_vectors_of_the_reference() -> None:
    assert holt(AIR, 5) == pytest.approx([43.7570, 45.5935, 47.4301, 49.2666, 51.1032], abs=1e-4)
    damped = [42.9591, 44.0345, 45.0022, 45.8732, 46.6571]
    assert holt(AIR, 5, damping=0.9) == pytest.approx(damped, abs=1e-4)


def test_a_forecast_needs_eight_readings(desk: Desk) -> None:
    readings(desk, "MRR", AIR[:7])
    assert desk.call("growth.kpi.get_trend", kpi_name="MRR").forecast == ()
    readings(desk, "Air", AIR)
    forecast = desk.call("growth.kpi.get_trend", kpi_name="Air").forecast
    assert forecast == pytest.approx((42.9591, 44.0345, 45.0022), abs=1e-3)


def test_c2_7_a_trend_needs_five_points(desk: Desk) -> None:
    readings(desk, "MRR", RISING[:4])
    trend = desk.call("growth.kpi.get_trend", kpi_name="MRR")
    assert (trend.word, trend.message) == (
        "too few points (need 5)", "MRR has 4 readings: too few points (need 5)",
    )  # fmt: skip
    assert (trend.previous, trend.latest, trend.delta) == (11, 14, 3)


def test_r_034_r_110_r_111_the_two_point_trend_of_the_seed(desk: Desk) -> None:
    first = desk.call("growth.kpi.record_kpi", name="MRR", value=10000, unit="USD")
    second = desk.call("growth.kpi.record_kpi", name="mrr ", value=12000, unit="usd")
    assert first.kpi_id == second.kpi_id
    assert (second.previous, second.delta, second.unit) == (10000, 2000, "USD")
    trend = desk.call("growth.kpi.get_trend", kpi_name="MRR")
    assert (trend.previous, trend.latest, trend.delta) == (10000, 12000, 2000)


def test_of_no_reading_and_one_nothing_is_made_up(desk: Desk) -> None:
    desk.call("growth.kpi.define_kpi", name="NPS", target=50)
    trend = desk.call("growth.kpi.get_trend", kpi_name="NPS")
    assert (trend.latest, trend.delta, trend.slope, trend.message) == (
        None,
        None,
        None,
        "NPS has no reading yet.",
    )
    desk.call("growth.kpi.record_kpi", name="NPS", value=25)
    view = desk.call("growth.kpi.get_kpi", kpi="NPS")
    assert (view.latest, view.previous, view.delta, view.status) == (
        25,
        None,
        None,
        "first reading",
    )
    assert view.target_share == 0.5


def test_t_048_r_031_record_kpi_then_list(desk: Desk) -> None:
    readings(desk, "MRR", (100, 110), unit="EUR")
    readings(desk, "Churn", (5, 4), unit="%")
    desk.call("growth.kpi.update_kpi", kpi="churn", direction="down")
    churn, mrr = desk.call("growth.kpi.list_kpis").items
    assert (churn.name, churn.latest, churn.delta, churn.better) == ("Churn", 4, -1, True)
    assert (mrr.name, mrr.latest, mrr.change, mrr.better) == ("MRR", 110, 0.1, True)
    assert (mrr.points, mrr.count, mrr.days_without) == ((100, 110), 2, 1)


def test_a_list_of_kpis_has_pages(desk: Desk) -> None:
    for name in "cab":
        desk.call("growth.kpi.record_kpi", name=name, value=1)
    page = desk.call("growth.kpi.list_kpis", limit=2)
    assert [kpi.name for kpi in page.items] == ["a", "b"]
    assert [
        kpi.name for kpi in desk.call("growth.kpi.list_kpis", limit=2, cursor=page.next).items
    ] == ["c"]


def test_q_113_readings_have_any_date_and_are_in_its_order(desk: Desk) -> None:
    for day, value in (("2026-03-01", 3), ("2026-01-01", 1), ("2026-02-01", 2)):
        desk.call("growth.kpi.record_kpi", name="MRR", value=value, at=day)
    trend = desk.call("growth.kpi.get_trend", kpi_name="MRR")
    assert [point.value for point in trend.points] == [1, 2, 3]
    assert trend.delta == 1


def test_q_113_c2_1_another_unit_is_refused(desk: Desk) -> None:
    desk.call("growth.kpi.record_kpi", name="MRR", value=1, unit="EUR")
    with pytest.raises(InvalidInput, match="MRR is measured in EUR, not in USD"):
        desk.call("growth.kpi.record_kpi", name="MRR", value=1, unit="USD")


@pytest.mark.parametrize(
    "value", ["NaN", float("nan"), float("inf"), "-Infinity", None, "many", "", True, "1e400", [1]]
)
def test_c2_1_what_is_no_finite_number_is_refused(desk: Desk, value: object) -> None:
    with pytest.raises(InvalidInput, match="value: "):
        desk.call("growth.kpi.record_kpi", name="MRR", value=value)
    assert query(desk, "SELECT count(*) FROM kpi") == [(0,)]


def test_c2_2_q_113_a_second_value_needs_replace_and_leaves_a_history(desk: Desk) -> None:
    made = desk.call("growth.kpi.record_kpi", name="MRR", value=10, at="2026-10-01")
    with pytest.raises(Conflict, match="has a reading of 10 for that moment already"):
        desk.call("growth.kpi.record_kpi", name="MRR", value=11, at="2026-10-01")
    same = desk.call("growth.kpi.record_kpi", name="MRR", value=10, at="2026-10-01")
    assert (same.reading_id, same.recorded) == (made.reading_id, False)
    desk.call("growth.kpi.record_kpi", name="MRR", value=11, at="2026-10-01", replace=True)
    (reading,) = desk.call("growth.kpi.list_readings", kpi="MRR").items
    assert (reading.value, reading.corrected) == (11, True)
    assert [(one.before, one.after) for one in reading.corrections] == [(10, 11)]
    desk.call("undo")
    (reading,) = desk.call("growth.kpi.list_readings", kpi="MRR").items
    assert (reading.value, reading.corrections) == (10, ())


def test_c2_2_the_future_is_refused(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="is in the future"):
        desk.call("growth.kpi.record_kpi", name="MRR", value=1, at="2027-01-01")


def test_q_117_r_092_a_reading_is_an_event_with_its_way_back(desk: Desk) -> None:
    desk.call("growth.kpi.record_kpi", name="MRR", value=10)
    assert kinds(desk, "growth") == ["growth.kpi.recorded"]
    assert events(desk, "growth.kpi.recorded")[0].payload["value"] == 10
    desk.call("undo")
    assert desk.call("growth.kpi.list_kpis").items == ()
    desk.call("redo")
    assert desk.call("growth.kpi.get_kpi", kpi="MRR").latest == 10


def test_readings_are_listed_newest_first_with_pages(desk: Desk) -> None:
    readings(desk, "MRR", range(5))
    page = desk.call("growth.kpi.list_readings", kpi="MRR", limit=3)
    assert [one.value for one in page.items] == [4, 3, 2]
    rest = desk.call("growth.kpi.list_readings", kpi="MRR", limit=3, cursor=page.next)
    assert ([one.value for one in rest.items], rest.next) == ([1, 0], None)


def test_a_deleted_reading_and_a_deleted_kpi_come_back(desk: Desk) -> None:
    readings(desk, "MRR", (1, 2))
    newest = desk.call("growth.kpi.list_readings", kpi="MRR").items[0]
    desk.call("growth.kpi.delete_reading", reading_id=newest.reading_id)
    assert desk.call("growth.kpi.get_kpi", kpi="MRR").latest == 1
    desk.call("growth.kpi.delete_kpi", kpi="MRR")
    with pytest.raises(NotFound, match="no KPI 'MRR'"):
        desk.call("growth.kpi.get_kpi", kpi="MRR")
    desk.call("undo")
    desk.call("undo")
    assert desk.call("growth.kpi.get_kpi", kpi="MRR").points == (1, 2)


def test_q_114_period_over_period_gaps_and_the_average(desk: Desk) -> None:
    for day, value in (("2026-10-20", 10), ("2026-11-16", 20), ("2026-11-23", 30)):
        desk.call("growth.kpi.record_kpi", name="MRR", value=value, at=day)
    trend = desk.call("growth.kpi.get_trend", kpi_name="MRR", average=2)
    assert [(one.name, one.value, one.delta) for one in trend.periods] == [
        ("week", 20, 10),
        ("month", 10, 20),
    ]
    assert [point.average for point in trend.points] == [None, 15, 25]
    for number in range(1, 8):
        desk.call("growth.kpi.record_kpi", name="DAU", value=number, at=f"2026-09-{number:02}")
    desk.call("growth.kpi.record_kpi", name="DAU", value=9, at="2026-11-01")
    assert len(desk.call("growth.kpi.get_trend", kpi_name="DAU").gaps) == 1


def test_stocks_are_tested_by_their_changes(desk: Desk) -> None:
    readings(desk, "MRR", (1, 3, 6, 10, 15, 21, 28))
    trend = desk.call("growth.kpi.get_trend", kpi_name="MRR", of="changes")
    assert (trend.of, trend.slope, trend.word) == ("changes", 1, "rising")


def test_differences_are_those_of_decimals(desk: Desk) -> None:
    readings(desk, "Rate", (0.1, 0.3))
    assert desk.call("growth.kpi.get_trend", kpi_name="rate").delta == 0.2


def test_the_pure_functions_know_short_series() -> None:
    assert theil_sen([1]) is None
    assert mann_kendall([]).p == 1
    assert moving_average([1, 2], 3) == [None, None]


def test_a_kpi_is_renamed_without_taking_a_name(desk: Desk) -> None:
    readings(desk, "MRR", (1,), unit="EUR")
    desk.call("growth.kpi.record_kpi", name="ARR", value=12)
    with pytest.raises(Conflict, match="There is a KPI 'arr' already"):
        desk.call("growth.kpi.update_kpi", kpi="MRR", name="arr")
    with pytest.raises(Conflict, match="its unit stays"):
        desk.call("growth.kpi.update_kpi", kpi="MRR", unit="USD")
    with pytest.raises(Conflict, match="There is a KPI 'mrr' already"):
        desk.call("growth.kpi.define_kpi", name="mrr")
    view = desk.call("growth.kpi.update_kpi", kpi="MRR", name="Income", target=100)
    assert (view.name, view.target) == ("Income", 100)
    assert desk.call("growth.kpi.update_kpi", kpi="Income", clear_target=True).target is None
