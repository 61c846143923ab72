"""Running text of several tones, wrapped between words: what was taken away and what was put in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rusvel_tui.engine.text import sanitize
from rusvel_tui.engine.word_diff import Piece
from rusvel_tui.widgets.plain import cells, fit

_TOKENS = re.compile(r"\n|[^\S\n]+|[^\s]+")
_SIGNS = {"same": ("", "", ""), "gone": ("[-", "-]", "bad"), "new": ("{+", "+}", "good")}
"""What stands around a piece, because colour alone says nothing to some, and its tone."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A text of pieces, each with its tone."""

    pieces: tuple[tuple[str, str], ...]


def marked_diff(pieces: Sequence[Piece]) -> Marked:
    """A word diff to read: `[-gone-]`, `{+new+}`."""
    shown = []
    for kind, text in pieces:
        before, after, tone = _SIGNS[kind]
        shown.append((f"{before}{text}{after}", tone))
    return Marked(tuple(shown))


def wrap_marked(marked: Marked, width: int) -> list[tuple[tuple[str, str], ...]]:
    """Lines of at most `width` cells, each of pieces with their tones; the text's own line ends stay."""
    lines: list[list[tuple[str, str]]] = [[(" ", "")]]
    used = 0
    for word, tone in _tokens(marked):
        size = cells(word)
        if word == "\n" or (used + size > width and word.strip()):
            lines.append([(" ", "")])
            used = 0
        if word == "\n" or (not used and not word.strip()):
            continue
        text = word if size <= width else fit(word, width)
        lines[-1].append((text, tone))
        used += min(size, width)
    return [tuple(line) for line in lines]


def _tokens(marked: Marked) -> Iterator[tuple[str, str]]:
    for text, tone in marked.pieces:
        for found in _TOKENS.finditer(sanitize(text).expandtabs(4)):
            yield found[0], tone
