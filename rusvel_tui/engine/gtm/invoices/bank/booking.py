"""What a person decides about bookings: this one pays that invoice, all proposals are right, this one is nothing."""

from __future__ import annotations

from collections.abc import Sequence

from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Conflict, InvalidInput
from rusvel_tui.engine.gtm.invoices.bank.lines import (
    BankLineView,
    LineState,
    find_line,
    line_views,
)
from rusvel_tui.engine.gtm.invoices.ledger.rows import find_invoice, require_issued
from rusvel_tui.engine.gtm.invoices.payments.payments import PaymentInput, book_payment, unbook
from rusvel_tui.engine.models import BankLine, Payment
from rusvel_tui.engine.models.base import among
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.operation import Input, View, operation


class ConfirmLines(Input):
    """Which proposals are right."""

    ids: tuple[str, ...] = ()
    """All that are proposed when left out."""
    credit: bool = False
    """Whether what is too much becomes credit of the client; such lines stay proposed otherwise."""


class Confirmed(View):
    """What was booked, and what was not."""

    booked: int
    amounts: tuple[str, ...]
    """By currency."""
    left: tuple[str, ...]
    """What was not booked, with the reason."""


class MatchLine(Input):
    """The invoice that a booking pays; none: it is nothing that was invoiced."""

    line_id: str
    invoice_id: str | None = None


class LineIds(Input):
    """Which bookings."""

    ids: tuple[str, ...]


@operation(
    "gtm.invoices.confirm_bank_lines",
    writes=True,
    permission="crm.invoices.manage",
    human_only=True,
)
def confirm_bank_lines(ctx: Context, cmd: ConfirmLines) -> Confirmed:
    """Book the proposed payments of a bank file, all or some; one undo takes all of them back."""
    rows = _proposed(ctx, cmd.ids)
    booked: list[BankLine] = []
    left: list[str] = []
    for row in rows:
        why = _book(ctx, row, credit=cmd.credit)
        if why:
            left.append(why)
        else:
            booked.append(row)
    if booked:
        ids = [row.id for row in booked]
        undo = Inverse("gtm.invoices.unbook_bank_lines", {"ids": ids})
        said = {"name": f"{len(booked)} payments of a bank file", "lines": len(booked)}
        ctx.record("gtm.invoice.bank_booked", ctx.session_id, said, undo=undo)
    return Confirmed(booked=len(booked), amounts=_sums(booked), left=tuple(left))


@operation(
    "gtm.invoices.unbook_bank_lines", writes=True, permission="crm.invoices.manage", internal=True
)
def unbook_bank_lines(ctx: Context, cmd: LineIds) -> Confirmed:
    """Take the payments of bank lines out of the books; the lines are proposals again."""
    rows = list(BankLine.select().where((BankLine.session_id == ctx.session_id) & among(BankLine.id, cmd.ids)))  # fmt: skip
    of_lines = among(Payment.bank_line_id, cmd.ids) & Payment.removed_at.is_null()
    for payment in list(Payment.select().where(of_lines)):
        unbook(ctx, payment)
    BankLine.update(state="proposed").where(among(BankLine.id, cmd.ids)).execute()
    undo = Inverse("gtm.invoices.confirm_bank_lines", {"ids": list(cmd.ids), "credit": True})
    said = {"name": f"{len(rows)} payments of a bank file", "lines": len(rows)}
    ctx.record("gtm.invoice.bank_unbooked", ctx.session_id, said, undo=undo)
    return Confirmed(booked=0, amounts=_sums(rows), left=())


@operation("gtm.invoices.match_bank_line", writes=True, permission="crm.invoices.manage")
def match_bank_line(ctx: Context, cmd: MatchLine) -> BankLineView:
    """Say which invoice a booking pays, or that it pays none."""
    row = find_line(ctx, cmd.line_id)
    if row.state == "booked":
        raise Conflict("It is booked already. Remove the payment on its invoice instead.")
    before = {"line_id": row.id, "invoice_id": row.invoice_id}
    if cmd.invoice_id is None:
        row.state, row.invoice_id, row.why = "ignored", None, "put aside"
    else:
        invoice = find_invoice(ctx, cmd.invoice_id)
        require_issued(invoice, "be paid")
        if invoice.currency != row.currency:
            raise InvalidInput(f"{invoice.number} is in {invoice.currency}, not {row.currency}.")
        row.state, row.invoice_id, row.why = "proposed", invoice.id, "chosen by hand"
    row.save()
    said = {"name": f"a booking of {Money(row.amount_minor, row.currency)}"}
    undo = Inverse("gtm.invoices.match_bank_line", before)
    ctx.record("gtm.invoice.bank_matched", row.id, said, undo=undo)
    return line_views([row])[0]


def _proposed(ctx: Context, ids: Sequence[str]) -> list[BankLine]:
    query = BankLine.select().where(
        (BankLine.session_id == ctx.session_id) & (BankLine.state == LineState.PROPOSED.key)
    )
    if ids:
        for line_id in ids:
            find_line(ctx, line_id)
        query = query.where(among(BankLine.id, ids))
    return list(query.order_by(BankLine.booked_on, BankLine.id))


def _book(ctx: Context, row: BankLine, *, credit: bool) -> str:
    """Book one line; why it was not, or nothing."""
    invoice = find_invoice(ctx, row.invoice_id or "")
    amount = Money(row.amount_minor, row.currency)
    if invoice.voided_at is not None:
        return f"{amount} on {row.booked_on}: {invoice.number} is void."
    if row.amount_minor > max(invoice.open_minor, 0) and not credit:
        open_ = Money(max(invoice.open_minor, 0), invoice.currency)
        return f"{amount} on {row.booked_on}: {invoice.number} has {open_} open; pass credit=true."
    how = PaymentInput(
        invoice_id=invoice.id,
        paid_on=row.booked_on,
        method="transfer",
        reference=row.reference[:200],
        note=row.payer,
    )
    book_payment(ctx, invoice, how, int(row.amount_minor), row.id)
    BankLine.update(state="booked").where(BankLine.id == row.id).execute()
    return ""


def _sums(rows: Sequence[BankLine]) -> tuple[str, ...]:
    sums: dict[str, int] = {}
    for row in rows:
        sums[row.currency] = sums.get(row.currency, 0) + row.amount_minor
    return tuple(str(Money(minor, currency)) for currency, minor in sorted(sums.items()))
