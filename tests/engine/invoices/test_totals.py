"""What an invoice comes to: equal to the official examples, and right where they say nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.invoices.totals.reading import BillTerms, totals_of
from rusvel_tui.engine.gtm.invoices.totals.totals_operation import TotalsView, totals_view
from tests.engine.invoices.public_totals import NAMES, Example, examples

EXAMPLES = list(examples())


def come_to(**terms: Any) -> TotalsView:
    return totals_view(totals_of(BillTerms.model_validate({"currency": "EUR", **terms})))


def item(price: str, rate: str | None = "19", quantity: str = "1", **more: Any) -> dict[str, Any]:
    return {"quantity": quantity, "unit_price": price, "tax_rate": rate, **more}


@pytest.mark.parametrize("example", EXAMPLES, ids=[one.name for one in EXAMPLES])
def test_t_115_an_official_example_comes_to_what_it_says(engine: Engine, example: Example) -> None:
    shown = engine.call("gtm.invoices.compute_totals", example.asked).model_dump()
    assert {name: Decimal(shown[name]) for name in NAMES} == example.totals


def test_all_32_examples_are_there() -> None:
    assert len(EXAMPLES) == 32
    assert sum(len(one.asked["lines"]) for one in EXAMPLES) == 74


def test_the_operation_answers_decimal_text_and_needs_no_session(engine: Engine) -> None:
    lines = [item("100", "25", "2"), item("7.5", "12")]
    assert engine.call(
        "gtm.invoices.compute_totals", {"currency": "SEK", "lines": lines}
    ).model_dump() == {
        "lines": "207.50",
        "allowances": "0.00",
        "charges": "0.00",
        "without_tax": "207.50",
        "tax": "50.90",
        "with_tax": "258.40",
        "payable": "258.40",
        "taxes": (
            {"category": "S", "rate": "25", "taxable": "200.00", "tax": "50.00"},
            {"category": "S", "rate": "12", "taxable": "7.50", "tax": "0.90"},
        ),
    }


@pytest.mark.parametrize(
    ("base", "rate", "tax"),
    [
        ("6491.34", "25", "1622.84"),
        ("-6491.34", "25", "-1622.84"),
        ("2141.05", "14", "299.75"),
        ("2141.19", "2.1", "44.96"),
        ("-2141.19", "5.5", "-117.77"),
        ("12342.61", "4.8", "592.45"),
        ("979.15", "4.8", "47.00"),
        ("-625743.54", "25", "-156435.89"),
    ],
)
def test_tax_is_rounded_half_away_from_zero(base: str, rate: str, tax: str) -> None:
    sign = "-1" if base.startswith("-") else "1"
    assert come_to(lines=[item(base.removeprefix("-"), rate, sign)]).tax == tax


@pytest.mark.parametrize(
    ("price", "payable"), [("1200.78", "201.00"), ("1200.22", "200.44"), ("1000", "0.22")]
)
def test_what_was_prepaid_and_rounded_changes_only_what_is_payable(
    price: str, payable: str
) -> None:
    shown = come_to(lines=[item(price, None)], prepaid="1000.00", rounding="0.22")
    assert (shown.with_tax, shown.payable) == (f"{Decimal(price):.2f}", payable)


@pytest.mark.parametrize(
    ("price", "unit", "payable"),
    [
        ("10.01", "0.05", "10.00"),
        ("10.09", "0.05", "10.10"),
        ("10.025", "0.05", "10.05"),
        ("10157.50", "1", "10158.00"),
        ("792.49", "1.00", "792.00"),
        ("10.01", "0", "10.01"),
    ],
)
def test_what_is_payable_is_a_multiple_of_the_smallest_coin(
    price: str, unit: str, payable: str
) -> None:
    assert come_to(lines=[item(price, None)], rounding_unit=unit).payable == payable


@pytest.mark.parametrize(
    ("currency", "price", "line", "tax"),
    [
        ("JPY", "10.5", "11", "2"),
        ("KWD", "1.0005", "1.001", "0.190"),
        ("EUR", "0.005", "0.01", "0.00"),
    ],
)
def test_amounts_have_the_decimals_of_the_currency(
    currency: str, price: str, line: str, tax: str
) -> None:
    shown = come_to(currency=currency, lines=[item(price)])
    assert (shown.lines, shown.tax) == (line, tax)


def test_prices_with_tax_are_what_is_paid() -> None:
    """Two of 50.00 with 19 %: 15.97 of tax for both together, where 7.98 twice is a cent less."""
    shown = come_to(lines=[item("50")] * 2, prices_include_tax=True)
    assert (shown.lines, shown.without_tax, shown.tax, shown.with_tax) == (
        "84.03",
        "84.03",
        "15.97",
        "100.00",
    )


@pytest.mark.parametrize(
    ("line", "off", "inclusive", "total", "tax"),
    [
        (item("100", "10"), "10", True, "90.00", "8.18"),
        (item("100", "10", "-1"), "-10", True, "-90.00", "-8.18"),
        (item("100", "10"), "10", False, "99.00", "9.00"),
        (item("100", "10", allowances=["10%"]), "10%", True, "81.00", "7.36"),
        (item("17500", "5"), "14191", False, "3474.45", "165.45"),
    ],
)
def test_discounts_of_a_line_and_of_the_document(
    line: dict[str, Any], off: str, inclusive: bool, total: str, tax: str
) -> None:
    shown = come_to(lines=[line], allowances=[{"amount": off}], prices_include_tax=inclusive)
    assert (shown.with_tax, shown.tax) == (total, tax)


def test_a_line_is_rounded_before_its_tax_is_taken() -> None:
    """82.6446 with 21 % is 100.00 only where lines are not rounded; a price of 100.00 with tax is what is meant."""
    assert come_to(lines=[item("82.6446", "21")]).with_tax == "99.99"
    assert come_to(lines=[item("100", "21")], prices_include_tax=True).without_tax == "82.64"


def test_a_line_is_rounded_before_it_is_added() -> None:
    prices = ("0.333", "0.333", "1.333", "0.267", "0.05")
    assert come_to(lines=[item(price, None, "25") for price in prices]).with_tax == "57.92"


def test_a_discount_without_a_category_is_spread_over_all_of_them() -> None:
    lines = [item("1", rate) for rate in ("7", "19", "25")]
    totals = totals_of(BillTerms.model_validate(
        {"currency": "EUR", "lines": lines, "allowances": [{"amount": "1.00"}]}
    ))  # fmt: skip
    assert [part.amount for part in totals.allowance_parts] == [34, 33, 33]
    assert [row.taxable for row in totals.taxes] == [66, 67, 67]


def test_several_taxes_on_a_line_each_once() -> None:
    """Canada: the federal tax on everything, the one of the province on the second line only."""
    federal, province = {"rate": "5"}, {"rate": "7"}
    shown = come_to(
        currency="CAD",
        lines=[
            {"quantity": "1", "unit_price": "10.10", "taxes": [federal]},
            {"quantity": "1", "unit_price": "10.10", "taxes": [federal, province]},
        ],
    )
    assert [(row.rate, row.taxable, row.tax) for row in shown.taxes] == [
        ("5", "20.20", "1.01"),
        ("7", "10.10", "0.71"),
    ]


def test_a_compound_tax_is_also_taken_on_the_taxes_before_it() -> None:
    taxes = [{"rate": "5"}, {"rate": "9.975", "compound": True}]
    lines = [{"quantity": "1", "unit_price": "100", "taxes": taxes}]
    shown = come_to(currency="CAD", lines=lines)
    assert [row.tax for row in shown.taxes] == ["5.00", "10.47"]
    assert shown.taxes[1].taxable == "105.00"
    within = come_to(
        currency="CAD", lines=[{**lines[0], "unit_price": "115.47"}], prices_include_tax=True
    )
    assert (within.without_tax, within.tax, within.with_tax) == ("100.00", "15.47", "115.47")


@pytest.mark.parametrize(("rate", "category"), [(None, "O"), ("0", "Z"), ("19", "S")])
def test_the_category_follows_from_the_rate(rate: str | None, category: str) -> None:
    assert come_to(lines=[item("1", rate)]).taxes[0].category == category


def test_json_numbers_are_taken_as_they_were_written(engine: Engine) -> None:
    lines = [{"quantity": 10, "unit_price": 150.1, "tax_rate": 0.5}]
    shown = engine.call("gtm.invoices.compute_totals", {"currency": "EUR", "lines": lines})
    assert isinstance(shown, TotalsView)
    assert (shown.lines, shown.tax) == ("1501.00", "7.51")


def test_an_empty_document_comes_to_nothing() -> None:
    shown = come_to(lines=[])
    assert (shown.with_tax, shown.taxes) == ("0.00", ())
