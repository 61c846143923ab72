"""Lines, discounts and charges in minor units, as they were priced: with tax or without."""

from __future__ import annotations

from dataclasses import dataclass

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.invoices.totals.bill import Adjustment, Bill, Line, Part, Percent, Taxes
from rusvel_tui.engine.gtm.invoices.totals.totals import AdjustmentPart, LineTotal
from rusvel_tui.engine.money import MAX_MINOR, Money, exponent, half_away, spread


@dataclass(frozen=True, slots=True)
class Priced:
    """All parts of a document; every total is a sum of these."""

    lines: tuple[LineTotal, ...]
    allowances: tuple[AdjustmentPart, ...]
    charges: tuple[AdjustmentPart, ...]

    def groups(self) -> dict[Taxes, int]:
        """What falls under each kind of taxes, in the order of the document."""
        sums = sum_of_lines(self.lines)
        for part in self.allowances:
            sums[part.taxes] = sums.get(part.taxes, 0) - part.amount
        for part in self.charges:
            sums[part.taxes] = sums.get(part.taxes, 0) + part.amount
        return sums


def sum_of_lines(lines: tuple[LineTotal, ...]) -> dict[Taxes, int]:
    """The line nets by their taxes."""
    sums: dict[Taxes, int] = {}
    for line in lines:
        sums[line.taxes] = sums.get(line.taxes, 0) + line.net
    return sums


def priced(bill: Bill) -> Priced:
    """Every line and every part of a discount or charge; refuses discounts beyond what they are taken from."""
    lines = tuple(_line(bill, number, line) for number, line in enumerate(bill.lines, 1))
    sums = sum_of_lines(lines)
    made = Priced(lines, _parts(bill.allowances, sums), _parts(bill.charges, sums))
    if not bill.credit_note:
        _refuse_excess(bill, made)
    return made


def _line(bill: Bill, number: int, line: Line) -> LineTotal:
    gross = _gross(line, exponent(bill.currency))
    if abs(gross) > MAX_MINOR:
        raise InvalidInput(f"line {number}: its amount is too large.", field=f"lines.{number}")
    allowances = tuple(_resolved(part, gross) for part in line.allowances)
    charges = tuple(_resolved(part, gross) for part in line.charges)
    net = gross - sum(allowances) + sum(charges)
    if not bill.credit_note and gross + sum(charges) >= 0 > net:
        off, base = Money(sum(allowances), bill.currency), Money(gross, bill.currency)
        raise InvalidInput(
            f"line {number}: the discount of {off} is larger than the amount of {base}.",
            field=f"lines.{number}.allowances",
        )
    return LineTotal(gross, allowances, charges, net, line.taxes)


def _gross(line: Line, places: int) -> int:
    """quantity × price ÷ base quantity, exact until it is rounded once."""
    (many, many_of), (price, price_of) = (
        line.quantity.as_integer_ratio(),
        line.unit_price.as_integer_ratio(),
    )
    base, base_of = line.base_quantity.as_integer_ratio()
    return half_away(many * price * base_of * 10**places, many_of * price_of * base)


def _resolved(part: Part, base: int) -> int:
    if not isinstance(part, Percent):
        return part
    share, of = part.rate.as_integer_ratio()
    return half_away(base * share, of * 100)


def _parts(
    adjustments: tuple[Adjustment, ...], sums: dict[Taxes, int]
) -> tuple[AdjustmentPart, ...]:
    return tuple(
        part
        for place, adjustment in enumerate(adjustments)
        for part in _split(place, adjustment, sums)
    )


def _split(
    place: int, adjustment: Adjustment, sums: dict[Taxes, int]
) -> tuple[AdjustmentPart, ...]:
    if adjustment.taxes is not None:
        amount = _resolved(adjustment.amount, sums.get(adjustment.taxes, 0))
        return (AdjustmentPart(place, amount, adjustment.taxes),)
    whole = sum(sums.values())
    amount = _resolved(adjustment.amount, whole)
    if amount and not whole:
        raise InvalidInput(
            "A discount or charge on a document of 0 needs a tax category and rate.",
            field="allowances",
        )
    if not amount:
        return ()
    weights = [max(net, 0) if whole > 0 else min(net, 0) for net in sums.values()]
    return tuple(
        AdjustmentPart(place, share, taxes)
        for taxes, share in zip(sums, spread(amount, weights), strict=True)
        if share
    )


def _refuse_excess(bill: Bill, made: Priced) -> None:
    """A discount must not turn what is taxed below zero: that would be a credit note."""
    off: dict[Taxes, int] = {}
    for part in made.allowances:
        off[part.taxes] = off.get(part.taxes, 0) + part.amount
    groups = made.groups()
    for taxes, left in groups.items():
        named = f" ({taxes[0].category} {taxes[0].rate.normalize():f} %)"
        _refuse_below(bill, left, off.get(taxes, 0), named)
    _refuse_below(bill, sum(groups.values()), sum(off.values()))


def _refuse_below(bill: Bill, left: int, off: int, named: str = "") -> None:
    if left + off >= 0 > left:
        discount, base = Money(off, bill.currency), Money(left + off, bill.currency)
        raise InvalidInput(
            f"The discount of {discount} is larger than the {base} that it is taken from{named}.",
            field="allowances",
        )
