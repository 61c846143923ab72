"""The operation: invoices, credit notes and quotes as a table in a file, one row for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.exporting.export_views import ExportDone, ExportFile
from rusvel_tui.engine.gtm.crm.exporting.tables import csv_lines
from rusvel_tui.engine.gtm.crm.exporting.target import check_target, write_new
from rusvel_tui.engine.gtm.crm.finding.filtering import ids_where
from rusvel_tui.engine.gtm.invoices.ledger.words import Kind, Status
from rusvel_tui.engine.models import Invoice
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.operation import operation

_AT_ONCE = 500
_WORDS = (
    "Rusvel invoice ID", "Number", "Kind", "Status", "Client", "Contact ID", "Deal ID", "Title", "Reference",
    "Issued on", "Due on", "Sent at", "Currency",
)  # fmt: skip
_SUMS = {
    "Net": "net_minor",
    "Tax": "tax_minor",
    "Total": "total_minor",
    "Prepaid": "prepaid_minor",
    "Rounding": "rounding_minor",
    "Payable": "payable_minor",
    "Paid": "paid_minor",
    "Credited": "credited_minor",
    "Open": "open_minor",
}
HEADER = (*_WORDS, *_SUMS)
AMOUNTS = frozenset(range(len(_WORDS), len(HEADER)))


@operation("gtm.invoices.export_invoices", permission="crm.invoices.read", staged=True)
def export_invoices(ctx: Context, cmd: ExportFile) -> ExportDone:
    """Export invoices, credit notes and quotes to CSV; amounts are plain decimals beside their currency."""
    if not cmd.path:
        raise InvalidInput("Name the file to write.", field="path")
    path = Path(cmd.path).expanduser()
    if cmd.overwrite:
        ctx.require_human("replace a file")
    check_target(path, overwrite=cmd.overwrite)
    ids = ctx.read(partial(ids_where, ctx, "invoice", cmd.filter))
    lines = csv_lines(HEADER, _rows(ctx, ids), bom=cmd.bom, amounts=AMOUNTS)
    size = write_new(path, lines, overwrite=cmd.overwrite)
    return ExportDone(path=str(path), format="csv", exported=len(ids), bytes=size)


def _rows(ctx: Context, ids: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), _AT_ONCE):
        part = ids[start : start + _AT_ONCE]
        found = {row.id: row for row in ctx.read(partial(_load, part))}
        yield from (_cells(found[one]) for one in part if one in found)


def _load(ids: Sequence[str]) -> list[Invoice]:
    return list(Invoice.select().where(Invoice.id.in_(list(ids))))


def _cells(row: Invoice) -> list[str]:
    words = (
        row.id, row.number, Kind(row.kind).value, Status(row.status).value, row.client_name, row.contact_id, row.deal_id,
        row.title, row.reference, row.issue_date, row.due_date, stamp(row.sent_at) if row.sent_at else "", row.currency,
    )  # fmt: skip
    sums = (Money(getattr(row, column), row.currency).amount for column in _SUMS.values())
    return [str(word or "") for word in words] + list(sums)
