"""The content of a QR code for a SEPA transfer: EPC069-12, version 002."""

from __future__ import annotations

from rusvel_tui.engine.gtm.invoices.documents.document import Document
from rusvel_tui.engine.gtm.invoices.ledger.words import Kind
from rusvel_tui.engine.text import one_line

_MOST = 99_999_999_999
"""Cents: 999 999 999.99 EUR."""
_BYTES = 331


def epc_text(document: Document) -> str:
    """What a banking app reads; empty unless euros are to be paid to an IBAN."""
    payable = document.totals.payable
    asked = document.kind is Kind.INVOICE and document.number and not document.is_void
    if not asked or document.currency != "EUR" or not document.seller.iban:
        return ""
    if not 1 <= payable <= _MOST:
        return ""
    text = "\n".join(
        (
            "BCD",
            "002",
            "1",
            "SCT",
            document.seller.bic,
            one_line(document.seller.name)[:70],
            document.seller.iban,
            f"EUR{document.amount(payable)}",
            "",
            "",
            one_line(document.number)[:140],
        )
    )
    return text if len(text.encode()) <= _BYTES else ""
