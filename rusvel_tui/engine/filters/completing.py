"""What can come next in a filter that is being typed: names of fields, or values of the one before the cursor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from rusvel_tui.engine.filters import custom
from rusvel_tui.engine.filters.compiler import PRESENCE, STATE, Compiler
from rusvel_tui.engine.filters.fields import Entity, Field, Scope
from rusvel_tui.engine.filters.kinds import MATCHING
from rusvel_tui.engine.filters.lexer import NAME
from rusvel_tui.engine.filters.syntax import is_word, quoted
from rusvel_tui.engine.filters.times import NAMED
from rusvel_tui.engine.text import fold

MOST = 50
"""Suggestions at most."""
_PIECE = re.compile(r'(?:[^\s()"]|"(?:[^"\\]|\\.)*(?:"|$))+')
_ASKED = re.compile(rf"-?({NAME})(<=|>=|<|>|=|:)(.*)", re.DOTALL)
_VALUES = re.compile(r'"(?:[^"\\]|\\.)*(?:"|$)|[^,"]+|,')
_DISTANCES = ("7d", "14d", "1mo", "3mo", "1y")


class Suggestion(NamedTuple):
    """What may stand between two places of the text, counted from 0."""

    text: str
    help: str


class Typed(NamedTuple):
    """The piece before the cursor: a beginning of a name, or of a value of a field."""

    start: int
    prefix: str
    name: str = ""
    sign: str = ""


def typed_before(text: str, cursor: int) -> Typed:
    """What stands right before the cursor, which is a number of characters."""
    head = text[:cursor]
    last = None
    for last in _PIECE.finditer(head):  # noqa: B007 - the last one counts
        pass
    if last is None or last.end() < len(head):
        return Typed(len(head), "")
    asked = _ASKED.fullmatch(last[0])
    if asked is None:
        bare = last[0].removeprefix("-")
        return Typed(len(head) - len(bare), bare)
    value = ""
    for found in _VALUES.finditer(asked[3]):
        value = "" if found[0] == "," else found[0]
    return Typed(len(head) - len(value), value.strip('"'), asked[1], asked[2])


def suggestions(entity: Entity, scope: Scope, typed: Typed) -> list[Suggestion]:
    """What fits there, the fields of the entity before custom ones; bounded."""
    found = _values(entity, scope, typed) if typed.name else _names(entity, scope, typed.prefix)
    return [one for one, _ in zip(found, range(MOST), strict=False)]


def _names(entity: Entity, scope: Scope, prefix: str) -> Iterator[Suggestion]:
    begin = prefix.casefold()
    for field in _fields(entity, scope):
        if field.name.casefold().startswith(begin):
            sign = ":" if field.kind.signs == MATCHING else ""
            yield Suggestion(f"{field.name}{sign}", _help(field))
    for name, text in (("has", "has any"), ("no", "has none"), (STATE, "is in a state")):
        if name.startswith(begin):
            yield Suggestion(f"{name}:", text)


def _values(entity: Entity, scope: Scope, typed: Typed) -> Iterator[Suggestion]:
    name, begin = typed.name.casefold(), fold(typed.prefix)
    if name in PRESENCE:
        fields = _fields(entity, scope)
        yield from (Suggestion(f.name, f.help) for f in fields if f.name.startswith(begin))
    elif name == STATE:
        flags = entity.flags
        yield from (Suggestion(f.name, f.help) for f in flags if f.name.startswith(begin))
    elif (field := Compiler(entity, scope).field(name)) is not None:
        known = field.source(scope, typed.prefix) or _examples(field, begin)
        yield from (Suggestion(v if is_word(v) else quoted(v), "") for v in known)


def _examples(field: Field, begin: str) -> tuple[str, ...]:
    """What a value looks like, where nothing lists the values."""
    timely = field.kind.example.endswith("d")
    examples = (*NAMED, *_DISTANCES) if timely else ()
    return tuple(word for word in examples if word.startswith(begin))


def _fields(entity: Entity, scope: Scope) -> tuple[Field, ...]:
    return (*entity.fields, *custom.load(entity, scope))


def _help(field: Field) -> str:
    sign = ":" if field.kind.signs == MATCHING else ">"
    return f"{field.help}, such as {field.name}{sign}{field.kind.example}"
