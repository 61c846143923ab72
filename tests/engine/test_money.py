"""Money: exact, with the decimals of its currency, never a float."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.money import CURRENCIES, MAX_MINOR, Money, currency_code, exponent


@given(st.integers(-MAX_MINOR, MAX_MINOR), st.sampled_from(sorted(CURRENCIES)))
def test_an_amount_comes_back_whole(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.parse(money.amount, currency) == money
    assert Money.parse(Decimal(money.amount), currency.lower()) == money


@pytest.mark.parametrize(
    ("text", "currency", "minor", "shown"),
    [
        ("1250", "EUR", 125_000, "1,250.00 EUR"),
        ("0.1", "EUR", 10, "0.10 EUR"),
        ("-3.05", "USD", -305, "-3.05 USD"),
        ("1250", "JPY", 1250, "1,250 JPY"),
        ("1.234", "KWD", 1234, "1.234 KWD"),
        ("1.500", "EUR", 150, "1.50 EUR"),
        ("1e3", "EUR", 100_000, "1,000.00 EUR"),
        (".5", "EUR", 50, "0.50 EUR"),
    ],
)
def test_amounts_have_the_decimals_of_their_currency(
    text: str, currency: str, minor: int, shown: str
) -> None:
    money = Money.parse(text, currency)
    assert money.minor == minor
    assert str(money) == shown


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        ("1.005", "EUR", "EUR has 2 decimals, 1.005 has more"),
        ("1.5", "JPY", "JPY has 0 decimals"),
        ("0.0001", "BHD", "BHD has 3 decimals"),
        ("1.0000000000000000000000000000000001", "EUR", "has 2 decimals"),
        ("1e-400", "EUR", "has 2 decimals"),
        ("10000000000000.01", "EUR", "is too large"),
        ("1e400", "EUR", "is too large"),
        (Decimal("NaN"), "EUR", "is not an amount"),
        (Decimal("Infinity"), "EUR", "is not an amount"),
        (Decimal("1E+999999"), "EUR", "is not an amount"),
        (1.5, "EUR", "is not an amount"),
        (True, "EUR", "is not an amount"),
        ("", "EUR", "is not an amount"),
        ("1,250.00", "EUR", "is not an amount"),
        ("1_000", "EUR", "is not an amount"),
        ("١٢", "EUR", "is not an amount"),
        ("12 EUR", "EUR", "is not an amount"),
        ("1e99999999999", "EUR", "is not an amount"),
    ],
)
def test_what_is_no_amount_is_refused(amount: object, currency: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as caught:
        Money.parse(amount, currency)  # type: ignore[arg-type]
    assert caught.value.field == "value"


@given(st.decimals(allow_nan=False, allow_infinity=False), st.sampled_from(["JPY", "EUR", "KWD"]))
def test_no_amount_is_ever_changed(value: Decimal, currency: str) -> None:
    try:
        money = Money.parse(value, currency)
    except InvalidInput:
        return
    assert Decimal(money.amount) == value


@pytest.mark.parametrize("code", ["", "EURO", "XXX", "€", "EU"])
def test_an_unknown_currency_is_refused(code: str) -> None:
    with pytest.raises(InvalidInput, match="ISO 4217") as caught:
        currency_code(code)
    assert caught.value.field == "currency"


def test_currencies_have_zero_two_or_three_decimals() -> None:
    assert {exponent(code) for code in CURRENCIES} == {0, 2, 3}
    assert currency_code(" eur ") == "EUR"


def test_sums_never_mix_currencies() -> None:
    assert Money(1, "EUR") + Money(2, "EUR") == Money(3, "EUR")
    with pytest.raises(ValueError, match="EUR and USD do not add up"):
        Money(1, "EUR") + Money(2, "USD")
