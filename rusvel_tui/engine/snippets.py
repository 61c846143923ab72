"""Where words stand in a text, and the part of it that shows them; plain text with positions, never markup."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rusvel_tui.engine.text import fold, one_line

WIDTH = 120
"""Characters of a snippet."""
_BEFORE = 30
"""Characters kept before the first match."""

Span = tuple[int, int]
"""From character to before character, counted from 0."""


class Snippet(NamedTuple):
    """A part of a text, and where in it the words stand."""

    text: str
    matches: tuple[Span, ...]


def snippet(text: str, words: Sequence[str], width: int = WIDTH) -> Snippet:
    """The part of a text around the first of these folded words, as one line."""
    line = one_line(text)
    spans = matches(line, words)
    start = max(0, spans[0][0] - _BEFORE) if spans and len(line) > width else 0
    start = min(start, max(0, len(line) - width))
    part = line[start : start + width]
    head = "…" if start else ""
    tail = "…" if start + width < len(line) else ""
    shift = len(head) - start
    inside = [
        (a + shift, min(b, start + width) + shift) for a, b in spans if start <= a < start + width
    ]
    return Snippet(f"{head}{part}{tail}", tuple(inside))


def matches(text: str, words: Sequence[str]) -> tuple[Span, ...]:
    """Every place where one of the folded words stands, in order; what overlaps is one."""
    folded, places = _folded(text)
    found: list[Span] = []
    for word in filter(None, words):
        at = folded.find(word)
        while at >= 0:
            found.append((places[at], places[at + len(word) - 1] + 1))
            at = folded.find(word, at + len(word))
    return tuple(_merged(sorted(found)))


def _folded(text: str) -> tuple[str, list[int]]:
    """The text folded character by character, and the place that each folded character came from."""
    if text.isascii():
        return text.lower(), list(range(len(text)))
    pieces, places = [], []
    for at, character in enumerate(text):
        piece = " " if character.isspace() else fold(character)
        pieces.append(piece)
        places += [at] * len(piece)
    return "".join(pieces), places


def _merged(spans: list[Span]) -> list[Span]:
    found: list[Span] = []
    for start, end in spans:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
