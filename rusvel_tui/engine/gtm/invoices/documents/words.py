"""The words on a document, and how numbers, days and addresses look on it."""

from __future__ import annotations

from rusvel_tui.engine.countries import country_name
from rusvel_tui.engine.gtm.invoices.documents.document import Document, DocumentLine
from rusvel_tui.engine.gtm.invoices.documents.einvoice.codes import EXEMPTIONS
from rusvel_tui.engine.gtm.invoices.ledger.words import Kind
from rusvel_tui.engine.gtm.invoices.setup.parties import Party
from rusvel_tui.engine.gtm.invoices.totals.bill import Tax
from rusvel_tui.engine.gtm.invoices.totals.numerals import plain

TITLES = {Kind.INVOICE: "Invoice", Kind.CREDIT_NOTE: "Credit note", Kind.QUOTE: "Quote"}
DUE = {Kind.INVOICE: "Due", Kind.CREDIT_NOTE: "Due", Kind.QUOTE: "Valid until"}
PAYABLE = {Kind.INVOICE: "To pay", Kind.CREDIT_NOTE: "Credited to you", Kind.QUOTE: "Total"}


def mark_of(document: Document) -> str:
    """What has to be seen first: that it counts for nothing, yet or any more."""
    if document.is_void:
        return "VOID"
    return "" if document.number else "DRAFT"


def heading(document: Document) -> str:
    """`Invoice INV-2026-0042`."""
    return " ".join(filter(None, (TITLES[document.kind], document.number)))


def address(party: Party, home: str) -> list[str]:
    """The lines below a name; the country only where it is not the issuer's."""
    abroad = party.country and party.country != home
    return [*party.address, *([country_name(party.country)] if abroad else [])]


def numbers(party: Party) -> list[str]:
    """How a party is known: VAT id, tax number, register."""
    known = (
        ("VAT id", party.vat_id),
        ("Tax number", party.tax_id),
        ("Register", party.registration),
    )
    return [f"{label} {text}" for label, text in known if text]


def rate_text(tax: Tax) -> str:
    """`19 %`; the code of a category without tax."""
    return f"{plain(tax.rate)} %" if tax.rate else tax.category


def taxes_text(line: DocumentLine) -> str:
    return " + ".join(rate_text(tax) for tax in line.total.taxes)


def tax_label(tax: Tax) -> str:
    """`Tax 19 %`, or why there is none."""
    if tax.rate:
        return f"Tax {plain(tax.rate)} %"
    reason = EXEMPTIONS.get(tax.category, ("", "No tax"))[1]
    return reason.partition(":")[0]


def quantity_text(line: DocumentLine) -> str:
    return " ".join(filter(None, (plain(line.quantity), line.unit)))


def price_text(document: Document, line: DocumentLine) -> str:
    """The price as it was agreed, with its decimals but at least those of the currency."""
    whole, _, decimals = plain(line.unit_price).partition(".")
    places = len(document.amount(0).partition(".")[2])
    shown = f"{int(whole):,}" + (f".{decimals:0<{places}}" if decimals or places else "")
    per = f" / {plain(line.base_quantity)}" if line.base_quantity != 1 else ""
    return shown + per


def tax_notes(document: Document) -> list[str]:
    """What the law wants to be said where no tax is taken."""
    codes = dict.fromkeys(row.category for row in document.totals.taxes)
    return [f"{EXEMPTIONS[code][1]}." for code in codes if code in EXEMPTIONS and code != "O"]


def iban_text(iban: str) -> str:
    """In groups of four, as people read it."""
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))
