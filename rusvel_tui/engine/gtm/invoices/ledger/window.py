"""The invoice list of the screen: a window of rows by position, with what is open and overdue in each currency."""

from __future__ import annotations

from pydantic import Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.filters.where import ALWAYS
from rusvel_tui.engine.gtm.crm.finding.filtering import where
from rusvel_tui.engine.gtm.invoices.ledger.views import InvoiceRow, row_view
from rusvel_tui.engine.models import Invoice
from rusvel_tui.engine.models.base import database
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.operation import Input, View, operation

_LIVING = "i.session_id = ? AND i.deleted_at IS NULL"
_COUNT = "SELECT count(*) FROM invoice i WHERE {where}"
# The inner query walks the index of the list only; whole rows are read for the window alone.
_ROWS = """SELECT x.* FROM (SELECT i.id FROM invoice i WHERE {where} ORDER BY i.id DESC LIMIT ? OFFSET ?) AS w
JOIN invoice x ON x.id = w.id ORDER BY x.id DESC"""
_PLACE = """SELECT (SELECT count(*) FROM invoice i WHERE {where} AND i.id > x.id)
FROM invoice x WHERE x.id = ? AND x.session_id = ? AND x.deleted_at IS NULL"""
# Asked of the partial index of what is open: what was paid costs nothing.
_OPEN = """SELECT currency, count(*), sum(open_minor),
  sum(due_date <> '' AND due_date < :today), sum((due_date <> '' AND due_date < :today) * open_minor)
FROM invoice INDEXED BY invoice_due WHERE session_id = :session AND open_minor > 0
GROUP BY currency ORDER BY currency"""


class InvoiceWindow(Input):
    """Which rows of the list."""

    first: int = Field(default=0, ge=0)
    count: int = Field(default=200, ge=1, le=1000)
    filter: str = ""
    """A filter line such as `is:overdue client:acme`."""
    place_of: str = ""
    """A document whose position in this list is wanted too."""


class InvoiceRows(View):
    """A window of the list, newest first."""

    first: int
    rows: tuple[InvoiceRow, ...]
    total: int
    at: int | None


class OpenSum(View):
    """What is to come in one currency."""

    currency: str
    count: int
    open: str
    overdue_count: int
    overdue: str


class OpenSums(View):
    """What is to come, never added across currencies."""

    items: tuple[OpenSum, ...]


@operation("gtm.invoices.invoice_rows", permission="crm.invoices.read", internal=True)
def invoice_rows(ctx: Context, cmd: InvoiceWindow) -> InvoiceRows:
    """A window of the invoice list, newest first."""
    fits = where(ctx, "invoice", cmd.filter) if cmd.filter.strip() else ALWAYS
    test = f"{_LIVING} AND {fits.sql}"
    values = (ctx.session_id, *fits.values)
    total = database.execute_sql(_COUNT.format(where=test), values).fetchone()[0]
    rows = Invoice.raw(_ROWS.format(where=test), *values, cmd.count, cmd.first)
    today = ctx.now.astimezone(ctx.zone).date()
    at = None
    if cmd.place_of:
        place = (*values, cmd.place_of, ctx.session_id)
        found = database.execute_sql(_PLACE.format(where=test), place).fetchone()
        at = found[0] if found else None
    views = tuple(row_view(invoice, today) for invoice in rows)
    return InvoiceRows.model_construct(first=cmd.first, rows=views, total=total, at=at)


@operation("gtm.invoices.open_sums", permission="crm.invoices.read")
def open_sums(ctx: Context, cmd: Input) -> OpenSums:
    """Sum up what is open and what is overdue, for each currency."""
    given = {"session": ctx.session_id, "today": f"{ctx.now.astimezone(ctx.zone):%Y-%m-%d}"}
    rows = database.execute_sql(_OPEN, given).fetchall()
    return OpenSums(items=tuple(_sum(*row) for row in rows))


def _sum(code: str, count: int, minor: int, late: int, late_minor: int) -> OpenSum:
    return OpenSum(
        currency=code,
        count=count,
        open=Money(minor, code).amount,
        overdue_count=late,
        overdue=Money(late_minor, code).amount,
    )
