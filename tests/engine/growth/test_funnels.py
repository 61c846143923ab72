"""Funnels that are typed, and those that the app fills; the dashboard and the status."""

from __future__ import annotations

import pytest

from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound
from tests.engine.growth.helpers import counts, happen, readings
from tests.factories import Desk, events, kinds, statements


def site(desk: Desk) -> None:
    desk.call(
        "growth.funnel.create", name="Site", stages=["Visit", "Signup", "Paid"], period="month"
    )
    for stage, now, before in (("Visit", 1000, 800), ("Signup", 120, 100), ("Paid", 30, 10)):
        desk.call("growth.funnel.record_conversion", stage=stage, count=now, period="2026-11")
        desk.call("growth.funnel.record_conversion", stage=stage, count=before, period="2026-10")


def test_t_047_r_003_r_010_r_011_r_070_add_stages_then_list(desk: Desk) -> None:
    last = desk.call("growth.funnel.add_stage", name="Paid", order=2)
    desk.call("growth.funnel.add_stage", name="Visit", order=1)
    assert last.stage_id
    assert [s.name for s in desk.call("growth.funnel.list_stages").items] == ["Visit", "Paid"]
    assert desk.call("growth.funnel.add_stage", name="Kept").order == 3
    assert kinds(desk, "growth") == ["growth.funnel.updated"] * 3


def test_r_012_r_013_r_040_r_120_r_121_q_110_q_111_typed_counts_with_drop_off(desk: Desk) -> None:
    site(desk)
    view = desk.call("growth.funnel.analyze", funnel="site")
    assert (view.kind, view.period, counts(view)) == ("counts", "2026-11", [1000, 120, 30])
    assert [step.from_previous for step in view.steps] == [None, 0.12, 0.25]
    assert [step.overall for step in view.steps] == [1.0, 0.12, 0.03]
    assert [step.dropped for step in view.steps] == [0, 880, 90]
    assert view.biggest_leak == "Signup"
    assert (view.previous.period, counts(view.previous)) == ("2026-10", [800, 100, 10])
    assert desk.call("growth.funnel.analyze", funnel="Site", period="2026-10").previous is None


def test_q_110_counts_are_corrected_added_to_and_taken_back(desk: Desk) -> None:
    site(desk)
    done = desk.call(
        "growth.funnel.record_conversion", stage="Paid", count=5, add=True, period="2026-11"
    )
    assert (done.count, done.before) == (35, 30)
    desk.call("undo")
    assert counts(desk.call("growth.funnel.analyze", funnel="Site"))[2] == 30


def test_q_111_more_than_before_is_flagged_and_blank_is_not_zero(desk: Desk) -> None:
    desk.call("growth.funnel.create", name="Site", stages=["A", "B", "C"])
    desk.call("growth.funnel.record_conversion", stage="A", count=10)
    desk.call("growth.funnel.record_conversion", stage="B", count=15)
    steps = desk.call("growth.funnel.analyze", funnel="Site").steps
    assert (steps[1].from_previous, steps[1].dropped) == (1.5, 0)
    assert steps[1].note == "more than in the step before: not the same people"
    assert (steps[2].count, steps[2].from_previous, steps[2].dropped) == (None, None, None)


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"name": "x", "stages": ["A"]}, "at least two stages"),
        ({"name": "x", "stages": ["A", "a"]}, "Two stages are called"),
        ({"name": "x", "steps": ["A"]}, "2 to 20 steps"),
        ({"name": "x"}, "at least two stages or steps"),
        ({"name": "x", "stages": ["A", "B"], "steps": ["A", "B"]}, "not both"),
        ({"name": " ", "stages": ["A", "B"]}, "needs a name"),
    ],
)
def test_c2_3_what_is_no_funnel_is_refused(
    desk: Desk, asked: dict[str, object], error: str
) -> None:
    with pytest.raises(InvalidInput, match=error):
        desk.call("growth.funnel.create", **asked)
    assert events(desk, "growth") == []


def test_c2_3_repeated_orders_gaps_and_fractions(desk: Desk) -> None:
    desk.call("growth.funnel.add_stage", name="A", order=1)
    with pytest.raises(InvalidInput, match="needs at least two stages"):
        desk.call("growth.funnel.analyze", funnel="Main")
    with pytest.raises(Conflict, match="A is stage 1 of Main"):
        desk.call("growth.funnel.add_stage", name="B", order=1)
    with pytest.raises(Conflict, match="has a stage 'a' already"):
        desk.call("growth.funnel.add_stage", name="a", order=2)
    third = desk.call("growth.funnel.add_stage", name="C", order=3)
    with pytest.raises(InvalidInput, match="numbered 1, 3: close the gap"):
        desk.call("growth.funnel.analyze", funnel="Main")
    assert "close the gap" in desk.call("growth.dashboard").problems[0]
    desk.call("growth.funnel.update_stage", stage_id=third.stage_id, order=2)
    assert counts(desk.call("growth.funnel.analyze", funnel="Main")) == [None, None]
    for count in (-1, 1.5, "x", None):
        with pytest.raises(InvalidInput, match="count"):
            desk.call("growth.funnel.record_conversion", stage="A", count=count)


@pytest.mark.parametrize("period", ["2026-13", "2026-W60", "26-1", "soon", "2026-11-31", "2027-05"])
def test_c2_10_periods_that_are_none_are_refused(desk: Desk, period: str) -> None:
    site(desk)
    with pytest.raises(InvalidInput, match=r"not a period|has not begun"):
        desk.call("growth.funnel.record_conversion", stage="Paid", count=1, period=period)


def test_c2_10_weeks_and_months_do_not_mix_and_ranges_end_after_they_start(desk: Desk) -> None:
    site(desk)
    with pytest.raises(InvalidInput, match="Site counts by month; 2026-W40 is a week"):
        desk.call("growth.funnel.record_conversion", stage="Paid", count=1, period="2026-W40")
    with pytest.raises(InvalidInput, match="before it starts"):
        desk.call(
            "growth.funnel.analyze",
            **{"steps": ["a", "b"], "from": "2026-11-02", "to": "2026-11-01"},
        )


def test_several_funnels_are_renamed_changed_deleted_and_brought_back(desk: Desk) -> None:
    site(desk)
    made = desk.call("growth.funnel.create", name="App", steps=["a", "b"], window="3d")
    changed = desk.call(
        "growth.funnel.update", funnel="App", name="Product", steps=["a", "b", "c"], order="any"
    )
    assert (changed.steps, changed.window, changed.order) == (("a", "b", "c"), "3d", "any")
    with pytest.raises(Conflict, match="already"):
        desk.call("growth.funnel.update", funnel="Product", name="site")
    with pytest.raises(Conflict, match="typed counts"):
        desk.call("growth.funnel.update", funnel="Site", window="3d")
    with pytest.raises(Conflict, match="counts events"):
        desk.call("growth.funnel.record_conversion", funnel="Product", stage="a", count=1)
    desk.call("growth.funnel.delete", funnel=made.funnel_id)
    assert [f.name for f in desk.call("growth.funnel.list").items] == ["Site"]
    desk.call("undo")
    signup = desk.call("growth.funnel.list_stages", funnel="Site").items[1]
    desk.call("growth.funnel.delete_stage", stage_id=signup.stage_id)
    assert counts(desk.call("growth.funnel.analyze", funnel="Site")) == [1000, 30]
    desk.call("undo")
    assert counts(desk.call("growth.funnel.analyze", funnel="Site")) == [1000, 120, 30]
    with pytest.raises(NotFound, match="no funnel 'x'"):
        desk.call("growth.funnel.analyze", funnel="x")


def test_q_119_deals_and_outreach_are_funnels_of_their_own(desk: Desk) -> None:
    lead, won = (
        desk.call(
            "gtm.crm.add_deal", contact_id=desk.contact().contact_id, title=title, value="100"
        )
        for title in ("Looms", "Reels")
    )
    desk.later(days=2)
    desk.call("gtm.crm.advance_deal", deal_id=won.deal_id, stage="won")
    view = desk.call("growth.funnel.analyze", funnel="deals")
    assert (view.kind, counts(view)) == ("app", [2, 1, 1, 1, 1])
    assert view.steps[0].name == "Lead"
    assert view.steps[1].mean_seconds == 2 * 86400
    desk.approve(desk.drafted())
    desk.work()
    assert counts(desk.call("growth.funnel.analyze", funnel="Outreach"))[:3] == [1, 1, 0]
    assert [f.name for f in desk.call("growth.dashboard").funnels] == ["Deals", "Outreach"]
    assert lead.deal_id


def test_r_045_r_127_r_128_q_118_one_dashboard_in_one_transaction(desk: Desk) -> None:
    site(desk)
    readings(desk, "MRR", (1, 2, 3, 4, 5, 6), unit="EUR")
    desk.call("growth.cohort.create_cohort", name="2026-08", size=10)
    desk.call("growth.kpi.create_alert", kpi="MRR", rule={"op": ">", "threshold": 5})
    view = desk.call("growth.dashboard")
    assert [f.name for f in view.funnels] == ["Site"]
    assert [(k.name, k.word) for k in view.kpis] == [("MRR", "rising")]
    assert [a.state for a in view.alerts] == ["firing"]
    assert [r.name for r in view.cohorts.rows] == ["2026-08"]
    with statements(desk) as seen:
        desk.call("growth.dashboard")
    assert sum(text.startswith("BEGIN") for text in seen) == 1
    status = desk.call("growth.status")
    assert (status.funnels, status.cohorts, status.kpis, status.alerts) == (1, 1, 1, 1)
    assert status.dashboard.kpis == view.kpis


def test_the_dashboard_asks_as_much_for_many_kpis_as_for_few(desk: Desk) -> None:
    def asked() -> int:
        with statements(desk) as seen:
            desk.call("growth.kpi.list_kpis", limit=100)
        return len(seen)

    readings(desk, "a", (1, 2, 3))
    few = asked()
    for number in range(12):
        readings(desk, f"k{number}", (1, 2))
    assert asked() == few


def test_the_dashboard_of_an_empty_session_is_empty(desk: Desk) -> None:
    view = desk.call("growth.dashboard")
    assert (view.funnels, view.kpis, view.alerts, view.churn, view.mrr, view.problems) == (
        (),
        (),
        (),
        (),
        None,
        (),
    )
    assert [measure.value for measure in view.measures] == []


def test_sessions_do_not_see_each_other(desk: Desk) -> None:
    site(desk)
    readings(desk, "MRR", (1,))
    happen(desk, ("a", "S", 0))
    desk.call("session.create", name="other")
    desk.call("session.use", name="other")
    view = desk.call("growth.status")
    assert (view.funnels, view.kpis) == (0, 0)
    assert desk.call("growth.events.names").items == ()
    assert counts(desk.call("growth.funnel.analyze", steps=["signed up", "paid"])) == [0, 0]


def test_q_110_events_are_recorded_once_listed_and_taken_back(desk: Desk) -> None:
    first = happen(desk, ("a", "S", 0), ("a", "S", 0), ("b", "P", 1))
    assert (first.recorded, first.known) == (2, 1)
    assert happen(desk, ("a", "S", 0)).recorded == 0
    assert [(e.actor, e.event) for e in desk.call("growth.events.list").items] == [
        ("b", "paid"),
        ("a", "signed up"),
    ]
    page = desk.call("growth.events.list", limit=1)
    assert [e.actor for e in desk.call("growth.events.list", limit=1, cursor=page.next).items] == [
        "a"
    ]
    desk.call("undo")
    assert desk.call("growth.events.names").items == ()
    desk.call("redo")
    assert [(n.name, n.count) for n in desk.call("growth.events.names").items] == [
        ("paid", 1),
        ("signed up", 1),
    ]


@pytest.mark.parametrize(
    "event",
    [
        {"timestamp": "soon"},
        {"actor": ""},
        {"event": "x" * 300},
        {"value": "NaN"},
        {"actor": "\x1b]0;x\x07"},
    ],
)
def test_an_event_that_says_nothing_is_refused(desk: Desk, event: dict[str, str]) -> None:
    good = {"timestamp": "2026-06-01T10:00:00Z", "actor": "a", "event": "S"}
    with pytest.raises(InvalidInput, match="events"):
        desk.call("growth.events.record", events=[good, good | event])
    assert desk.call("growth.events.names").items == ()


def test_events_of_one_person_or_one_kind_have_pages(desk: Desk) -> None:
    happen(desk, *((f"p{n % 3}", "SPM"[n % 2], n // 4) for n in range(24)))
    everything = desk.call("growth.events.list", limit=100).items
    assert [e.at for e in everything] == sorted((e.at for e in everything), reverse=True)
    found, cursor = [], None
    while True:
        page = desk.call("growth.events.list", limit=5, **({"cursor": cursor} if cursor else {}))
        found += page.items
        cursor = page.next
        if cursor is None:
            break
    assert tuple(found) == everything
    one = desk.call("growth.events.list", actor="p1", event="paid").items
    assert {(e.actor, e.event) for e in one} == {("p1", "paid")}
    assert desk.call("growth.events.list", actor="nobody").items == ()
    with pytest.raises(InvalidInput, match="not a cursor"):
        desk.call("growth.events.list", cursor="x.y")
