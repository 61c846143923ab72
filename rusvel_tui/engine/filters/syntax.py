"""What a filter consists of, and how it is written down again."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TypeAlias

SIGNS = ("<=", ">=", "<", ">", "=", ":")
_WORD = re.compile(r'[^\s()",:<>=-][^\s()",:<>=]*')
_RESERVED = ("OR", "AND", "NOT")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the text: characters from `start` to before `end`, counted from 0."""

    start: int = 0
    end: int = 0


_NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Text:
    """A word or a phrase that is looked for."""

    text: str
    phrase: bool = False
    place: Place = field(default=_NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        return quoted(self.text) if self.phrase else self.text


@dataclass(frozen=True, slots=True)
class Value:
    """One value as it was typed."""

    text: str
    place: Place = field(default=_NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        return self.text if is_word(self.text) else quoted(self.text)


@dataclass(frozen=True, slots=True)
class Condition:
    """What is asked of one field; any of the values will do."""

    name: str
    sign: str
    values: tuple[Value, ...]
    place: Place = field(default=_NOWHERE, compare=False, repr=False)
    """Of the name."""

    def __str__(self) -> str:
        return f"{self.name}{self.sign}{','.join(map(str, self.values))}"


@dataclass(frozen=True, slots=True)
class Not:
    """What must not hold."""

    part: Node

    def __str__(self) -> str:
        return f"-{_nested(self.part)}"


@dataclass(frozen=True, slots=True)
class And:
    """What must hold together; nothing at all holds always."""

    parts: tuple[Node, ...] = ()

    def __str__(self) -> str:
        return " ".join(map(_nested, self.parts))


@dataclass(frozen=True, slots=True)
class Or:
    """Of what one must hold."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " OR ".join(map(_nested, self.parts))


Node: TypeAlias = "Text | Condition | Not | And | Or"


def _nested(node: Node) -> str:
    return f"({node})" if isinstance(node, (And, Or)) else str(node)


def is_word(text: str) -> bool:
    """Whether a value can stand without quotes."""
    return _WORD.fullmatch(text) is not None and text not in _RESERVED


def quoted(text: str) -> str:
    """The text in quotes, its own quotes and backslashes marked."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
