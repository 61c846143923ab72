"""A document as plain words in their places: what the text and the print are both made from."""

from __future__ import annotations

from dataclasses import dataclass

from rusvel_tui.engine.gtm.invoices.documents import words
from rusvel_tui.engine.gtm.invoices.documents.document import Document, DocumentLine
from rusvel_tui.engine.gtm.invoices.documents.epc import epc_text
from rusvel_tui.engine.gtm.invoices.ledger.words import Kind
from rusvel_tui.engine.gtm.invoices.setup.parties import Party
from rusvel_tui.engine.gtm.invoices.totals.numerals import plain

Fact = tuple[str, str]
"""A label and what stands beside it."""


@dataclass(frozen=True, slots=True)
class SheetParty:
    """Who issues it or gets it."""

    name: str
    address: tuple[str, ...]
    numbers: tuple[str, ...]
    contact: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One line of the table; `parts` are its discounts and charges."""

    position: str
    name: str
    details: str
    quantity: str
    price: str
    tax: str
    net: str
    parts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """All words of one document, in the order in which they are read."""

    title: str
    mark: str
    """DRAFT or VOID; empty on what counts."""
    day: str
    """The ISO date on it; empty on a draft without one."""
    currency: str
    seller: SheetParty
    buyer: SheetParty
    facts: tuple[Fact, ...]
    subject: str
    price_label: str
    """Whether prices are without tax, as the amounts of the lines are."""
    lines: tuple[SheetLine, ...]
    sums: tuple[Fact, ...]
    total: Fact
    notes: tuple[str, ...]
    payment: tuple[Fact, ...]
    epc: str
    """What a banking app reads from the QR code (EPC069-12); empty where it cannot be paid so."""


def sheet_of(document: Document) -> Sheet:
    """The words on a document."""
    return Sheet(
        title=words.heading(document),
        mark=words.mark_of(document),
        day=document.issue_date,
        currency=document.currency,
        seller=_party(document.seller, document.seller.country),
        buyer=_party(document.buyer, document.seller.country),
        facts=tuple(fact for fact in _facts(document) if fact[1]),
        subject=document.title,
        price_label="Gross price" if document.prices_include_tax else "Price",
        lines=tuple(_line(document, line) for line in document.lines),
        sums=_sums(document),
        total=(words.PAYABLE[document.kind], document.shown(document.totals.payable)),
        notes=tuple(filter(None, (*words.tax_notes(document), document.notes, document.terms))),
        payment=tuple(fact for fact in _payment(document) if fact[1]),
        epc=epc_text(document),
    )


def _party(party: Party, home: str) -> SheetParty:
    attention = party.attention if party.attention != party.name else ""
    contact = tuple(filter(None, (attention, party.email, party.phone, party.website)))
    return SheetParty(
        party.name, tuple(words.address(party, home)), tuple(words.numbers(party)), contact
    )


def _facts(document: Document) -> tuple[Fact, ...]:
    before = document.preceding
    return (
        ("Date", document.issue_date),
        (words.DUE[document.kind], document.due_date),
        ("Delivered", document.delivered_on),
        ("Corrects", f"{before.number} of {before.issue_date}" if before else ""),
        ("Your order", document.reference),
        ("Your reference", document.buyer.reference),
    )


def _line(document: Document, line: DocumentLine) -> SheetLine:
    taken = [("Discount", -part) for part in line.total.allowances]
    added = [("Charge", part) for part in line.total.charges]
    return SheetLine(
        position=str(line.position),
        name=line.name,
        details=line.details,
        quantity=words.quantity_text(line),
        price=words.price_text(document, line),
        tax=words.taxes_text(line),
        net=document.shown(line.total.gross if taken or added else line.total.net),
        parts=tuple((label, document.shown(amount)) for label, amount in (*taken, *added)),
    )


def _sums(document: Document) -> tuple[Fact, ...]:
    """From the lines to what is to be paid; a step that changes nothing is left out."""
    totals = document.totals
    rows = [("Subtotal", totals.lines)] if document.adjustments else []
    rows += [*_adjustments(document).items(), ("Net", totals.without_tax)]
    for row in totals.taxes:
        several = len(totals.taxes) > 1
        on = f" on {document.shown(row.taxable)}" if several else ""
        rows.append((words.tax_label(row.tax) + on, row.amount))
    if totals.prepaid or totals.rounding:
        rows.append(("Total", totals.with_tax))
    rows += [("Paid before", -totals.prepaid)] if totals.prepaid else []
    rows += [("Rounding", totals.rounding)] if totals.rounding else []
    return tuple((label, document.shown(minor)) for label, minor in rows)


def _adjustments(document: Document) -> dict[str, int]:
    """Discounts and charges by their labels; the parts of a spread one are one again."""
    rows: dict[str, int] = {}
    for one in document.adjustments:
        percent = f" {plain(one.percent.rate)} %" if one.percent else ""
        label = (one.reason or ("Charge" if one.is_charge else "Discount")) + percent
        rows[label] = rows.get(label, 0) + (one.amount if one.is_charge else -one.amount)
    return rows


def _payment(document: Document) -> tuple[Fact, ...]:
    """How to pay an invoice of which something is to be paid."""
    seller = document.seller
    payable = document.kind is Kind.INVOICE and document.totals.payable > 0 and not document.is_void
    if not payable or not seller.iban:
        return ()
    return (
        ("Account", words.iban_text(seller.iban)),
        ("BIC", seller.bic),
        ("Bank", seller.bank),
        ("Payee", seller.name),
        ("Reference", document.number),
    )
