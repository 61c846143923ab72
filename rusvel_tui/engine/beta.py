"""The Beta distribution: what a share may truly be, after some tries and some hits.

With a uniform prior the posterior of a share after `hits` of `tries` is Beta(hits + 1, tries - hits + 1)
(Gelman et al., Bayesian Data Analysis, 3rd ed., §2.4).
"""

from __future__ import annotations

from math import exp, lgamma, log, log1p

_TINY = 1e-300
_STEPS = 300


def share_interval(hits: int, tries: int, level: float = 0.95) -> tuple[float, float]:
    """The central credible interval of a share, each end in 0..1."""
    a, b = hits + 1, tries - hits + 1
    tail = (1 - level) / 2
    return quantile(tail, a, b), quantile(1 - tail, a, b)


def quantile(p: float, a: float, b: float) -> float:
    """The share below which the distribution has the probability `p`, by bisection to 1e-9."""
    low, high = 0.0, 1.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        if cdf(middle, a, b) < p:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def cdf(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b) (DLMF §8.17)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):  # there the fraction of the mirror image converges faster
        return 1 - cdf(1 - x, b, a)
    front = exp(a * log(x) + b * log1p(-x) - _log_beta(a, b)) / a
    return front * _fraction(x, a, b)


def better(first: tuple[int, int], second: tuple[int, int]) -> float:
    """The probability that the first share is truly higher than the second; each is (hits, tries).

    The sum of E. Miller, "Formulas for Bayesian A/B Testing", exact for whole numbers.
    """
    a1, b1 = first[0] + 1, first[1] - first[0] + 1
    a2, b2 = second[0] + 1, second[1] - second[0] + 1
    terms = (
        exp(_log_beta(a2 + i, b1 + b2) - log(b1 + i) - _log_beta(1 + i, b1) - _log_beta(a2, b2))
        for i in range(a1)
    )
    return min(sum(terms), 1.0)


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction DLMF 8.17.22 by Lentz's method."""
    c, d = 1.0, _inverse(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _STEPS):
        for part in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = _inverse(1 + part * d)
            c = 1 + part / c or _TINY
            step = c * d
            value *= step
        if abs(step - 1) < 1e-14:
            break
    return value


def _inverse(value: float) -> float:
    return 1 / (value or _TINY)
