"""What both syntaxes say in the same words: numbers of parties, prices, reasons, days."""

from __future__ import annotations

from dataclasses import dataclass

from rusvel_tui.engine.gtm.invoices.documents.document import (
    Document,
    DocumentAdjustment,
    DocumentLine,
)
from rusvel_tui.engine.gtm.invoices.documents.einvoice.codes import (
    CREDIT_NOTE,
    EXEMPTIONS,
    INVOICE,
    SEPA_TRANSFER,
    TRANSFER,
)
from rusvel_tui.engine.gtm.invoices.ledger.words import Kind
from rusvel_tui.engine.gtm.invoices.setup.parties import Party
from rusvel_tui.engine.gtm.invoices.totals.bill import Tax
from rusvel_tui.engine.gtm.invoices.totals.numerals import plain


@dataclass(frozen=True, slots=True)
class Price:
    """The price without tax, for so many (BT-146, BT-149)."""

    amount: str
    base: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """How the authorities know a party."""

    identifier: str
    """BT-29 and BT-46: its own number, where neither register nor VAT id tells who it is."""
    registration: str
    vat_id: str
    tax_id: str


def is_credit(document: Document) -> bool:
    return document.kind is Kind.CREDIT_NOTE


def type_code(document: Document) -> str:
    return CREDIT_NOTE if is_credit(document) else INVOICE


def price_of(document: Document, line: DocumentLine) -> Price:
    """The price; of one that includes tax the amount of the whole line for its quantity, which is exact."""
    if not document.prices_include_tax:
        return Price(plain(line.unit_price), plain(line.base_quantity))
    if not line.quantity:
        return Price("0", "1")
    return Price(document.amount(abs(line.total.gross)), plain(abs(line.quantity)))


def rate_of(tax: Tax) -> str:
    """The rate; none outside the scope of tax (BR-O-5)."""
    return "" if tax.category == "O" else plain(tax.rate)


def exemption(tax: Tax) -> tuple[str, str]:
    """Code and text of why there is no tax; empty where there is one, or its rate is zero."""
    return EXEMPTIONS.get(tax.category, ("", ""))


def reason_of(adjustment: DocumentAdjustment) -> str:
    return adjustment.reason or ("Charge" if adjustment.is_charge else "Discount")


def numbers_of(document: Document, party: Party) -> Numbers:
    """The numbers of a party; without VAT ids where the document is outside the scope of VAT (BR-O-2…4)."""
    outside = any(row.category == "O" for row in document.totals.taxes)
    vat_id = "" if outside else party.vat_id
    alone = not (party.registration or vat_id)
    return Numbers(party.tax_id if alone else "", party.registration, vat_id, party.tax_id)


def seller_tax_id(document: Document) -> str:
    """BT-32, which stands beside the VAT id or in its place; not outside the scope of VAT."""
    numbers = numbers_of(document, document.seller)
    return "" if numbers.identifier else numbers.tax_id


def delivery_day(document: Document) -> str:
    """When it was delivered; supplies within the EU have to say it (BR-IC-11)."""
    return document.delivered_on or (document.issue_date if is_intra_eu(document) else "")


def is_intra_eu(document: Document) -> bool:
    return any(row.category == "K" for row in document.totals.taxes)


def means_code(document: Document) -> str:
    """How to pay; empty where there is no account."""
    if not document.seller.iban or is_credit(document):
        return ""
    return SEPA_TRANSFER if document.currency == "EUR" else TRANSFER


def payment_terms(document: Document) -> str:
    """BT-20; a credit note has no due date, so it says what becomes of the money (BR-CO-25)."""
    if document.terms or not is_credit(document):
        return document.terms
    return "The amount is credited to you."


def notes_of(document: Document) -> tuple[str, ...]:
    return tuple(filter(None, (document.title, document.notes)))


def quantity_of(line: DocumentLine) -> str:
    return plain(line.quantity)


def percent_of(adjustment: DocumentAdjustment) -> str:
    return plain(adjustment.percent.rate) if adjustment.percent else ""
