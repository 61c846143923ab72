"""The forms of documents: a new one, and its dates, discounts and texts."""

from __future__ import annotations

from functools import partial
from typing import Any

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.invoices.ledger.drafts import create_invoice, update_invoice
from rusvel_tui.engine.gtm.invoices.ledger.inputs import (
    CreateInvoice,
    InvoiceId,
    LineInput,
    UpdateInvoice,
)
from rusvel_tui.engine.gtm.invoices.ledger.record import get_invoice
from rusvel_tui.engine.gtm.invoices.ledger.views import InvoiceView
from rusvel_tui.engine.gtm.invoices.ledger.words import Kind
from rusvel_tui.screens.contacts.merging import Merge, Texts
from rusvel_tui.screens.invoices.words import name_of
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.shared.attempts import session_of
from rusvel_tui.screens.shared.subjects import ask_subject
from rusvel_tui.widgets.form import Field

_YES = (("no", ""), ("yes", "yes"))


async def create_document(page: Page[Any]) -> None:
    """`c v`: a new invoice or quote for the contact under the cursor, else for one who is picked."""
    subject = await ask_subject(page, "An invoice for whom?")
    session = await session_of(page) if subject is not None else None
    if subject is None or session is None:
        return
    fields = (
        Field("kind", "Kind", "Invoice", kind="select", choices=(("Invoice", "Invoice"), ("Quote", "Quote"))),
        Field("title", "Title", subject.deal, help="What it is for, in a few words."),
        Field("description", "First line", subject.deal, required=True, help="More lines come afterwards."),
        Field("quantity", "How many", "1", required=True),
        Field("unit_price", f"Price ({session.currency})", required=True, help="Of one, such as 120.00."),
        Field("tax_rate", "Tax %", help="Such as 19; the usual rate when left out."),
        Field("due_date", "Due", help="Such as 2026-12-31 or in 30 days; the usual days when left out."),
        Field("currency", "Currency", session.currency),
    )  # fmt: skip
    save = partial(_create, page.engine, subject.contact_id, subject.deal_id)
    made = await page.form(f"Bill {subject.name}", fields, save, button="Create")
    if made is not None:
        page.say(f"Added the {name_of(made)}. z to undo.")
        page.visit("invoices", made.invoice_id, f"lines({made.invoice_id!r})")


def _create(engine: Engine, contact_id: str, deal_id: str, values: Texts) -> InvoiceView:
    told = {name: values[name].strip() for name in ("description", "quantity", "unit_price")}
    line = LineInput.model_validate(told | {"tax_rate": values["tax_rate"].strip() or None})
    order = CreateInvoice(
        contact_id=contact_id,
        deal_id=deal_id,
        kind=Kind(values["kind"]),
        title=values["title"],
        line_items=(line,),
        due_date=values["due_date"].strip() or None,
        currency=values["currency"],
    )
    return engine.run(create_invoice, order)


async def edit_document(page: Page[Any], seen: InvoiceView) -> None:
    """Change what a draft says besides its lines; what somebody else changed meanwhile is merged, or shown."""
    read = partial(page.engine.run, get_invoice, InvoiceId(invoice_id=seen.invoice_id))
    edit = Merge(seen, texts_of, read, partial(_update, page.engine, seen.invoice_id))
    done = await page.form(f"The {name_of(seen)}", _fields(seen), edit.save)
    if done is not None and done.version != seen.version:
        page.say(f"Changed the {name_of(done)}. z to undo.")


def texts_of(seen: InvoiceView) -> dict[str, str]:
    """What stands in the fields of the form."""
    plain = (
        "title",
        "reference",
        "issue_date",
        "due_date",
        "delivered_on",
        "currency",
        "notes",
        "terms",
    )
    texts = {name: str(getattr(seen, name)) for name in plain}  # fmt: skip
    return texts | {
        "allowances": ", ".join(cut.amount for cut in seen.allowances),
        "charges": ", ".join(charge.amount for charge in seen.charges),
        "prepaid": seen.prepaid if seen.prepaid.strip("0.") else "",
        "rounding_unit": seen.rounding_unit or "",
        "prices_include_tax": "yes" if seen.prices_include_tax else "",
    }


def _fields(seen: InvoiceView) -> tuple[Field, ...]:
    texts = texts_of(seen)

    def field(name: str, title: str, help: str = "", **how: Any) -> Field:
        return Field(name, title, texts[name], help=help, **how)

    until = "Valid until" if seen.kind is Kind.QUOTE else "Due"
    return (
        field("title", "Title", "What it is for, in a few words."),
        field("reference", "Reference", "What the client wants to read on it: an order number."),
        field("issue_date", "Date", "The day on it; the day it becomes final when left out."),
        field("due_date", until, "Such as 2026-12-31 or in 30 days; the usual days when left out."),
        field("delivered_on", "Delivered", "Where that is another day."),
        field("allowances", "Discount", "On the whole: an amount or a percentage such as 5%; several with commas."),
        field("charges", "Extra", "A charge on the whole, written like a discount."),
        field("prepaid", "Paid before", "What was paid already."),
        field("rounding_unit", "Round to", "0.05 for Swiss cash, 1 for Swedish crowns."),
        field("prices_include_tax", "With tax", "Whether prices include tax.", kind="select", choices=_YES),
        field("currency", "Currency"),
        field("notes", "Notes", "Above the lines.", kind="multiline", lines=3),
        field("terms", "Terms", "Below the lines.", kind="multiline", lines=3),
    )  # fmt: skip


def _update(engine: Engine, invoice_id: str, values: Texts, version: int) -> InvoiceView:
    told: dict[str, Any] = {name: text.strip() for name, text in values.items()}
    for name in ("allowances", "charges"):
        if name in told:
            parts = (part.strip() for part in told[name].split(","))
            told[name] = [{"amount": part} for part in parts if part]
    if "prices_include_tax" in told:
        told["prices_include_tax"] = bool(told["prices_include_tax"])
    if "prepaid" in told:
        told["prepaid"] = told["prepaid"] or "0"
    if "rounding_unit" in told:
        told["rounding_unit"] = told["rounding_unit"] or "0"
    order = UpdateInvoice.model_validate({"invoice_id": invoice_id, "version": version} | told)
    return engine.run(update_invoice, order)
