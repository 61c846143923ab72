"""Text of several tones, broken into lines between words: untrusted text comes in here and is harmless afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rich.cells import chop_cells

from rusvel_tui.widgets.charts.drawn import Line
from rusvel_tui.widgets.plain import cells, tidy

Run = tuple[str, str]
"""A text and its tone."""
_PARTS = re.compile(r"\n|[^\S\n]+|\S+")


def wrap_runs(runs: Iterable[Run], width: int) -> list[Line]:
    """Lines of at most `width` cells; line ends in the text stay, and so does the tone of each piece."""
    width = max(1, width)
    lines: list[list[Run]] = [[]]
    used = 0
    for word in _words(runs):
        size = sum(cells(text) for text, _ in word)
        if word[0][0] == "\n":
            lines.append([])
            used = 0
        elif used + size <= width:
            lines[-1] += word
            used += size
        elif word[0][0].isspace():
            continue  # blanks at a break vanish
        else:
            _trim(lines[-1])
            used = _break(lines, word, width, size)
    for line in lines:
        _trim(line)
    return [_joined(line) for line in lines]


def _break(lines: list[list[Run]], word: list[Run], width: int, size: int) -> int:
    """Put a word on a new line, in pieces when it is longer than one; how much of the last line is used."""
    if lines[-1]:
        lines.append([])
    if size <= width:
        lines[-1] += word
        return size
    used = 0
    for text, tone in word:
        for letter in _pieces(text, width):
            if used + cells(letter) > width:
                lines.append([])
                used = 0
            lines[-1].append((letter, tone))
            used += cells(letter)
    return used


def _pieces(text: str, width: int) -> list[str]:
    """A long text in parts that fit; never within a wide letter."""
    return chop_cells(text, max(2, width))


def _words(runs: Iterable[Run]) -> Iterator[list[Run]]:
    """Words, blanks and line ends; a word may change its tone in the middle."""
    word: list[Run] = []
    for text, tone in runs:
        for part in _PARTS.findall(tidy(text)):
            if part.isspace():
                if word:
                    yield word
                    word = []
                yield [(part, tone)]
            else:
                word.append((part, tone))
    if word:
        yield word


def _trim(line: list[Run]) -> None:
    while line and line[-1][0].isspace():
        line.pop()


def _joined(line: list[Run]) -> Line:
    """Neighbours of one tone as one piece."""
    made: list[Run] = []
    for text, tone in line:
        if made and made[-1][1] == tone:
            made[-1] = (made[-1][0] + text, tone)
        else:
            made.append((text, tone))
    return tuple(made)


def length(line: Line) -> int:
    """How many cells a line takes."""
    return sum(cells(text) for text, _ in line)
