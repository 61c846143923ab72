"""From a stored document to what stands on it; the totals are computed again and must be the stored ones."""

from __future__ import annotations

from dataclasses import replace

from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.invoices.documents.document import (
    Document,
    DocumentAdjustment,
    DocumentLine,
    Preceding,
)
from rusvel_tui.engine.gtm.invoices.ledger.views import InvoiceView, LineView
from rusvel_tui.engine.gtm.invoices.ledger.words import Kind, Status
from rusvel_tui.engine.gtm.invoices.totals.bill import Adjustment, Bill, Percent, negative
from rusvel_tui.engine.gtm.invoices.totals.computing import compute
from rusvel_tui.engine.gtm.invoices.totals.reading import BillTerms, read_bill
from rusvel_tui.engine.gtm.invoices.totals.totals import AdjustmentPart, Totals
from rusvel_tui.engine.money import Money

_LINE = (
    "quantity", "unit_price", "base_quantity", "tax_category", "tax_rate", "taxes", "allowances", "charges",
)  # fmt: skip


def document_of(view: InvoiceView) -> Document:
    """What stands on an invoice, credit note or quote; raises `EngineError` when its totals were tampered with."""
    bill = read_bill(_terms(view))
    _require_same(view, compute(bill))
    if view.kind is Kind.CREDIT_NOTE:
        bill = negative(bill)
    totals = compute(bill)
    source = view.source if view.kind is Kind.CREDIT_NOTE else None
    return Document(
        kind=view.kind,
        number=view.number or "",
        is_void=view.status is Status.VOID,
        currency=view.currency,
        issue_date=view.issue_date,
        due_date=view.due_date,
        delivered_on=view.delivered_on,
        title=view.title,
        reference=view.reference,
        notes=view.notes,
        terms=view.terms,
        seller=view.issuer,
        buyer=view.client_details,
        lines=_lines(view, bill, totals),
        adjustments=_adjustments(view, bill, totals),
        totals=totals,
        prices_include_tax=view.prices_include_tax,
        preceding=Preceding(source.number or "", source.issue_date) if source else None,
    )


def _terms(view: InvoiceView) -> BillTerms:
    return BillTerms.model_validate(
        {
            "currency": view.currency,
            "lines": [_line_terms(line) for line in view.lines],
            "allowances": [one.model_dump() for one in view.allowances],
            "charges": [one.model_dump() for one in view.charges],
            "prepaid": view.prepaid,
            "rounding": "0" if view.rounding_unit else view.rounding,
            "rounding_unit": view.rounding_unit,
            "prices_include_tax": view.prices_include_tax,
            "credit_note": view.kind is Kind.CREDIT_NOTE,
        }
    )


def _line_terms(line: LineView) -> dict[str, object]:
    terms = {name: getattr(line, name) for name in _LINE}
    terms["tax_rate"] = terms["tax_rate"] or None
    return terms


def _require_same(view: InvoiceView, totals: Totals) -> None:
    stored = (view.without_tax, view.tax, view.total, view.payable)
    found = (totals.without_tax, totals.tax, totals.with_tax, totals.payable)
    if stored != tuple(Money(minor, view.currency).amount for minor in found):
        raise EngineError(
            f"The stored totals of {view.number or 'the draft'} do not follow from its lines. Run `rusvel doctor`."
        )


def _lines(view: InvoiceView, bill: Bill, totals: Totals) -> tuple[DocumentLine, ...]:
    return tuple(
        DocumentLine(
            position=shown.position,
            description=shown.description,
            quantity=line.quantity,
            unit=shown.unit,
            unit_price=line.unit_price,
            base_quantity=line.base_quantity,
            total=total,
        )
        for shown, line, total in zip(view.lines, bill.lines, totals.line_totals, strict=True)
    )


def _adjustments(view: InvoiceView, bill: Bill, totals: Totals) -> tuple[DocumentAdjustment, ...]:
    return (
        *(_part(p, bill.allowances, view.allowances[p.adjustment].reason) for p in totals.allowance_parts),
        *(
            replace(_part(p, bill.charges, view.charges[p.adjustment].reason), is_charge=True)
            for p in totals.charge_parts
        ),
    )  # fmt: skip


def _part(
    part: AdjustmentPart, adjustments: tuple[Adjustment, ...], reason: str
) -> DocumentAdjustment:
    amount = adjustments[part.adjustment].amount
    return DocumentAdjustment(
        is_charge=False,
        reason=reason,
        percent=amount if isinstance(amount, Percent) else None,
        amount=part.amount,
        tax=part.taxes[0],
    )
