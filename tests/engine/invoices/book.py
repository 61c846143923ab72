"""Short words for tests about invoices: a client, a draft, a final document, the mails about it."""

from __future__ import annotations

from typing import Any

from tests.factories import Desk

WORK = {"description": "Work", "quantity": "10", "unit_price": "150"}
FIX = {"description": "Fix", "quantity": "1", "unit_price": "500"}


def draft(desk: Desk, *lines: dict[str, Any], **more: Any) -> Any:
    """A draft for Grace, of 2000.00 unless lines are named."""
    wanted = {
        "client_name": "Grace",
        "create_client": True,
        "line_items": list(lines or (WORK, FIX)),
    }
    return desk.call("gtm.invoices.create_invoice", **(wanted | more))


def final(desk: Desk, *lines: dict[str, Any], **more: Any) -> Any:
    """A final invoice."""
    made = draft(desk, *lines, **more)
    return desk.call("gtm.invoices.finalise_invoice", invoice_id=made.invoice_id)


def get(desk: Desk, invoice: Any) -> Any:
    """The document as it is now."""
    return desk.call("gtm.invoices.get_invoice", invoice_id=invoice.invoice_id)


def pay(desk: Desk, invoice: Any, amount: str, **more: Any) -> Any:
    return desk.call(
        "gtm.invoices.record_payment", invoice_id=invoice.invoice_id, amount=amount, **more
    )


def check(desk: Desk) -> Any:
    """What is wrong with the book."""
    return desk.call("gtm.invoices.check")


def right(desk: Desk) -> bool:
    """Whether nothing is wrong with it."""
    found = check(desk)
    return (found.gaps, found.duplicates, found.disagreements, found.problems) == (0, 0, 0, ())
