"""What totals are computed from: exact quantities and prices, amounts in whole minor units."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Tax:
    """One tax: a category of UNCL 5305 and a rate in percent; a compound one also taxes the taxes before it."""

    category: str
    rate: Decimal
    compound: bool = False


Taxes = tuple[Tax, ...]
"""All taxes of a line in their order; EN 16931 knows exactly one."""


@dataclass(frozen=True, slots=True)
class Percent:
    """A share of what it is taken from, in percent."""

    rate: Decimal


Part = int | Percent
"""A discount or an extra charge: minor units, or a percentage."""


@dataclass(frozen=True, slots=True)
class Line:
    """So many at a price per `base_quantity` of them."""

    quantity: Decimal
    unit_price: Decimal
    taxes: Taxes
    base_quantity: Decimal = Decimal(1)
    allowances: tuple[Part, ...] = ()
    charges: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A discount or charge on the whole document; without taxes it is spread over those of the lines."""

    amount: Part
    taxes: Taxes | None = None


@dataclass(frozen=True, slots=True)
class Bill:
    """A whole document before its totals. Amounts are minor units of the currency."""

    currency: str
    lines: tuple[Line, ...]
    allowances: tuple[Adjustment, ...] = ()
    charges: tuple[Adjustment, ...] = ()
    prepaid: int = 0
    rounding: int = 0
    rounding_unit: int = 0
    """What can be paid is a multiple of this (5 for Swiss cash); 0 rounds nothing, and `rounding` is taken as given."""
    prices_include_tax: bool = False
    credit_note: bool = False
    """Allows discounts that exceed what they are taken from."""


def negative(bill: Bill) -> Bill:
    """The bill that takes all of it back: its totals are the exact negative."""
    return replace(
        bill,
        lines=tuple(
            replace(
                line,
                quantity=-line.quantity,
                allowances=_minus(line.allowances),
                charges=_minus(line.charges),
            )
            for line in bill.lines
        ),
        allowances=_turned(bill.allowances),
        charges=_turned(bill.charges),
        prepaid=-bill.prepaid,
        rounding=-bill.rounding,
        credit_note=True,
    )


def _minus(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    return tuple(part if isinstance(part, Percent) else -part for part in parts)


def _turned(adjustments: tuple[Adjustment, ...]) -> tuple[Adjustment, ...]:
    amounts = _minus(tuple(one.amount for one in adjustments))
    return tuple(
        replace(one, amount=amount) for one, amount in zip(adjustments, amounts, strict=True)
    )
