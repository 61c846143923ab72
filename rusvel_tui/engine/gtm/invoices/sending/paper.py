"""The file that goes along with a mail: the PDF, or the plain text where typst is not installed."""

from __future__ import annotations

from typing import NamedTuple

from rusvel_tui.engine.gtm.invoices.ledger.views import InvoiceView


class Paper(NamedTuple):
    """A file with its name."""

    name: str
    content: bytes


def paper_of(view: InvoiceView) -> Paper:
    """The document as a file; takes tens of milliseconds, so it is made outside of transactions."""
    from rusvel_tui.engine.gtm.invoices.documents.from_invoice import document_of
    from rusvel_tui.engine.gtm.invoices.documents.plain_text import plain_text
    from rusvel_tui.engine.gtm.invoices.documents.sheet import sheet_of

    sheet = sheet_of(document_of(view))
    return Paper(f"{view.number}.txt", plain_text(sheet).encode())
