"""Thirty documents for machines: every tax category, discounts, prepaid amounts, roundings and credit notes."""

from __future__ import annotations

from rusvel_tui.engine.gtm.invoices.documents.document import Document
from rusvel_tui.engine.gtm.invoices.setup.parties import Party
from tests.engine.invoices.papers import CLIENT, ISSUER, credit_note, document, line

_BARE = Party(name="Ola", country="SE", registration="556036-0793")
_SMALL = ISSUER.model_copy(update={"vat_id": "", "registration": ""})
_ROMA = {"country": "IT", "city": "Roma"}
_ITALY = {
    "issuer": ISSUER.model_copy(update=_ROMA | {"vat_id": "IT12345670017"}),
    "client": CLIENT.model_copy(update=_ROMA | {"vat_id": "IT12345670025"}),
}
_OFF = [{"amount": "12.34", "reason": "Loyalty"}]
_MIXED = [line("33.33"), line("9.99", "7", "3"), line("1", "0", tax_category="Z")]


def many() -> dict[str, Document]:
    """The documents by what is special about them."""
    return _categories() | _sums() | _shapes() | _credits()


def _categories() -> dict[str, Document]:
    none = {
        code: document([line("250", "0", "2", tax_category=code)])
        for code in ("Z", "E", "AE", "K", "G")
    }
    islands = {code: document([line("80", "7", tax_category=code)]) for code in ("L", "M")}
    return {
        "S": document([line()]),
        **none,
        **islands,
        "O": document([line("99", None)]),
        "O small": document([line("99", None)], issuer=_SMALL, client=_BARE),
        "B": document([line("100", "22", tax_category="B")], **_ITALY),
        "L at 0": document([line("80", "0", tax_category="L")]),
        "several categories": document([*_MIXED, line("5", "0", tax_category="E")]),
    }


def _sums() -> dict[str, Document]:
    taxed = {"tax_category": "S", "tax_rate": "19"}
    return {
        "discount spread": document(_MIXED, allowances=_OFF),
        "discount and charge": document(
            _MIXED,
            allowances=[{"amount": "10%", **taxed}],
            charges=[{"amount": "4.90", "reason": "Postage & packing", **taxed}],
        ),
        "parts of a line": document([line("10", allowances=["1.50", "10%"], charges=["0.75"])]),
        "prepaid": document([line("1000")], prepaid="500.00"),
        "all prepaid": document([line("1000")], prepaid="1190"),
        "rounded": document([line("10.01", "25")], currency="SEK", rounding_unit="1"),
        "prices with tax": document([line("50"), line("50")], prices_include_tax=True),
        "mixed prices with tax": document(
            [*_MIXED, line("19.99", "7", "-1")], prices_include_tax=True, allowances=_OFF
        ),
        "a part per many": document([line("1585", "25", "90", base_quantity="365")]),
        "many decimals": document([line("0.12121", "19", "693.8")]),
        "given back": document([line("100", quantity="3"), line("20", quantity="-2")]),
    }


def _shapes() -> dict[str, Document]:
    nasty = '<b>&amp; "x" ]]> #read("/etc/passwd") ½ 山田\n\n-- more <script>'
    return {
        "no account": document([line()], issuer=ISSUER.model_copy(update={"iban": "", "bic": ""})),
        "whole units": document([line("1200", "10")], currency="JPY"),
        "everything": document(
            [line(description=nasty, unit="km")],
            title="Looms",
            reference="PO 4711",
            notes="Thanks.\nSee you.",
            terms="14 days",
            delivered_on="2026-11-20",
        ),
        "terms only": document([line()], due_date="", terms="At once"),
    }  # fmt: skip


def _credits() -> dict[str, Document]:
    return {
        "credit note": credit_note([line()]),
        "credit note of everything": credit_note(_MIXED, terms="Sorry."),
        "credit note within the EU": credit_note([line("250", "0", tax_category="K")]),
        "credit note with tax in prices": credit_note([line("50")] * 2, prices_include_tax=True),
    }
