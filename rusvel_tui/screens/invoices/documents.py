"""A document as the client gets it: to read, as a file, and by mail."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import Any

from rusvel_tui.engine.gtm.invoices.documents.operations import (
    ExportInvoice,
    RenderInvoice,
    export_document,
    render_invoice,
)
from rusvel_tui.engine.gtm.invoices.ledger.views import InvoiceRow
from rusvel_tui.engine.gtm.invoices.sending.sending import Proposed, SendInvoice, send_invoice
from rusvel_tui.screens.invoices.words import exact, name_of
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.screens.shared.dialogs import Reader
from rusvel_tui.widgets.desk_app import shut_to_guest
from rusvel_tui.widgets.line_input import Question
from rusvel_tui.widgets.text_view import Prose


async def read_document(page: Page[Any], row: InvoiceRow) -> None:
    """`t`: the document as text."""
    order = RenderInvoice(invoice_id=row.invoice_id)
    made = await attempt(page, partial(page.engine.run, render_invoice, order))
    if made is not None:
        name = row.number or name_of(row).capitalize()
        page.app.push_screen(Reader(name, (Prose(made.text or ""),), look="-paper"))


async def write_document(page: Page[Any], row: InvoiceRow, path: str) -> None:
    """`W`: the document as a file, in the format that its ending names."""
    if shut_to_guest(page.app):
        return
    name = row.number or "draft"
    names = [f"{name}.pdf", f"{name}.xml", f"{name}.txt", f"{name}.journal"]
    hint = ".pdf, .xml (e-invoice), .txt or .journal (hledger); tab completes"
    target = path or await page.ask_line(Question("write", "Write to: ", names[0], names, hint))
    if not target:
        return
    there = await asyncio.to_thread(lambda: Path(target).expanduser().is_file())
    if there and not await page.confirm(f"Replace {target}?", detail="That file is there already.", yes="Replace"):  # fmt: skip
        return
    order = ExportInvoice(invoice_id=row.invoice_id, path=target, overwrite=there)
    done = await attempt(page, partial(page.engine.run, export_document, order))
    if done is not None:
        page.say(f"Wrote {done.path}.")


async def send_document(page: Page[Any], row: InvoiceRow) -> None:
    """`S`: a mail with it waits in the inbox; a draft becomes final first when the person says so."""
    detail = ""
    if row.number is None:
        detail = "It becomes final first: it gets its number and stays as it is from then on."
    elif row.sent_at is not None:
        detail = "It was sent before."
    question = f"Put a mail with {name_of(row)}, {exact(row.total, row.currency)}, into the inbox?"
    if detail and not await page.confirm(question, detail=detail, yes="Into the inbox"):
        return
    order = SendInvoice(
        invoice_id=row.invoice_id, finalise=row.number is None, again=row.sent_at is not None
    )
    page.run(send_invoice, order, partial(_proposed, page))


def _proposed(page: Page[Any], done: Proposed) -> None:
    problems = done.mail.problems
    wrong = f" It needs something first: {problems[0]}" if problems else " g i shows it."
    page.say(f"The mail with {done.invoice.number} waits in the inbox for your yes.{wrong}")
