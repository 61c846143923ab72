"""Everything that stands on a document, frozen: what every format is made from."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from rusvel_tui.engine.gtm.invoices.ledger.words import Kind
from rusvel_tui.engine.gtm.invoices.setup.parties import Party
from rusvel_tui.engine.gtm.invoices.totals.bill import Percent, Tax
from rusvel_tui.engine.gtm.invoices.totals.totals import LineTotal, Totals
from rusvel_tui.engine.money import Money


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One line; of a credit note the quantity that is credited, above zero."""

    position: int
    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    base_quantity: Decimal
    total: LineTotal
    """Without tax, whatever the price includes."""

    @property
    def name(self) -> str:
        """The first line of the description."""
        return self.description.partition("\n")[0]

    @property
    def details(self) -> str:
        """The rest of the description."""
        return self.description.partition("\n")[2].strip()

    @property
    def tax(self) -> Tax:
        """The tax of a line that has one."""
        return self.total.taxes[0]


@dataclass(frozen=True, slots=True)
class DocumentAdjustment:
    """What of a discount or charge on the whole document falls under one tax, without tax."""

    is_charge: bool
    reason: str
    percent: Percent | None
    amount: int
    tax: Tax


@dataclass(frozen=True, slots=True)
class Preceding:
    """The document that this one corrects or follows."""

    number: str
    issue_date: str


@dataclass(frozen=True, slots=True)
class Document:
    """One invoice, credit note or quote as it is printed. Days are ISO dates, empty where there is none."""

    kind: Kind
    number: str
    """Empty for a draft."""
    is_void: bool
    currency: str
    issue_date: str
    due_date: str
    """Of a quote: until when it can be accepted."""
    delivered_on: str
    title: str
    reference: str
    """The order number of the client."""
    notes: str
    terms: str
    seller: Party
    buyer: Party
    lines: tuple[DocumentLine, ...]
    adjustments: tuple[DocumentAdjustment, ...]
    totals: Totals
    """Of a credit note: what is credited, above zero."""
    prices_include_tax: bool
    preceding: Preceding | None

    def amount(self, minor: int) -> str:
        """Minor units as decimal text: `1250.00`."""
        return Money(minor, self.currency).amount

    def shown(self, minor: int) -> str:
        """Minor units for people: `1,250.00`."""
        return str(Money(minor, self.currency)).rpartition(" ")[0]

    @property
    def several_taxes(self) -> bool:
        """Whether a line has more than one tax."""
        return any(len(line.total.taxes) > 1 for line in self.lines)
