"""The documents as tests read them: their command lines, the code in their sentences, their filters."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEXTS = ROOT / "rusvel_tui/help/texts"
_BLOCK = re.compile(r"^```([^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"(`+)(.+?)\1", re.DOTALL)


def blocks(text: str, language: str = "") -> list[str]:
    """The fenced blocks of one language; those without one hold commands."""
    return [body for named, body in _BLOCK.findall(text) if named.strip() == language]


def languages(text: str) -> set[str]:
    """The languages of all blocks."""
    return {named.strip() for named, _ in _BLOCK.findall(text)}


def inline(text: str) -> list[str]:
    """The code that stands in sentences, line ends taken out."""
    return [" ".join(code.split()) for _, code in _INLINE.findall(_BLOCK.sub("", text))]


def commands(block: str) -> Iterator[tuple[str, ...]]:
    """The command lines of a block as their words; a quotation may go over several lines."""
    begun = ""
    for line in block.splitlines():
        begun += f"\n{line}" if begun else line
        try:
            words = tuple(shlex.split(begun, comments=True))
        except ValueError:  # the quotation goes on in the next line
            continue
        begun = ""
        if words:
            yield words
