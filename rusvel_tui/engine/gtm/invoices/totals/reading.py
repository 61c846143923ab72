"""What totals are asked, as text, and how it is read into a bill."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from rusvel_tui.engine.described import Described
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.invoices.totals.bill import Adjustment, Bill, Line, Part, Percent, Tax
from rusvel_tui.engine.gtm.invoices.totals.categories import CATEGORIES, usual_category
from rusvel_tui.engine.gtm.invoices.totals.computing import compute
from rusvel_tui.engine.gtm.invoices.totals.numerals import Numeral, read_amount, read_number
from rusvel_tui.engine.gtm.invoices.totals.totals import Totals
from rusvel_tui.engine.money import currency_code

MAX_LINES = 1000
Parts = Annotated[tuple[Numeral, ...], Field(max_length=50)]


class _Terms(Described):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class TaxTerms(_Terms):
    """One of several taxes on a line."""

    category: str = ""
    rate: Numeral
    compound: bool = False
    """Whether it also taxes the taxes before it."""


class LineTerms(_Terms):
    """One line: so many at a price. Numbers are decimal text."""

    description: str = ""
    quantity: Numeral
    unit_price: Numeral
    base_quantity: Numeral = "1"
    """The price is for so many."""
    tax_category: str = ""
    """S, Z, E, AE, K, G, O, L, M or B; by the rate when left out: S above 0, Z at 0, O without one."""
    tax_rate: Numeral | None = None
    """In percent."""
    taxes: tuple[TaxTerms, ...] = Field(default=(), max_length=5)
    """Several taxes in their order, in place of the category and rate."""
    allowances: Parts = ()
    """Discounts: amounts, or a percentage of the line such as 10%."""
    charges: Parts = ()
    """Extra charges, written like discounts."""


class AdjustmentTerms(_Terms):
    """A discount or charge on the whole document."""

    amount: Numeral
    """An amount, or a percentage of the lines such as 10%."""
    tax_category: str = ""
    tax_rate: Numeral | None = None
    """Without category and rate it is spread over those of the lines."""
    reason: str = ""


class BillTerms(_Terms):
    """All that totals are computed from; amounts are decimal text in the currency."""

    currency: Annotated[str, StringConstraints(strip_whitespace=False, max_length=20)]
    lines: tuple[LineTerms, ...] = Field(max_length=MAX_LINES)
    allowances: tuple[AdjustmentTerms, ...] = Field(default=(), max_length=50)
    charges: tuple[AdjustmentTerms, ...] = Field(default=(), max_length=50)
    prepaid: Numeral = "0"
    rounding: Numeral = "0"
    """An amount that is added to what is payable."""
    rounding_unit: Numeral | None = None
    """What is payable is rounded to a multiple of this: 0.05 for Swiss cash, 1 for Swedish."""
    prices_include_tax: bool = False
    credit_note: bool = False
    """Whether discounts may exceed what they are taken from."""


def totals_of(terms: BillTerms) -> Totals:
    """The totals in minor units; raises `InvalidInput` with the line and the field that is wrong."""
    return compute(read_bill(terms))


def read_bill(terms: BillTerms) -> Bill:
    """The terms as exact numbers; raises `InvalidInput`, the errors name line and field."""
    currency = read_currency(terms.currency)
    unit = 0
    if terms.rounding_unit is not None:
        unit = read_amount(terms.rounding_unit, currency, "rounding unit", field="rounding_unit")
        if unit < 0 or (unit and Decimal(terms.rounding)):
            raise InvalidInput(
                "Give a rounding unit above 0, or a rounding amount, not both.",
                field="rounding_unit",
            )
    return Bill(
        currency=currency,
        lines=tuple(_line(line, n, currency) for n, line in enumerate(terms.lines, 1)),
        allowances=_adjustments(terms.allowances, "discount", currency),
        charges=_adjustments(terms.charges, "charge", currency),
        prepaid=read_amount(terms.prepaid, currency, "prepaid amount", field="prepaid"),
        rounding=read_amount(terms.rounding, currency, "rounding", field="rounding"),
        rounding_unit=unit,
        prices_include_tax=terms.prices_include_tax,
        credit_note=terms.credit_note,
    )


def read_currency(text: str) -> str:
    """The code in upper case; blanks around it are refused here, they come from broken files."""
    if text != text.strip():
        raise InvalidInput(
            f"{text!r} is not a currency code; write it without blanks.", field="currency"
        )
    return currency_code(text)


def _line(line: LineTerms, number: int, currency: str) -> Line:
    where = f"line {number}:"
    field = f"lines.{number - 1}"
    price = read_number(line.unit_price, f"{where} price", field=f"{field}.unit_price")
    if price < 0:
        raise InvalidInput(
            f"{where} the price {line.unit_price} is negative; use a negative quantity or a discount.",
            field=f"{field}.unit_price",
        )
    base = read_number(line.base_quantity, f"{where} base quantity", field=f"{field}.base_quantity")
    if base <= 0:
        raise InvalidInput(
            f"{where} the base quantity must be above 0.", field=f"{field}.base_quantity"
        )
    return Line(
        quantity=read_number(line.quantity, f"{where} quantity", field=f"{field}.quantity"),
        unit_price=price,
        base_quantity=base,
        taxes=_line_taxes(line, where, field),
        allowances=tuple(
            _part(p, currency, f"{where} discount", f"{field}.allowances") for p in line.allowances
        ),
        charges=tuple(
            _part(p, currency, f"{where} charge", f"{field}.charges") for p in line.charges
        ),
    )


def _line_taxes(line: LineTerms, where: str, field: str) -> tuple[Tax, ...]:
    if not line.taxes:
        return (read_tax(line.tax_category, line.tax_rate, where, field=field),)
    if line.tax_category or line.tax_rate is not None:
        raise InvalidInput(
            f"{where} give one tax, or a list of taxes, not both.", field=f"{field}.taxes"
        )
    return tuple(
        read_tax(tax.category, tax.rate, where, compound=tax.compound, field=field)
        for tax in line.taxes
    )


def read_tax(
    category: str, rate: str | None, where: str, *, compound: bool = False, field: str = ""
) -> Tax:
    """One tax; refuses a rate that does not go with its category."""
    percent = (
        None if rate is None else read_number(rate, f"{where} tax rate", field=f"{field}.tax_rate")
    )
    code = category.strip().upper() or usual_category(percent)
    known = CATEGORIES.get(code)
    if known is None:
        listed = ", ".join(CATEGORIES)
        raise InvalidInput(
            f"{where} {code!r} is not a tax category; there are {listed}.",
            field=f"{field}.tax_category",
        )
    percent = percent if percent is not None else Decimal(0)
    if not 0 <= percent <= 100:
        raise InvalidInput(f"{where} a tax rate is between 0 and 100.", field=f"{field}.tax_rate")
    if fault := known.fault(percent):
        raise InvalidInput(f"{where} {fault}.", field=f"{field}.tax_rate")
    return Tax(code, percent, compound)


def _adjustments(
    terms: tuple[AdjustmentTerms, ...], what: str, currency: str
) -> tuple[Adjustment, ...]:
    return tuple(_adjustment(one, f"{what} {n}:", what, currency) for n, one in enumerate(terms, 1))


def _adjustment(terms: AdjustmentTerms, where: str, what: str, currency: str) -> Adjustment:
    field = f"{'allowances' if what == 'discount' else 'charges'}"
    amount = _part(terms.amount, currency, f"{where} amount", f"{field}.amount")
    if not terms.tax_category and terms.tax_rate is None:
        return Adjustment(amount)
    return Adjustment(amount, (read_tax(terms.tax_category, terms.tax_rate, where, field=field),))


def _part(text: str, currency: str, what: str, field: str) -> Part:
    bare = text.strip()
    if not bare.endswith("%"):
        return read_amount(text, currency, what, field=field)
    percent = read_number(bare[:-1], what, field=field)
    if not 0 <= percent <= 100:
        raise InvalidInput(f"{what} {bare} is not between 0% and 100%.", field=field)
    return Percent(percent)
