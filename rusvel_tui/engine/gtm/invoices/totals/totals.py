"""What a document comes to, in whole minor units; every total is the sum of the parts that stand here."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from rusvel_tui.engine.gtm.invoices.totals.bill import Tax, Taxes


@dataclass(frozen=True, slots=True)
class LineTotal:
    """One line without tax: `net = gross - sum(allowances) + sum(charges)`."""

    gross: int
    allowances: tuple[int, ...]
    charges: tuple[int, ...]
    net: int
    taxes: Taxes


@dataclass(frozen=True, slots=True)
class AdjustmentPart:
    """What of a discount or charge on the document falls under one kind of taxes, without tax."""

    adjustment: int
    """Its place in the list of the document."""
    amount: int
    taxes: Taxes


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """One row of the tax summary: once per category and rate."""

    tax: Tax
    taxable: int
    amount: int

    @property
    def category(self) -> str:
        return self.tax.category

    @property
    def rate(self) -> Decimal:
        return self.tax.rate


@dataclass(frozen=True, slots=True)
class Totals:
    """The totals of EN 16931 (BT-106…BT-115) with their parts; `payable = with_tax - prepaid + rounding`."""

    currency: str
    lines: int
    allowances: int
    charges: int
    without_tax: int
    tax: int
    with_tax: int
    prepaid: int
    rounding: int
    payable: int
    taxes: tuple[TaxTotal, ...]
    line_totals: tuple[LineTotal, ...]
    allowance_parts: tuple[AdjustmentPart, ...]
    charge_parts: tuple[AdjustmentPart, ...]
