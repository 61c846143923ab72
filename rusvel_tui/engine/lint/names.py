"""Names that would look wrong in a greeting, each with the better name where one is obvious."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rusvel_tui.engine.text import fold, one_line

_TITLES = frozenset(
    "mr mrs ms miss mx dr prof professor sir madam herr frau monsieur madame mme mlle dipl ing".split()
)
_NOBODY = frozenset(
    "info team sales admin office contact hello support marketing test unknown none null nan n/a na undefined".split()
)
_PARENTHESES = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class NameDoubt:
    """What is odd about a given name, and what to call the person instead."""

    text: str
    """One sentence for the person who approves."""
    proposed: str | None
    """The better name; empty when the greeting does better without one, None when only a person can tell."""


def first_name_doubt(first_name: str, company: str = "") -> NameDoubt | None:
    """The first thing that is odd about a given name, or nothing; all repairs are made together."""
    name = one_line(first_name)
    if not name:
        return None
    found = [(text, mend) for applies, text, mend in _RULES if applies(name, company)]
    if not found:
        return None
    better = name
    for _, mend in found:
        better = mend(better) if better else better
    unknown = better == name
    return NameDoubt(f"The first name is {name!r}: {found[0][0]}.", None if unknown else better)


def _capitals(name: str, _company: str) -> bool:
    return name.isupper() and len(_letters(name)) > 2


def _small(name: str, _company: str) -> bool:
    return name.islower() and name.isascii() and "@" not in name


def _is_nobody(name: str, company: str) -> bool:
    return fold(name) in _NOBODY or bool(company and fold(name) == fold(company))


def _has_symbols(name: str, _company: str) -> bool:
    return "@" not in name and any(map(_odd, name))


def _odd(c: str) -> bool:
    return unicodedata.category(c)[0] not in "LMZ" and c not in "-'’.·,()[]"


def _strip_symbols(name: str) -> str:
    return one_line("".join(" " if _odd(c) else c for c in name))


def _has_title(name: str, _company: str) -> bool:
    return fold(name).split(" ")[0].rstrip(".") in _TITLES


def _strip_title(name: str) -> str:
    words = name.split()
    while words and fold(words[0]).rstrip(".") in _TITLES:
        words.pop(0)
    return " ".join(words)


def _letters(name: str) -> str:
    return "".join(_WORD.findall(name))


def _capitalised(name: str) -> str:
    return _WORD.sub(lambda word: word[0].capitalize(), name)


_RULES: tuple[tuple[Callable[[str, str], bool], str, Callable[[str], str]], ...] = (
    (lambda name, _: "@" in name, "that is an address", lambda name: ""),
    (_is_nobody, "that is not a person", lambda name: ""),
    (_has_title, "that is a form of address", _strip_title),
    (
        lambda name, _: bool(_PARENTHESES.search(name)),
        "the brackets belong elsewhere",
        lambda name: one_line(_PARENTHESES.sub(" ", name)),
    ),
    (
        lambda name, _: "," in name,
        "what follows the comma is no name",
        lambda name: name.partition(",")[0].strip(),
    ),
    (_has_symbols, "it holds signs that are no letters", _strip_symbols),
    (_capitals, "it is all capitals", lambda name: _capitalised(name.lower())),
    (_small, "it begins with a small letter", _capitalised),
    (lambda name, _: len(_letters(name)) == 1, "it is an initial only", lambda name: name),
    (lambda name, _: len(name.split()) > 3, "it is more than a first name", lambda name: name),
)
"""When a rule applies, what it says, and how the name is mended."""


def doubts(first_name: str, company: str) -> Iterator[str]:
    """The warning for the draft, with the key that mends the contact where that is possible."""
    doubt = first_name_doubt(first_name, company)
    if doubt is None:
        return
    if doubt.proposed is None:
        yield doubt.text
    else:
        better = repr(doubt.proposed) if doubt.proposed else "none"
        yield f"{doubt.text} F makes it {better}."
