"""The totals of a document: pure, exact, in the order of EN 16931."""

from __future__ import annotations

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.invoices.totals import taxes as taxing
from rusvel_tui.engine.gtm.invoices.totals.amounts import priced
from rusvel_tui.engine.gtm.invoices.totals.bill import Bill
from rusvel_tui.engine.gtm.invoices.totals.totals import Totals
from rusvel_tui.engine.money import MAX_MINOR, half_away


def compute(bill: Bill) -> Totals:
    """What the document comes to, in minor units of its currency.

    Line amounts are rounded first, half away from zero; tax once per category and rate; every total is a sum of
    rounded parts (EN 16931-1, BR-CO-10 to BR-CO-17). The negative of a bill has exactly the negative totals.
    Raises `InvalidInput` for discounts larger than what they are taken from and for amounts too large.
    """
    parts = priced(bill)
    rows = taxing.included(parts) if bill.prices_include_tax else taxing.added(parts)
    if bill.prices_include_tax:
        parts = taxing.without_tax(parts)
    lines = sum(line.net for line in parts.lines)
    allowances = sum(part.amount for part in parts.allowances)
    charges = sum(part.amount for part in parts.charges)
    net, tax = lines - allowances + charges, sum(row.amount for row in rows)
    if abs(net + tax) > MAX_MINOR:
        raise InvalidInput("The total is too large for an invoice.", field="lines")
    rounding = _rounding(bill, net + tax - bill.prepaid)
    return Totals(
        currency=bill.currency,
        lines=lines,
        allowances=allowances,
        charges=charges,
        without_tax=net,
        tax=tax,
        with_tax=net + tax,
        prepaid=bill.prepaid,
        rounding=rounding,
        payable=net + tax - bill.prepaid + rounding,
        taxes=rows,
        line_totals=parts.lines,
        allowance_parts=parts.allowances,
        charge_parts=parts.charges,
    )


def _rounding(bill: Bill, due: int) -> int:
    """What brings the amount due to a multiple of the smallest coin, or what was given."""
    if not bill.rounding_unit:
        return bill.rounding
    return half_away(due, bill.rounding_unit) * bill.rounding_unit - due
