"""Values of custom fields: each type has one stored text, so that equal values are equal texts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from urllib.parse import urlsplit

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.text import fold, one_line, sanitize

MAX_LENGTH = 10_000
"""The longest value in characters."""


class FieldType(StrEnum):
    """What a custom field holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"
    URL = "url"


def canonical(kind: FieldType, text: str, choices: tuple[str, ...] = ()) -> str:
    """The stored form of what was written, empty for nothing; raises `ValueError` with the reason.

    Numbers are plain decimals with a point, dates ISO 8601, yes and no are `yes` and `no`.
    """
    if not text.strip():
        return ""
    if len(text) > MAX_LENGTH:
        raise ValueError(f"it is longer than {MAX_LENGTH} characters")
    if kind is FieldType.CHOICE:
        return _choice(one_line(text), choices)
    return _READERS[kind](text if kind is FieldType.TEXT else one_line(text))


def field_key(name: str) -> str:
    """The key of a custom field: `Favourite colour` is `favourite_colour`."""
    bare = "".join(c if c.isalnum() else "_" for c in fold(name))
    return "_".join(part for part in bare.split("_") if part)


def _choice(text: str, choices: tuple[str, ...]) -> str:
    found = next((choice for choice in choices if fold(choice) == fold(text)), None)
    if found is None:
        raise ValueError(f"choose one of {', '.join(choices)}")
    return found


_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")


def _number(text: str) -> str:
    bare = text.replace(" ", "").replace("_", "").replace("−", "-")
    if not _NUMBER.fullmatch(bare) or not bare.isascii():
        raise ValueError("write a number such as 1200 or 12.5")
    plain = f"{Decimal(bare):f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain in ("-0", "") else plain


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError("write a date such as 2026-11-24") from None


_YES = frozenset(("yes", "y", "true", "t", "1", "on", "x", "ja", "oui", "si", "✓"))
_NO = frozenset(("no", "n", "false", "f", "0", "off", "nein", "non", "-"))


def _yes_no(text: str) -> str:
    word = fold(text)
    if word in _YES:
        return "yes"
    if word in _NO:
        return "no"
    raise ValueError("write yes or no")


def _url(text: str) -> str:
    whole = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(whole)
        good = parts.scheme in ("http", "https") and "." in (parts.hostname or "")
    except ValueError:
        good = False
    if not good or " " in whole:
        raise ValueError("write a link such as https://example.org/page")
    return whole


_READERS: dict[FieldType, Callable[[str], str]] = {
    FieldType.TEXT: sanitize,
    FieldType.NUMBER: _number,
    FieldType.DATE: _date,
    FieldType.YES_NO: _yes_no,
    FieldType.URL: _url,
}


def refuse(label: str, text: str, reason: str, key: str) -> InvalidInput:
    """The error beside the field."""
    shown = one_line(text)
    shown = shown if len(shown) <= 60 else f"{shown[:59]}…"
    return InvalidInput(f"{label}: {shown!r} does not fit; {reason}.", field=f"fields.{key}")
