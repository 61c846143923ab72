"""What a document lacks to be an e-invoice: one sentence for each, with the rule of EN 16931 behind it."""

from __future__ import annotations

from collections.abc import Iterator

from rusvel_tui.engine.gtm.invoices.documents.document import Document
from rusvel_tui.engine.gtm.invoices.documents.einvoice import content
from rusvel_tui.engine.gtm.invoices.ledger.words import Kind
from rusvel_tui.engine.money import exponent

_NEEDS_SELLER = frozenset(("S", "Z", "E", "L", "M", "B"))
_NEEDS_VAT = frozenset(("AE", "K", "G"))


def problems(document: Document, *, cii: bool = False) -> tuple[str, ...]:
    """Everything that stands in the way; empty when UBL, or CII, can be written."""
    return (
        *_kind(document),
        *_arithmetic(document),
        *_parties(document),
        *_categories(document),
        *_days(document),
        *(_cii(document) if cii else ()),
    )


def _kind(document: Document) -> Iterator[str]:
    if document.kind is Kind.QUOTE:
        yield "A quote is no invoice. Convert it first."
    if not document.number:
        yield "It is a draft without a number. Finalise it first."
    if document.is_void:
        yield "It is void."
    if not document.lines:
        yield "It has no lines."
    if document.kind is Kind.CREDIT_NOTE and document.totals.payable < 0:
        yield "A credit note cannot ask for money."


def _arithmetic(document: Document) -> Iterator[str]:
    if exponent(document.currency) > 2:
        yield (
            f"{document.currency} has {exponent(document.currency)} decimals, an e-invoice has at most 2"
            " (BR-DEC). Send a PDF."
        )
    if document.several_taxes:
        yield "A line has several taxes; an e-invoice knows one VAT per line. Send a PDF."


def _parties(document: Document) -> Iterator[str]:
    seller, buyer = document.seller, document.buyer
    for who, party, where in (
        ("You", seller, "set_up"),
        (f"The client {buyer.name}".strip(), buyer, "set_billing"),
    ):
        if not party.name:
            yield (
                f"{who} have no name. Give one with {where}."
                if party is seller
                else (f"The client has no name. Give one with {where}.")
            )
        if not party.country:
            has = "have" if party is seller else "has"
            yield f"{who} {has} no country in the address (BR-9, BR-11). Give one with {where}."
    numbers = content.numbers_of(document, seller)
    if not any((numbers.identifier, numbers.registration, numbers.vat_id)):
        yield ("You have no VAT id, tax number or registration (BR-CO-26). Give one with set_up.")


def _categories(document: Document) -> Iterator[str]:
    """What each tax category asks for (BR-S, BR-AE, BR-IC, BR-G, BR-O, BR-B)."""
    used = {row.category for row in document.totals.taxes}
    seller, buyer = document.seller, document.buyer
    if used & _NEEDS_SELLER and not (seller.vat_id or seller.tax_id):
        yield "You have no VAT id or tax number, which the tax needs. Give one with set_up."
    if used & _NEEDS_VAT and not seller.vat_id:
        yield "You have no VAT id, which reverse charge, EU supplies and exports need. Give one with set_up."
    if "AE" in used and not (buyer.vat_id or buyer.registration):
        yield "The client has no VAT id, which reverse charge needs. Give one with set_billing."
    if "K" in used and not buyer.vat_id:
        yield "The client has no VAT id, which supplies within the EU need. Give one with set_billing."
    if "O" in used and len(used) > 1:
        yield "What is outside the scope of tax cannot stand beside taxed lines (BR-O-11). Write two invoices."
    if "B" in used and (seller.country, buyer.country) != ("IT", "IT"):
        yield "Split payment is for invoices within Italy (BR-B-1)."
    if {"B", "S"} <= used:
        yield "Split payment cannot stand beside standard rates (BR-B-2). Write two invoices."


def _days(document: Document) -> Iterator[str]:
    due = document.due_date or document.terms
    if document.totals.payable > 0 and not due and document.kind is Kind.INVOICE:
        yield "It has neither a due date nor terms of payment (BR-CO-25)."


def _cii(document: Document) -> Iterator[str]:
    """What the rules of Factur-X refuse beyond those of EN 16931."""
    if any(row.category == "B" for row in document.totals.taxes):
        yield "Split payment cannot be told in CII. Write UBL."
    if any(row.category in ("L", "M") and not row.rate for row in document.totals.taxes):
        yield "A rate of 0 for the Canary Islands, Ceuta or Melilla cannot be told in CII. Write UBL."
