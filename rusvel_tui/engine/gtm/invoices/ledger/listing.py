"""The list of documents, in parts, by status, client and text; what is overdue is asked of the clock."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.invoices.ledger.inputs import ListInvoices
from rusvel_tui.engine.gtm.invoices.ledger.standing import living, past_due, today_of
from rusvel_tui.engine.gtm.invoices.ledger.views import LISTED, InvoicePage, Listed, row_view
from rusvel_tui.engine.gtm.invoices.ledger.words import Order, Show
from rusvel_tui.engine.models import Contact, Invoice
from rusvel_tui.engine.money import currency_code
from rusvel_tui.engine.operation import operation
from rusvel_tui.engine.text import fold


@operation("gtm.invoices.list_invoices", permission="crm.invoices.read")
def list_invoices(ctx: Context, cmd: ListInvoices) -> InvoicePage:
    """List invoices, credit notes and quotes, newest first, or what is open by its due date."""
    by_due = cmd.order is Order.DUE or cmd.status is Show.OVERDUE
    query = _listed(ctx, cmd)
    query = _by_due(query, cmd.cursor) if by_due else _newest(query, cmd.cursor)
    columns = [getattr(Invoice, name) for name in LISTED]
    rows = [Listed(*row) for row in query.select(*columns).limit(cmd.limit + 1).tuples()]
    more = len(rows) > cmd.limit
    rows = rows[: cmd.limit]
    today = today_of(ctx)
    return InvoicePage.model_construct(
        items=tuple(row_view(row, today) for row in rows),
        next=_cursor(rows[-1], by_due=by_due) if more else None,
    )


def _newest(query: Any, cursor: str | None) -> Any:
    if cursor:
        query = query.where(Invoice.id < cursor)
    return query.order_by(Invoice.id.desc())


def _by_due(query: Any, cursor: str | None) -> Any:
    query = query.where(Invoice.open_minor > 0)
    if cursor:
        due, last = _read_cursor(cursor)
        query = query.where(
            (Invoice.due_date >= due) & ((Invoice.due_date > due) | (Invoice.id > last))
        )
    return query.order_by(Invoice.due_date, Invoice.id)


def _cursor(row: Any, *, by_due: bool) -> str:
    return json.dumps([row.due_date, row.id]) if by_due else str(row.id)


def _read_cursor(cursor: str) -> tuple[str, str]:
    try:
        due, last = json.loads(cursor)
    except (ValueError, TypeError):
        raise InvalidInput("That cursor does not belong to this list.", field="cursor") from None
    return str(due), str(last)


def _listed(ctx: Context, cmd: ListInvoices) -> Any:
    query = living(ctx).where(*_standing(ctx, cmd), *_equal(cmd))
    if cmd.company_id:
        people = Contact.select(Contact.id).where(Contact.company_id == cmd.company_id)
        query = query.where(Invoice.contact_id.in_(people))
    for word in fold(cmd.query).split():
        query = query.where(Invoice.search.contains(word))
    return query


def _standing(ctx: Context, cmd: ListInvoices) -> Iterator[Any]:
    """What a status means."""
    if cmd.status not in (None, Show.OPEN, Show.OVERDUE):
        yield Invoice.status == cmd.status.key
    elif cmd.status is not None:
        yield Invoice.open_minor > 0
    if cmd.status is Show.OVERDUE:
        yield past_due(ctx)


def _equal(cmd: ListInvoices) -> Iterator[Any]:
    if cmd.kind:
        yield Invoice.kind == cmd.kind.key
    if cmd.currency:
        yield Invoice.currency == currency_code(cmd.currency)
    for name in ("contact_id", "deal_id"):
        if wanted := getattr(cmd, name):
            yield getattr(Invoice, name) == wanted
