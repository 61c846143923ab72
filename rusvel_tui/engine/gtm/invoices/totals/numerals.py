"""Numbers as people and programs write them: plain decimals, read exactly or refused with what to write instead."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.text import one_line

_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d[\d., '’_\u00a0\u202f]*", re.ASCII)
MAX_NUMBER = Decimal(10) ** 12
MAX_PLACES = 10
"""Quantities and prices with more decimals are the noise of binary fractions."""


def _as_text(value: Any) -> Any:
    """A JSON number as the decimal that was written, never as a binary fraction."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}" if math.isfinite(value) else repr(value)
    return str(value) if isinstance(value, int | Decimal) else value


Numeral = Annotated[str, BeforeValidator(_as_text)]
"""A decimal number as text, best; a JSON number is taken as it was written."""


def read_number(text: str, what: str, *, field: str = "") -> Decimal:
    """The exact number; `what` names its place in the error (`line 2: price`)."""
    bare = text.strip()
    if not _PLAIN.fullmatch(bare) or len(bare) > 60:
        raise InvalidInput(f"{what} {_quoted(text)} is not a number; {_advice(bare)}.", field=field)
    number = Decimal(bare)
    exponent = number.as_tuple().exponent
    if abs(number) >= MAX_NUMBER or not isinstance(exponent, int) or -exponent > MAX_PLACES:
        raise InvalidInput(
            f"{what} {_quoted(text)} is out of range; write up to 12 digits and {MAX_PLACES} decimals.",
            field=field,
        )
    return number


def read_amount(text: str, currency: str, what: str, *, field: str = "") -> int:
    """An amount in minor units; refuses more decimals than the currency has."""
    read_number(text, what, field=field)
    try:
        return Money.parse(text.strip(), currency).minor
    except InvalidInput as error:
        raise InvalidInput(f"{what} {_quoted(text)}: {error}", field=field) from None


def plain(number: Decimal) -> str:
    """The number without an exponent and without zeros at its end: `19`, `0.275`."""
    return f"{number.normalize():f}" if number else "0"


def _quoted(text: str) -> str:
    line = one_line(text)
    return repr(line if len(line) <= 40 else line[:39] + "…")


def _advice(text: str) -> str:
    """What to write instead: `1,000.5` is `1000.50`."""
    if not _GROUPED.fullmatch(text):
        return "write it like 1000.50"
    whole, mark, rest = text.rpartition(max(".,", key=text.rfind))
    if not mark or (mark == "," and len(rest) == 3) or not rest.isdigit():
        whole, rest = text, ""
    digits = re.sub(r"[^\d+-]", "", whole) or "0"
    return f"write {digits}.{rest:0<2}" if rest else f"write {digits}"
