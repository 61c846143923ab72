"""One cell to clean values: text, phone numbers, links, tags, and yes or no."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rusvel_tui.engine.gtm.crm.importing.rows import Phone
from rusvel_tui.engine.gtm.crm.people.identity import phone_digits
from rusvel_tui.engine.text import one_line, sanitize

_EMPTY = frozenset(("undefined", "null", "(null)", "N/A", "n/a", "#N/A", "-"))
_FORMULA = ("=", "+", "-", "@")
_YES = frozenset(("true", "1", "yes", "y", "x", "t"))
_NO_TAGS = frozenset(("mycontacts", "my contacts", "*", ""))
_TRIPLE = re.compile(r"(?:^|\s+):::(?:\s+|$)")
_EXTENSION = re.compile(";ext=[^;,]*", re.IGNORECASE)
_TEL = re.compile("^tel:", re.IGNORECASE)
_ONE_PHONE = re.compile(r"[\d +()./-]+")
_SPREADSHEET_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?e[+-]?\d+", re.IGNORECASE)
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def clean_line(cell: str) -> str:
    """A single-line value: sanitised, trimmed, white space and line breaks as one blank."""
    if not cell.isprintable():
        return settle(one_line(cell))
    if not cell.isascii():
        cell = unicodedata.normalize("NFC", cell)
    return settle(" ".join(cell.split()) if "  " in cell else cell.strip())


def clean_text(cell: str) -> str:
    """A value of several lines: as `clean_line`, but inner white space and line breaks stay."""
    return settle(sanitize(cell).strip())


def settle(value: str) -> str:
    """The value without the mark that spreadsheets put before a formula; empty for a word that means it."""
    if value[:1] == "'" and value[1:2] in _FORMULA:
        value = value[1:]
    return "" if value in _EMPTY else value


@lru_cache(maxsize=8192)
def compare_key(text: str) -> str:
    """What two values have in common when they differ only in case, white space or unseen characters."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if not text.isprintable():
        text = _UNSEEN.sub("", " ".join(text.split()))
    return " ".join(text.split()).casefold()


def split_triple(cell: str) -> list[str]:
    """The values of a cell that holds several, as Google writes them: `one ::: two`."""
    return [part for part in _TRIPLE.split(cell) if part]


def says_yes(cell: str) -> bool:
    """Whether a cleaned opt-out cell says yes."""
    return cell.casefold() in _YES


def split_tags(cell: str) -> list[str]:
    """The tags of a cleaned cell, separated by semicolons or commas."""
    return real_tags(re.split("[;,]", cell))


def split_labels(cell: str) -> list[str]:
    """The tags of a cleaned cell of Google labels; the star marks a label of the system or a primary value."""
    return real_tags([part.removeprefix("* ") for part in split_triple(cell)])


def real_tags(parts: list[str]) -> list[str]:
    """The parts that are tags; a group that every contact is in is none."""
    clean = (part.strip() for part in parts)
    return [part for part in clean if part.casefold() not in _NO_TAGS]


def split_phones(cell: str) -> tuple[list[Phone], list[str]]:
    """The numbers of a cleaned cell, and the pieces that are none."""
    phones: list[Phone] = []
    bad: list[str] = []
    for piece in _phone_pieces(cell):
        digits = phone_digits(piece)
        if _SPREADSHEET_NUMBER.fullmatch(piece) or len(digits) < 3:
            bad.append(piece)
        else:
            phones.append((piece, digits))
    return phones, bad


def _phone_pieces(cell: str) -> list[str]:
    if _ONE_PHONE.fullmatch(cell):
        return [cell]
    if _SPREADSHEET_NUMBER.fullmatch(cell):
        return [cell]
    bare = _EXTENSION.sub("", cell)
    pieces = (
        part for big in split_triple(bare) for half in big.split(";") for part in _commas(half)
    )
    return [piece for piece in (_TEL.sub("", piece.strip()).strip() for piece in pieces) if piece]


def _commas(part: str) -> list[str]:
    """Split at commas, but for the decimal comma of a spreadsheet number."""
    return [part] if _SPREADSHEET_NUMBER.fullmatch(part.strip()) else part.split(",")
