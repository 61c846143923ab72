"""What cannot be billed is refused in one line that says what to write instead."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import InvalidInput

GOOD = {"quantity": "1", "unit_price": "100", "tax_category": "S", "tax_rate": "19"}


def asked(engine: Engine, **terms: Any) -> str:
    """The error of terms that are right but for these."""
    with pytest.raises(InvalidInput) as error:
        engine.call("gtm.invoices.compute_totals", {"currency": "EUR", "lines": [GOOD], **terms})
    text = str(error.value)
    assert "\n" not in text
    assert text.endswith((".", "…"))
    return text


def second(**wrong: Any) -> dict[str, Any]:
    return {"lines": [GOOD, {**GOOD, **wrong}]}


@pytest.mark.parametrize("field", ["quantity", "unit_price", "base_quantity"])
@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("NaN", "write it like 1000.50"),
        ("Infinity", "write it like 1000.50"),
        ("-inf", "write it like 1000.50"),
        ("1e400", "write it like 1000.50"),
        ("", "write it like 1000.50"),
        ("1,000.5", "write 1000.50"),
        ("1.000,50", "write 1000.50"),
        ("1,5", "write 1.50"),
        ("1,000", "write 1000"),
        ("1 000", "write 1000"),
        ("12'500.25", "write 12500.25"),
        ("ten\x1b[31m", "write it like 1000.50"),
        ("１２", "write it like 1000.50"),
    ],
)
def test_q_106_a_number_that_is_none(engine: Engine, field: str, text: str, advice: str) -> None:
    name = {"unit_price": "price"}.get(field, field.replace("_", " "))
    error = asked(engine, **second(**{field: text}))
    assert error.startswith(f"line 2: {name} ")
    assert error.endswith(f"is not a number; {advice}.")
    assert "\x1b" not in error


@pytest.mark.parametrize(
    "text", ["1" + "0" * 12, "0." + "1" * 11, "-1" + "0" * 12, "0.30000000000000004"]
)
def test_q_106_a_number_out_of_range(engine: Engine, text: str) -> None:
    assert "out of range" in asked(engine, **second(quantity=text))


@pytest.mark.parametrize("number", [float("nan"), float("inf"), True, None, [1], {"a": 1}])
def test_what_is_no_number_at_all(engine: Engine, number: Any) -> None:
    asked(engine, **second(quantity=number))


def test_a_negative_price(engine: Engine) -> None:
    error = asked(engine, **second(unit_price="-5"))
    assert error == "line 2: the price -5 is negative; use a negative quantity or a discount."


@pytest.mark.parametrize("base", ["0", "-1"])
def test_a_base_quantity_that_divides_nothing(engine: Engine, base: str) -> None:
    assert asked(engine, **second(base_quantity=base)).startswith("line 2: the base quantity")


@pytest.mark.parametrize(
    ("currency", "amount"), [("JPY", "10.5"), ("EUR", "0.001"), ("KWD", "1.0005")]
)
@pytest.mark.parametrize("field", ["prepaid", "rounding", "rounding_unit"])
def test_an_amount_finer_than_the_currency(
    engine: Engine, currency: str, amount: str, field: str
) -> None:
    assert f"{currency} has" in asked(engine, currency=currency, **{field: amount})


def test_a_discount_finer_than_the_currency(engine: Engine) -> None:
    assert asked(engine, **second(allowances=["0.001"])).startswith("line 2: discount '0.001'")
    assert asked(engine, charges=[{"amount": "0.001"}]).startswith("charge 1: amount '0.001'")


@pytest.mark.parametrize("currency", ["XAU", "XXX", "EURO", "usd ", " EUR", "", "€"])
def test_a_currency_that_is_none(engine: Engine, currency: str) -> None:
    assert "currency" in asked(engine, currency=currency)


@pytest.mark.parametrize(
    ("category", "rate", "why"),
    [
        ("S", "0", "needs a rate above 0"),
        ("S", None, "needs a rate above 0"),
        ("E", "19", "its rate is 0"),
        ("Z", "7", "its rate is 0"),
        ("AE", "21", "its rate is 0"),
        ("Q", "19", "is not a tax category"),
        ("S", "-1", "between 0 and 100"),
        ("S", "101", "between 0 and 100"),
        ("S", "19 %", "is not a number"),
    ],
)
def test_a_rate_that_does_not_go_with_its_category(
    engine: Engine, category: str, rate: str | None, why: str
) -> None:
    error = asked(engine, **second(tax_category=category, tax_rate=rate))
    assert error.startswith("line 2:")
    assert why in error


def test_one_tax_or_several_but_not_both(engine: Engine) -> None:
    assert "not both" in asked(engine, **second(taxes=[{"rate": "5"}]))


def test_a_discount_above_what_it_is_taken_from(engine: Engine) -> None:
    error = asked(engine, **second(allowances=["100.01"]))
    assert error == "line 2: the discount of 100.01 EUR is larger than the amount of 100.00 EUR."
    assert "not between 0% and 100%" in asked(engine, **second(allowances=["101%"]))
    whole = [{"amount": "100.01", "tax_category": "S", "tax_rate": "19"}]
    assert "is larger than the 100.00 EUR" in asked(engine, allowances=whole)
    other = [{"amount": "1", "tax_category": "E", "tax_rate": "0"}]
    assert "is larger than the 0.00 EUR" in asked(engine, allowances=other)
    returned = [GOOD, {**GOOD, "quantity": "-1", "unit_price": "99", "tax_rate": "7"}]
    error = asked(engine, lines=returned, allowances=[{"amount": "1.01"}])
    assert error == "The discount of 1.01 EUR is larger than the 1.00 EUR that it is taken from."


def test_a_credit_note_may_go_below_zero(engine: Engine) -> None:
    other = [{"amount": "1", "tax_category": "E", "tax_rate": "0"}]
    terms = {"currency": "EUR", "lines": [GOOD], "allowances": other, "credit_note": True}
    shown = engine.call("gtm.invoices.compute_totals", terms).model_dump()
    assert shown["without_tax"] == "99.00"


def test_a_discount_on_nothing_needs_a_category(engine: Engine) -> None:
    lines = [GOOD, {**GOOD, "quantity": "-1"}]
    assert "document of 0" in asked(engine, lines=lines, allowances=[{"amount": "1"}])


def test_a_rounding_and_its_unit_exclude_each_other(engine: Engine) -> None:
    assert "not both" in asked(engine, rounding="0.01", rounding_unit="0.05")
    assert "not both" in asked(engine, rounding_unit="-0.05")


def test_amounts_too_large_for_anybody(engine: Engine) -> None:
    huge = {"quantity": "9" * 12, "unit_price": "9" * 12}
    assert asked(engine, **second(**huge)) == "line 2: its amount is too large."
    large = {"quantity": "1000000", "unit_price": "9000000"}
    assert asked(engine, lines=[{**GOOD, **large}] * 3) == "The total is too large for an invoice."


@pytest.mark.parametrize("terms", [{"lines": "x"}, {"lines": [GOOD] * 1001}, {"colour": "red"}])
def test_terms_of_another_shape(engine: Engine, terms: dict[str, Any]) -> None:
    asked(engine, **terms)


def test_a_refusal_on_the_command_line_names_line_and_value(engine: Engine) -> None:
    text = json.dumps(asked(engine, **second(unit_price="1,000.5")))
    assert "line 2: price '1,000.5' is not a number; write 1000.50." in text
