"""Credit notes: the exact negative of an invoice or of some of its lines, never more than what is left of it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Conflict, InvalidInput
from rusvel_tui.engine.gtm.invoices.ledger.balance import rebalance
from rusvel_tui.engine.gtm.invoices.ledger.drafts import told
from rusvel_tui.engine.gtm.invoices.ledger.inputs import CreditInvoice, CreditLine
from rusvel_tui.engine.gtm.invoices.ledger.record import invoice_view
from rusvel_tui.engine.gtm.invoices.ledger.rows import (
    find_invoice,
    require_issued,
    stored_lines,
    write_document,
)
from rusvel_tui.engine.gtm.invoices.ledger.views import InvoiceView
from rusvel_tui.engine.gtm.invoices.ledger.words import Kind
from rusvel_tui.engine.gtm.invoices.totals.numerals import plain, read_number
from rusvel_tui.engine.models import Invoice
from rusvel_tui.engine.money import Money, half_away
from rusvel_tui.engine.operation import operation
from rusvel_tui.engine.text import one_line


@operation("gtm.invoices.credit_invoice", writes=True, permission="crm.invoices.manage")
def credit_invoice(ctx: Context, cmd: CreditInvoice) -> InvoiceView:
    """Draft a credit note for an invoice, whole or by lines; finalise it to make it count."""
    invoice = find_invoice(ctx, cmd.invoice_id)
    require_issued(invoice, "be credited")
    if cmd.currency and cmd.currency.strip().upper() != invoice.currency:
        raise InvalidInput(
            f"{invoice.number} is in {invoice.currency}, so its credit note is too.",
            field="currency",
        )
    lines, shared = _partly(invoice, cmd.lines) if cmd.lines else _wholly(invoice)
    note = _note(ctx, invoice, shared, one_line(cmd.reason))
    write_document(ctx, note, lines, new=True)
    _refuse_excess(note, invoice)
    undo = Inverse("gtm.invoices.delete_invoice", {"invoice_id": note.id})
    said = told(note) | {"corrects": invoice.number}
    ctx.record("gtm.invoice.created", note.id, said, undo=undo)
    return invoice_view(ctx, note)


def require_creditable(ctx: Context, note: Invoice) -> None:
    """Refuse a credit note that is about to become final and takes more than is left."""
    invoice = Invoice.get_by_id(note.source_id)
    require_issued(invoice, "be credited")
    if note.currency != invoice.currency:
        raise InvalidInput(
            f"{invoice.number} is in {invoice.currency}, so its credit note is too.",
            field="currency",
        )
    if note.total_minor > 0 or note.payable_minor > 0:
        raise InvalidInput("A credit note takes away: its quantities are below zero.")
    if note.issue_date < invoice.issue_date:
        raise InvalidInput(
            f"{invoice.number} was issued on {invoice.issue_date}; credit it then or later.",
            field="issue_date",
        )
    _refuse_excess(note, invoice)


def recredit(ctx: Context, note: Invoice) -> None:
    """Let an invoice follow from a credit note of it that became final, void or valid again."""
    invoice = Invoice.get_by_id(note.source_id)
    if note.voided_at is None:
        _refuse_excess(note, invoice)
    rebalance(ctx, invoice)
    said = told(invoice) | {"credit_note": note.number, "credited_minor": invoice.credited_minor}
    ctx.record("gtm.invoice.credited_by", invoice.id, said)


def creditable(invoice: Invoice, but: str = "") -> int:
    """How much can still be credited, with tax, in minor units; `but` is a credit note that does not count."""
    notes = Invoice.select().where(
        (Invoice.source_id == invoice.id)
        & (Invoice.kind == Kind.CREDIT_NOTE.key)
        & Invoice.number.is_null(False)
        & Invoice.voided_at.is_null()
        & (Invoice.id != but)
    )
    return int(invoice.total_minor) + sum(int(note.total_minor) for note in notes)


def _refuse_excess(note: Invoice, invoice: Invoice) -> None:
    left = creditable(invoice, note.id)
    if -note.total_minor > left:
        rest = Money(left, invoice.currency)
        wanted = Money(-note.total_minor, invoice.currency)
        raise Conflict(
            f"Only {rest} of {invoice.number} can still be credited, not {wanted}. Credit some of its lines."
            if left
            else f"{invoice.number} is credited already, as a whole."
        )


def _note(ctx: Context, invoice: Invoice, shared: dict[str, Any], reason: str) -> Invoice:
    return Invoice(
        id=ctx.new_id(),
        session_id=ctx.session_id,
        kind=Kind.CREDIT_NOTE.key,
        contact_id=invoice.contact_id,
        deal_id=invoice.deal_id,
        source_id=invoice.id,
        currency=invoice.currency,
        title=f"Credit note for {invoice.number}",
        reference=invoice.reference,
        notes=reason,
        client=invoice.client,
        client_name=invoice.client_name,
        created_at=ctx.now,
        updated_at=ctx.now,
        **shared,
    )


def _wholly(invoice: Invoice) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """All lines and all that is shared, with the opposite sign."""
    options = {
        name: _minus(value) if name in ("prepaid", "rounding") else value
        for name, value in invoice.options.items()
    }
    lines = [_opposite(line) for line in stored_lines(invoice.id)]
    shared = {name: _minus_all(getattr(invoice, name)) for name in ("allowances", "charges")}
    return lines, shared | {"options": options}


def _opposite(line: dict[str, Any]) -> dict[str, Any]:
    parts = {name: [_minus(part) for part in line[name]] for name in ("allowances", "charges")}
    return line | {"quantity": _minus(line["quantity"])} | parts


def _minus_all(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [part | {"amount": _minus(part["amount"])} for part in parts]


def _minus(text: str) -> str:
    """The opposite amount; a percentage follows what it is taken from."""
    bare = text.strip()
    if bare.endswith("%") or not bare.strip("+-0."):
        return bare
    return bare[1:] if bare.startswith("-") else f"-{bare.lstrip('+')}"


def _partly(
    invoice: Invoice, wanted: tuple[CreditLine, ...]
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Some lines, each wholly or in part; what is shared by the document goes along in proportion."""
    lines = {line["position"]: line for line in stored_lines(invoice.id)}
    made, share = [], Fraction(0)
    for one in wanted:
        line = lines.pop(one.position, None)
        if line is None:
            raise InvalidInput(
                f"{invoice.number} has no line {one.position}, or it is named twice.", field="lines"
            )
        part = _part(line, one)
        made.append(_opposite(_scaled(line, part, invoice.currency)))
        share += part * Fraction(line["net_minor"], invoice.lines_minor or 1)
    shared = {
        name: _minus_all([_scale(one, share, invoice.currency) for one in getattr(invoice, name)])
        for name in ("allowances", "charges")
    }
    kept = {k: v for k, v in invoice.options.items() if k == "prices_include_tax"}
    return made, shared | {"options": kept}


def _part(line: dict[str, Any], one: CreditLine) -> Fraction:
    """Which part of the line is credited."""
    if one.quantity is None:
        return Fraction(1)
    what = f"line {one.position}: quantity"
    quantity = Fraction(read_number(one.quantity, what, field="lines"))
    whole = Fraction(line["quantity"])
    if not 0 < quantity / whole <= 1:
        raise InvalidInput(
            f"line {one.position}: credit more than 0 and up to {line['quantity']}.", field="lines"
        )
    return quantity / whole


def _scaled(line: dict[str, Any], part: Fraction, currency: str) -> dict[str, Any]:
    if part == 1:
        return line
    from decimal import Decimal

    quantity = Fraction(line["quantity"]) * part
    exact = Decimal(quantity.numerator) / Decimal(quantity.denominator)
    parts = {
        name: [_share(text, part, currency) for text in line[name]]
        for name in ("allowances", "charges")
    }
    return line | {"quantity": plain(exact)} | parts


def _scale(one: dict[str, Any], part: Fraction, currency: str) -> dict[str, Any]:
    return one | {"amount": _share(one["amount"], part, currency)}


def _share(text: str, part: Fraction, currency: str) -> str:
    """The part of an amount; a percentage stays one."""
    if text.strip().endswith("%"):
        return text
    whole = Money.parse(text, currency)
    share = half_away(whole.minor * part.numerator, part.denominator)
    return Money(share, currency).amount
