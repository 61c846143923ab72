"""Documents as they come out of the ledger, made directly: for tests of what is printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from rusvel_tui.engine.gtm.invoices.documents.document import Document, Preceding
from rusvel_tui.engine.gtm.invoices.documents.from_invoice import document_of
from rusvel_tui.engine.gtm.invoices.ledger.views import AdjustmentView, InvoiceView, LineView
from rusvel_tui.engine.gtm.invoices.ledger.words import Kind, Status
from rusvel_tui.engine.gtm.invoices.setup.parties import Party
from rusvel_tui.engine.gtm.invoices.totals.reading import BillTerms, totals_of
from rusvel_tui.engine.gtm.invoices.totals.totals_operation import totals_view

ISSUER = Party(
    name="Looms & Søn",
    attention="Ada Weber",
    street="Webergasse 7",
    postcode="10115",
    city="Berlin",
    country="DE",
    vat_id="DE123456789",
    tax_id="30/123/45678",
    registration="HRB 4711",
    email="ada@looms.example",
    phone="+49 30 1234567",
    iban="DE89370400440532013000",
    bic="COBADEFFXXX",
    bank="Commerzbank",
)
CLIENT = Party(
    name="Żółw Sp. z o.o.",
    attention="Jan Kowalski",
    street="ul. Długa 1",
    postcode="00-238",
    city="Warszawa",
    country="PL",
    vat_id="PL1234567890",
    email="jan@zolw.example",
    reference="04011000-12345-03",
)
_BLANK: dict[str, Any] = {
    "title": "",
    "reference": "",
    "issue_date": "2026-11-24",
    "due_date": "2026-12-08",
    "delivered_on": "",
    "notes": "",
    "terms": "",
    "source": None,
    "rounding_unit": None,
    "prices_include_tax": False,
}


def line(
    price: str = "100", rate: str | None = "19", quantity: str = "1", **more: Any
) -> dict[str, Any]:
    """One line as terms, with what only a paper says."""
    usual = {"description": "Weaving", "unit": "hour", "tax_category": ""}
    return usual | {"quantity": quantity, "unit_price": price, "tax_rate": rate} | more


def invoice_view(
    lines: list[dict[str, Any]], *, kind: Kind = Kind.INVOICE, **more: Any
) -> InvoiceView:
    """A final document of these lines."""
    names = (
        "currency",
        "allowances",
        "charges",
        "prepaid",
        "rounding",
        "rounding_unit",
        "prices_include_tax",
    )
    terms = {name: more[name] for name in names if name in more}
    bare = [{k: v for k, v in one.items() if k != "unit"} for one in lines]
    asked = {"currency": "EUR", "lines": bare, "credit_note": kind is Kind.CREDIT_NOTE, **terms}
    read = BillTerms.model_validate(asked)
    totals, shown = totals_of(read), totals_view(totals_of(read))
    written = _BLANK | {name: more[name] for name in _BLANK if name in more}
    amount = totals_view(replace(totals, lines=totals.prepaid, allowances=totals.rounding))
    return InvoiceView.model_construct(
        number=more.get("number", "INV-2026-0042"),
        kind=kind,
        status=more.get("status", Status.SENT),
        currency=read.currency,
        total=shown.with_tax,
        payable=shown.payable,
        without_tax=shown.without_tax,
        tax=shown.tax,
        prepaid=amount.lines,
        rounding=amount.allowances,
        issuer=more.get("issuer", ISSUER),
        client_details=more.get("client", CLIENT),
        lines=tuple(_lines(read, lines)),
        allowances=tuple(AdjustmentView(**one.model_dump()) for one in read.allowances),
        charges=tuple(AdjustmentView(**one.model_dump()) for one in read.charges),
        **written,
    )


def document(lines: list[dict[str, Any]], **more: Any) -> Document:
    """What stands on that document; a credit note takes back an invoice of the same lines."""
    made = document_of(invoice_view(lines, **more))
    return replace(made, preceding=more.get("preceding"))


def credit_note(lines: list[dict[str, Any]], **more: Any) -> Document:
    """A credit note of these lines, which are credited; stored with quantities below zero."""
    turned = [one | {"quantity": f"-{one['quantity']}"} for one in lines]
    before = Preceding("INV-2026-0041", "2026-11-20")
    return document(
        turned, **{"kind": Kind.CREDIT_NOTE, "number": "CN-2026-0001", "preceding": before} | more
    )


def _lines(terms: BillTerms, given: list[dict[str, Any]]) -> Iterator[LineView]:
    for place, (one, typed) in enumerate(zip(terms.lines, given, strict=True), 1):
        values = one.model_dump(mode="json")
        yield LineView(
            **values | {"tax_rate": values["tax_rate"] or "", "unit": typed["unit"]},
            position=place,
            net="",
        )
