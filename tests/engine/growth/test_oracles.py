"""The hand-written statistics against scipy, pymannkendall and lifelines, which only tests import."""

from __future__ import annotations

import warnings

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.growth.cohort import kaplan_meier
from rusvel_tui.engine.growth.kpi.trend import mann_kendall, theil_sen
from rusvel_tui.engine.growth.wilson import wilson

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what the libraries say about each other is not ours
    import pymannkendall
    from lifelines import KaplanMeierFitter
    from lifelines.statistics import logrank_test
    from scipy.stats import binomtest, theilslopes

series = st.lists(st.integers(-50, 50).map(float), min_size=3, max_size=25)
lives = st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=2, max_size=30)
slowly = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@slowly
@given(series)
def test_theil_sen_is_that_of_scipy(values: list[float]) -> None:
    line = theil_sen(values)
    oracle = theilslopes(values)
    assert line is not None
    assert (line.slope, line.intercept) == pytest.approx((oracle[0], oracle[1]), abs=1e-9)


@slowly
@given(series.filter(lambda values: len(set(values)) > 1))
def test_mann_kendall_is_that_of_pymannkendall(values: list[float]) -> None:
    found, oracle = mann_kendall(values), pymannkendall.original_test(values)
    assert (found.s, found.variance) == pytest.approx((oracle.s, oracle.var_s))
    assert (found.z, found.p) == pytest.approx((oracle.z, oracle.p), abs=1e-9)


@slowly
@given(lives)
def test_kaplan_meier_is_that_of_lifelines(people: list[tuple[int, bool]]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = KaplanMeierFitter().fit([time for time, _ in people], [left for _, left in people])
    points = kaplan_meier.curve([(float(time), left) for time, left in people])
    for point in points:
        assert point.survival == pytest.approx(float(fitted.predict(point.time)), abs=1e-9)
    middle = kaplan_meier.median_life(points)
    if any(abs(point.survival - 0.5) < 1e-9 for point in points):
        return  # exactly one half: theirs depends on the last bit
    assert (float("inf") if middle is None else middle) == fitted.median_survival_time_


@slowly
@given(lives, lives)
def test_the_log_rank_test_is_that_of_lifelines(
    one: list[tuple[int, bool]], other: list[tuple[int, bool]]
) -> None:
    chi, p = kaplan_meier.log_rank(
        *([(float(t), left) for t, left in group] for group in (one, other))
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        oracle = logrank_test(
            [t for t, _ in one], [t for t, _ in other], [e for _, e in one], [e for _, e in other]
        )
    if oracle.test_statistic == oracle.test_statistic:  # not a number where nobody left
        assert (chi, p) == pytest.approx((oracle.test_statistic, oracle.p_value), abs=1e-6)


@slowly
@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_wilson_interval_is_that_of_scipy(part: tuple[int, int]) -> None:
    oracle = binomtest(*part).proportion_ci(method="wilson")
    assert wilson(*part) == pytest.approx((oracle.low, oracle.high), abs=1e-9)
