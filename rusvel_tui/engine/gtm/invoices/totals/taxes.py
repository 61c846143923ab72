"""Taxes on top of prices, and taxes within them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from rusvel_tui.engine.gtm.invoices.totals.amounts import Priced
from rusvel_tui.engine.gtm.invoices.totals.bill import Tax, Taxes
from rusvel_tui.engine.gtm.invoices.totals.totals import AdjustmentPart, LineTotal, TaxTotal
from rusvel_tui.engine.money import apportion, half_away


def tax_on(base: int, rate: Decimal) -> int:
    """The tax on an amount, rounded (BR-CO-17)."""
    share, of = rate.as_integer_ratio()
    return half_away(base * share, of * 100)


def added(parts: Priced) -> tuple[TaxTotal, ...]:
    """Taxes on prices without tax: rounded once for each category and rate.

    A compound tax is kept apart by the taxes before it, because they are part of its base.
    """
    bases: dict[Taxes, int] = {}
    for taxes, net in parts.groups().items():
        for key, base, _ in _steps(taxes, net):
            bases[key] = bases.get(key, 0) + base
    return _rows((key[-1], base, tax_on(base, key[-1].rate)) for key, base in bases.items())


def included(parts: Priced) -> tuple[TaxTotal, ...]:
    """Taxes within prices: `gross - round(gross / (1 + rate))` for each kind, so that what was priced is what is paid."""
    return _rows(row for taxes, gross in parts.groups().items() for row in _within(taxes, gross))


def _within(taxes: Taxes, gross: int) -> Iterator[tuple[Tax, int, int]]:
    """The taxes in an amount; the last one is what the others leave."""
    left = gross - (net := _net(gross, taxes))
    for place, (_, base, amount) in enumerate(_steps(taxes, net), 1):
        yield taxes[place - 1], base, left if place == len(taxes) else amount
        left -= amount


def _rows(found: Iterable[tuple[Tax, int, int]]) -> tuple[TaxTotal, ...]:
    """One row for each tax, in the order of the document."""
    sums: dict[Tax, tuple[int, int]] = {}
    for tax, base, amount in found:
        taxed, before = sums.get(tax, (0, 0))
        sums[tax] = (taxed + base, before + amount)
    return tuple(TaxTotal(tax, base, amount) for tax, (base, amount) in sums.items())


def without_tax(parts: Priced) -> Priced:
    """The same parts without the tax that is in them; they sum to the taxable amounts exactly."""
    amounts: dict[Taxes, list[int]] = {}
    for line in parts.lines:
        priced = (line.gross, *(-part for part in line.allowances), *line.charges)
        amounts.setdefault(line.taxes, []).extend(priced)
    for sign, adjustments in ((-1, parts.allowances), (1, parts.charges)):
        for part in adjustments:
            amounts.setdefault(part.taxes, []).append(sign * part.amount)
    nets = {taxes: iter(_nets(priced, taxes)) for taxes, priced in amounts.items()}
    return Priced(
        tuple(_line(line, nets[line.taxes]) for line in parts.lines),
        tuple(_part(part, -next(nets[part.taxes])) for part in parts.allowances),
        tuple(_part(part, next(nets[part.taxes])) for part in parts.charges),
    )


def _steps(taxes: Taxes, net: int) -> Iterator[tuple[Taxes, int, int]]:
    """Each tax in its order: what tells it from others, its base and its amount."""
    before = 0
    for place, tax in enumerate(taxes, 1):
        key = taxes[:place] if tax.compound else (tax,)
        base = net + before if tax.compound else net
        amount = tax_on(base, tax.rate)
        yield key, base, amount
        before += amount


def _factor(taxes: Taxes) -> Fraction:
    """What a price without tax grows by."""
    factor = Fraction(1)
    for tax in taxes:
        factor += (factor if tax.compound else 1) * Fraction(tax.rate) / 100
    return factor


def _net(gross: int, taxes: Taxes) -> int:
    factor = _factor(taxes)
    return half_away(gross * factor.denominator, factor.numerator)


def _nets(priced: list[int], taxes: Taxes) -> list[int]:
    factor = _factor(taxes)
    return apportion(_net(sum(priced), taxes), [amount / factor for amount in priced])


def _line(line: LineTotal, nets: Iterator[int]) -> LineTotal:
    gross = next(nets)
    allowances = tuple(-next(nets) for _ in line.allowances)
    charges = tuple(next(nets) for _ in line.charges)
    net = gross - sum(allowances) + sum(charges)
    return LineTotal(gross, allowances, charges, net, line.taxes)


def _part(part: AdjustmentPart, amount: int) -> AdjustmentPart:
    return replace(part, amount=amount)
