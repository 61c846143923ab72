"""What the second seed lists and no other test of growth names: identity, events, tools, operations as data."""

from __future__ import annotations

import pytest

from rusvel_tui.engine import departments
from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.errors import InvalidInput, NotPermitted
from rusvel_tui.engine.event_kinds import EVENT_KINDS
from rusvel_tui.engine.growth.facts.measures import MEASURES
from rusvel_tui.engine.job_kinds import JOB_KINDS
from rusvel_tui.engine.manifests.manifest import Department
from rusvel_tui.engine.operation import OPERATIONS
from tests.engine.growth.helpers import counts, happen, readings, states
from tests.factories import Desk, events, kinds, query

departments.load()


def department() -> Department:
    return next(one for one in departments.DEPARTMENTS if one.id == "growth")


def test_r_001_r_002_r_007_r_060_growth_is_a_department() -> None:
    found = department()
    assert (found.name, found.id) == ("Growth Department", "growth")
    assert "Funnels, cohorts, KPIs" in found.summary


def test_r_006_r_051_r_052_r_061_its_areas_are_funnel_cohort_and_kpi() -> None:
    areas = {
        name.split(".")[1]
        for name, one in OPERATIONS.items()
        if one.department == "growth" and name.count(".") > 1
    }
    assert areas >= {"funnel", "cohort", "kpi"}


@pytest.mark.parametrize(
    "name",
    [
        "growth.funnel.add_stage",
        "growth.cohort.create_cohort",
        "growth.kpi.record_kpi",
        "growth.kpi.get_trend",
    ],
)
def test_r_008_r_070_r_071_r_072_r_073_the_four_tools_are_there_and_reachable(name: str) -> None:
    assert not OPERATIONS[name].internal
    assert not OPERATIONS[name].human_only


def test_the_assistant_may_call_the_tools(desk: Desk) -> None:
    with desk.acting_as(Actor("assistant", human=False)):
        assert desk.call("growth.funnel.add_stage", name="Visit", order=1).stage_id
        assert desk.call("growth.cohort.create_cohort", name="August", size=10).cohort_id
        assert desk.call("growth.kpi.record_kpi", name="MRR", value=1, unit="USD").kpi_id
        assert desk.call("growth.kpi.get_trend", kpi_name="MRR").latest == 1
        with pytest.raises(NotPermitted):
            desk.call("growth.kpi.delete_kpi", kpi="MRR")


def test_r_005_r_030_r_033_a_reading_has_all_that_it_needs(desk: Desk) -> None:
    made = desk.call(
        "growth.kpi.record_kpi", name="MRR", value="12000.50", unit="usd", note="\x1b[31mnew"
    )
    (reading,) = desk.call("growth.kpi.list_readings", kpi="MRR").items
    assert (reading.value, reading.note, reading.at) == (12000.5, "new", desk.engine.clock.now())
    assert (made.name, made.unit) == ("MRR", "USD")


def test_r_032_the_trend_is_an_operation_of_the_engine(desk: Desk) -> None:
    readings(desk, "MRR", (1, 2))
    with pytest.raises(Exception, match="There are: MRR"):
        desk.call("growth.kpi.get_trend", kpi_name="ARR")


def test_t_049_the_file_is_whole_after_all_of_it(desk: Desk) -> None:
    happen(desk, ("a", "S", 0))
    readings(desk, "MRR", (1, 2))
    desk.call("growth.cohort.create_cohort", name="2026-08", size=10)
    desk.engine.check()
    assert desk.call("check.damage").items == ()
    assert query(desk, "PRAGMA foreign_key_check") == []


@pytest.mark.parametrize(
    "kind",
    [
        "growth.funnel.updated",
        "growth.cohort.analyzed",
        "growth.kpi.recorded",
        "growth.churn.detected",
        "growth.kpi.alert",
    ],
)
def test_r_094_r_126_r_131_the_events_are_listed(kind: str) -> None:
    assert EVENT_KINDS[kind]


def test_r_090_q_117_a_change_of_a_funnel_is_an_event(desk: Desk) -> None:
    desk.call("growth.funnel.add_stage", name="Visit")
    assert kinds(desk, "growth") == ["growth.funnel.updated"]
    assert events(desk, "growth")[0].payload["name"] == "Main"


def test_a_refused_change_leaves_neither_rows_nor_an_event(desk: Desk) -> None:
    readings(desk, "MRR", (1,), unit="EUR")
    before = events(desk, "growth")
    with pytest.raises(InvalidInput):
        desk.call("growth.kpi.record_kpi", name="MRR", value=2, unit="USD")
    assert events(desk, "growth") == before
    assert query(desk, "SELECT count(*) FROM kpi_reading") == [(1,)]


def test_r_083_jobs_of_growth_are_listed() -> None:
    assert {"KpiSnapshot", "CohortAnalysis", "ChurnScan"} <= set(JOB_KINDS)


def test_r_130_everything_is_kept_in_tables(desk: Desk) -> None:
    tables = {
        name for (name,) in query(desk, "SELECT name FROM sqlite_master WHERE type = 'table'")
    }
    assert {
        "funnel",
        "funnel_stage",
        "funnel_count",
        "cohort",
        "cohort_activity",
        "kpi",
        "kpi_reading",
    } <= tables


def test_q_119_what_the_app_measures_is_listed_with_its_words() -> None:
    assert {"mrr", "reply_rate", "win_rate", "pipeline", "revenue", "overdue", "dso"} <= set(
        MEASURES
    )
    assert all(measure.about for measure in MEASURES.values())


def test_t_117_a_funnel_without_visitors_has_no_shares(desk: Desk) -> None:
    desk.call("growth.funnel.create", name="Site", stages=["Visit", "Paid"])
    for stage in ("Visit", "Paid"):
        desk.call("growth.funnel.record_conversion", stage=stage, count=0)
    view = desk.call("growth.funnel.analyze", funnel="Site")
    assert counts(view) == [0, 0]
    assert [step.overall for step in view.steps] == [None, None]
    assert view.biggest_leak is None


def test_t_117_retention_with_missing_periods_one_reading_and_hysteresis(desk: Desk) -> None:
    made = desk.call("growth.cohort.create_cohort", name="2026-06", size=10, kind="activity")
    desk.call("growth.cohort.record_activity", cohort_id=made.cohort_id, period=2, active=5)
    assert desk.call("growth.cohort.matrix").mean == (1.0, None, 0.5)
    readings(desk, "MRR", (7,))
    assert desk.call("growth.kpi.get_trend", kpi_name="MRR").delta is None
    assert (
        states(desk, {"op": ">", "threshold": 10, "clear": 8}, (11, 9, 11, 8, 9))
        == ["firing"] * 3 + ["–"] * 2
    )
