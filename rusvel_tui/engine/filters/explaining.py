"""A filter in words, for people who want to know what they asked."""

from __future__ import annotations

import re

from rusvel_tui.engine.filters.compiler import PRESENCE, STATE, Compiler
from rusvel_tui.engine.filters.fields import Field
from rusvel_tui.engine.filters.kinds import MATCHING
from rusvel_tui.engine.filters.syntax import And, Condition, Node, Not, Or, Text

_WORDS = {":": "has", "=": "is", "<": "below", "<=": "at most", ">": "above", ">=": "at least"}
_DATES = {":": "in", "=": "in", "<": "before", "<=": "until", ">": "after", ">=": "from"}
_FAR = {":": "at most", "=": "at most", "<": "less than", "<=": "at most", ">": "more than", ">=": "at least"}  # fmt: skip
_DISTANCE = re.compile(r"\d+(h|d|w|mo|y)", re.IGNORECASE)


def explain(compiler: Compiler, node: Node) -> str:
    """What must hold, as a clause; the filter must be one that the compiler accepts."""
    if isinstance(node, Text):
        return f"holds “{node.text}”"
    if isinstance(node, Not):
        return f"not {_nested(compiler, node.part)}"
    if isinstance(node, And):
        return " and ".join(_nested(compiler, part) for part in node.parts)
    if isinstance(node, Or):
        return " or ".join(_nested(compiler, part) for part in node.parts)
    return _condition(compiler, node)


def _nested(compiler: Compiler, node: Node) -> str:
    said = explain(compiler, node)
    return f"({said})" if isinstance(node, (And, Or)) else said


def _condition(compiler: Compiler, node: Condition) -> str:
    name, values = node.name.casefold(), [value.text for value in node.values]
    if name in PRESENCE:
        return f"has {'' if name == 'has' else 'no '}{' or '.join(values)}"
    if name == STATE:
        return f"is {' or '.join(values)}"
    field = compiler.field(name)
    if field is None:
        return str(node)
    return f"{field.name} {' or '.join(_compared(field, node.sign, text) for text in values)}"


def _compared(field: Field, sign: str, text: str) -> str:
    first, dots, last = text.partition("..")
    if dots and field.kind.signs != MATCHING:
        return " ".join(f"{word} {end}" for word, end in (("from", first), ("to", last)) if end)
    if field.kind.example.endswith("d"):
        if _DISTANCE.fullmatch(text):
            return f"{_FAR[sign]} {text} {'ahead' if field.ahead else 'ago'}"
        return f"{_DATES[sign]} {text}"
    if sign == ":" and (field.closed or not field.kind.present.endswith("<> ''")):
        return f"is {text}"
    return f"{_WORDS[sign]} {text}"
