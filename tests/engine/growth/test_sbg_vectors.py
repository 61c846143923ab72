"""Projection (sBG) and survival (Kaplan–Meier): the published numbers, and what is refused."""

from __future__ import annotations

from random import Random

import pytest

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.growth.cohort import kaplan_meier, sbg
from rusvel_tui.engine.growth.wilson import wilson
from tests.factories import Desk

HIGH_END = (1000, 869, 743, 653, 593, 551, 517, 491)
TREATED = (6, 6, 6, 7, 10, 13, 16, 22, 23)
"""Weeks after which patients of the 6-MP arm of Freireich's trial fell ill again."""
STILL_WELL = (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
PLACEBO = (1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)
LIVES = [*((week, True) for week in TREATED), *((week, False) for week in STILL_WELL)]


def test_sbg_vector_r_043_q_116_high_end_of_fader_and_hardie(desk: Desk) -> None:
    view = desk.call("growth.cohort.project_churn", survivors=[HIGH_END])
    assert (view.alpha, view.beta) == pytest.approx((0.6681, 3.8061), abs=1e-4)
    assert view.log_likelihood == pytest.approx(-1611.158, abs=1e-3)
    assert [one.period for one in view.projection][:5] == [8, 9, 10, 11, 12]
    expected = [0.460, 0.436, 0.414, 0.395, 0.378]
    assert [one.survival for one in view.projection][:5] == pytest.approx(expected, abs=6e-4)
    assert all(one.low < one.survival < one.high for one in view.projection)
    assert view.warning.startswith("One cohort only")


def test_the_same_cohorts_give_the_same_interval(desk: Desk) -> None:
    first, second = (
        desk.call("growth.cohort.project_churn", survivors=[HIGH_END]) for _ in range(2)
    )
    assert first == second


def test_sbg_is_fitted_over_the_whole_triangle() -> None:
    curve = sbg.survival(0.7, 3.5, 12)
    triangle = [[round(4000 * curve[age]) for age in range(last + 1)] for last in range(3, 13)]
    found = sbg.fit(triangle)
    assert (found.alpha, found.beta) == pytest.approx((0.7, 3.5), rel=0.02)


def test_more_cohorts_give_a_narrower_interval() -> None:
    one = [[100, 80, 68, 60]]
    wide, narrow = (sbg.project(data, sbg.fit(data), 6)[-1] for data in (one, one * 8))
    assert narrow.high - narrow.low < wide.high - wide.low


@pytest.mark.parametrize(
    ("survivors", "said"),
    [
        ([[1000, 800, 700]], "needs 3 periods after the first; there are 2"),
        ([[50, 40, 30, 20]], "needs 60 customers; there are 50"),
        ([[100, 100, 100, 100]], "no churn yet: nobody left"),
        ([[100, 80, 90, 70]], "Cohort 1 rises"),
        ([[100, 90, 80, 70], []], "Cohort 2 is empty"),
        ([[100, 90, 80, -1]], "a count that nobody can be"),
        ([], "needs 3 periods"),
    ],
)
def test_c2_7_a_projection_of_too_little_is_refused(
    desk: Desk, survivors: list[list[int]], said: str
) -> None:
    with pytest.raises(InvalidInput, match=said):
        desk.call("growth.cohort.project_churn", survivors=survivors)


def test_a_cohort_that_leaves_at_once_is_fitted() -> None:
    found = sbg.fit([[100, 1, 1, 1]])
    assert sbg.survival(found.alpha, found.beta, 1)[1] == pytest.approx(0.01, abs=0.01)


def test_binomial_draws_have_the_right_mean() -> None:
    rng = Random(3)  # noqa: S311 - a simulation
    for n, p in ((10, 0.1), (200, 0.02), (5000, 0.3), (40, 0.9), (5, 0.0), (5, 1.0)):
        drawn = [sbg.binomial(rng, n, p) for _ in range(400)]
        assert sum(drawn) / 400 == pytest.approx(
            n * p, abs=4 * (n * p * (1 - p) / 400) ** 0.5 + 1e-9
        )
        assert all(0 <= one <= n for one in drawn)


def test_kaplan_meier_vector_of_the_leukemia_trial(desk: Desk) -> None:
    (curve,) = desk.call("growth.churn.survival", lives=LIVES).curves
    assert [one.time for one in curve.points] == [6, 7, 10, 13, 16, 22, 23]
    shares = [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    errors = [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346]
    assert [one.survival for one in curve.points] == pytest.approx(shares, abs=1e-4)
    assert [one.error for one in curve.points] == pytest.approx(errors, abs=1e-4)
    assert (curve.median, curve.customers, curve.lost) == (23, 21, 9)


def test_log_rank_vector_of_the_leukemia_trial() -> None:
    chi, p = kaplan_meier.log_rank(LIVES, [(week, True) for week in PLACEBO])
    assert chi == pytest.approx(16.793, abs=1e-3)
    assert p == pytest.approx(4.17e-5, rel=0.01)


def test_kaplan_meier_of_few() -> None:
    assert kaplan_meier.curve([]) == []
    assert kaplan_meier.curve([(3, False)]) == []
    (only,) = kaplan_meier.curve([(3, True)])
    assert (only.survival, only.error) == (0, 0)
    assert kaplan_meier.median_life([only]) == 3


def test_wilson_is_right_at_the_ends() -> None:
    assert wilson(0, 0) == (0, 1)
    assert wilson(0, 10) == pytest.approx((0, 0.2775), abs=1e-4)
    assert wilson(10, 10) == pytest.approx((0.7225, 1), abs=1e-4)
    assert wilson(50, 100) == pytest.approx((0.4038, 0.5962), abs=1e-4)
