"""Bookings of bank files as rows and views, and the invoices that they can pay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from peewee import fn

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import NotFound
from rusvel_tui.engine.gtm.invoices.bank.matching import OpenInvoice
from rusvel_tui.engine.models import BankLine, Invoice
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.operation import PageInput, View, operation
from rusvel_tui.engine.spelled import Spelled


class LineState(Spelled):
    """What became of a booking."""

    PROPOSED = "Proposed"
    UNMATCHED = "Unmatched"
    BOOKED = "Booked"
    IGNORED = "Ignored"


class BankLineView(View):
    """A booking, and the invoice that it seems to pay."""

    line_id: str
    booked_on: str
    amount: str
    currency: str
    payer: str
    reference: str
    state: LineState
    invoice_id: str | None
    number: str | None
    client: str
    open: str
    """What is open of that invoice now."""
    why: str
    file_name: str
    created_at: datetime


class ListBankLines(PageInput):
    """Which bookings."""

    state: LineState | None = None


class BankLinePage(View):
    """A part of the list."""

    items: tuple[BankLineView, ...]
    next: str | None


@operation("gtm.invoices.list_bank_lines", permission="crm.invoices.read")
def list_bank_lines(ctx: Context, cmd: ListBankLines) -> BankLinePage:
    """List the bookings of imported bank files with what is proposed for them, newest first."""
    query = BankLine.select().where(BankLine.session_id == ctx.session_id)
    if cmd.state:
        query = query.where(BankLine.state == cmd.state.key)
    if cmd.cursor:
        query = query.where(BankLine.id < cmd.cursor)
    rows = list(query.order_by(BankLine.id.desc()).limit(cmd.limit + 1))
    more = len(rows) > cmd.limit
    rows = rows[: cmd.limit]
    return BankLinePage(items=line_views(rows), next=rows[-1].id if more else None)


def find_line(ctx: Context, line_id: str) -> BankLine:
    """A booking of this session; raises `NotFound`."""
    found: BankLine | None = BankLine.get_or_none(
        (BankLine.id == line_id) & (BankLine.session_id == ctx.session_id)
    )
    if found is None:
        raise NotFound(f"There is no bank line {line_id!r} in this session.")
    return found


def line_views(rows: Sequence[BankLine]) -> tuple[BankLineView, ...]:
    """Bookings with their invoices; two queries."""
    wanted = {row.invoice_id for row in rows if row.invoice_id}
    invoices = {one.id: one for one in Invoice.select().where(Invoice.id.in_(wanted))}
    return tuple(_view(row, invoices.get(row.invoice_id)) for row in rows)


def _view(row: BankLine, invoice: Invoice | None) -> BankLineView:
    return BankLineView(
        line_id=row.id,
        booked_on=row.booked_on,
        amount=Money(row.amount_minor, row.currency).amount,
        currency=row.currency,
        payer=row.payer,
        reference=row.reference,
        state=LineState(row.state),
        invoice_id=row.invoice_id,
        number=invoice.number if invoice else None,
        client=invoice.client_name if invoice else "",
        open=Money(invoice.open_minor, invoice.currency).amount if invoice else "",
        why=row.why,
        file_name=row.file_name,
        created_at=row.created_at,
    )


def open_invoices(ctx: Context) -> list[OpenInvoice]:
    """The final invoices of the session; what earlier proposals would pay is not open any more."""
    promised = dict(
        BankLine.select(BankLine.invoice_id, fn.SUM(BankLine.amount_minor))
        .where((BankLine.session_id == ctx.session_id) & (BankLine.state == "proposed"))
        .group_by(BankLine.invoice_id)
        .tuples()
    )
    rows = Invoice.select(
        Invoice.id, Invoice.number, Invoice.series, Invoice.seq, Invoice.currency, Invoice.open_minor,
        Invoice.issue_date, Invoice.client_name, Invoice.status,
    ).where(
        (Invoice.session_id == ctx.session_id)
        & (Invoice.kind == "invoice")
        & Invoice.number.is_null(False)
    )  # fmt: skip
    return [
        OpenInvoice(
            id=id_,
            number=number,
            series=series,
            seq=seq,
            currency=currency,
            open=max(open_ - promised.get(id_, 0), 0),
            issue_date=issued,
            client=client,
            settled="" if open_ > 0 else status,
        )
        for id_, number, series, seq, currency, open_, issued, client, status in rows.tuples()
    ]
