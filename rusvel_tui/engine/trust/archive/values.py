"""A stored value as JSON and back, without any loss; pure.

Texts, whole numbers and finite reals are themselves. A text that is a JSON document in the form in which the program
stores them is shown as that document. Anything else is an object with one member: `$text`, `$base64` or `$real`.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from math import isfinite
from typing import Any

_TEXT, _BYTES, _REAL = "$text", "$base64", "$real"
_WRAPPED = frozenset((_TEXT, _BYTES, _REAL))
_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
_sorted = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), allow_nan=False, sort_keys=True
).encode


def line(data: dict[str, Any]) -> bytes:
    """One line of an archive."""
    return _compact(data).encode() + b"\n"


def shown(value: Any) -> Any:
    """A value of SQLite as something that JSON can hold."""
    if isinstance(value, bytes):
        return {_BYTES: b64encode(value).decode()}
    if isinstance(value, float) and not isfinite(value):
        return {_REAL: repr(value)}
    if isinstance(value, str):
        return _document(value) if value[:1] in ("{", "[") else _sound(value)
    return value


def stored(value: Any) -> Any:
    """The value of SQLite that `shown` made this of; raises `ValueError` for what it never makes."""
    if isinstance(value, dict) and _is_wrapped(value):
        [(kind, text)] = value.items()
        return _unwrapped(kind, text)
    if isinstance(value, (dict, list)):
        return _sorted(value)
    if isinstance(value, bool):
        raise ValueError("true and false are not stored; 1 and 0 are")  # noqa: TRY004 - a wrong line
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise ValueError("a number is too large to be stored")
    return value


def _unwrapped(kind: str, text: Any) -> Any:
    if not isinstance(text, str):
        raise ValueError(f"{kind} must be a text")  # noqa: TRY004 - a wrong line
    if kind == _BYTES:
        return b64decode(text, validate=True)
    return float(text) if kind == _REAL else text


def _is_wrapped(value: dict[str, Any]) -> bool:
    return len(value) == 1 and not _WRAPPED.isdisjoint(value)


def _document(text: str) -> Any:
    """The document behind a text that is exactly the stored form of one; otherwise the text, marked."""
    try:
        found = json.loads(text)
        if _sorted(found) == text and not (isinstance(found, dict) and _is_wrapped(found)):
            _sound(text)
            return found
    except (ValueError, RecursionError):
        pass
    return {_TEXT: _sound(text)}


def _sound(text: str) -> str:
    text.encode()  # half a pair of surrogates is no text: raises UnicodeEncodeError, a ValueError
    return text
