"""From a bank's CSV file to bookings: the header is found by its words, a bad row says its line and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.importing.csv_reader import CsvReader, Record
from rusvel_tui.engine.gtm.crm.importing.decode import decode
from rusvel_tui.engine.gtm.invoices.bank.amounts import (
    day_first,
    decimal_mark,
    read_amount,
    read_day,
)
from rusvel_tui.engine.money import Money, currency_code
from rusvel_tui.engine.text import fold, one_line

_DELIMITERS = (";", ",", "\t", "|")
_LOOK_AT = 30
_WORDS = {
    "day": "date,booking date,transaction date,value date,completed date,date completed (utc),buchungstag,buchung"
    ",buchungsdatum,wertstellung,valuta,datum,fecha,data,date operation,date de comptabilisation",
    "amount": "amount,betrag,umsatz,montant,importe,importo,bedrag,amount (eur),betrag (eur),betrag (€),value,total",
    "incoming": "credit,paid in,money in,deposit,haben,gutschrift,credit amount,entrate,abono",
    "currency": "currency,wahrung,waehrung,devise,moneda,valuta code,munt,ccy,payment currency",
    "payer": "payer,name,counterparty,payee,sender,debtor,beguenstigter/zahlungspflichtiger"
    ",begunstigter/zahlungspflichtiger,auftraggeber/empfanger,zahlungspflichtige*r,auftraggeber,partner name"
    ",name zahlungsbeteiligter,counterparty name,tegenpartij,ordenante,payer name",
    "reference": "reference,payment reference,description,details,memo,verwendungszweck,libelle,concepto,causale"
    ",omschrijving,remittance information,purpose,narrative,communication,mededelingen,transaction details",
}
"""The headings of banks, without accents and case; earlier ones win where a file has several."""
_HEADINGS = {
    heading: (field, place)
    for field, words in _WORDS.items()
    for place, heading in enumerate(words.split(","))
}


@dataclass(frozen=True, slots=True)
class Booking:
    """Money that came in."""

    key: str
    """The same for the same booking in every file of that account."""
    line: int
    booked_on: str
    amount_minor: int
    currency: str
    payer: str
    reference: str


@dataclass(frozen=True, slots=True)
class BankFile:
    """What was read: bookings that came in, how many went out, and the rows that could not be read."""

    bookings: tuple[Booking, ...]
    outgoing: int
    refused: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What the caller says of the file; empty where the file has to tell."""

    currency: str
    decimal_mark: str = ""
    day_first: bool | None = None


def read_bank_file(content: bytes, told: Told) -> BankFile:
    """The bookings of a file; raises `InvalidInput` when it has no header with a date and an amount."""
    text = decode(content).text
    delimiter, places, header = _header(text)
    rows = [r for r in CsvReader(text, delimiter) if r.line > header.line and any(r.cells)]
    days = [_cell(row, places, "day") for row in rows]
    amounts = [_cell(row, places, "amount") or _cell(row, places, "incoming") for row in rows]
    told = Told(
        told.currency,
        told.decimal_mark or decimal_mark(amounts),
        day_first(days) if told.day_first is None else told.day_first,
    )
    bookings: list[Booking] = []
    refused: list[tuple[int, str]] = []
    outgoing, seen = 0, dict[str, int]()
    for row in rows:
        try:
            made = _booking(row, places, told, seen)
        except InvalidInput as error:
            refused.append((row.line, f"line {row.line}: {str(error).rstrip('.')}"))
            continue
        if made is None:
            outgoing += 1
        else:
            bookings.append(made)
    return BankFile(tuple(bookings), outgoing, tuple(refused))


def _header(text: str) -> tuple[str, dict[str, list[int]], Record]:
    """The delimiter, where each field stands, and the row that says so."""
    best: tuple[int, str, dict[str, list[int]], Record] | None = None
    for delimiter in _DELIMITERS:
        for row in islice(CsvReader(text, delimiter), _LOOK_AT):
            places = _places(row.cells)
            there = {"day"} <= set(places) and {"amount", "incoming"} & set(places)
            if there and (best is None or len(places) > best[0]):
                best = (len(places), delimiter, places, row)
    if best is None:
        raise InvalidInput(
            "No row of this file names a date and an amount. Save it as CSV with its column names.",
            field="content",
        )
    return best[1:]


def _places(cells: Sequence[str]) -> dict[str, list[int]]:
    found: dict[str, list[tuple[int, int]]] = {}
    for index, cell in enumerate(cells):
        if known := _HEADINGS.get(fold(one_line(cell)).strip('"')):
            found.setdefault(known[0], []).append((known[1], index))
    return {field: [index for _, index in sorted(ranked)] for field, ranked in found.items()}


def _cell(row: Record, places: dict[str, list[int]], field: str) -> str:
    """The cells of a field on one line; of days and amounts the first that is filled."""
    cells = [one_line(row.cells[i]) for i in places.get(field, ()) if i < len(row.cells)]
    filled = [cell for cell in cells if cell]
    return " ".join(filled) if field == "reference" else (filled[0] if filled else "")


def _booking(
    row: Record, places: dict[str, list[int]], told: Told, seen: dict[str, int]
) -> Booking | None:
    """The booking of a row; None when money went out."""
    currency = currency_code(_cell(row, places, "currency") or told.currency)
    text = _cell(row, places, "amount") or _cell(row, places, "incoming")
    if not text:
        return None
    amount = read_amount(text, told.decimal_mark, currency)
    day = read_day(_cell(row, places, "day"), first=told.day_first)
    if amount <= 0:
        return None
    payer, reference = _cell(row, places, "payer")[:200], _cell(row, places, "reference")[:1000]
    same = "\0".join((day, Money(amount, currency).amount, currency, payer, reference))
    seen[same] = seen.get(same, 0) + 1
    key = sha256(f"{same}\0{seen[same]}".encode()).hexdigest()[:32]
    return Booking(key, row.line, day, amount, currency, payer, reference)
