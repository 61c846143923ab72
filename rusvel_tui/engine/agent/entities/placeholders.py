"""Places in a text, `{{input}}` and `{{named}}`: read strictly, filled once, never expanded again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from rusvel_tui.engine.errors import InvalidInput

INPUT = "input"
"""What follows the name of a skill."""
_OPEN = re.compile(r"\{\{(.*?)(?:\}\}|$)", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_]\w*")
_SINGLE = re.compile(r"(?<!\{)\{([A-Za-z_]\w*)\}(?!\})")


class Place(NamedTuple):
    """A place in a text."""

    name: str
    start: int
    end: int


def places(text: str, field: str = "text") -> tuple[Place, ...]:
    """Every place of a text in its order; raises `InvalidInput` with line and column for an ill-formed one."""
    found = []
    for match in _OPEN.finditer(text):
        name = match[1].strip()
        if not match[0].endswith("}}") or "\n" in match[1]:
            raise _wrong(text, match.start(), "`{{` is never closed. Close it with `}}`.", field)
        if not _NAME.fullmatch(name):
            said = (
                f"`{match[0]}` is no place. Write a name of letters, digits and `_`: {{{{input}}}}."
            )
            raise _wrong(text, match.start(), said, field)
        found.append(Place(name, match.start(), match.end()))
    _refuse_single(text, {place.name for place in found}, field)
    return tuple(found)


def names(text: str) -> tuple[str, ...]:
    """The names of the places, each once."""
    return tuple(dict.fromkeys(place.name for place in places(text)))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its values; what stands in a value is not looked at. Raises `InvalidInput` for a name without one."""
    made, at = [], 0
    for place in places(text):
        if place.name not in values:
            known = ", ".join(f"{{{{{name}}}}}" for name in values) or "none"
            said = f"{{{{{place.name}}}}} has no value here. There are: {known}."
            raise _wrong(text, place.start, said, "text")
        made += [text[at : place.start], values[place.name]]
        at = place.end
    return "".join((*made, text[at:]))


def _refuse_single(text: str, known: set[str], field: str) -> None:
    """`{input}` is what somebody writes who means `{{input}}`; other single braces are just text."""
    for match in _SINGLE.finditer(text):
        if match[1] in known | {INPUT}:
            said = f"`{match[0]}` is not filled in. Write {{{{{match[1]}}}}}."
            raise _wrong(text, match.start(), said, field)


def _wrong(text: str, at: int, said: str, field: str) -> InvalidInput:
    line = text.count("\n", 0, at) + 1
    column = at - (text.rfind("\n", 0, at) + 1) + 1
    return InvalidInput(f"Line {line}, column {column}: {said}", field=field)
