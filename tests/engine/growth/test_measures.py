"""KPIs that the app computes, and the jobs that keep them: never twice for one period."""

from __future__ import annotations

from tests.engine.growth.helpers import readings
from tests.factories import Desk, events, query


def measures(desk: Desk, months: int = 1) -> dict[str, float | None]:
    return {
        one.key: one.value for one in desk.call("growth.kpi.list_measures", months=months).items
    }


def test_q_118_q_119_deals_and_mails_are_measured_by_themselves(desk: Desk) -> None:
    for stage, value in (("Won", "100"), ("Lost", "50"), ("Lead", "70.50")):
        deal = desk.call(
            "gtm.crm.add_deal", contact_id=desk.contact().contact_id, title=stage, value=value
        )
        if stage != "Lead":
            desk.call("gtm.crm.advance_deal", deal_id=deal.deal_id, stage=stage, reason="so it was")
    desk.approve(desk.drafted())
    desk.work()
    found = measures(desk)
    assert (found["win_rate"], found["pipeline"], found["reply_rate"]) == (50, 70.5, 0)
    assert (found["mrr"], found["dso"], found["revenue"]) == (None, None, None)
    desk.call("growth.saas.record_subscription", customer="a", month="2026-11", mrr="49.90")
    assert measures(desk)["mrr"] == 49.9


def test_measures_have_their_months(desk: Desk) -> None:
    desk.call("gtm.crm.add_deal", contact_id=desk.contact().contact_id, title="a", value="100")
    desk.later(days=40)
    (pipeline,) = [
        m for m in desk.call("growth.kpi.list_measures", months=3).items if m.key == "pipeline"
    ]
    assert (pipeline.months, pipeline.points) == (
        ("2026-11", "2026-12", "2027-01"),
        (100, 100, 100),
    )
    assert [m.key for m in desk.call("growth.dashboard", months=3).measures] == ["pipeline"]


def test_r_084_r_133_q_118_a_snapshot_makes_readings_of_them(desk: Desk) -> None:
    desk.call("gtm.crm.add_deal", contact_id=desk.contact().contact_id, title="a", value="100")
    done = desk.call("growth.kpi.take_snapshot")
    assert (done.recorded, done.names) == (len(done.names), ("Meetings", "Pipeline"))
    kpi = desk.call("growth.kpi.get_kpi", kpi="Pipeline")
    assert (kpi.latest, kpi.unit, kpi.source, kpi.count) == (100, "EUR", "app", 1)
    desk.call("growth.kpi.take_snapshot")
    assert desk.call("growth.kpi.get_kpi", kpi="Pipeline").count == 1


def test_a_kpi_that_somebody_types_stays_theirs(desk: Desk) -> None:
    desk.call("growth.kpi.record_kpi", name="Pipeline", value=7, unit="deals")
    desk.call("gtm.crm.add_deal", contact_id=desk.contact().contact_id, title="a", value="100")
    desk.call("growth.kpi.take_snapshot")
    assert desk.call("growth.kpi.get_kpi", kpi="Pipeline").points == (7,)


def test_r_083_r_084_r_085_r_086_jobs_run_once_for_each_period(desk: Desk) -> None:
    readings(desk, "MRR", (1,))
    desk.call("gtm.crm.add_deal", contact_id=desk.contact().contact_id, title="a", value="100")
    desk.call("growth.cohort.create_cohort", name="2026-08", size=10)
    for _ in range(28):
        desk.later(hours=12)
        desk.work()
    runs = query(desk, "SELECT kind, count(*) FROM growth_run GROUP BY kind ORDER BY kind")
    assert dict(runs) == {"ChurnScan": 14, "CohortAnalysis": 2, "KpiSnapshot": 14}
    assert len(events(desk, "growth.cohort.analyzed")) == 2
    assert desk.call("growth.kpi.get_kpi", kpi="Pipeline").count == 14
    ahead = query(
        desk, "SELECT kind, count(*) FROM job WHERE state = 'queued' GROUP BY kind ORDER BY kind"
    )
    assert dict(ahead) == {"ChurnScan": 1, "CohortAnalysis": 1, "KpiSnapshot": 1}


def test_a_job_that_is_queued_twice_does_its_period_once(desk: Desk) -> None:
    readings(desk, "MRR", (1,))
    desk.later(days=1)
    desk.work()
    with desk.engine.connected() as connection:
        connection.execute(
            "UPDATE job SET state = 'queued', run_at = created_at, finished_at = NULL, unique_key = NULL WHERE state = 'succeeded'"
        )
    before = query(desk, "SELECT kind, period FROM growth_run ORDER BY 1, 2")
    desk.work()
    assert query(desk, "SELECT kind, period FROM growth_run ORDER BY 1, 2") == before


def test_a_job_whose_worker_vanished_is_done_by_the_next(desk: Desk) -> None:
    readings(desk, "MRR", (1,))
    desk.later(days=1)
    desk.call("job.claim", owner="gone")
    desk.later(hours=1)
    desk.work()
    assert len(query(desk, "SELECT kind FROM growth_run")) == 2  # the week is not over


def test_r_132_the_numbers_stand_without_an_assistant(desk: Desk) -> None:
    assert desk.call("growth.churn.detect").message
    assert desk.call("growth.dashboard").problems == ()


def test_z_is_for_what_a_person_did_not_for_the_daily_snapshot(desk: Desk) -> None:
    desk.call("gtm.crm.add_deal", contact_id=desk.contact().contact_id, title="a", value="100")
    desk.call("growth.kpi.record_kpi", name="NPS", value=40)
    desk.later(days=1)
    desk.work()
    assert desk.call("growth.kpi.get_kpi", kpi="Pipeline").count == 1
    assert desk.call("undo").name == "NPS"
    assert [kpi.name for kpi in desk.call("growth.kpi.list_kpis").items] == ["Meetings", "Pipeline"]
    desk.call("redo")
    assert desk.call("growth.kpi.get_kpi", kpi="NPS").latest == 40


def test_without_cohorts_the_weekly_look_says_nothing(desk: Desk) -> None:
    readings(desk, "MRR", (1,))
    for _ in range(8):
        desk.later(days=1)
        desk.work()
    assert events(desk, "growth.cohort.analyzed") == []
