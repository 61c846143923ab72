"""Amounts, names, addresses and days in what a person typed; pure."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

SYMBOLS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}
_WORDS = {"dollar": "USD", "euro": "EUR", "pound": "GBP", "percent": "%"}
_TIMES = {"k": 3, "thousand": 3, "m": 6, "mn": 6, "million": 6, "bn": 9, "billion": 9}
_NUMBER = r"\d(?:[\d.,'’]*\d)?"
AMOUNT = (
    rf"[-−]?(?:[$€£¥]|\b[A-Z]{{3}}\b)?\s?[-−]?{_NUMBER}"
    r"(?:\s?(?:k|mn|m|bn|thousand|million|billion)\b)?"
    r"(?:\s?(?:[$€£¥%]|\b[A-Z]{3}\b|\b(?:dollar|euro|pound)s?\b|\bpercent\b))?"
)
_PARTS = re.compile(
    rf"(?P<before>[-−]?)\s?(?P<front>[$€£¥]|[A-Z]{{3}})?\s?(?P<minus>[-−]?)(?P<number>{_NUMBER})"
    r"\s?(?P<times>k|mn|m|bn|thousand|million|billion)?\b"
    r"\s?(?P<back>[$€£¥%]|[A-Z]{3}|(?:dollar|euro|pound)s?|percent)?",
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_QUOTED = re.compile(r"[\"“„«]([^\"”“»]+)[\"”“»]")


class Amount(NamedTuple):
    """A number, and what it is of: a currency, `%`, or nothing that was said."""

    value: Decimal
    unit: str


def amount(text: str) -> Amount | None:
    """The first amount in the text: `$12,000`, `12k`, `€1.234,56`, `4.2 %`."""
    found = _PARTS.search(text)
    if found is None:
        return None
    unit = _unit(found["front"] or found["back"] or "")
    value = _number(found["number"], unit)
    if value is None:
        return None
    value = value.scaleb(_TIMES.get(found["times"] or "", 0))
    if found["before"] or found["minus"]:
        value = -value
    return Amount(value, unit)


def plain(value: Decimal) -> str:
    """The number as a machine reads it, without an exponent."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def mail_address(text: str) -> str:
    """The first mail address in the text."""
    found = _MAIL.search(text)
    return found[0].rstrip(".") if found else ""


def quoted(text: str) -> str:
    """What stands in the first quotation marks."""
    found = _QUOTED.search(text)
    return found[1].strip() if found else ""


def after(text: str, words: str, *, until: str = "") -> str:
    """What follows one of the words, up to a sign of a new thought or one of the other words."""
    stop = rf"|\s(?:{until})\b" if until else ""
    found = re.search(rf"(?i)\b(?:{words})\b:?\s+(.+?)(?=[,;\n]|[.!?](?:\s|$){stop}|$)", text)
    return found[1].strip().strip("\"“”„'") if found else ""


def _unit(text: str) -> str:
    if text in SYMBOLS:
        return SYMBOLS[text]
    word = text.casefold().rstrip("s")
    return _WORDS.get(word, text if text == "%" or text.isupper() else "")


def _number(text: str, unit: str) -> Decimal | None:
    """Digits with points and commas, in either of the two ways."""
    text = re.sub(r"['’\s]", "", text)
    point, comma = text.rfind("."), text.rfind(",")
    if point >= 0 and comma >= 0:
        thousands = "," if point > comma else "."
        text = text.replace(thousands, "").replace(",", ".")
    elif comma >= 0:
        text = text.replace(",", "") if _groups(text, ",") else text.replace(",", ".")
    elif point >= 0 and _groups(text, ".") and (text.count(".") > 1 or unit in ("EUR", "CHF")):
        text = text.replace(".", "")
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _groups(text: str, mark: str) -> bool:
    """Whether the marks part thousands: `12,000`, `1.234.567`, not `3,5`."""
    first, *rest = text.split(mark)
    return (
        bool(rest) and 1 <= len(first) <= 3 and first != "0" and all(len(one) == 3 for one in rest)
    )
