"""The Beta distribution against sums that can be done by hand."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.beta import better, cdf, quantile, share_interval


def exact_cdf(x: Fraction, a: int, b: int) -> Fraction:
    """For whole numbers: the upper tail of a binomial distribution (DLMF 8.17.5)."""
    n = a + b - 1
    terms = (comb(n, j) * x**j * (1 - x) ** (n - j) for j in range(a, n + 1))
    return sum(terms, Fraction(0))


@settings(deadline=None)
@given(st.integers(1, 60), st.integers(1, 60), st.fractions(0, 1, max_denominator=97))
def test_the_distribution_is_the_binomial_sum(a: int, b: int, x: Fraction) -> None:
    assert cdf(float(x), a, b) == pytest.approx(float(exact_cdf(x, a, b)), abs=1e-10)


@settings(deadline=None)
@given(st.integers(1, 2000), st.integers(1, 2000), st.floats(0.001, 0.999))
def test_a_quantile_is_where_the_distribution_has_that_value(a: int, b: int, p: float) -> None:
    assert cdf(quantile(p, a, b), a, b) == pytest.approx(p, abs=1e-5)


@settings(deadline=None)
@given(st.integers(0, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_narrows(pair: tuple[int, int]) -> None:
    hits, tries = pair
    low, high = share_interval(hits, tries)
    assert 0 <= low < high <= 1
    assert low <= (hits + 1) / (tries + 2) <= high
    narrower = share_interval(hits * 10, tries * 10)
    assert tries == 0 or narrower[1] - narrower[0] < high - low


def test_known_values() -> None:
    """Without any trial everything between 2.5 and 97.5 % is possible; 3 of 10 as in textbooks."""
    assert share_interval(0, 0) == pytest.approx((0.025, 0.975), abs=1e-6)
    assert share_interval(3, 10) == pytest.approx((0.1093, 0.6097), abs=1e-4)


def brute_better(first: tuple[int, int], second: tuple[int, int]) -> float:
    """By adding up thin slices."""
    n = 4000
    a1, b1 = first[0] + 1, first[1] - first[0] + 1
    a2, b2 = second[0] + 1, second[1] - second[0] + 1
    edges = [cdf(i / n, a1, b1) for i in range(n + 1)]
    return sum((edges[i + 1] - edges[i]) * cdf((i + 0.5) / n, a2, b2) for i in range(n))


@pytest.mark.parametrize(
    ("first", "second"),
    [((3, 10), (1, 10)), ((0, 0), (0, 0)), ((12, 100), (20, 90)), ((5, 5), (0, 5))],
)
def test_the_chance_of_being_better(first: tuple[int, int], second: tuple[int, int]) -> None:
    assert better(first, second) == pytest.approx(brute_better(first, second), abs=1e-3)


@settings(deadline=None)
@given(st.integers(0, 80), st.integers(0, 80), st.integers(0, 80), st.integers(0, 80))
def test_one_of_two_is_better(a: int, b: int, c: int, d: int) -> None:
    first, second = (min(a, b), max(a, b)), (min(c, d), max(c, d))
    assert better(first, second) + better(second, first) == pytest.approx(1, abs=1e-9)
