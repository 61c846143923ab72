"""Corner cases of growth: corrections by id, kept event funnels, defaults, lists by kind."""

from __future__ import annotations

import pytest

from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound
from tests.engine.growth.helpers import counts, happen, people, readings
from tests.factories import Desk


def test_q_113_a_reading_is_corrected_by_its_id(desk: Desk) -> None:
    readings(desk, "MRR", (10, 20))
    newest = desk.call("growth.kpi.list_readings", kpi="MRR").items[0]
    done = desk.call(
        "growth.kpi.correct_reading", reading_id=newest.reading_id, value=25, note="typo", version=1
    )
    assert (done.value, done.previous, done.delta) == (25, 10, 15)
    with pytest.raises(Conflict, match="changed by somebody else"):
        desk.call("growth.kpi.correct_reading", reading_id=newest.reading_id, value=26, version=1)
    same = desk.call("growth.kpi.correct_reading", reading_id=newest.reading_id, value=25)
    assert not same.recorded
    (fix,) = desk.call("growth.kpi.list_readings", kpi="MRR").items[0].corrections
    assert (fix.before, fix.after, fix.note, fix.actor) == (20, 25, "typo", "user")
    with pytest.raises(NotFound, match="no reading"):
        desk.call("growth.kpi.correct_reading", reading_id="x", value=1)


def test_a_kpi_without_a_unit_takes_that_of_its_first_reading(desk: Desk) -> None:
    desk.call("growth.kpi.define_kpi", name="MRR")
    assert desk.call("growth.kpi.record_kpi", name="MRR", value=1, unit="eur").unit == "EUR"
    with pytest.raises(InvalidInput, match="at most 20 characters"):
        desk.call("growth.kpi.record_kpi", name="x", value=1, unit="u" * 30)
    for moment in ("soon", "2026-02-30", "2026-11-24T99:00"):
        with pytest.raises(InvalidInput, match="not a"):
            desk.call("growth.kpi.record_kpi", name="MRR", value=1, at=moment)
    with pytest.raises(InvalidInput, match="not a cursor"):
        desk.call("growth.kpi.list_readings", kpi="MRR", cursor="x")


def test_an_event_funnel_is_kept_with_its_rules(desk: Desk) -> None:
    people(desk, ["SP", "S", "SXP"])
    rule = {"event": "other", "from_step": 1, "to_step": 2}
    made = desk.call(
        "growth.funnel.create",
        name="App",
        steps=["signed up", "paid"],
        window="3d",
        exclusions=[rule],
    )
    assert desk.call("growth.funnel.get", funnel="app") == made
    assert counts(desk.call("growth.funnel.analyze", funnel="App")) == [2, 1]
    assert counts(desk.call("growth.funnel.analyze", funnel="App", window="30s")) == [3, 0]
    with pytest.raises(Conflict, match="counts events"):
        desk.call("growth.funnel.add_stage", funnel="App", name="x")


def test_stages_make_room_for_one_that_moves(desk: Desk) -> None:
    desk.call("growth.funnel.create", name="Site", stages=["A", "B", "C"])
    last = desk.call("growth.funnel.list_stages").items[-1]
    desk.call("growth.funnel.update_stage", stage_id=last.stage_id, order=1, name="First")
    assert [s.name for s in desk.call("growth.funnel.list_stages").items] == ["First", "A", "B"]
    with pytest.raises(NotFound, match="no stage"):
        desk.call("growth.funnel.record_conversion", stage_id="x", count=1)
    with pytest.raises(NotFound, match="Its stages: First, A, B"):
        desk.call("growth.funnel.record_conversion", stage="Z", count=1)


def test_without_a_start_the_running_period_is_the_last(desk: Desk) -> None:
    happen(desk, ("a", "S", 0))
    view = desk.call("growth.cohort.retention", start_event="signed up", period="month", periods=3)
    assert [row.period for row in view.rows] == ["2026-09", "2026-10", "2026-11"]
    assert view.incomplete == ("2026-11",)


@pytest.mark.parametrize("kind", ["kpis", "funnels", "cohorts", "alerts"])
def test_the_lists_by_kind(desk: Desk, kind: str) -> None:
    readings(desk, "MRR", (1,))
    desk.call("growth.funnel.add_stage", name="Visit")
    desk.call("growth.cohort.create_cohort", name="2026-08", size=3)
    desk.call("growth.kpi.create_alert", kpi="MRR", rule={"op": ">", "threshold": 5})
    assert len(desk.call("growth.list", kind=kind.title()).items) == 1


def test_cohorts_by_the_week_and_lists_have_pages(desk: Desk) -> None:
    for week in ("2026-W40", "2026-W41", "2026-W42"):
        desk.call("growth.cohort.create_cohort", name=week, size=5)
    page = desk.call("growth.cohort.list_cohorts", limit=2)
    assert [one.name for one in page.items] == ["2026-W42", "2026-W41"]
    assert [
        one.name for one in desk.call("growth.cohort.list_cohorts", limit=2, cursor=page.next).items
    ] == ["2026-W40"]
    with pytest.raises(InvalidInput, match="is a week, not a month"):
        desk.call("growth.cohort.create_cohort", name="x", size=5, start="2026-W40", period="month")
    desk.call("growth.churn.detect")
    assert desk.call("growth.churn.list_cases", cursor="0").items == ()
