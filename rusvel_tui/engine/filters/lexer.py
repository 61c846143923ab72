"""From characters to tokens, each with its place; nothing here knows a field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rusvel_tui.engine.filters.faults import Fault
from rusvel_tui.engine.filters.syntax import Condition, Place, Text, Value

LONGEST = 1000
"""Characters of a filter."""
MOST = 200
"""Words, conditions and values of a filter together."""
_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
NAME = r"(?=[\w.-]*[^\W\d_])\w[\w.-]*"
"""A field's name: some letter is in it, so that 10:30 is a time of day and no field."""
_ASKED = re.compile(rf"({NAME})(?:[ \t]*(<=|>=|<|>|=)[ \t]*|(:))")
_WORD = re.compile(r'[^\s()"]+')
_VALUE = re.compile(r'[^\s()",]+')
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Mark:
    """What holds a filter together: `(`, `)`, `-` and `OR`."""

    kind: str
    place: Place


Token = Mark | Text | Condition
_WORDS = {"OR": "OR", "NOT": "-", "AND": ""}


def tokens(text: str) -> Iterator[Token]:
    """The tokens in their order; raises `Fault` at the first place that is none."""
    if len(text) > LONGEST:
        raise Fault(f"A filter has at most {LONGEST} characters.", Place(LONGEST, len(text)))
    at, count = 0, 0
    while (at := _skip(text, at)) < len(text):
        token, at = _token(text, at)
        if token is None:
            continue
        count += len(token.values) if isinstance(token, Condition) else 1
        if count > MOST:
            raise Fault(f"A filter has at most {MOST} parts.", token.place)
        yield token


def _skip(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _token(text: str, at: int) -> tuple[Token | None, int]:
    """The token at a place where one begins, and where it ends."""
    if text[at] in "()":
        return Mark(text[at], Place(at, at + 1)), at + 1
    if text[at] == "-":
        return _minus(text, at)
    if text[at] == '"':
        value, end = _quoted(text, at)
        return Text(value, True, Place(at, end)), end
    if asked := _ASKED.match(text, at):
        return _condition(text, asked)
    found = _WORD.match(text, at)
    assert found is not None  # noqa: S101 - blanks, quotes and parentheses are dealt with
    word, place = found[0], Place(at, found.end())
    if word in _WORDS:
        return (Mark(_WORDS[word], place) if _WORDS[word] else None), found.end()
    return Text(word, False, place), found.end()


def _minus(text: str, at: int) -> tuple[Token, int]:
    if at + 1 == len(text) or _BLANK.match(text, at + 1):
        raise Fault("Nothing follows the minus: write -tag:vip without a blank.", Place(at, at + 1))
    return Mark("-", Place(at, at + 1)), at + 1


def _condition(text: str, asked: re.Match[str]) -> tuple[Token, int]:
    """A name, a sign, and the values with commas between them."""
    name, sign, at = asked[1], asked[2] or asked[3], asked.end()
    place = Place(asked.start(), asked.start() + len(name))
    values = []
    while True:
        value, at = _value(text, at, Place(asked.start(), max(at, asked.end())), f"{name}{sign}")
        values.append(value)
        if text[at : at + 1] != ",":
            return Condition(name, sign, tuple(values), place), at
        at += 1


def _value(text: str, at: int, asked: Place, what: str) -> tuple[Value, int]:
    if text[at : at + 1] == '"':
        value, end = _quoted(text, at)
    elif found := _VALUE.match(text, at):
        value, end = found[0], found.end()
    else:
        raise Fault(f"A value is missing after {what}", asked)
    return Value(value, Place(at, end)), end


def _quoted(text: str, at: int) -> tuple[str, int]:
    found = _QUOTED.match(text, at)
    if found is None:
        raise Fault("The quote is not closed.", Place(at, at + 1))
    value = _ESCAPE.sub(r"\1", found[1])
    if not value.strip():
        raise Fault("There is nothing between the quotes.", Place(at, found.end()))
    return value, found.end()
