"""Whether the mail greets the one it goes to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rusvel_tui.engine.lint import names
from rusvel_tui.engine.lint.holes import GREETINGS
from rusvel_tui.engine.lint.letter import Finding, Letter, at
from rusvel_tui.engine.text import fold

_NAMED = re.compile(
    rf"\A\s*{GREETINGS}[ \t]+((?-i:[^\W\d_a-zà-ÿ])[^\W\d_]*(?:-[^\W\d_]+)?)(?=[ \t]*[,!:\n])", re.I
)
_ANYBODY = frozenset(
    """there all everyone everybody team folks friends again you sir madam zusammen tous todos together
    frau herr mr mrs ms dr prof""".split()
)
_SAME_BEGINNING = 2
"""Letters: Rob is Robert, Ale is Alessandra."""


def drafted_name(letter: Letter) -> Iterator[Finding]:
    """A greeting that was written for somebody else."""
    if not letter.edited:
        yield from _other_name(letter)


def typed_name(letter: Letter) -> Iterator[Finding]:
    """Another name in a text that a person wrote: it may be what friends say."""
    if letter.edited:
        yield from _other_name(letter)


def odd_name(letter: Letter) -> Iterator[Finding]:
    """A first name that looks wrong where the text uses it, with the better one where that is obvious."""
    if letter.first_name and letter.first_name in f"{letter.subject}\n{letter.body}":
        yield from map(Finding, names.doubts(letter.first_name, letter.company))


def _other_name(letter: Letter) -> Iterator[Finding]:
    match = _NAMED.match(letter.body)
    if match is None:
        return
    called, own = fold(match[1]), fold(f"{letter.first_name} {letter.to_name}").split()
    company = fold(letter.company).split()
    if not own or called in _ANYBODY or called in company:
        return
    if not any(word[:_SAME_BEGINNING] == called[:_SAME_BEGINNING] for word in own):
        who = letter.first_name or letter.to_name
        yield at("body", match, f"The greeting says {match[1]!r}, and the mail goes to {who}.", 1)
