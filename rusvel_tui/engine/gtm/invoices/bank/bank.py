"""Bank files as operations: looked at, kept with their proposals, and booked or put aside by a person."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.importing.source import load
from rusvel_tui.engine.gtm.invoices.bank.lines import BankLineView, line_views, open_invoices
from rusvel_tui.engine.gtm.invoices.bank.matching import Match, Matcher
from rusvel_tui.engine.gtm.invoices.bank.reading import BankFile, Booking, Told, read_bank_file
from rusvel_tui.engine.models import BankLine
from rusvel_tui.engine.models.base import among, insert_rows
from rusvel_tui.engine.money import currency_code
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.text import one_line

_LARGEST = 20_000_000


class ImportBankCsv(Input):
    """A CSV file of a bank account."""

    path: str = ""
    """The file on this machine; or give its content."""
    content: str = ""
    """The text of the file."""
    content_base64: str = ""
    """Its bytes, where the text is not UTF-8."""
    name: str = ""
    currency: str = ""
    """Of rows without one; the session's currency when left out."""
    decimal_mark: str = ""
    """`,` or `.`, where the amounts do not tell."""
    day_first: bool | None = None
    """Whether 3/4/2026 is in April, where the dates do not tell."""
    dry_run: bool = False
    """Whether to look only: nothing is kept."""


class BankImport(View):
    """What a file holds, and what is proposed for it."""

    read: int
    """Bookings that came in."""
    new: int
    known: int
    """Bookings that an earlier import brought."""
    outgoing: int
    proposed: int
    unmatched: int
    refused: tuple[str, ...]
    """Rows that could not be read, with their line and the reason."""
    lines: tuple[BankLineView, ...]
    """The new ones."""


class ForgetLines(Input):
    """Bookings that an import brought."""

    ids: tuple[str, ...]


class Forgotten(View):
    """How many went."""

    lines: int


@operation(
    "gtm.invoices.import_bank_csv", writes=True, permission="crm.invoices.manage", staged=True
)
def import_bank_csv(ctx: Context, cmd: ImportBankCsv) -> BankImport:
    """Read a bank's CSV file and propose which invoices its bookings pay; nothing is booked before your yes."""
    if cmd.decimal_mark not in ("", ",", "."):
        raise InvalidInput("The decimal mark is , or .", field="decimal_mark")
    currency = ctx.read(lambda: currency_code(cmd.currency or ctx.session.currency))
    file = read_bank_file(_bytes(cmd), Told(currency, cmd.decimal_mark, cmd.day_first))
    if cmd.dry_run:
        return ctx.read(lambda: _answer(file, _rows(ctx, cmd, file)))
    return ctx.write(lambda: _keep(ctx, cmd, file))


def _keep(ctx: Context, cmd: ImportBankCsv, file: BankFile) -> BankImport:
    """Keep the bookings that are new, with what they seem to pay."""
    rows = _rows(ctx, cmd, file)
    if rows:
        insert_rows(BankLine, rows)
        undo = Inverse("gtm.invoices.forget_bank_lines", {"ids": [row["id"] for row in rows]})
        said = {"name": _name(cmd) or "a bank file", "lines": len(rows)}
        ctx.record("gtm.invoice.bank_imported", ctx.session_id, said, undo=undo)
    return _answer(file, rows)


def _rows(ctx: Context, cmd: ImportBankCsv, file: BankFile) -> list[dict[str, Any]]:
    """The bookings that no earlier import brought, each with its proposal."""
    known = _known(ctx, file)
    new = [booking for booking in file.bookings if booking.key not in known]
    matcher = Matcher(open_invoices(ctx)) if new else Matcher(())
    return [row for booking in new for row in _lines(ctx, cmd, booking, matcher.match(booking))]


def _lines(
    ctx: Context, cmd: ImportBankCsv, booking: Booking, match: Match
) -> Iterator[dict[str, Any]]:
    """The rows of a booking: one, or one for each invoice that it pays a part of."""
    if not match.parts:
        yield _row(ctx, cmd, booking, match)
    for place, (invoice_id, amount) in enumerate(match.parts):
        key = f"{booking.key}.{place}" if place else booking.key  # the first bears the key of all
        row = _row(ctx, cmd, booking, Match(invoice_id, match.why))
        yield row | {"key": key, "amount_minor": amount}


@operation(
    "gtm.invoices.forget_bank_lines", writes=True, permission="crm.invoices.manage", internal=True
)
def forget_bank_lines(ctx: Context, cmd: ForgetLines) -> Forgotten:
    """Take an import of a bank file back; what was booked by then stays."""
    gone = (
        BankLine.delete()
        .where(
            (BankLine.session_id == ctx.session_id)
            & among(BankLine.id, cmd.ids)
            & (BankLine.state != "booked")
        )
        .execute()
    )
    said = {"name": "a bank file", "lines": gone}
    ctx.record("gtm.invoice.bank_forgotten", ctx.session_id, said)
    return Forgotten(lines=gone)


def _name(cmd: ImportBankCsv) -> str:
    return one_line(cmd.name or Path(cmd.path).name)


def _bytes(cmd: ImportBankCsv) -> bytes:
    if cmd.path:
        content = load(Path(cmd.path).expanduser())
    elif cmd.content_base64:
        try:
            content = b64decode(cmd.content_base64, validate=True)
        except (Error, ValueError):
            raise InvalidInput("The content is not base64.", field="content_base64") from None
    else:
        content = cmd.content.encode()
    if not content.strip() or len(content) > _LARGEST:
        raise InvalidInput("Give the content of a CSV file of at most 20 MB.", field="content")
    return content


def _known(ctx: Context, file: BankFile) -> set[str]:
    keys = [booking.key for booking in file.bookings]
    query = BankLine.select(BankLine.key).where(
        (BankLine.session_id == ctx.session_id) & among(BankLine.key, keys)
    )
    return {key for (key,) in query.tuples()}


def _row(ctx: Context, cmd: ImportBankCsv, booking: Booking, match: Match) -> dict[str, Any]:
    return {
        "id": ctx.new_id(),
        "session_id": ctx.session_id,
        "key": booking.key,
        "booked_on": booking.booked_on,
        "amount_minor": booking.amount_minor,
        "currency": booking.currency,
        "payer": booking.payer,
        "reference": booking.reference,
        "state": "proposed" if match.invoice_id else "unmatched",
        "invoice_id": match.invoice_id,
        "why": match.why,
        "file_name": _name(cmd),
        "created_at": ctx.now,
    }


def _answer(file: BankFile, rows: list[dict[str, Any]]) -> BankImport:
    proposed = sum(row["state"] == "proposed" for row in rows)
    new = sum("." not in row["key"] for row in rows)
    return BankImport(
        read=len(file.bookings),
        new=new,
        known=len(file.bookings) - new,
        outgoing=file.outgoing,
        proposed=proposed,
        unmatched=len(rows) - proposed,
        refused=tuple(why for _, why in file.refused),
        lines=line_views([BankLine(**row) for row in rows]),
    )
