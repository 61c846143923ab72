"""What every operation on documents shares: finding, dates, lines, totals and storing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound
from rusvel_tui.engine.gtm.invoices.ledger.inputs import LineInput
from rusvel_tui.engine.gtm.invoices.ledger.standing import living, today_of
from rusvel_tui.engine.gtm.invoices.ledger.words import Kind, name_of, settle
from rusvel_tui.engine.gtm.invoices.totals.numerals import plain
from rusvel_tui.engine.gtm.invoices.totals.reading import AdjustmentTerms, BillTerms, totals_of
from rusvel_tui.engine.gtm.invoices.totals.totals import Totals
from rusvel_tui.engine.models import Invoice, InvoiceLine, InvoiceTax
from rusvel_tui.engine.models.base import insert_rows
from rusvel_tui.engine.text import fold, sanitize
from rusvel_tui.engine.when_text import parse_day

_LINE = (
    "quantity", "unit_price", "base_quantity", "tax_category", "tax_rate", "taxes", "allowances", "charges",
)  # fmt: skip


def find_invoice(ctx: Context, invoice_id: str, *, deleted: bool = False) -> Invoice:
    """A document of this session by id or number; raises `NotFound`."""
    gone = Invoice.select().where(
        (Invoice.session_id == ctx.session_id) & Invoice.deleted_at.is_null(False)
    )
    query = gone if deleted else living(ctx)
    found: Invoice | None = query.where(Invoice.id == invoice_id).first()
    if found is None and not deleted:
        found = query.where(Invoice.number == invoice_id).first()
    if found is None:
        raise NotFound.here("invoice", invoice_id, "gtm list --kind invoices")
    return found


def find_draft(ctx: Context, invoice_id: str) -> Invoice:
    """A document that can still be changed; raises `Conflict` for a final one."""
    invoice = find_invoice(ctx, invoice_id)
    if invoice.number is not None:
        raise Conflict(f"{invoice.number} is final; {_instead(invoice)}.")
    return invoice


def _instead(invoice: Invoice) -> str:
    if invoice.voided_at is not None:
        return "it was voided, write a new one"
    return {
        Kind.INVOICE: "void it or issue a credit note",
        Kind.CREDIT_NOTE: "void it and issue another one",
        Kind.QUOTE: "void it and write a new one",
    }[Kind(invoice.kind)]


def require_issued(invoice: Invoice, what: str) -> None:
    """Refuse what only a final invoice that is not void can have."""
    if invoice.kind != Kind.INVOICE.key:
        raise Conflict(
            f"{name_of(invoice)} is a {Kind(invoice.kind).words}: only an invoice can {what}."
        )
    if invoice.number is None:
        raise Conflict(f"The {name_of(invoice)} is a draft and cannot {what}. Finalise it first.")
    if invoice.voided_at is not None:
        raise Conflict(f"{invoice.number} is void and cannot {what}.")


def read_day(ctx: Context, text: str | None, field: str) -> str:
    """A day as stored: from `2026-12-31`, `in 30 days`, or a moment; empty for none."""
    if not (text or "").strip():
        return ""
    try:
        moment = datetime.fromisoformat(str(text).strip())
    except ValueError:
        return parse_day(str(text), today_of(ctx), field=field).isoformat()
    if moment.tzinfo is None:
        return moment.date().isoformat()
    return moment.astimezone(UTC).astimezone(ctx.zone).date().isoformat()


def terms_of(invoice: Invoice, lines: Sequence[dict[str, Any]]) -> BillTerms:
    """What the totals of a document are computed from."""
    return BillTerms.model_validate(
        {
            "currency": invoice.currency,
            "lines": [_terms(line) for line in lines],
            "allowances": invoice.allowances,
            "charges": invoice.charges,
            "credit_note": invoice.kind == Kind.CREDIT_NOTE.key,
            **invoice.options,
        }
    )


def _terms(line: dict[str, Any]) -> dict[str, Any]:
    kept = {name: line[name] for name in _LINE}
    if kept["taxes"] or not kept["tax_rate"]:
        kept["tax_rate"] = None
    return kept


def line_values(lines: Sequence[LineInput], category: str, rate: str) -> list[dict[str, Any]]:
    """Lines as they are stored; without a tax of their own they have the usual one."""
    made = []
    for place, line in enumerate(lines, 1):
        values = line.model_dump(mode="json")
        values["description"] = sanitize(line.description).strip()
        values["position"] = place
        if not (line.tax_category or line.tax_rate is not None or line.taxes):
            values["tax_category"], values["tax_rate"] = category, rate or None
        values["tax_rate"] = values["tax_rate"] or ""
        made.append(values)
    return made


def stored_lines(invoice_id: str) -> list[dict[str, Any]]:
    """The lines of a document in their order."""
    rows = InvoiceLine.select().where(InvoiceLine.invoice_id == invoice_id)
    return [dict(row.__data__) for row in rows.order_by(InvoiceLine.position)]


def adjustments(terms: Sequence[AdjustmentTerms]) -> list[dict[str, Any]]:
    """Discounts or charges of the document as they are stored."""
    return [one.model_dump(mode="json", exclude_defaults=True) for one in terms]


def write_document(
    ctx: Context, invoice: Invoice, lines: Sequence[dict[str, Any]], *, new: bool = False
) -> Totals:
    """Compute a draft anew and store it with its lines and taxes."""
    totals = totals_of(terms_of(invoice, lines))
    _put_totals(invoice, totals)
    invoice.search = fold(
        " ".join((invoice.client_name, invoice.title, invoice.reference, invoice.number or ""))
    )
    settle(invoice)
    if new:
        invoice.save(force_insert=True)
    else:
        touch(ctx, invoice)
    _put_lines(ctx, invoice, lines, totals)
    return totals


def touch(ctx: Context, invoice: Invoice) -> None:
    """Store a changed document as its next version."""
    invoice.version += 1
    invoice.updated_at = ctx.now
    invoice.save()


def _put_totals(invoice: Invoice, totals: Totals) -> None:
    invoice.lines_minor, invoice.allowances_minor = totals.lines, totals.allowances
    invoice.charges_minor, invoice.net_minor = totals.charges, totals.without_tax
    invoice.tax_minor, invoice.total_minor = totals.tax, totals.with_tax
    invoice.prepaid_minor, invoice.rounding_minor = totals.prepaid, totals.rounding
    invoice.payable_minor = totals.payable


def _put_lines(
    ctx: Context, invoice: Invoice, lines: Sequence[dict[str, Any]], totals: Totals
) -> None:
    InvoiceLine.delete().where(InvoiceLine.invoice_id == invoice.id).execute()
    InvoiceTax.delete().where(InvoiceTax.invoice_id == invoice.id).execute()
    rows = zip(lines, totals.line_totals, strict=True)
    insert_rows(
        InvoiceLine,
        (
            line
            | {
                "id": ctx.new_id(),
                "invoice_id": invoice.id,
                "position": place,
                "net_minor": total.net,
            }
            for place, (line, total) in enumerate(rows, 1)
        ),
    )
    insert_rows(
        InvoiceTax,
        (
            {
                "invoice_id": invoice.id,
                "category": row.category,
                "rate": plain(row.rate),
                "compound": int(row.tax.compound),
                "taxable_minor": row.taxable,
                "tax_minor": row.amount,
            }
            for row in totals.taxes
        ),
    )


def check_dates(invoice: Invoice) -> None:
    """Refuse a due date before the issue."""
    if invoice.due_date and invoice.issue_date and invoice.due_date < invoice.issue_date:
        what = "can be accepted until" if invoice.kind == Kind.QUOTE.key else "is due on"
        raise InvalidInput(
            f"It {what} {invoice.due_date}, before its issue on {invoice.issue_date}. Give a later day.",
            field="due_date",
        )
