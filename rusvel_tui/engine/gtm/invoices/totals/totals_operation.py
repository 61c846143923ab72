"""The totals of lines that need not be stored, for everyone: `gtm.invoices.compute_totals`."""

from __future__ import annotations

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.invoices.totals.numerals import plain
from rusvel_tui.engine.gtm.invoices.totals.reading import BillTerms, totals_of
from rusvel_tui.engine.gtm.invoices.totals.totals import Totals
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.operation import Input, View, operation


class ComputeTotals(BillTerms, Input):
    """The lines, discounts and charges of a document; numbers are decimal text."""


class TaxRowView(View):
    """One row of the tax summary."""

    category: str
    rate: str
    taxable: str
    tax: str


class TotalsView(View):
    """What the document comes to, as decimal text with the decimals of the currency."""

    lines: str
    allowances: str
    charges: str
    without_tax: str
    tax: str
    with_tax: str
    payable: str
    taxes: tuple[TaxRowView, ...]


@operation("gtm.invoices.compute_totals", permission="crm.invoices.read")
def compute_totals(ctx: Context, command: ComputeTotals) -> TotalsView:
    """Compute what lines, discounts, charges and taxes come to, to the cent; nothing is stored."""
    return totals_view(totals_of(command))


def totals_view(totals: Totals) -> TotalsView:
    """The totals as decimal text."""

    def text(minor: int) -> str:
        return Money(minor, totals.currency).amount

    return TotalsView(
        lines=text(totals.lines),
        allowances=text(totals.allowances),
        charges=text(totals.charges),
        without_tax=text(totals.without_tax),
        tax=text(totals.tax),
        with_tax=text(totals.with_tax),
        payable=text(totals.payable),
        taxes=tuple(
            TaxRowView(
                category=row.category,
                rate=plain(row.rate),
                taxable=text(row.taxable),
                tax=text(row.amount),
            )
            for row in totals.taxes
        ),
    )
