"""Privacy mode: names, addresses and amounts are drawn as something else, for a screen that others see.

What is masked is the drawn line, on its way to the terminal: pages know nothing of it, and nothing stored, copied or
sent changes. A mask has the length of what it hides, and one key for the life of the program: a person looks
the same wherever they appear, and nobody can compute who it is.
"""

from __future__ import annotations

import re
import secrets
from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from itertools import accumulate

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from rusvel_tui.engine.money import CURRENCIES
from rusvel_tui.engine.text import fold
from rusvel_tui.widgets.plain import ELLIPSIS

HIDDEN, WIDE = "•", "＊"
_KEY = secrets.token_bytes(16)
_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"

_TOKEN = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"\d")
_ADDRESS = re.compile(r"[^\s<>()\[\]\"“”',;:|│]+@[^\s<>()\[\]\"“”',;:|│]*")
_NUMBERS = re.compile(
    r"\+\d[\d ()/.-]{5,}\d|\b[A-Z]{2}\d{2}[A-Z0-9]{8,}\b|\b[A-Z]{2}\d{2}(?: [A-Z0-9]{4}){3,}[A-Z0-9 ]*"
)
"""Telephone numbers, bank accounts, tax numbers."""
_CODE = f"(?:{'|'.join(sorted(CURRENCIES))})"
_DIGITS = r"[+−-]?\d[\d.,' ’]*(?<=\d)(?:\s?[kMB]\b)?"
_AMOUNTS = re.compile(
    rf"""(?<![\w.,/:-])(?P<row>\d[\d,.]*(?:\s·\s\d[\d,.]*){{2,}})(?![\w:/%]|\.\d)
    |(?:[$€£¥₹₽]|\b{_CODE})\s?(?P<after>{_DIGITS})
    |(?<![\w.,/:-])(?P<before>{_DIGITS})(?:\s?[$€£¥₹₽]|\s{_CODE}\b|\s[A-Z]{{0,2}}…)
    |(?<![\w.,/:-])(?P<bare>[+−-]?\d{{1,3}}(?:[,’]\d{{3}})+(?:\.\d+)?|[+−-]?\d+\.\d{{2}}|[+−-]?\d+(?:\.\d+)?[kM])(?![\w/]|:\d|\.\d|\s?%)
    |[▲▼]\s(?P<change>[+−-]?\d[\d.,]*(?:[kM]\b)?)(?!\s?%)
    |(?<![\w.,/:-])(?P<cut>\d[\d.,]*)(?=…)
    |(?P<tick>[+−-]?\d[\d.,]*)(?=┤)""",
    re.VERBOSE,
)
_JOINED = frozenset("-._/#")
"""Beside these a word in small letters is part of a name: of a file, a site, a tag."""
_COMMON = frozenset(
    """and of the for de la le les du des van von der den di da do dos e und et y inc ltd llc gmbh ag kg sa sas sarl
    srl spa bv nv oy ab as aps plc co company group add all amount answer approve assistant call choose contacts date
    deals draft due enter find growth help inbox invoice invoices log mail name new next note number open press record
    search sequences set state task tasks title to today total type value demo""".split()
)
"""Words that our own texts say too: alone they tell nothing about a company."""


class Known:
    """The words of the names that are to be hidden."""

    def __init__(self, people: Iterable[str] = (), firms: Iterable[str] = ()) -> None:
        self._words = {word for name in people for word in _words(name)}
        self._words |= {word for name in firms for word in _words(name)} - _COMMON
        self._sorted = sorted(self._words)
        small = (name for name in firms if name == name.lower() and not _DIGIT.search(name))
        self._small = {word for name in small for word in _words(name)} - _COMMON
        joined = {name for name in (*people, *firms) if cell_len(name) > len(name)}
        self._unspaced = _any_of(joined)

    def unspaced(self, line: str) -> Iterable[re.Match[str]]:
        """Where names stand of scripts that put no blanks between words."""
        return self._unspaced.finditer(line) if self._unspaced else ()

    def word(self, token: str, *, cut: bool, joined: bool) -> str:
        """The known word behind a token, or behind its beginning where it is cut; empty for none.

        A word in small letters counts where it is joined to others, or where a name is written so.
        """
        key = fold(token)
        if token[0].islower() and not joined:
            return key if key in self._small else ""
        if key in self._words:
            return key
        if cut and (at := bisect_left(self._sorted, key)) < len(self._sorted):
            found = self._sorted[at]
            return found if found.startswith(key) else ""
        return ""


class Everything(Known):
    """Stands in until the names are read: each word with a capital letter counts as one."""

    def word(self, token: str, *, cut: bool, joined: bool) -> str:
        return "" if token[0].islower() and not joined else fold(token)


class Privacy(LineFilter):
    """Masks every line; another set of names is another filter, since lines are kept as a filter made them."""

    def __init__(self, known: Known) -> None:
        super().__init__()
        self._known = known

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        texts = [segment.text for segment in segments]
        line = "".join(texts)
        masked = mask(line, self._known)
        if masked == line:
            return segments
        ends = list(accumulate(map(len, texts)))
        return [
            Segment(masked[end - len(text) : end], style, control)
            for end, (text, style, control) in zip(ends, segments, strict=True)
        ]


def mask(line: str, known: Known) -> str:
    """The line with as many characters and cells, and nothing in it that is private."""
    chars = list(line)
    for match in _NUMBERS.finditer(line):
        _hide(chars, line, *match.span())
    for match in _AMOUNTS.finditer(line):
        _hide(chars, line, *match.span(match.lastgroup or 0))
    for match in known.unspaced(line):
        _hide(chars, line, *match.span())
    addresses = [match.span() for match in _ADDRESS.finditer(line)]
    for match in _TOKEN.finditer(line):
        start, end = match.span()
        inside = any(first <= start < last for first, last in addresses)
        word = fold(match[0]) if inside else _private(line, match, known)
        if word:
            chars[start:end] = _alias(word, match[0])
    return "".join(chars)


def _private(line: str, match: re.Match[str], known: Known) -> str:
    """The word that a token stands for, if that is to be hidden."""
    start, end = match.span()
    after = line[end : end + 1]
    joined = not _JOINED.isdisjoint(line[max(start - 1, 0) : start] + after)
    if match[0].isdigit():
        return ""
    return known.word(match[0], cut=after == ELLIPSIS, joined=joined)


def _hide(chars: list[str], line: str, start: int, end: int) -> None:
    for at in range(start, end):
        if line[at] != " ":
            chars[at] = WIDE if cell_len(line[at]) > 1 else HIDDEN


@lru_cache(maxsize=16384)
def _alias(word: str, token: str) -> list[str]:
    """What is drawn instead of a token: the same syllables for the same word, the same capitals and widths."""
    syllables = _syllables(word, max(len(word), len(token)))
    return [_as(char, new) for char, new in zip(token, syllables, strict=False)]


def _as(char: str, new: str) -> str:
    if cell_len(char) != 1:
        return WIDE if cell_len(char) > 1 else char
    return HIDDEN if char.isdigit() else new.upper() if char.isupper() else new


def _syllables(word: str, size: int) -> str:
    digest = blake2b(word.encode(), key=_KEY, digest_size=64).digest()
    stream = (digest[at % len(digest)] + at // len(digest) for at in range(size))
    alphabets = (_CONSONANTS, _VOWELS)
    return "".join(
        alphabets[at % 2][byte % len(alphabets[at % 2])] for at, byte in enumerate(stream)
    )


def _words(name: str) -> Iterable[str]:
    """The words of a name that can be told from other words."""
    found = (fold(token) for token in _TOKEN.findall(name) if not token.isdigit())
    return (word for word in found if len(word) > 1 or not word.isascii())


def _any_of(names: Iterable[str]) -> re.Pattern[str] | None:
    longest = sorted((name for name in names if len(name) > 1), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest))) if longest else None
