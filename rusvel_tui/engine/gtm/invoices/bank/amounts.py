"""Amounts and days as banks write them; what could mean two things is refused, not guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.text import one_line

_AMOUNT = re.compile(
    r"([+-]?)\s*(\d[\d., '’\u00a0\u202f]*)\s*([+-]?|CR|DR|C|D|H|S)", re.ASCII | re.I
)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_PARTED = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_OUT = frozenset(("-", "DR", "D", "S"))


def decimal_mark(texts: Iterable[str]) -> str:
    """Which mark this file writes before the decimals: `,` or `.`; empty when no amount of it tells."""
    for text in texts:
        bare = re.sub(r"[^\d.,]", "", text)
        last = max(bare.rfind("."), bare.rfind(","))
        if last < 0:
            continue
        mark = bare[last]
        other = "," if mark == "." else "."
        if len(bare) - last - 1 != 3 or bare.rfind(other) >= 0:
            return other if bare.count(mark) > 1 else mark
    return ""


def read_amount(text: str, mark: str, currency: str) -> int:
    """The amount in minor units, negative when it went out; raises `InvalidInput`."""
    found = _AMOUNT.fullmatch(one_line(text).strip())
    if not found:
        raise InvalidInput(f"{one_line(text)!r} is not an amount")
    sign, digits, tail = found.groups()
    bare = re.sub(r"[ '’\u00a0\u202f]", "", digits)
    if not mark and re.search(r"[.,]\d{3}$", bare):
        raise InvalidInput(f"{text!r} could mean two amounts; say decimal_mark=, or decimal_mark=.")
    whole, _, cents = bare.replace("," if mark == "." else ".", "").partition(mark or "\n")
    minor = Money.parse(f"{whole}.{cents}" if cents else whole, currency).minor
    return -minor if "-" in (sign, tail) or tail.upper() in _OUT else minor


def day_first(texts: Iterable[str]) -> bool | None:
    """Whether `3/4/2026` begins with the day in this file; None when no date of it tells."""
    for text in texts:
        if found := _PARTED.fullmatch(text.strip()):
            one, mark, two = int(found[1]), found[2], int(found[3])
            if mark == "." or one > 12 or two > 12:
                return mark == "." or one > 12
    return None


def read_day(text: str, *, first: bool | None) -> str:
    """The day as stored; raises `InvalidInput` for none, and for one that could be two."""
    bare = text.strip()
    try:
        if found := _ISO.fullmatch(bare) or _COMPACT.fullmatch(bare):
            return date(*map(int, found.groups())).isoformat()
        if found := _PARTED.fullmatch(bare):
            one, two, year = int(found[1]), int(found[3]), int(found[4])
            if first is None and one != two:
                raise InvalidInput(f"{bare!r} could be two days; say day_first=true or false")
            day, month = (one, two) if first or one == two else (two, one)
            return date(year if year > 99 else 2000 + year, month, day).isoformat()
    except ValueError:
        pass
    raise InvalidInput(f"{one_line(bare)!r} is not a day")
