"""What the operations on invoices, credit notes and quotes are asked."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from rusvel_tui.engine.gtm.invoices.ledger.words import Kind, Order, Show
from rusvel_tui.engine.gtm.invoices.setup.parties import Line, PartyInput
from rusvel_tui.engine.gtm.invoices.totals.numerals import Numeral
from rusvel_tui.engine.gtm.invoices.totals.reading import AdjustmentTerms, LineTerms
from rusvel_tui.engine.operation import Input, PageInput
from rusvel_tui.engine.when_text import When

Code = Annotated[str, StringConstraints(strip_whitespace=False, max_length=20)]
"""A currency as it was typed: blanks around it come from broken files, and are refused."""


class LineInput(LineTerms):
    """One line of a document. Numbers are decimal text."""

    quantity: Numeral = "1"
    unit: Line = ""
    """What is counted, such as hour; pieces when left out."""


class DocumentInput(Input):
    """What a draft says besides its client and lines."""

    title: Line | None = None
    reference: Line | None = None
    """What the client wants to read on it: an order number."""
    notes: str | None = None
    terms: str | None = None
    """Below the lines; the usual terms when left out."""
    issue_date: When | None = None
    """The day on it; the day it becomes final when left out."""
    delivered_on: When | None = None
    """When it was delivered, where that is another day."""
    allowances: tuple[AdjustmentTerms, ...] | None = None
    """Discounts on the whole document."""
    charges: tuple[AdjustmentTerms, ...] | None = None
    prepaid: Numeral | None = None
    rounding: Numeral | None = None
    rounding_unit: Numeral | None = None
    """What is payable is rounded to a multiple of this: 0.05 for Swiss cash, 1 for Swedish."""
    prices_include_tax: bool | None = None
    client: PartyInput | None = None
    """What shall stand on this document in place of what is known of the contact."""
    metadata: dict[str, Any] | None = None


class CreateInvoice(DocumentInput):
    """A new draft for a client, found by name or by id."""

    client_name: Line = ""
    """A contact's name, company or mail address; or give `contact_id`."""
    contact_id: str = ""
    create_client: bool = False
    """Whether a client of that name is added when there is none."""
    line_items: tuple[LineInput, ...] = Field(default=(), max_length=1000)
    due_date: When | None = None
    """A day such as 2026-12-31 or `in 30 days`; the usual days after the issue when left out."""
    currency: Code = ""
    """The session's currency when left out."""
    kind: Kind = Kind.INVOICE
    """Invoice or Quote; a credit note is made by `credit_invoice`."""
    deal_id: str = ""


class UpdateInvoice(DocumentInput):
    """Changes to a draft; what is left out stays."""

    invoice_id: str
    version: int | None = None
    """The version you saw; a newer one is a conflict."""
    contact_id: str | None = None
    line_items: tuple[LineInput, ...] | None = Field(default=None, max_length=1000)
    """All lines that there shall be."""
    due_date: When | None = None
    currency: Code | None = None
    deal_id: str | None = None


class InvoiceId(Input):
    """Which document, by id or number."""

    invoice_id: str


class FromDeal(Input):
    """Which won deal is invoiced."""

    deal_id: str
    kind: Kind = Kind.INVOICE
    due_date: When | None = None
    tax_rate: Numeral | None = None
    """In percent; the usual rate when left out."""


class Finalise(Input):
    """Which draft becomes final."""

    invoice_id: str
    zero: bool = False
    """Whether nothing may be payable."""
    sent: bool = False
    """Whether it was handed over already, other than by mail."""
    version: int | None = None


class Void(Input):
    """Which document is void, and why."""

    invoice_id: str
    reason: str = ""


class CreditLine(BaseModel):
    """How much of a line is credited."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    position: int = Field(ge=1)
    quantity: Numeral | None = None
    """All of it when left out."""


class CreditInvoice(Input):
    """Which invoice is corrected, and how much of it."""

    invoice_id: str
    lines: tuple[CreditLine, ...] = ()
    """All of the invoice when left out."""
    reason: str = ""
    currency: str = ""
    """For checking only: another one than the invoice's is refused."""


class ListInvoices(PageInput):
    """Which documents."""

    kind: Kind | None = None
    status: Show | None = None
    """Draft, Issued, Sent, PartiallyPaid, Paid, Credited, Void, Accepted, Declined, Invoiced; or Open, Overdue."""
    contact_id: str = ""
    company_id: str = ""
    deal_id: str = ""
    currency: str = ""
    query: str = ""
    """Part of a number, client, title or reference; accents and case do not matter."""
    order: Order = Order.NEWEST


class Decide(Input):
    """What became of a quote."""

    invoice_id: str
    reason: str = ""
    force: bool = False
    """Whether an expired quote may be accepted all the same."""


class ConvertQuote(Input):
    """Which quote becomes an invoice."""

    invoice_id: str
    due_date: When | None = None
    force: bool = False
    """Whether an expired quote may be converted all the same."""
