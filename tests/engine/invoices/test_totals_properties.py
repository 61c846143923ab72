"""Random invoices: every rule of EN 16931 that is about sums holds exactly, and the negative is exactly negative."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.gtm.invoices.totals.bill import (
    Adjustment,
    Bill,
    Line,
    Percent,
    Tax,
    negative,
)
from rusvel_tui.engine.gtm.invoices.totals.computing import compute
from rusvel_tui.engine.gtm.invoices.totals.totals import Totals
from rusvel_tui.engine.money import apportion, exponent, half_away, spread

RATES = ("0", "2.1", "4.8", "5.5", "7", "9.975", "19", "20", "21", "25")
TAX = st.builds(
    Tax, st.sampled_from(("S", "Z", "E", "L")), st.sampled_from([Decimal(rate) for rate in RATES])
)
TAXES = st.one_of(
    TAX.map(lambda tax: (tax,)),
    st.tuples(TAX, TAX),
    st.tuples(TAX, TAX.map(lambda tax: replace(tax, compound=True))),
)
ONE_TAX = TAX.map(lambda tax: (tax,))


def numbers(low: str, high: str, places: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(low, high, allow_nan=False, places=places)


PARTS = st.lists(
    st.one_of(st.integers(0, 500), st.integers(0, 100).map(lambda n: Percent(Decimal(n)))),
    max_size=2,
).map(tuple)


def bills(taxes: st.SearchStrategy[tuple[Tax, ...]] = TAXES) -> st.SearchStrategy[Bill]:
    """Bills with everything; as credit notes, so that no discount is refused."""
    line = st.builds(
        Line,
        quantity=numbers("-50", "500", 3),
        unit_price=numbers("0", "2000", 5),
        taxes=taxes,
        base_quantity=st.sampled_from([Decimal(1), Decimal(3), Decimal(365)]),
        allowances=PARTS,
        charges=PARTS,
    )
    adjustment = st.builds(Adjustment, st.integers(0, 9999), taxes)
    return st.builds(
        Bill,
        currency=st.sampled_from(["EUR", "JPY", "KWD", "SEK"]),
        lines=st.lists(line, max_size=8).map(tuple),
        allowances=st.lists(adjustment, max_size=3).map(tuple),
        charges=st.lists(adjustment, max_size=3).map(tuple),
        prepaid=st.integers(0, 10**6),
        rounding=st.integers(-99, 99),
        rounding_unit=st.sampled_from([0, 0, 1, 5, 100]),
        prices_include_tax=st.booleans(),
        credit_note=st.just(True),
    )


def sums(totals: Totals) -> tuple[int, ...]:
    return (
        totals.lines, totals.allowances, totals.charges, totals.without_tax, totals.tax, totals.with_tax,
        totals.prepaid, totals.rounding, totals.payable,
    )  # fmt: skip


@settings(deadline=None)
@given(bills())
def test_t_115_totals_follow_br_co_10_to_16(bill: Bill) -> None:
    made = compute(bill)
    assert made.lines == sum(line.net for line in made.line_totals)  # BR-CO-10
    assert made.allowances == sum(part.amount for part in made.allowance_parts)  # BR-CO-11
    assert made.charges == sum(part.amount for part in made.charge_parts)  # BR-CO-12
    assert made.without_tax == made.lines - made.allowances + made.charges  # BR-CO-13
    assert made.tax == sum(row.amount for row in made.taxes)  # BR-CO-14
    assert made.with_tax == made.without_tax + made.tax  # BR-CO-15
    assert made.payable == made.with_tax - made.prepaid + made.rounding  # BR-CO-16
    for line in made.line_totals:
        assert line.net == line.gross - sum(line.allowances) + sum(line.charges)
    if bill.rounding_unit:
        assert made.payable % bill.rounding_unit == 0
        assert abs(made.rounding) * 2 <= bill.rounding_unit


@settings(deadline=None)
@given(bills(ONE_TAX).map(lambda bill: replace(bill, prices_include_tax=False)))
def test_tax_is_the_rounded_share_of_what_is_taxed(bill: Bill) -> None:
    """BR-CO-17 and BR-S-08, by the decimal module in place of our own rounding."""
    made = compute(bill)
    assert len({row.tax for row in made.taxes}) == len(made.taxes)
    for row in made.taxes:
        key = (row.tax,)
        taxed = sum(line.net for line in made.line_totals if line.taxes == key)
        taxed -= sum(part.amount for part in made.allowance_parts if part.taxes == key)
        taxed += sum(part.amount for part in made.charge_parts if part.taxes == key)
        assert row.taxable == taxed
        exact = Decimal(taxed) * row.rate / 100
        assert row.amount == exact.quantize(Decimal(1), ROUND_HALF_UP)


@settings(deadline=None)
@given(bills(ONE_TAX))
def test_a_line_is_its_exact_product_rounded_once(bill: Bill) -> None:
    made = compute(replace(bill, prices_include_tax=False))
    for asked, line in zip(bill.lines, made.line_totals, strict=True):
        with localcontext(prec=80):
            exact = asked.quantity * asked.unit_price / asked.base_quantity
            scaled = exact.scaleb(exponent(bill.currency))
            assert line.gross == scaled.quantize(Decimal(1), ROUND_HALF_UP)


@settings(deadline=None)
@given(bills().map(lambda bill: replace(bill, prices_include_tax=True)))
def test_prices_with_tax_are_exactly_what_is_paid(bill: Bill) -> None:
    before = compute(replace(bill, prices_include_tax=False))
    assert compute(bill).with_tax == before.without_tax


@settings(deadline=None)
@given(bills(ONE_TAX).map(lambda bill: replace(bill, prices_include_tax=True)))
def test_the_tax_within_prices_is_the_share_of_what_is_taxed(bill: Bill) -> None:
    """BR-CO-17 to the unit: the net amount is rounded already, and the tax is what it leaves."""
    for row in compute(bill).taxes:
        assert abs(row.amount - Fraction(row.taxable) * Fraction(row.rate) / 100) <= 1


@settings(deadline=None)
@given(bills(), st.integers(-9999, 9999))
def test_a_credit_note_is_the_exact_negative(bill: Bill, off: int) -> None:
    if sum(line.net for line in compute(replace(bill, prices_include_tax=False)).line_totals):
        bill = replace(bill, allowances=(*bill.allowances, Adjustment(off)))
    made, turned = compute(bill), compute(negative(bill))
    assert sums(turned) == tuple(-amount for amount in sums(made))
    assert [-line.net for line in turned.line_totals] == [line.net for line in made.line_totals]
    assert [(row.tax, -row.taxable, -row.amount) for row in turned.taxes] == [
        (row.tax, row.taxable, row.amount) for row in made.taxes
    ]


@settings(deadline=None)
@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=12))
def test_parts_sum_to_the_whole(total: int, weights: list[int]) -> None:
    weights[0] += 1
    parts = spread(total, weights)
    assert sum(parts) == total
    assert spread(-total, weights) == [-part for part in parts]
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(total * weight, sum(weights))) < 1


@settings(deadline=None)
@given(st.lists(st.fractions(-1000, 1000, max_denominator=119), max_size=9))
def test_shares_of_any_sign_are_rounded_to_their_rounded_sum(shares: list[Fraction]) -> None:
    exact = sum(shares, Fraction(0))
    total = half_away(exact.numerator, exact.denominator)
    parts = apportion(total, shares)
    assert sum(parts) == total
    assert apportion(-total, [-share for share in shares]) == [-part for part in parts]
    assert all(abs(part - share) <= 1 for part, share in zip(parts, shares, strict=True))


@settings(deadline=None)
@given(st.integers(), st.integers(1) | st.integers(max_value=-1))
def test_ties_go_away_from_zero(numerator: int, denominator: int) -> None:
    rounded = half_away(numerator, denominator)
    off = Fraction(numerator, denominator) - rounded
    assert abs(off) < Fraction(1, 2) or (abs(off) == Fraction(1, 2) and off * rounded < 0)


def test_a_thousand_over_three_equals() -> None:
    assert spread(1000, (1, 1, 1)) == [334, 333, 333]
    assert spread(-1000, (1, 1, 1)) == [-334, -333, -333]
    assert spread(0, (5, 5)) == [0, 0]
