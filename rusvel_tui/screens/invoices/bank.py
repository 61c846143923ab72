"""Payments from a bank's file: each booking with the invoice that it seems to pay, booked after a yes."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.invoices.bank.bank import BankImport, ImportBankCsv, import_bank_csv
from rusvel_tui.engine.gtm.invoices.bank.booking import (
    Confirmed,
    ConfirmLines,
    MatchLine,
    confirm_bank_lines,
    match_bank_line,
)
from rusvel_tui.engine.gtm.invoices.bank.lines import (
    BankLineView,
    LineState,
    ListBankLines,
    list_bank_lines,
)
from rusvel_tui.screens.invoices.words import day, exact
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.widgets.desk_app import shut_to_guest
from rusvel_tui.widgets.line_input import Question

LARGEST = 20_000_000
"""Bytes of a file that is read at all."""
_MOST = 500


async def match_bank(page: Page[Any], path: str) -> None:
    """`M`: read a file, then go through what it proposes; without a file, what earlier ones left open."""
    if shut_to_guest(page.app):
        return
    hint = "a CSV file of your bank; nothing: what is left of earlier ones"
    named = path or await page.ask_line(Question("bank", "Bank file: ", hint=hint))
    if named is None:
        return
    if named.strip():
        done = await attempt(page, partial(_import, page.engine, named.strip()))
        if done is None:
            return
        page.say(f"Read {done.new} new bookings; {done.proposed} seem to pay an invoice.")
    await _go_through(page)


async def _go_through(page: Page[Any]) -> None:
    """Ask for each proposal; what is not answered stays a proposal."""
    lines = await attempt(page, partial(_proposals, page.engine))
    chosen: list[str] = []
    for number, line in enumerate(lines or ()):
        left = len(lines or ()) - number
        choices = {"y": "book it", "n": "it pays nothing", "s": "later", "a": f"book all {left}"}
        key = await page.ask_key(told(line), choices)
        if key is None:
            break
        if key == "n":
            await attempt(page, partial(_refuse, page.engine, line.line_id))
        if key in ("y", "a"):
            rest = (lines or ())[number:] if key == "a" else (line,)
            chosen += [one.line_id for one in rest]
        if key == "a":
            break
    if not lines:
        page.say("No booking waits for your word.")
    if chosen:
        order = ConfirmLines(ids=tuple(chosen), credit=True)
        page.run(confirm_bank_lines, order, partial(_booked, page))


def told(line: BankLineView) -> str:
    """`12 Nov 2026 119.00 EUR from Acme pays INV-2026-0003 (its number)`: what is to be decided."""
    amount = exact(line.amount, line.currency)
    return f"{day(line.booked_on)} {amount} from {line.payer or 'somebody'} pays {line.number} ({line.why})"


def _booked(page: Page[Any], done: Confirmed) -> None:
    left = f" Left: {done.left[0]}" if done.left else ""
    sums = ", ".join(done.amounts)
    page.say(
        f"Booked {done.booked} payment{'' if done.booked == 1 else 's'}, {sums}. z to undo.{left}"
    )


def _import(engine: Engine, path: str) -> BankImport:
    """Read the file and keep its bookings. Runs in a thread."""
    file = Path(path).expanduser()
    try:
        if file.stat().st_size > LARGEST:
            raise InvalidInput(f"{path} is larger than 20 MB. Export a shorter period.")
        content = file.read_bytes()
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}.") from None
    from base64 import b64encode

    order = ImportBankCsv(content_base64=b64encode(content).decode(), name=file.name)
    return engine.run(import_bank_csv, order)


def _proposals(engine: Engine) -> tuple[BankLineView, ...]:
    wanted = ListBankLines(state=LineState.PROPOSED, limit=_MOST)
    return engine.run(list_bank_lines, wanted).items


def _refuse(engine: Engine, line_id: str) -> BankLineView:
    return engine.run(match_bank_line, MatchLine(line_id=line_id))
