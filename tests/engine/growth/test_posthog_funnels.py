"""Funnels of events: PostHog's own cases, restated, and the two ways of finding the best attempt against each other."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.growth.funnel.attempts import Exclusion, Rules, StepOrder, best_attempt
from rusvel_tui.engine.growth.funnel.reading import _chain
from rusvel_tui.engine.growth.funnel.steps import steps_from_attempts
from tests.engine.growth.helpers import counts, funnel, happen, people
from tests.factories import Desk

HOUR = 3600


def test_posthog_f1_a_person_counts_once_for_each_step_reached_in_order(desk: Desk) -> None:
    people(desk, ["S", "SP", "SPM", "M", "PSM"])
    assert counts(funnel(desk, "SPM")) == [4, 2, 1]


def test_posthog_f2_one_event_never_fills_two_steps(desk: Desk) -> None:
    people(desk, ["S", "SV", "SVXV", "SVXVVX", "SVVVV"])
    assert counts(funnel(desk, "SVVVV")) == [5, 4, 3, 2, 1]


def test_posthog_f4_the_window_is_a_hard_limit(desk: Desk) -> None:
    second = 1 / 3600
    late = [(f"p{n}", "P", (10 if n < 10 else 20) * second) for n in range(25)]
    happen(desk, *((f"p{n}", "S", 0) for n in range(25)), *late)
    view = funnel(desk, "SPM", "15s")
    assert counts(view) == [25, 10, 0]
    assert view.biggest_leak == "paid"


def test_posthog_f5_times_to_convert(desk: Desk) -> None:
    happen(
        desk,
        *(("a", event, at) for event, at in zip("SPM", (12, 13, 15), strict=True)),
        *(("b", event, 24 + at) for event, at in zip("SP", (14, 16), strict=True)),
        *(("c", event, 24 + at) for event, at in zip("SPM", (14, 16, 17), strict=True)),
    )
    steps = funnel(desk, "SPM", "7d").steps
    assert [step.mean_seconds for step in steps] == [None, 6000, 5400]
    assert [step.median_seconds for step in steps] == [None, 7200, 5400]


def test_posthog_f6_incomplete_retries_do_not_change_the_time(desk: Desk) -> None:
    run = [("a", "S", 1), ("a", "P", 2), ("a", "M", 3)]
    retries = [("a", "S", 30), ("a", "P", 31), ("a", "S", 60), ("a", "P", 63)]
    happen(desk, *run, *retries)
    step = funnel(desk, "SPM", "1d").steps[1]
    assert (step.mean_seconds, step.median_seconds) == (HOUR, HOUR)


def test_posthog_f8_who_did_what_is_excluded_is_not_even_in_the_first_step(desk: Desk) -> None:
    people(desk, ["SP", "SXP", "SP"])
    rule = {"event": "other", "from_step": 1, "to_step": 2}
    assert counts(funnel(desk, "SP", exclusions=[rule])) == [2, 2]


def test_posthog_f9_an_excluded_event_after_the_window_does_not_count(desk: Desk) -> None:
    people(desk, ["SP", "SXP", "SX"])
    happen(desk, ("d", "S", 0), ("d", "X", 25))
    rule = {"event": "other", "from_step": 1, "to_step": 2}
    assert counts(funnel(desk, "SP", "1d", exclusions=[rule])) == [2, 1]


def test_posthog_f11_strict_order_lets_nothing_between(desk: Desk) -> None:
    people(desk, ["S", "VS", "SVXI", "IXVS", "VSXVI", "XSXV", "XSVIX", "IV"])
    assert counts(funnel(desk, "SVI", order="strict")) == [7, 2, 1]


def test_posthog_f13_mean_of_three_times(desk: Desk) -> None:
    waits = (3600, 2220, 82800)
    happen(desk, *((f"p{n}", "S", 0) for n in range(3)))
    happen(desk, *((f"p{n}", "P", wait / HOUR) for n, wait in enumerate(waits)))
    assert funnel(desk, "SP").steps[1].mean_seconds == 29540


@pytest.mark.parametrize(("first", "last"), [(2, 2), (2, 1), (1, 3), (0, 1)])
def test_posthog_f14_an_impossible_exclusion_is_refused(desk: Desk, first: int, last: int) -> None:
    with pytest.raises(InvalidInput, match="must go from an earlier to a later one"):
        funnel(desk, "SP", exclusions=[{"event": "x", "from_step": first, "to_step": last}])


def test_any_order_counts_steps_however_they_come(desk: Desk) -> None:
    people(desk, ["SPM", "MPS", "PM", "X"])
    assert counts(funnel(desk, "SPM", order="any")) == [3, 3, 2]


def test_equal_moments_count_and_the_earliest_of_equal_attempts_gives_the_time(desk: Desk) -> None:
    happen(desk, ("a", "S", 0), ("a", "P", 0), ("b", "S", 0), ("b", "S", 1), ("b", "P", 2))
    view = funnel(desk, "SP")
    assert counts(view) == [2, 2]
    assert view.steps[1].mean_seconds == HOUR


def test_q_111_shares_drop_off_and_the_time_before(desk: Desk) -> None:
    people(desk, ["S", "S", "SP"])
    view = funnel(desk, "SP", **{"from": "2026-06-01", "to": "2026-06-10"})
    assert [step.from_previous for step in view.steps] == [None, 1 / 3]
    assert view.steps[1].dropped == 2
    assert (view.leak.from_step, view.leak.to_step, view.leak.dropped) == ("signed up", "paid", 2)
    assert (view.period, view.previous.period) == (
        "2026-06-01..2026-06-10",
        "2026-05-22..2026-05-31",
    )
    assert counts(view.previous) == [0, 0]
    assert view.previous.steps[1].from_previous is None  # nothing to share is n/a, not zero


def test_steps_that_never_happened_are_named(desk: Desk) -> None:
    people(desk, ["S"])
    view = funnel(desk, "SP")
    assert (counts(view), view.unknown) == ([1, 0], ("paid",))


def test_c2_4_a_window_without_a_unit_is_refused(desk: Desk) -> None:
    for window in ("0d", "14", "-3d", "", "d"):
        with pytest.raises(InvalidInput, match="not a length of time"):
            funnel(desk, "SP", window)


ways = st.lists(
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 4)), max_size=12, unique=True), max_size=5
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    ways=ways, steps=st.lists(st.integers(1, 4), min_size=2, max_size=4), window=st.integers(1, 30)
)
def test_sqlite_and_the_definition_agree(
    blank: object, ways: list[list[tuple[int, int]]], steps: list[int], window: int
) -> None:
    """The fast way of ordered funnels against every attempt of every person."""
    import sqlite3
    from contextlib import closing

    from rusvel_tui.engine.growth.funnel.attempts import farthest

    rules = Rules(tuple(steps), window)
    with closing(sqlite3.connect(":memory:")) as file:
        file.execute(
            "CREATE TABLE growth_event (name_id, actor_id, at, PRIMARY KEY (name_id, actor_id, at))"
        )
        rows = [(name, who, at) for who, way in enumerate(ways) for at, name in way]
        file.executemany("INSERT INTO growth_event VALUES (?, ?, ?)", rows)
        fast = steps_from_attempts([""] * len(steps), farthest(file.execute(*_chain(rules))))
    slow = [attempt for way in ways if (attempt := best_attempt(sorted(way), rules))]
    assert fast == steps_from_attempts([""] * len(steps), slow)


@given(
    way=st.lists(st.tuples(st.integers(0, 40), st.integers(1, 4)), max_size=12, unique=True),
    order=st.sampled_from(StepOrder),
    window=st.integers(1, 30),
)
def test_an_attempt_is_within_its_window_and_no_exclusion_helps(
    way: list[tuple[int, int]], order: StepOrder, window: int
) -> None:
    moments = sorted(way)
    free = best_attempt(moments, Rules((1, 2, 3), window, order))
    bound = best_attempt(moments, Rules((1, 2, 3), window, order, (Exclusion(4, 1, 3),)))
    assert free is None or (list(free) == sorted(free) and free[-1] - free[0] <= window)
    assert bound is None or (free is not None and len(bound) <= len(free))
