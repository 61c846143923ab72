"""Numbers at the border: finite ones only, whole ones without a decimal point, differences as people compute them."""

from __future__ import annotations

import math
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import BeforeValidator

LARGEST = 1e15
"""Beyond this whole numbers are no longer exact, and what was typed is a mistake."""


def read_number(value: Any) -> float:
    """A finite number, also written as text such as `12000.50`; raises `ValueError` that says what is wrong."""
    if (
        value is None
        or isinstance(value, bool)
        or not isinstance(value, int | float | str | Decimal)
    ):
        raise ValueError(f"{value!r:.40} is not a number; write it like 1250.5")
    try:
        found = float(Decimal(str(value).strip()))
    except (InvalidOperation, ValueError, OverflowError):
        raise ValueError(f"{value!r:.40} is not a number; write it like 1250.5") from None
    if not math.isfinite(found):
        raise ValueError(f"{value!r:.40} is not a number that can be measured")
    if abs(found) > LARGEST:
        raise ValueError(f"{value!r:.40} is too large")
    return found


def tidy(value: float) -> int | float:
    """A whole number without its decimal point; others without the noise of binary fractions."""
    found = float(f"{value:.12g}")
    return int(found) if found.is_integer() else found


def minus(one: float, other: float) -> int | float:
    """The difference as decimal arithmetic has it: 0.3 − 0.1 is 0.2."""
    return tidy(float(Decimal(repr(one)) - Decimal(repr(other))))


def ratio(part: float, whole: float) -> float | None:
    """The share, or none where there is nothing to share."""
    return part / whole if whole else None


Number = Annotated[float, BeforeValidator(read_number)]
"""A finite number in the input of an operation."""
Shown = int | float
"""A number in a view: whole ones are integers."""
