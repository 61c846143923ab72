"""Amounts of money in a free text: `$12,000`, `12k EUR`, `€1.234,56`, `1 200 kr`; each with the words that name it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.money import CURRENCIES, Money

_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₽": "RUB", "zł": "PLN", "Kč": "CZK", "CHF": "CHF",
          "US$": "USD", "A$": "AUD", "C$": "CAD"}  # fmt: skip
_WORDS = {"dollar": "USD", "dollars": "USD", "bucks": "USD", "euro": "EUR", "euros": "EUR", "pounds": "GBP", "pound": "GBP",
          "francs": "CHF", "franken": "CHF", "yen": "JPY", "rupees": "INR"}  # fmt: skip
_SCALE = {
    "k": 3,
    "tsd": 3,
    "thousand": 3,
    "tausend": 3,
    "m": 6,
    "mn": 6,
    "mio": 6,
    "million": 6,
    "millions": 6,
}
_NUMBER = r"\d{1,3}(?:[ \u00a0\u202f.,'’]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,3})?"
_SIGN = "|".join(sorted(map(re.escape, _SIGNS), key=len, reverse=True))
_UNIT = "|".join((*sorted(CURRENCIES), *_WORDS))
_AMOUNT = re.compile(
    rf"(?<![\w.,])(?:(?P<sign>{_SIGN})|(?P<code>(?-i:[A-Z]{{3}})))?[ \u00a0]?(?P<number>{_NUMBER})"
    rf"[ \u00a0]?(?P<scale>k|K|m|M|mn|Mio\.?|mio\.?|Tsd\.?|tsd\.?|thousand|tausend|millions?)?(?![A-Za-z])"
    rf"[ \u00a0]?(?:(?P<after>{_SIGN})|(?P<unit>{_UNIT})\b)?",
    re.IGNORECASE,
)


class Sum(NamedTuple):
    """An amount that a text names."""

    words: str
    amount: Decimal
    currency: str


def sums(text: str) -> list[Sum]:
    """The amounts with a currency, in their order; a number alone is no amount."""
    return list(_all(text[:20_000]))


def _all(text: str) -> Iterator[Sum]:
    for found in _AMOUNT.finditer(text):
        currency = _currency(found)
        if not currency:
            continue
        scale = _SCALE.get((found["scale"] or "").lower().rstrip("."), 0)
        try:
            amount = _number(found["number"]).scaleb(scale)
            Money.parse(amount, currency)
        except (InvalidInput, ArithmeticError):
            continue
        yield Sum(found[0].strip(), amount, currency)


def _currency(found: re.Match[str]) -> str:
    sign = found["sign"] or found["after"] or ""
    if sign:
        return next((code for known, code in _SIGNS.items() if known.lower() == sign.lower()), "")
    for name in (found["unit"] or "", found["code"] or ""):
        code = _WORDS.get(name.lower(), name.upper())
        if code in CURRENCIES and (name.isupper() or name.lower() in _WORDS):
            return code
    return ""


def _number(text: str) -> Decimal:
    """The number: the last mark parts the decimals unless three digits follow it."""
    bare = re.sub(r"[ \u00a0\u202f'’]", "", text)
    mark = max(bare.rfind("."), bare.rfind(","))
    if mark < 0:
        return Decimal(bare)
    whole, rest = re.sub(r"[.,]", "", bare[:mark]), bare[mark + 1 :]
    return Decimal(whole + rest) if len(rest) == 3 else Decimal(f"{whole}.{rest}")
