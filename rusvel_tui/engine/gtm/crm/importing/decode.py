"""From the bytes of a file to its text, and what was found out on the way."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from rusvel_tui.engine.errors import InvalidInput

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LINE_END = re.compile("\r\n|\r|\n")
LINE_ENDS = {"\r\n": "crlf", "\n": "lf", "\r": "cr"}


@dataclass(frozen=True, slots=True)
class Format:
    """How a file is written: `line_end` names all that occur (`crlf`, `crlf+lf`), None when there is none."""

    encoding: str
    bom: bool
    delimiter: str | None
    line_end: str | None


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text without its byte order mark."""

    text: str
    encoding: str
    bom: bool


def decode(data: bytes, encoding: str = "") -> Decoded:
    """The text of a file: by its byte order mark, else UTF-8, else cp1252. Fails only when told an encoding."""
    if encoding:
        return _told(data, encoding)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return Decoded(data[len(mark) :].decode(encoding, "replace"), encoding, bom=True)
    try:
        return Decoded(data.decode("utf-8"), "utf-8", bom=False)
    except UnicodeDecodeError:
        return Decoded(cp1252(data), "cp1252", bom=False)


def _told(data: bytes, encoding: str) -> Decoded:
    try:
        name = codecs.lookup(encoding).name
        text = data.decode(name)
    except (LookupError, TypeError):
        raise InvalidInput(
            f"{encoding!r} is no encoding. Use utf-8, cp1252, latin-1, utf-16 or another name.",
            field="encoding",
        ) from None
    except ValueError:
        raise InvalidInput(
            f"The file is not written in {encoding}. Name another encoding, or none.",
            field="encoding",
        ) from None
    marked = text.startswith("\ufeff")
    return Decoded(text[marked:], name, bom=marked)


def cp1252(data: bytes) -> str:
    """Windows text; the five bytes that have no letter become control characters, as in browsers."""
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return "".join(_one(byte) for byte in data)


def _one(byte: int) -> str:
    return bytes((byte,)).decode("cp1252", "ignore") or chr(byte)


def name_ends(ends: set[str]) -> str | None:
    """The line ends of a file by name, in one order; None when it has none."""
    return "+".join(sorted(LINE_ENDS[end] for end in ends)) or None


def ends_of(text: str) -> set[str]:
    """The different line ends of a text."""
    return set(_LINE_END.findall(text))


def count_ends(text: str) -> int:
    """How many lines end in this text."""
    return len(_LINE_END.findall(text))
