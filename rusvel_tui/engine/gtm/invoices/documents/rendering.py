"""A document in one of its formats, by name; each writer is imported when it is asked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from rusvel_tui.engine.errors import InvalidInput, NotConfigured
from rusvel_tui.engine.gtm.invoices.ledger.views import InvoiceView
from rusvel_tui.engine.ports import Printer

if TYPE_CHECKING:
    from rusvel_tui.engine.gtm.invoices.documents.document import Document


class Rendered(NamedTuple):
    """A file with its name and its kind."""

    name: str
    media_type: str
    content: bytes


class Wanted(NamedTuple):
    """What a writer is given: the invoice as it is stored, what stands on it, and what can print."""

    view: InvoiceView
    document: Document
    printer: Printer | None


class Format(NamedTuple):
    """One format: how its files end, what they are, and who writes them."""

    ending: str
    media_type: str
    write: Callable[[Wanted], bytes]


def render(view: InvoiceView, name: str, printer: Printer | None = None) -> Rendered:
    """The document in that format; raises `InvalidInput` for what it cannot be, `NotConfigured` without a printer."""
    from rusvel_tui.engine.gtm.invoices.documents.from_invoice import document_of

    wanted = FORMATS.get(name.strip().lower())
    if wanted is None:
        raise InvalidInput(
            f"{name!r} is not a format; there are {', '.join(FORMATS)}.", field="format"
        )
    content = wanted.write(Wanted(view, document_of(view), printer))
    return Rendered(file_name(view, wanted.ending), wanted.media_type, content)


def best_pdf(view: InvoiceView) -> str:
    """The format of the PDF that goes to a client: with the invoice for machines inside wherever it can be."""
    from rusvel_tui.engine.gtm.invoices.documents.einvoice.problems import problems
    from rusvel_tui.engine.gtm.invoices.documents.from_invoice import document_of

    return "pdf" if problems(document_of(view), cii=True) else "facturx"


def file_name(view: InvoiceView, ending: str) -> str:
    """Its number, with nothing in it that a file system takes for a path."""
    stem = re.sub(r"[^\w-]+", "-", view.number or "").strip("-")
    return f"{stem or f'draft-{view.invoice_id[:8]}'}.{ending}"


def _text(wanted: Wanted) -> bytes:
    from rusvel_tui.engine.gtm.invoices.documents.plain_text import plain_text
    from rusvel_tui.engine.gtm.invoices.documents.sheet import sheet_of

    return plain_text(sheet_of(wanted.document)).encode()


def _pdf(wanted: Wanted) -> bytes:
    return _printed(wanted, b"")


def _facturx(wanted: Wanted) -> bytes:
    return _printed(wanted, _cii(wanted))


def _printed(wanted: Wanted, xml: bytes) -> bytes:
    from dataclasses import asdict

    from rusvel_tui.engine.gtm.invoices.documents.sheet import sheet_of

    if wanted.printer is None:
        raise NotConfigured("Nothing can print here. Export the document as text.")
    return wanted.printer.pdf(asdict(sheet_of(wanted.document)), xml)


def _ubl(wanted: Wanted) -> bytes:
    from rusvel_tui.engine.gtm.invoices.documents.einvoice.ubl import ubl

    _require(wanted.document)
    return ubl(wanted.document)


def _cii(wanted: Wanted) -> bytes:
    from rusvel_tui.engine.gtm.invoices.documents.einvoice.cii import cii

    _require(wanted.document, cii=True)
    return cii(wanted.document)


def _require(document: Document, *, cii: bool = False) -> None:
    """Refuse what is not complete for machines, with the first thing that is missing."""
    from rusvel_tui.engine.gtm.invoices.documents.einvoice.problems import problems

    found = problems(document, cii=cii)
    if found:
        more = f" ({len(found) - 1} more)" if len(found) > 1 else ""
        raise InvalidInput(f"No e-invoice: {found[0]}{more}")


FORMATS = {
    "text": Format("txt", "text/plain", _text),
    "pdf": Format("pdf", "application/pdf", _pdf),
    "ubl": Format("xml", "application/xml", _ubl),
    "cii": Format("xml", "application/xml", _cii),
    "facturx": Format("pdf", "application/pdf", _facturx),
}
"""Every format there is; add yours here."""
