"""The forms of payments: money that came in, and money that went back."""

from __future__ import annotations

from functools import partial
from typing import Any

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.invoices.ledger.views import InvoiceRow, InvoiceView
from rusvel_tui.engine.gtm.invoices.payments.payments import (
    RecordPayment,
    Refund,
    record_payment,
    refund_payment,
)
from rusvel_tui.screens.contacts.merging import Texts
from rusvel_tui.screens.invoices.words import KIND, exact, name_of
from rusvel_tui.screens.page import Page
from rusvel_tui.widgets.form import Field


async def record(page: Page[Any], row: InvoiceRow) -> None:
    """Record money that came in; what is too much becomes credit when the person says so."""
    fields = (
        Field("amount", f"Amount ({row.currency})", row.open, required=True),
        Field("paid_on", "Day", help="Such as 2026-11-20 or yesterday; today when left out."),
        Field("method", "How", help="Such as transfer, card or cash."),
        Field("reference", "Reference"),
        Field("note", "Note"),
        Field("credit", "Too much", kind="select", choices=(("refuse it", ""), ("keep it as credit", "yes")), help="What becomes of money beyond what is open."),
    )  # fmt: skip
    save = partial(_pay, page.engine, row)
    done = await page.form(f"Payment for {name_of(row)}", fields, save, button="Record")
    if done is not None:
        left = exact(done.open, done.currency)
        page.say(f"Recorded. {left} is open. z to undo.")


def _pay(engine: Engine, row: InvoiceRow, values: Texts) -> InvoiceView:
    told: dict[str, Any] = {name: text.strip() for name, text in values.items()}
    told |= {"paid_on": told["paid_on"] or None, "credit": bool(told["credit"])}
    order = RecordPayment.model_validate({"invoice_id": row.invoice_id} | told)
    return engine.run(record_payment, order)


async def give_back(page: Page[Any], row: InvoiceRow) -> None:
    """Record money that went back."""
    kept = (("paid out", ""), ("kept as credit", "yes"))
    fields = (
        Field("amount", f"Amount ({row.currency})", row.paid, required=True),
        Field("paid_on", "Day", help="Today when left out."),
        Field("as_credit", "Was it", kind="select", choices=kept),
        Field("note", "Why"),
    )

    def save(values: Texts) -> InvoiceView:
        told: dict[str, Any] = {name: text.strip() for name, text in values.items()}
        told |= {"paid_on": told["paid_on"] or None, "as_credit": bool(told["as_credit"])}
        order = Refund.model_validate({"invoice_id": row.invoice_id} | told)
        return page.engine.run(refund_payment, order)

    done = await page.form(f"Money back for {name_of(row)}", fields, save, button="Record")
    if done is not None:
        page.say(f"Recorded for {KIND[done.kind].lower()} {done.number}. z to undo.")
