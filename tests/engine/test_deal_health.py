"""Health, chance and date of a deal: fixed rules over facts, each factor shown; history only when there is enough."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.engine.gtm.crm.deals.health import (
    CAP,
    Confidence,
    Health,
    HealthFacts,
    close_range,
    confidence_of,
    quantile,
    state_of,
    weigh,
)
from rusvel_tui.engine.gtm.crm.deals.learning import ENOUGH, Lessons, learned
from tests.factories import START, Desk

TODAY = date(2026, 11, 24)


def days(*counts: int) -> tuple[timedelta, ...]:
    return tuple(timedelta(days=count) for count in sorted(counts))


KNOWN = Lessons(learned(14, 28), in_stage=days(*range(2, 30)), to_win=days(*range(10, 38, 2)))
FRESH = HealthFacts(
    today=TODAY, stage="Proposal", base=50, in_stage=timedelta(days=4), quiet_days=2, limit_days=10, talked=True,
    talks=4, has_next=True, planned=True, days_to_close=20, valued=True, lessons=KNOWN,
)  # fmt: skip
STALE = replace(
    FRESH, in_stage=timedelta(days=70), quiet_days=60, talks=0, has_next=False, planned=False, days_to_close=-30,
    lessons=Lessons(),
)  # fmt: skip


def add(desk: Desk, **more: Any) -> Any:
    if "contact_id" not in more:
        more["contact_id"] = desk.contact().contact_id
    return desk.call("gtm.crm.add_deal", **{"title": "Looms", "value": "100"} | more)


def health(desk: Desk, deal: Any) -> Any:
    return desk.call("gtm.crm.deal_health", deal_id=deal.deal_id)


def advance(desk: Desk, deal: Any, stage: str, **more: Any) -> Any:
    return desk.call("gtm.crm.advance_deal", deal_id=deal.deal_id, stage=stage, **more)


def closed(desk: Desk, won: int, lost: int, *, start: str = "Proposal", took: int = 10) -> None:
    """A history: deals that were in a stage for one day more each, and then won or lost."""
    person = desk.contact()
    for number in range(won + lost):
        made = add(desk, contact_id=person.contact_id, stage=start)
        desk.later(days=took)
        advance(desk, made, "Won" if number < won else "Lost", reason="x")


def test_t_067_a_stale_deal_is_stalled(desk: Desk) -> None:
    """Whatever its stage promised: under 30 per cent, on weak ground, and the reasons are there."""
    for stage in ("Lead", "Proposal", "Negotiation"):
        add(desk, title=stage, stage=stage, expected_close="2026-12-01")
    desk.later(days=60)
    for deal in desk.call("gtm.crm.list_deals").items:
        seen = health(desk, deal)
        assert (seen.health, seen.confidence) == (Health.STALLED, Confidence.LOW)
        assert seen.win_probability < 0.3
        assert {"Stalled", "Never talked", "No next step", "Close date passed"} <= {
            f.label for f in seen.factors
        }
        assert all(factor.evidence for factor in seen.factors)


def test_t_068_a_recent_deal_with_data_is_good(desk: Desk) -> None:
    closed(desk, 14, 8, took=20)
    made = add(desk, stage="Proposal", expected_close="2028-06-30")
    for _ in range(3):
        desk.later(days=1)
        desk.call("gtm.crm.log_call", deal_id=made.deal_id)
    desk.call("gtm.crm.add_task", deal_id=made.deal_id, subject="Sign", due_at="in 2 days")
    seen = health(desk, made)
    assert (seen.health, seen.confidence) == (Health.GOOD, Confidence.HIGH)
    assert seen.win_probability > 0.65
    assert (seen.learned.won, seen.learned.closed, seen.learned.probability) == (14, 22, 64)
    assert (seen.base_probability, seen.base_from) == (64, "history")
    today = desk.engine.clock.now().date()
    assert today < seen.close.p50 <= seen.close.p80
    assert (seen.close.p50 - today, seen.close.wins) == (timedelta(days=17), 14)
    assert desk.call("gtm.crm.get_deal", deal_id=made.deal_id).health == seen


def test_t_069_without_a_history_there_is_no_date(desk: Desk) -> None:
    """Nor a learned probability: 19 closed deals say nothing yet, the twentieth does."""
    closed(desk, ENOUGH - 1, 0)
    made = add(desk, stage="Proposal")
    desk.call("gtm.crm.log_call", deal_id=made.deal_id)
    seen = health(desk, made)
    assert (seen.close, seen.learned, seen.base_probability, seen.base_from) == (
        None,
        None,
        50,
        "stage",
    )
    closed(desk, 1, 0)
    seen = health(desk, made)
    assert (seen.learned.won, seen.learned.closed, seen.base_from) == (20, 20, "history")


def test_the_history_of_one_stage_says_nothing_of_another(desk: Desk) -> None:
    """A deal that went from Proposal to Won never was a lead."""
    closed(desk, 10, 12)
    stages = {s.name: s.learned for s in desk.call("gtm.crm.get_pipeline").stages}
    assert (stages["Proposal"].won, stages["Proposal"].closed, stages["Proposal"].probability) == (
        10,
        22,
        45,
    )
    assert {name for name, share in stages.items() if share} == {"Proposal"}
    assert health(desk, add(desk, stage="Lead")).learned is None


def test_a_typed_probability_is_where_the_rules_start(desk: Desk) -> None:
    closed(desk, 20, 0)
    made = add(desk, stage="Proposal", probability=30)
    seen = health(desk, made)
    assert (seen.base_probability, seen.base_from) == (30, "typed")
    assert seen.learned is not None


@pytest.mark.parametrize(("stage", "chance"), [("Won", 1.0), ("Lost", 0.0)])
def test_a_closed_deal_has_its_outcome(desk: Desk, stage: str, chance: float) -> None:
    made = advance(desk, add(desk), stage, reason="they like it")
    seen = health(desk, made)
    assert (seen.health, seen.win_probability, seen.close) == (None, chance, None)
    assert [(f.label, f.evidence) for f in seen.factors] == [(stage, "they like it")]


def test_a_snoozed_deal_is_not_stalled(desk: Desk) -> None:
    made = add(desk)
    desk.later(days=60)
    desk.call("gtm.crm.snooze_deal", deal_id=made.deal_id, until="2027-06-01")
    assert health(desk, made).health is Health.GOOD


def test_the_stages_before_an_undone_move_teach_nothing(desk: Desk) -> None:
    made = add(desk, stage="Lead")
    advance(desk, made, "Won")
    desk.call("undo")
    closed(desk, 20, 0, start="Lead")
    assert health(desk, made).learned.closed == 20


@pytest.mark.parametrize(
    ("facts", "state", "confidence"),
    [
        (FRESH, Health.GOOD, Confidence.HIGH),
        (replace(FRESH, lessons=Lessons()), Health.GOOD, Confidence.MEDIUM),
        (replace(FRESH, quiet_days=11), Health.GOOD, Confidence.HIGH),
        (replace(FRESH, quiet_days=11, planned=False, has_next=False), Health.AT_RISK, Confidence.HIGH),
        (replace(FRESH, quiet_days=20, planned=False, has_next=False), Health.AT_RISK, Confidence.HIGH),
        (replace(FRESH, quiet_days=21, planned=False, has_next=False), Health.STALLED, Confidence.LOW),
        (replace(FRESH, days_to_close=-1), Health.AT_RISK, Confidence.HIGH),
        (replace(FRESH, days_to_close=0), Health.GOOD, Confidence.HIGH),
        (replace(FRESH, planned=False), Health.AT_RISK, Confidence.HIGH),
        (replace(FRESH, in_stage=timedelta(days=60)), Health.AT_RISK, Confidence.HIGH),
        (replace(FRESH, talked=False, talks=0), Health.GOOD, Confidence.LOW),
        (STALE, Health.STALLED, Confidence.LOW),
    ],
)  # fmt: skip
def test_the_state_follows_from_the_facts(
    facts: HealthFacts, state: Health, confidence: Confidence
) -> None:
    assert (state_of(facts), confidence_of(facts)) == (state, confidence)


some_facts = st.builds(
    HealthFacts,
    today=st.just(TODAY),
    stage=st.just("Lead"),
    base=st.integers(0, 100),
    in_stage=st.integers(0, 400).map(lambda count: timedelta(days=count)),
    quiet_days=st.integers(0, 400),
    limit_days=st.integers(1, 60),
    talked=st.booleans(),
    talks=st.integers(0, 9),
    has_next=st.booleans(),
    planned=st.booleans(),
    days_to_close=st.none() | st.integers(-300, 300),
    valued=st.booleans(),
    lessons=st.builds(
        Lessons,
        share=st.none() | st.just(learned(10, 20)),
        in_stage=st.lists(st.integers(0, 90), max_size=30).map(lambda counts: days(*counts)),
        to_win=st.lists(st.integers(0, 300), max_size=30).map(lambda counts: days(*counts)),
    ),
)


@given(facts=some_facts)
def test_the_factors_explain_the_probability_to_the_point(facts: HealthFacts) -> None:
    """They add up from the base to the result; a stalled deal is never likely, and the same facts say the same."""
    percent, factors = weigh(facts)
    assert percent == facts.base + sum(factor.effect for factor in factors)
    assert 0 <= percent <= 100
    assert [abs(f.effect) for f in factors] == sorted(
        (abs(f.effect) for f in factors), reverse=True
    )
    assert all(factor.label and factor.evidence for factor in factors)
    if state_of(facts) is Health.STALLED:
        assert percent <= CAP
        assert factors
        assert confidence_of(facts) is Confidence.LOW
    assert (percent, factors) == weigh(facts)


@given(facts=some_facts)
def test_more_silence_never_makes_a_deal_better(facts: HealthFacts) -> None:
    quieter = replace(facts, quiet_days=facts.quiet_days + 30)
    assert weigh(quieter)[0] <= weigh(facts)[0]


@given(facts=some_facts)
def test_the_range_lies_ahead_and_in_order(facts: HealthFacts) -> None:
    found = close_range(facts)
    longer = [time for time in facts.lessons.to_win if time > facts.in_stage]
    assert (found is None) == (len(longer) < 5)
    if found:
        assert TODAY < found.p50 <= found.p80
        assert found.p80 <= TODAY + max(longer) - facts.in_stage + timedelta(days=1)


@given(counts=st.lists(st.integers(0, 99), min_size=1), part=st.sampled_from([0.5, 0.8]))
def test_a_quantile_is_the_nearest_rank(counts: list[int], part: float) -> None:
    found = quantile(days(*counts), part)
    assert found is not None
    assert sum(timedelta(days=count) <= found for count in counts) >= part * len(counts)
    assert sum(timedelta(days=count) < found for count in counts) < part * len(counts)


def test_a_deal_of_today_can_be_told(desk: Desk) -> None:
    """The first minute of the first deal: no history, no contact, and an answer."""
    seen = health(desk, add(desk, value="0"))
    assert (seen.health, seen.close, seen.learned) == (Health.GOOD, None, None)
    assert {f.label for f in seen.factors} == {"Never talked", "No next step", "No value"}
    assert desk.engine.clock.now() == START
