"""The operations: show a document in a format, or write it into a file."""

from __future__ import annotations

import base64
from functools import partial
from pathlib import Path

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.exporting.target import check_target, write_new_bytes
from rusvel_tui.engine.gtm.invoices.documents.rendering import (
    FORMATS,
    Rendered,
    best_pdf,
    file_name,
    render,
)
from rusvel_tui.engine.gtm.invoices.ledger.record import invoice_view
from rusvel_tui.engine.gtm.invoices.ledger.rows import find_invoice, read_day
from rusvel_tui.engine.gtm.invoices.ledger.standing import living
from rusvel_tui.engine.gtm.invoices.ledger.views import InvoiceView
from rusvel_tui.engine.gtm.invoices.ledger.words import Kind
from rusvel_tui.engine.models import Invoice
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.when_text import When

_AT_ONCE = 200
JOURNAL, ENDING = "hledger", "journal"


class RenderInvoice(Input):
    """Which document, by id or number, and in which format."""

    invoice_id: str
    format: str = "text"
    """text, pdf, ubl, cii, facturx or hledger."""


class ExportInvoice(Input):
    """Which document, and where to."""

    invoice_id: str
    format: str = ""
    """text, pdf, ubl, cii, facturx or hledger; by the file's ending when left out."""
    path: str
    """A new file, or a folder that it gets its usual name in."""
    overwrite: bool = False


class ExportJournal(Input):
    """Where the journal goes, and from which days."""

    path: str
    since: When = ""
    """A day such as 2026-01-01; from the first document when left out."""
    until: When = ""
    overwrite: bool = False


class RenderedView(View):
    """A document in a format: `text` for what can be read, `content_base64` for what cannot."""

    invoice_id: str
    number: str | None
    format: str
    file_name: str
    media_type: str
    bytes: int
    text: str | None
    content_base64: str | None


class InvoiceExported(View):
    """A file that was written."""

    path: str
    format: str
    documents: int
    bytes: int


@operation("gtm.invoices.render", permission="crm.invoices.read", staged=True)
def render_invoice(ctx: Context, cmd: RenderInvoice) -> RenderedView:
    """Show an invoice, credit note or quote as text, PDF, UBL, CII, Factur-X or journal entry; nothing is stored."""
    view = ctx.read(partial(_view, ctx, cmd.invoice_id))
    made = _made(ctx, view, cmd.format)
    readable = made.media_type != "application/pdf"
    return RenderedView(
        invoice_id=view.invoice_id,
        number=view.number,
        format=cmd.format.strip().lower(),
        file_name=made.name,
        media_type=made.media_type,
        bytes=len(made.content),
        text=made.content.decode() if readable else None,
        content_base64=None if readable else base64.b64encode(made.content).decode(),
    )


@operation("gtm.invoices.export_document", permission="crm.invoices.read", staged=True)
def export_document(ctx: Context, cmd: ExportInvoice) -> InvoiceExported:
    """Write an invoice, credit note or quote into a file, readable by you only."""
    view = ctx.read(partial(_view, ctx, cmd.invoice_id))
    wanted = cmd.format.strip().lower() or _by_ending(view, Path(cmd.path))
    made = _made(ctx, view, wanted)
    path = _target(ctx, cmd.path, made, overwrite=cmd.overwrite)
    size = write_new_bytes(path, [made.content], overwrite=cmd.overwrite)
    return InvoiceExported(path=str(path), format=wanted, documents=1, bytes=size)


@operation("gtm.invoices.export_journal", permission="crm.invoices.read", staged=True)
def export_journal(ctx: Context, cmd: ExportJournal) -> InvoiceExported:
    """Write final invoices, credit notes and their payments into a journal of hledger."""
    from rusvel_tui.engine.gtm.invoices.documents.bookings import bookings
    from rusvel_tui.engine.gtm.invoices.documents.hledger import journal

    if not cmd.path:
        raise InvalidInput("Name the file to write.", field="path")
    path = Path(cmd.path).expanduser()
    if cmd.overwrite:
        ctx.require_human("replace a file")
    check_target(path, overwrite=cmd.overwrite)
    ids = ctx.read(partial(_booked, ctx, cmd))
    parts = (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
    booked = [one for part in parts for one in ctx.read(partial(bookings, part))]
    size = write_new_bytes(path, [journal(booked).encode()], overwrite=cmd.overwrite)
    return InvoiceExported(path=str(path), format=JOURNAL, documents=len(booked), bytes=size)


def _view(ctx: Context, invoice_id: str) -> InvoiceView:
    return invoice_view(ctx, find_invoice(ctx, invoice_id))


def _made(ctx: Context, view: InvoiceView, name: str) -> Rendered:
    """The document in a format, outside of transactions; a journal is of what is booked, not of what is printed."""
    if name.strip().lower() != JOURNAL:
        return render(view, name, ctx.engine.printer if ctx.engine else None)
    from rusvel_tui.engine.gtm.invoices.documents.bookings import bookings
    from rusvel_tui.engine.gtm.invoices.documents.hledger import journal

    booked = ctx.read(partial(bookings, [view.invoice_id]))
    if not booked:
        raise InvalidInput("Only final invoices and credit notes are booked.")
    return Rendered(file_name(view, ENDING), "text/plain", journal(booked).encode())


def _by_ending(view: InvoiceView, path: Path) -> str:
    """What a file name asks for; an XML is UBL, and a PDF carries the e-invoice where there can be one."""
    ending = path.suffix.lower().removeprefix(".")
    if ending == "pdf" or path.is_dir():
        return best_pdf(view)
    endings = {one.ending: name for name, one in reversed(FORMATS.items())} | {ENDING: JOURNAL}
    found = endings.get(ending)
    if found is None:
        raise InvalidInput(
            f"Say in which format: {', '.join(FORMATS)}, {JOURNAL}; or let the file end in .pdf, .xml, .txt or .journal.",
            field="format",
        )
    return found


def _target(ctx: Context, typed: str, made: Rendered, *, overwrite: bool) -> Path:
    if not typed:
        raise InvalidInput("Name the file to write.", field="path")
    path = Path(typed).expanduser()
    path = path / made.name if path.is_dir() else path
    if overwrite:
        ctx.require_human("replace a file")
    check_target(path, overwrite=overwrite)
    return path


def _booked(ctx: Context, cmd: ExportJournal) -> list[str]:
    query = living(ctx).where(Invoice.number.is_null(False) & (Invoice.kind != Kind.QUOTE.key))
    if since := read_day(ctx, cmd.since, "since"):
        query = query.where(Invoice.issue_date >= since)
    if until := read_day(ctx, cmd.until, "until"):
        query = query.where(Invoice.issue_date <= until)
    return [str(row.id) for row in query.order_by(Invoice.issue_date, Invoice.id)]
