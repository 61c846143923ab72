"""What is done to one document: each verb asks what it has to, and runs an operation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from rusvel_tui.engine.gtm.invoices.ledger.crediting import credit_invoice
from rusvel_tui.engine.gtm.invoices.ledger.drafts import delete_invoice
from rusvel_tui.engine.gtm.invoices.ledger.finalising import finalise_invoice, mark_sent
from rusvel_tui.engine.gtm.invoices.ledger.inputs import (
    ConvertQuote,
    CreditInvoice,
    Decide,
    Finalise,
    InvoiceId,
    Void,
)
from rusvel_tui.engine.gtm.invoices.ledger.quotes import accept_quote, convert_quote, decline_quote
from rusvel_tui.engine.gtm.invoices.ledger.record import get_invoice
from rusvel_tui.engine.gtm.invoices.ledger.views import InvoiceRow, InvoiceView
from rusvel_tui.engine.gtm.invoices.ledger.voiding import void_invoice
from rusvel_tui.engine.gtm.invoices.ledger.words import Kind
from rusvel_tui.engine.gtm.invoices.payments.payments import (
    MarkPaid,
    UseCredit,
    mark_paid,
    use_credit,
)
from rusvel_tui.screens.invoices.words import exact, name_of, open_text
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.widgets.line_input import Question

Verb = Callable[[Page[Any], InvoiceRow], Awaitable[None]]


async def edit(page: Page[Any], row: InvoiceRow) -> None:
    """Change what a draft says."""
    from rusvel_tui.screens.invoices.forms import edit_document

    if row.number is not None:
        page.complain(f"{row.number} is final and stays as it is. C writes a credit note.")
        return
    order = InvoiceId(invoice_id=row.invoice_id)
    seen = await attempt(page, partial(page.engine.run, get_invoice, order))
    if seen is not None:
        await edit_document(page, seen)


async def final(page: Page[Any], row: InvoiceRow) -> None:
    """Give a draft its number."""
    if row.number is not None:
        page.say(f"{row.number} is final already. S sends it.")
        return
    detail = "It gets its number and stays as it is from then on. There is no undo."
    question = f"Make the {name_of(row)} final, {exact(row.total, row.currency)}?"
    if await page.confirm(question, detail=detail, yes="Make final"):
        order = Finalise(invoice_id=row.invoice_id, version=row.version)
        page.run(finalise_invoice, order, _became_final(page))


def _became_final(page: Page[Any]) -> Callable[[InvoiceView], None]:
    return lambda done: page.say(f"{done.number} is final. S sends it.")


async def send(page: Page[Any], row: InvoiceRow) -> None:
    """Put a mail with the document into the inbox."""
    from rusvel_tui.screens.invoices.documents import send_document

    await send_document(page, row)


async def sent(page: Page[Any], row: InvoiceRow) -> None:
    """It was handed over by other means."""
    said = f"{name_of(row)} counts as sent."
    page.run(mark_sent, InvoiceId(invoice_id=row.invoice_id), lambda _: page.say(said))


async def pay(page: Page[Any], row: InvoiceRow) -> None:
    """Record a payment."""
    from rusvel_tui.screens.invoices.payments import record

    if _owed(page, row):
        await record(page, row)


async def paid(page: Page[Any], row: InvoiceRow) -> None:
    """All that is open came in today."""
    if _owed(page, row) and await page.confirm(
        f"{name_of(row)}: did {open_text(row)} come in today?", yes="Paid"
    ):
        said = f"{name_of(row)} is paid. z to undo."
        page.run(mark_paid, MarkPaid(invoice_id=row.invoice_id), lambda _: page.say(said))


async def refund(page: Page[Any], row: InvoiceRow) -> None:
    """Money went back."""
    from rusvel_tui.screens.invoices.payments import give_back

    if row.paid.strip("0."):
        await give_back(page, row)
    else:
        page.say(f"Nothing was paid on the {name_of(row)}.")


async def pay_with_credit(page: Page[Any], row: InvoiceRow) -> None:
    """Use what the client paid too much before."""
    if _owed(page, row):
        said = f"{name_of(row)} was paid with their credit. z to undo."
        page.run(use_credit, UseCredit(invoice_id=row.invoice_id), lambda _: page.say(said))


def _owed(page: Page[Any], row: InvoiceRow) -> bool:
    """Whether something is to be paid; says why not."""
    if row.number is None:
        page.say("A draft cannot be paid. F makes it final.")
    elif not open_text(row) or row.open.startswith("-"):
        page.say(f"Nothing is open on {row.number}.")
    else:
        return True
    return False


async def quote(page: Page[Any], row: InvoiceRow) -> None:
    """Accepted, declined, or made into an invoice."""
    if row.kind is not Kind.QUOTE:
        page.say("This is not a quote.")
        return
    choices = {"a": "accepted", "d": "declined", "i": "make an invoice of it"}
    key = await page.ask_key(name_of(row), choices)
    order = Decide(invoice_id=row.invoice_id)
    if key == "i":
        page.run(convert_quote, ConvertQuote(invoice_id=row.invoice_id), _made(page))
    elif key is not None:
        said = f"{name_of(row)} is {choices[key]}. z to undo."
        operation = accept_quote if key == "a" else decline_quote
        page.run(operation, order, lambda _: page.say(said))


async def credit(page: Page[Any], row: InvoiceRow) -> None:
    """A credit note over all of it; its draft can be cut down."""
    if row.number is None or row.kind is not Kind.INVOICE:
        page.say("Only a final invoice is corrected by a credit note.")
        return
    question = Question("credit", f"Why is {row.number} credited? ", hint="the reason stands on it")
    reason = await page.ask_line(question)
    if reason is not None:
        order = CreditInvoice(invoice_id=row.invoice_id, reason=reason)
        page.run(credit_invoice, order, _made(page))


def _made(page: Page[Any]) -> Callable[[InvoiceView], None]:
    def then(made: InvoiceView) -> None:
        page.say(f"Added the {name_of(made)}.")
        page.reveal(made.invoice_id)

    return then


async def delete(page: Page[Any], row: InvoiceRow) -> None:
    """A draft is deleted; what has a number is voided."""
    order = InvoiceId(invoice_id=row.invoice_id)
    if row.number is None:
        if await page.confirm(f"Delete the {name_of(row)}?", yes="Delete"):
            gone = f"Deleted the {name_of(row)}. z to undo."
            page.run(delete_invoice, order, lambda _: page.say(gone))
        return
    hint = "it keeps its number and counts for nothing"
    reason = await page.ask_line(Question("void", f"Void {row.number}: why? ", hint=hint))
    if reason is not None:
        void = Void(invoice_id=row.invoice_id, reason=reason)
        page.run(void_invoice, void, lambda _: page.say(f"{row.number} is void. z to undo."))


async def text(page: Page[Any], row: InvoiceRow) -> None:
    """The document as the client reads it."""
    from rusvel_tui.screens.invoices.documents import read_document

    await read_document(page, row)


async def statement(page: Page[Any], row: InvoiceRow) -> None:
    """What the client was billed and paid."""
    from rusvel_tui.screens.invoices.reports import show_statement

    await show_statement(page, row)


async def billing(page: Page[Any], row: InvoiceRow) -> None:
    """What stands on the documents of this client."""
    from rusvel_tui.screens.invoices.parties import edit_billing

    await edit_billing(page, row)


async def person(page: Page[Any], row: InvoiceRow) -> None:
    """The client, in the contacts."""
    page.visit("contacts", row.contact_id)


VERBS: dict[str, Verb] = {
    "edit": edit,
    "final": final,
    "send": send,
    "sent": sent,
    "pay": pay,
    "paid": paid,
    "refund": refund,
    "use_credit": pay_with_credit,
    "quote": quote,
    "credit": credit,
    "delete": delete,
    "text": text,
    "statement": statement,
    "billing": billing,
    "person": person,
}
"""By the name that an action of the page calls it; add yours here."""
