"""Documents of the real book, from draft to void: what is printed is what is stored."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from rusvel_tui.adapters.printers.typst import TypstPrinter
from rusvel_tui.engine.errors import InvalidInput
from tests.engine.invoices.book import FIX, WORK, draft, final, get, pay
from tests.factories import Desk, statements

ISSUER = {"name": "Looms", "country": "DE", "vat_id": "DE123456789"}
LINES = (
    WORK | {"tax_rate": "19", "allowances": ["10%", "1.50"], "charges": ["2.25"]},
    FIX | {"tax_rate": "7", "unit": "piece"},
)
MORE = {
    "client": {"country": "PL"},
    "allowances": [{"amount": "3%", "reason": "Loyalty"}],
    "charges": [{"amount": "4.90", "reason": "Postage", "tax_category": "S", "tax_rate": "19"}],
    "rounding_unit": "0.05",
}


@pytest.fixture
def book(desk: Desk) -> Desk:
    """A desk that is complete for machines."""
    desk.call("gtm.invoices.set_up", issuer=ISSUER)
    desk.engine.printer = TypstPrinter()
    return desk


def shown(desk: Desk, invoice: Any, kind: str = "text") -> str:
    made = desk.call("gtm.invoices.render", invoice_id=invoice.invoice_id, format=kind)
    return str(made.text)


def amounts(xml: str) -> dict[str, str]:
    """The totals at the end of a UBL document."""
    totals = xml.partition("<cac:LegalMonetaryTotal>")[2].partition("</cac:LegalMonetaryTotal>")[0]
    return dict(re.findall(r"<cbc:(\w+) currencyID=\"EUR\">([^<]+)<", totals))


@pytest.mark.parametrize("inclusive", [False, True])
def test_an_invoice_and_the_credit_note_that_takes_it_back(book: Desk, *, inclusive: bool) -> None:
    invoice = final(book, *LINES, **MORE, prices_include_tax=inclusive)
    credited = book.call("gtm.invoices.credit_invoice", invoice_id=invoice.invoice_id)
    credit = book.call("gtm.invoices.finalise_invoice", invoice_id=credited.invoice_id)
    assert credit.total == f"-{invoice.total}"
    first, back = (amounts(shown(book, one, "ubl")) for one in (invoice, credit))
    assert first == back
    assert first["PayableAmount"] == invoice.payable
    assert first["TaxInclusiveAmount"] == invoice.total
    text = shown(book, credit)
    assert f"CREDIT NOTE {credit.number}" in text
    assert f"{invoice.number} of" in text


def test_a_draft_is_marked_and_is_no_e_invoice(book: Desk) -> None:
    made = draft(book, *LINES, **MORE)
    assert "*** DRAFT ***" in shown(book, made)
    with pytest.raises(InvalidInput, match="Finalise it first"):
        shown(book, made, "ubl")


def test_payments_change_nothing_on_the_paper(book: Desk) -> None:
    invoice = final(book, *LINES, **MORE)
    before = [shown(book, invoice, kind) for kind in ("text", "ubl", "cii")]
    pay(book, invoice, "100")
    book.later(days=60)
    assert [shown(book, invoice, kind) for kind in ("text", "ubl", "cii")] == before


def test_a_pdf_is_the_same_before_and_after_the_client_moved(book: Desk) -> None:
    invoice = final(book, *LINES, **MORE)
    wanted = {"invoice_id": invoice.number, "format": "facturx"}
    before = book.call("gtm.invoices.render", **wanted)
    book.call(
        "gtm.invoices.set_billing",
        contact_id=invoice.contact_id,
        client={"name": "Moved", "country": "FR"},
    )
    book.call("gtm.invoices.set_up", issuer={"name": "Renamed"})
    assert book.call("gtm.invoices.render", **wanted).content_base64 == before.content_base64


def test_a_void_invoice_says_so(book: Desk) -> None:
    invoice = final(book, *LINES, **MORE)
    book.call("gtm.invoices.void_invoice", invoice_id=invoice.invoice_id, reason="twice")
    assert "*** VOID ***" in shown(book, get(book, invoice))
    with pytest.raises(InvalidInput, match="It is void"):
        shown(book, invoice, "cii")


def test_a_document_of_many_lines_takes_no_more_queries(book: Desk) -> None:
    counts = []
    for lines in (LINES, LINES * 40):
        invoice = final(book, *lines, **MORE)
        with statements(book) as seen:
            shown(book, invoice)
        counts.append(len(seen))
    assert counts[0] == counts[1] > 1


def test_a_journal_of_many_takes_no_more_queries(book: Desk, tmp_path: Path) -> None:
    counts = []
    for place in range(2):
        for _ in range(1 + 11 * place):
            pay(book, final(book, *LINES), "10")
        with statements(book) as seen:
            book.call("gtm.invoices.export_journal", path=str(tmp_path / f"{place}.journal"))
        counts.append(len([one for one in seen if one.lstrip().startswith("SELECT")]))
    assert counts[0] == counts[1] > 1
