"""What changed between two texts, word by word, as a person reads it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "gone", "new"]
Piece = tuple[Kind, str]
_WORDS = re.compile(r"\n|[^\S\n]+|[^\s]+")
LONGEST = 20_000
"""Words compared; longer texts differ as a whole."""


def word_diff(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces of both texts in reading order; those that are not `gone` spell `after`, not `new` spell `before`."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) + len(new) > LONGEST:
        return tuple(piece for piece in (("gone", before), ("new", after)) if piece[1])
    return tuple(_joined(_pieces(old, new)))


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            yield "same", "".join(new[k:m])
        else:
            yield "gone", "".join(old[i:j])
            yield "new", "".join(new[k:m])


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Neighbours of one kind as one piece; a blank between two changes belongs to both."""
    gone = new = ""
    for kind, text in pieces:
        if kind == "same" and (text.strip(" ") or not (gone or new)):
            yield from _changes(gone, new)
            gone = new = ""
            yield "same", text
        elif kind == "same":
            gone, new = gone + text, new + text
        elif kind == "gone":
            gone += text
        else:
            new += text
    yield from _changes(gone, new)


def _changes(gone: str, new: str) -> Iterator[Piece]:
    """What was taken away and what was put there, without the blanks at their ends that both share."""
    end = ""
    while gone and new and gone[-1] == new[-1] and gone[-1].isspace():
        end, gone, new = gone[-1] + end, gone[:-1], new[:-1]
    if gone:
        yield "gone", gone
    if new:
        yield "new", new
    if end:
        yield "same", end
