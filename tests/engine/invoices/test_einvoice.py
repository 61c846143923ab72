"""E-invoices without the official artefacts: totals as stored, text literally, and what is missing said before."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.invoices.documents.document import Document
from rusvel_tui.engine.gtm.invoices.documents.einvoice.cii import cii
from rusvel_tui.engine.gtm.invoices.documents.einvoice.codes import unit_code
from rusvel_tui.engine.gtm.invoices.documents.einvoice.problems import problems
from rusvel_tui.engine.gtm.invoices.documents.einvoice.ubl import ubl
from rusvel_tui.engine.gtm.invoices.documents.rendering import render
from rusvel_tui.engine.gtm.invoices.ledger.words import Kind, Status
from rusvel_tui.engine.gtm.invoices.setup.parties import Party
from tests.engine.invoices.many_papers import many
from tests.engine.invoices.papers import CLIENT, ISSUER, document, invoice_view, line
from tests.engine.invoices.test_documents import NASTY

PAPERS = many()
NOBODY = Party(name="Ola", country="SE")


def texts(xml: bytes, name: str) -> list[str]:
    """The texts of all elements of that local name."""
    root = ET.fromstring(xml)  # noqa: S314 - it was written here
    return [one.text or "" for one in root.iter() if one.tag.endswith(f"}}{name}")]


@pytest.mark.parametrize("name", PAPERS)
def test_the_totals_in_the_xml_are_the_stored_ones(name: str) -> None:
    paper = PAPERS[name]
    totals = paper.totals
    for xml, payable, taxed in (
        (ubl(paper), "PayableAmount", "TaxExclusiveAmount"),
        (cii(paper), "DuePayableAmount", "TaxBasisTotalAmount"),
    ):
        assert texts(xml, payable) == [paper.amount(totals.payable)]
        assert texts(xml, taxed) == [paper.amount(totals.without_tax)]
    assert texts(ubl(paper), "LineExtensionAmount")[1:] == [
        paper.amount(one.total.net) for one in paper.lines
    ]


@pytest.mark.parametrize("name", PAPERS)
def test_quantity_and_price_come_to_the_line(name: str) -> None:
    """BT-131 = BT-129 × BT-146 ÷ BT-149 − allowances + charges, also where prices include tax."""
    paper = PAPERS[name]
    root = ET.fromstring(ubl(paper))  # noqa: S314 - it was written here
    lines = [one for one in root.iter() if one.tag.endswith(("}InvoiceLine", "}CreditNoteLine"))]
    for written, made in zip(lines, paper.lines, strict=True):
        xml = ET.tostring(written)
        quantity, base, price = (
            Decimal(texts(xml, tag)[0])
            for tag in (written[1].tag.rpartition("}")[2], "BaseQuantity", "PriceAmount")
        )
        gross = quantity * price / base
        assert abs(gross - Decimal(paper.amount(made.total.gross))) <= Decimal("0.005")


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_text_comes_back_from_the_xml(text: str) -> None:
    kept = "".join(
        c
        for c in text
        if c in "\t\n" or "\x20" <= c < "\ud800" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )
    made = document([line(description="x")], notes=f"<{text}>")
    for xml, tag in ((ubl(made), "Note"), (cii(made), "Content")):
        assert texts(xml, tag) == [f"<{kept}>"]


def test_markup_in_names_is_text() -> None:
    client = CLIENT.model_copy(update={"name": NASTY, "reference": "]]><x/>"})
    made = document([line(description=NASTY)], client=client)
    assert texts(ubl(made), "RegistrationName")[1] == NASTY
    assert texts(cii(made), "BuyerReference") == ["]]><x/>"]


def broken(**more: Any) -> Document:
    return document(more.pop("lines", [line()]), **more)


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (broken(number="", status=Status.DRAFT), "Finalise it first"),
        (broken(status=Status.VOID), "It is void"),
        (broken(kind=Kind.QUOTE), "Convert it first"),
        (broken(currency="KWD", lines=[line("1.234")]), "KWD has 3 decimals"),
        (broken(due_date=""), "BR-CO-25"),
        (broken(issuer=NOBODY), "BR-CO-26"),
        (broken(issuer=ISSUER.model_copy(update={"country": ""})), "You have no country"),
        (broken(client=CLIENT.model_copy(update={"country": ""})), "has no country"),
        (broken(client=Party(country="PL")), "The client has no name"),
        (broken(issuer=ISSUER.model_copy(update={"name": ""})), "You have no name"),
        (broken(lines=[line("1", "0", tax_category="AE")], client=NOBODY), "reverse charge needs"),
        (broken(lines=[line("1", "0", tax_category="K")], client=NOBODY), "within the EU need"),
        (broken(lines=[line("1", "0", tax_category="G")], issuer=NOBODY), "exports need"),
        (broken(lines=[line(), line("1", None)]), "BR-O-11"),
        (broken(lines=[line("1", "22", tax_category="B")]), "BR-B-1"),
        (broken(lines=[line("1", "22", tax_category="B"), line()]), "BR-B-2"),
        (broken(lines=[line("1", None, taxes=[{"rate": "5"}, {"rate": "7"}])]), "several taxes"),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_before_it_is_written(made: Document, says: str) -> None:
    found = problems(made)
    assert any(says in one for one in found)
    assert all(one.endswith(".") and "\n" not in one for one in found)


def test_an_incomplete_invoice_is_refused_in_one_line() -> None:
    view = invoice_view([line("1.234")], currency="KWD", due_date="")
    with pytest.raises(InvalidInput) as error:
        render(view, "ubl")
    assert str(error.value).startswith("No e-invoice: KWD has 3 decimals")
    assert str(error.value).endswith("(1 more)")


@pytest.mark.parametrize(
    ("unit", "code"),
    [("", "C62"), ("Hours", "HUR"), ("Std.", "HUR"), ("Stück", "H87"), ("kg", "KGM"), ("hur", "HUR"),
     ("m²", "MTK"), ("days", "DAY"), ("wagonload", "C62"), ("Wörter", "D68")],
)  # fmt: skip
def test_units_have_their_code(unit: str, code: str) -> None:
    assert unit_code(unit) == code


def test_the_same_document_gives_the_same_bytes() -> None:
    assert ubl(PAPERS["everything"]) == ubl(many()["everything"])
    assert cii(PAPERS["everything"]) == cii(many()["everything"])
