"""Alerts on KPIs: Prometheus' cases, restated, ours, and one event and one notice for each change of state."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import InvalidInput, NotFound
from rusvel_tui.engine.growth.kpi.alerting import AlertRule, AlertState, replay
from tests.engine.growth.helpers import readings, states
from tests.factories import Desk, events, kinds

LOW = {"op": "<", "threshold": 100, "for_periods": 1}


@pytest.mark.parametrize(
    ("rule", "points", "expected"),
    [
        (LOW, (75, 85, 95, 105, 105, 95, 85), "pending firing firing – – pending firing"),
        (LOW, (80, 90, 100, 110, 120, 130, 140), "pending firing – – – – –"),
        (
            {"op": ">", "threshold": 50, "for_periods": 1, "keep_firing_periods": 1},
            (75, 85, 70, 70, 10, 10),
            "pending firing firing firing firing –",
        ),
        ({"op": ">", "threshold": 100, "clear": 90}, (95, 101, 97, 92, 90, 99), "– firing firing firing – –"),
        (
            {"op": "<", "threshold": -10, "change_over": 1},
            (0, 0, 100, 89, None, 80),
            "– – – firing firing firing",
        ),
        (
            {"op": "<", "threshold": -10, "change_over": 1, "no_data": "ok"},
            (0, 0, 100, 89, None, 80),
            "– – – firing – –",
        ),
        ({"op": "<", "threshold": 5, "no_data": "alert"}, (9, None, 9), "– firing –"),
    ],
    ids=["a1", "a2", "a3", "a7", "a8_keep", "a8_ok", "no_data_alert"],
)  # fmt: skip
def test_prometheus_cases_q_115(
    desk: Desk, rule: dict[str, Any], points: Any, expected: str
) -> None:
    assert states(desk, rule, points) == expected.split()


def test_prometheus_a5_a_restart_while_pending_goes_on(desk: Desk) -> None:
    readings(desk, "MRR", (80,))
    alert = desk.call("growth.kpi.create_alert", kpi="MRR", rule={**LOW, "no_data_days": 3})
    assert alert.state is AlertState.PENDING
    clock = desk.engine.clock
    desk.engine.close()
    desk.engine = Engine(desk.engine.path, clock=clock)
    assert desk.call("growth.kpi.list_alerts").items[0].state is AlertState.PENDING
    desk.later(days=1)
    desk.call("growth.kpi.record_kpi", name="MRR", value=70)
    assert desk.call("growth.kpi.list_alerts").items[0].state is AlertState.FIRING


def test_prometheus_a6_after_a_long_gap_pending_begins_anew(desk: Desk) -> None:
    readings(desk, "MRR", (80,))
    desk.call("growth.kpi.create_alert", kpi="MRR", rule={**LOW, "no_data_days": 3})
    desk.later(days=9)
    desk.call("growth.kpi.record_kpi", name="MRR", value=70)
    assert desk.call("growth.kpi.list_alerts").items[0].state is AlertState.PENDING
    desk.later(days=1)
    desk.call("growth.kpi.record_kpi", name="MRR", value=70)
    assert desk.call("growth.kpi.list_alerts").items[0].state is AlertState.FIRING


def test_q_115_r_042_one_event_and_one_notice_for_each_transition(desk: Desk) -> None:
    readings(desk, "MRR", (120,), unit="EUR")
    alert = desk.call("growth.kpi.create_alert", kpi="mrr", rule={"op": "<", "threshold": 100})
    assert (alert.name, alert.state) == ("MRR < 100 EUR", AlertState.INACTIVE)
    for value in (90, 80, 110, 120, 70):
        desk.later(hours=1)
        desk.call("growth.kpi.record_kpi", name="MRR", value=value)
    told = [
        (e.payload["before"], e.payload["after"])
        for e in reversed(events(desk, "growth.kpi.alert"))
    ]
    assert told == [("inactive", "firing"), ("firing", "inactive"), ("inactive", "firing")]
    notices = desk.call("growth.kpi.list_notices").items
    assert [notice.after for notice in notices] == ["firing", "inactive", "firing"]
    assert notices[0].text == "MRR < 100 EUR: MRR is at 70."
    assert desk.call("growth.kpi.get_kpi", kpi="MRR").alerts == ("MRR < 100 EUR",)


def test_the_event_is_in_the_transaction_of_its_cause_and_undo_tells_again(desk: Desk) -> None:
    readings(desk, "MRR", (120,))
    desk.call("growth.kpi.create_alert", kpi="mrr", rule={"op": "<", "threshold": 100})
    desk.call("growth.kpi.record_kpi", name="MRR", value=50)
    assert kinds(desk, "growth")[-2:] == ["growth.kpi.recorded", "growth.kpi.alert"]
    desk.call("undo")
    assert desk.call("growth.kpi.list_alerts").items[0].state is AlertState.INACTIVE


def test_acknowledged_until_it_fires_anew(desk: Desk) -> None:
    readings(desk, "MRR", (50,))
    alert = desk.call("growth.kpi.create_alert", kpi="mrr", rule={"op": "<", "threshold": 100})
    assert len(desk.call("growth.kpi.list_notices", unseen=True).items) == 1
    seen = desk.call("growth.kpi.acknowledge_alert", alert_id=alert.alert_id)
    assert seen.acknowledged_at == desk.engine.clock.now()
    assert desk.call("growth.kpi.list_notices", unseen=True).items == ()
    for value in (150, 60):
        desk.later(hours=1)
        desk.call("growth.kpi.record_kpi", name="MRR", value=value)
    assert desk.call("growth.kpi.list_alerts").items[0].acknowledged_at is None


def test_a_snoozed_alert_is_followed_in_silence(desk: Desk) -> None:
    readings(desk, "MRR", (150,))
    alert = desk.call("growth.kpi.create_alert", kpi="mrr", rule={"op": "<", "threshold": 100})
    desk.call("growth.kpi.snooze_alert", alert_id=alert.alert_id, until="2 days")
    desk.call("growth.kpi.record_kpi", name="MRR", value=50)
    (notice,) = desk.call("growth.kpi.list_notices").items
    assert notice.quiet
    assert desk.call("growth.kpi.list_notices", unseen=True).items == ()
    with pytest.raises(InvalidInput, match="still to come"):
        desk.call("growth.kpi.snooze_alert", alert_id=alert.alert_id, until="yesterday")


def test_missing_readings_are_noticed_by_the_daily_job(desk: Desk) -> None:
    readings(desk, "MRR", (150,))
    rule = {"op": "<", "threshold": 100, "no_data": "alert", "no_data_days": 5}
    desk.call("growth.kpi.create_alert", kpi="mrr", rule=rule)
    for _ in range(8):
        desk.later(days=1)
        desk.work()
    assert [e.payload["after"] for e in events(desk, "growth.kpi.alert")] == ["firing"]
    assert "without a reading" in desk.call("growth.kpi.list_notices").items[0].text


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"op": ">", "threshold": 100, "clear": 110}, "ends below that, not at 110"),
        ({"op": "<", "threshold": 100, "clear": 90}, "ends above that, not at 90"),
        ({"op": ">", "threshold": 100, "for_periods": -1}, "for_periods is a count"),
        (
            {"op": ">", "threshold": 100, "keep_firing_periods": -1},
            "keep_firing_periods is a count",
        ),
        ({"op": ">", "threshold": 100, "change_over": 0}, "over at least 1 reading"),
        ({"op": "~", "threshold": 100}, "is no comparison"),
        ({"op": ">", "threshold": 100, "no_data_days": 0}, "after at least 1 day"),
        ({"op": ">", "threshold": "NaN"}, "not a number"),
    ],
)
def test_c2_8_a_rule_that_makes_no_sense_is_refused(
    desk: Desk, rule: dict[str, Any], said: str
) -> None:
    readings(desk, "MRR", (1,))
    for call in ({"points": [1]}, {"kpi": "MRR"}):
        name = "growth.kpi.evaluate_alert" if "points" in call else "growth.kpi.create_alert"
        with pytest.raises(InvalidInput, match=said):
            desk.call(name, rule=rule, **call)
    with pytest.raises(NotFound, match="There is no KPI 'ARR'"):
        desk.call("growth.kpi.create_alert", kpi="ARR", rule=LOW)
    assert desk.call("growth.kpi.list_alerts").items == ()


def test_setting_an_alert_that_fires_at_once_is_taken_back_and_done_again(desk: Desk) -> None:
    readings(desk, "MRR", (50,))
    desk.call("growth.kpi.create_alert", kpi="MRR", rule={"op": "<", "threshold": 100})
    desk.call("undo")
    assert desk.call("growth.kpi.list_alerts").items == ()
    desk.call("redo")
    assert desk.call("growth.kpi.list_alerts").items[0].state is AlertState.FIRING


def test_an_alert_is_changed_deleted_and_brought_back(desk: Desk) -> None:
    readings(desk, "MRR", (80,))
    alert = desk.call("growth.kpi.create_alert", kpi="MRR", rule={"op": "<", "threshold": 50})
    changed = desk.call(
        "growth.kpi.update_alert",
        alert_id=alert.alert_id,
        rule={"op": "<", "threshold": 90},
        name="Low",
    )
    assert (changed.name, changed.state) == ("Low", AlertState.FIRING)
    assert desk.call("growth.kpi.list_alerts", kpi="MRR", firing=True).items == (changed,)
    desk.call("growth.kpi.delete_alert", alert_id=alert.alert_id)
    assert desk.call("growth.kpi.list_alerts").items == ()
    desk.call("undo")
    assert desk.call("growth.kpi.list_alerts").items[0].name == "Low"


values = st.lists(st.one_of(st.none(), st.floats(-100, 100)), max_size=30)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    points=values, op=st.sampled_from(["<", ">", "<=", ">="]), hold=st.integers(0, 3), keep=st.integers(0, 3),
    back=st.integers(0, 2), margin=st.floats(0, 20),
)  # fmt: skip
def test_replaying_gives_the_same_states_and_every_prefix_agrees(
    points: list[float | None], op: str, hold: int, keep: int, back: int, margin: float
) -> None:
    clear = -margin if op.startswith(">") else margin
    rule = AlertRule(op, 0, clear, hold, keep, back)
    found = replay(rule, points)
    assert found == replay(rule, points)
    for end in range(len(points)):
        assert replay(rule, points[:end]) == found[:end]
    assert not hold or not found or found[0] is not AlertState.FIRING
