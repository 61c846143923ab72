"""Cohorts that are typed: the matrix, what is refused, what is blank; churn found in them."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound
from tests.factories import Desk, events, kinds


def cohort(desk: Desk, name: str, *active: int, **more: Any) -> Any:
    made = desk.call("growth.cohort.create_cohort", name=name, size=active[0], **more)
    for period, count in enumerate(active[1:], 1):
        desk.call("growth.cohort.record_activity", cohort=name, period=period, active=count)
    return made


def test_r_004_r_020_r_021_r_023_create_a_cohort_then_list(desk: Desk) -> None:
    made = desk.call("growth.cohort.create_cohort", name="August", size=100)
    assert made.cohort_id
    assert (made.start, made.period, made.kind) == ("2026-11", "month", "survival")
    assert desk.call("growth.cohort.list_cohorts").items == (made,)


def test_r_022_r_041_q_112_the_matrix_with_its_weighted_mean(desk: Desk) -> None:
    cohort(desk, "2026-08", 100, 80, 60, 50)
    cohort(desk, "2026-09", 300, 210, 150)
    cohort(desk, "2026-10", 200, 100)
    view = desk.call("growth.cohort.analyze_retention")
    assert [row.active for row in view.rows] == [(100, 80, 60, 50), (300, 210, 150), (200, 100)]
    # November runs: the last cell of each cohort is not over, and in no mean.
    assert view.mean == (1.0, pytest.approx(290 / 400), 0.6, None)
    assert view.incomplete == ("2026-11",)
    assert [row.incomplete_from for row in view.rows] == [3, 2, 1]
    one = desk.call("growth.cohort.analyze_retention", cohort="2026-08")
    assert one.rows[0].shares == (1.0, 0.8, 0.6, 0.5)


def test_r_091_q_117_an_analysis_is_in_the_log(desk: Desk) -> None:
    cohort(desk, "2026-08", 100, 80)
    desk.call("growth.cohort.analyze_retention")
    assert kinds(desk, "growth.cohort")[-1] == "growth.cohort.analyzed"
    assert events(desk, "growth.cohort.analyzed")[0].payload["mean"] == [1.0, 0.8]
    desk.call("growth.cohort.matrix")
    assert len(events(desk, "growth.cohort.analyzed")) == 1


def test_q_112_blank_is_not_zero(desk: Desk) -> None:
    made = cohort(desk, "2026-06", 10, kind="activity")
    desk.call("growth.cohort.record_activity", cohort_id=made.cohort_id, period=3, active=0)
    (row,) = desk.call("growth.cohort.matrix").rows
    assert row.active == (10, None, None, 0)
    assert row.shares == (1.0, None, None, 0.0)


def test_a_cohort_without_a_start_is_as_old_as_what_is_recorded(desk: Desk) -> None:
    cohort(desk, "Beta", 10, 9, 8)
    (row,) = desk.call("growth.cohort.matrix").rows
    assert (row.period, row.active, row.incomplete_from) == ("2026-08", (10, 9, 8), None)


@pytest.mark.parametrize(
    ("period", "active", "said"),
    [
        (1, 101, "more than the 100 of"),
        (2, 50, "no count for period 1"),
        (0, 90, "is its size, 100"),
        (9, 1, "has no count for period 1"),
    ],
)
def test_c2_6_what_a_survival_cohort_cannot_be(
    desk: Desk, period: int, active: int, said: str
) -> None:
    cohort(desk, "2026-08", 100)
    with pytest.raises(InvalidInput, match=said):
        desk.call("growth.cohort.record_activity", cohort="2026-08", period=period, active=active)


def test_c2_6_survivors_do_not_rise_and_no_cohort_is_empty(desk: Desk) -> None:
    cohort(desk, "2026-08", 100, 80, 70)
    for period, active in ((1, 69), (2, 81)):
        with pytest.raises(InvalidInput, match="would let them rise"):
            desk.call(
                "growth.cohort.record_activity", cohort="2026-08", period=period, active=active
            )
    for size in (0, -1, 1.5, "many"):
        with pytest.raises(InvalidInput, match="size"):
            desk.call("growth.cohort.create_cohort", name="x", size=size)
    desk.call("growth.cohort.record_activity", cohort="2026-08", period=3, active=60)
    with pytest.raises(InvalidInput, match="has not begun yet"):
        desk.call("growth.cohort.record_activity", cohort="2026-08", period=4, active=60)
    with pytest.raises(Conflict, match="already"):
        cohort(desk, "2026-08", 5)
    with pytest.raises(NotFound, match="no cohort"):
        desk.call("growth.cohort.record_activity", cohort="none", period=1, active=1)
    with pytest.raises(InvalidInput, match="has not begun yet"):
        cohort(desk, "2027-01", 5)


def test_cohorts_are_corrected_deleted_and_brought_back(desk: Desk) -> None:
    cohort(desk, "2026-08", 100, 80)
    desk.call("growth.cohort.record_activity", cohort="2026-08", period=1, active=75)
    with pytest.raises(InvalidInput, match="cannot be smaller"):
        desk.call("growth.cohort.update_cohort", cohort="2026-08", size=70)
    desk.call("growth.cohort.update_cohort", cohort="2026-08", name="August", size=110)
    desk.call("growth.cohort.delete_cohort", cohort="august")
    assert desk.call("growth.cohort.list_cohorts").items == ()
    desk.call("undo")
    (row,) = desk.call("growth.cohort.list_cohorts").items
    assert (row.name, row.size, row.active) == ("August", 110, (110, 75))
    desk.call("undo")
    desk.call("undo")
    assert desk.call("growth.cohort.list_cohorts").items[0].active == (100, 80)


def test_the_projection_takes_the_sessions_own_cohorts(desk: Desk) -> None:
    for month, *active in (
        ("06", 120, 90, 75, 66, 60),
        ("07", 120, 92, 74, 65),
        ("08", 120, 88, 73),
    ):
        cohort(desk, f"2026-{month}", *active)
    view = desk.call("growth.cohort.project_churn")
    assert (view.customers, view.cohorts, view.projection[0].period) == (360, 3, 5)
    assert 0.4 < view.projection[0].survival < 0.6


def test_r_086_r_093_r_123_r_124_q_116_churn_is_detected_once_for_each_case(desk: Desk) -> None:
    for month in ("05", "06", "07"):
        cohort(desk, f"2026-{month}", 200, 180)
    cohort(desk, "2026-08", 200, 120)
    first = desk.call("growth.churn.detect")
    assert [case.name for case in first.detected] == ["2026-08"]
    case = first.detected[0]
    assert (case.active, case.size, case.pool, case.pool_size) == (120, 200, 0.9, 600)
    assert case.upper < 0.9
    again = desk.call("growth.churn.detect")
    assert (again.detected, len(again.open)) == ((), 1)
    assert len(events(desk, "growth.churn.detected")) == 1
    desk.call("growth.cohort.record_activity", cohort="2026-08", period=1, active=185)
    assert desk.call("growth.churn.detect").ended == 1
    desk.call("growth.cohort.record_activity", cohort="2026-08", period=1, active=110)
    assert len(desk.call("growth.churn.detect").detected) == 1
    assert len(desk.call("growth.churn.list_cases").items) == 2


def test_few_customers_are_too_few_to_tell(desk: Desk) -> None:
    cohort(desk, "2026-07", 20, 18)
    cohort(desk, "2026-08", 20, 16)
    scan = desk.call("growth.churn.detect")
    assert (scan.detected, scan.message) == ((), "No cohort loses more than chance explains.")


def test_without_older_cohorts_nothing_is_said(desk: Desk) -> None:
    assert "no cohort with a period that is over" in desk.call("growth.churn.detect").message
    cohort(desk, "2026-07", 20, 8)
    assert "too few customers in older cohorts" in desk.call("growth.churn.detect").message
