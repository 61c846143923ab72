"""Untrusted text at the border: what is stored, compared and shown never holds a control character."""

from __future__ import annotations

import re
import unicodedata
from itertools import filterfalse

# C0 but tab and newline, DEL, C1, line and paragraph separators, bidi controls, lone surrogates, tags,
# noncharacters.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
    "\U000e0000-\U000e007f\ufffe\uffff]"
)
# Whole terminal sequences go with their payload: what an escape would have written is not text.
_SEQUENCE = re.compile(
    "(?:\x1b\\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c)?|(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]?|\x1b[@-Z\\\\-_]?"
)
_INVISIBLE = re.compile("[\u200b\u2060\ufeff]")
_BLANK = re.compile(r"[^\S\n\t]")


def sanitize(text: str) -> str:
    """Text of several lines without control characters: NFC, `\\n` line ends, plain blanks."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _INVISIBLE.sub("", _UNSAFE.sub("", _SEQUENCE.sub("", text)))
    return unicodedata.normalize("NFC", _BLANK.sub(" ", text))


def blanked(text: str) -> str:
    """The text with a blank in place of every control character: no other character moves."""
    return _INVISIBLE.sub(" ", _UNSAFE.sub(" ", text)).replace("\n", " ").replace("\t", " ")


def one_line(text: str) -> str:
    """Sanitised text as a single trimmed line; any run of white space is one blank."""
    spaced = re.sub("[\r\n\x0b\x0c\x85\u2028\u2029]+", " ", text)
    return " ".join(sanitize(spaced).split())


def fold(text: str) -> str:
    """The form in which text is searched and sorted: no accents, no case, single blanks."""
    bare = text.casefold()
    if not bare.isascii():
        # Some letters show their case only when they are taken apart: a mathematical A becomes a plain one.
        marked = unicodedata.normalize("NFKD", bare).casefold()
        bare = "".join(filterfalse(unicodedata.combining, marked))
        bare = bare.replace("ß", "ss").replace("ø", "o").replace("ł", "l")
    return " ".join(bare.split())


def cells(text: str) -> int:
    """The terminal cells of a text: wide characters (UAX #11) take two, marks on others none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def cut(text: str, width: int) -> str:
    """The text in so many cells at the most, with `…` where something is missing; no character is split."""
    if cells(text) <= width:
        return text
    kept = ""
    for letter in text:
        if cells(kept + letter) > width - 1:
            break
        kept += letter
    return f"{kept.rstrip()}…"
