"""The order of today: money × urgency, as arithmetic."""

from __future__ import annotations

from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.engine.gtm.today.needs import PACES, Need
from rusvel_tui.engine.gtm.today.ranking import (
    Pace,
    money_factor,
    score,
    urgency_factor,
    usual_amounts,
)
from rusvel_tui.engine.money import Money

PACE = Pace(4, 7)
MINORS = st.integers(0, 10**15)
LATE = st.floats(-(10**4), 10**5, allow_nan=False)
CURRENCY = st.sampled_from(("EUR", "USD", "JPY"))
AMOUNTS = st.lists(st.builds(Money, MINORS, CURRENCY), max_size=6)


def eur(amount: int) -> Money:
    return Money(amount * 100, "EUR")


def test_the_formula_by_hand() -> None:
    """Three times the usual amount counts 1 + log2(4) = 3; one patience late doubles the weight."""
    assert money_factor((eur(3000),), {"EUR": eur(1000).minor}) == 3
    assert urgency_factor(PACE, 7) == 8
    assert score(PACE, 7, (eur(3000),), {"EUR": eur(1000).minor}) == 24
    assert score(PACE, 0, (), {}) == 4
    assert urgency_factor(PACE, 21) == 12


def test_the_usual_amount_is_the_lower_median_of_its_currency() -> None:
    amounts = [eur(1), eur(9), eur(5), eur(7), Money(40, "JPY"), Money(0, "USD")]
    assert usual_amounts(amounts) == {"EUR": 500, "JPY": 40}


def test_currencies_are_compared_by_their_own_usual_amounts() -> None:
    """A usual sum in yen counts like a usual one in euros, whatever the digits are; nothing is added up."""
    usual = {"EUR": 100_000, "JPY": 150_000}
    assert money_factor((Money(150_000, "JPY"),), usual) == money_factor((eur(1000),), usual) == 2
    both = money_factor((eur(3000), Money(150_000, "JPY")), usual)
    assert both == money_factor((eur(3000),), usual)


@given(MINORS, MINORS, LATE, AMOUNTS)
def test_more_money_never_ranks_lower(one: int, other: int, late: float, rest: list[Money]) -> None:
    """Also where the amount itself is what is usual."""
    less, more = (Money(minor, "EUR") for minor in sorted((one, other)))
    scores = [
        score(PACE, late, (amount,), usual_amounts((amount, *rest))) for amount in (less, more)
    ]
    assert scores[0] <= scores[1]


@given(LATE, LATE, AMOUNTS)
def test_the_later_never_ranks_lower(one: float, other: float, amounts: list[Money]) -> None:
    usual = usual_amounts(amounts)
    early, late = sorted((one, other))
    assert score(PACE, early, amounts, usual) <= score(PACE, late, amounts, usual)


@given(st.sampled_from(Need), LATE, AMOUNTS, AMOUNTS)
def test_a_score_is_a_number_and_always_the_same(
    need: Need, late: float, amounts: list[Money], all_amounts: list[Money]
) -> None:
    """Also for an amount of a currency that nothing else has."""
    usual = usual_amounts(all_amounts)
    first = score(PACES[need], late, amounts, usual)
    assert isfinite(first)
    assert first >= PACES[need].weight
    assert first == score(PACES[need], late, amounts[::-1], usual)


def test_every_need_has_a_pace_and_they_stand_in_their_order() -> None:
    assert list(PACES) == list(Need)
    weights = [pace.weight for pace in PACES.values()]
    assert weights == sorted(weights, reverse=True)
    assert all(pace.patience > 0 for pace in PACES.values())


@pytest.mark.parametrize("minor", [-5, 0])
def test_what_is_worth_nothing_counts_as_no_amount(minor: int) -> None:
    assert money_factor((Money(minor, "EUR"),), {"EUR": 100}) == 1
