"""The file that goes along with a mail: the PDF, or the plain text where nothing can print it."""

from __future__ import annotations

from typing import NamedTuple

from rusvel_tui.engine.errors import InvalidInput, NotConfigured
from rusvel_tui.engine.gtm.invoices.documents.rendering import best_pdf, render
from rusvel_tui.engine.gtm.invoices.ledger.views import InvoiceView
from rusvel_tui.engine.ports import Printer


class Paper(NamedTuple):
    """A file with its name, and why it is no PDF."""

    name: str
    content: bytes
    why_text: str = ""


def paper_of(view: InvoiceView, printer: Printer | None) -> Paper:
    """The document as a file; takes tens of milliseconds, so it is made outside of transactions."""
    try:
        made = render(view, best_pdf(view), printer)
    except (NotConfigured, InvalidInput) as error:
        made = render(view, "text")
        return Paper(made.name, made.content, f"It goes as text: {error}")
    return Paper(made.name, made.content)
