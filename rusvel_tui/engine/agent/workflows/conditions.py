"""Conditions of a workflow: `{{previous.total}} > 0`, `not {{steps.find.items}}`, `{{previous}} contains "yes"`; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from rusvel_tui.engine.agent.workflows.places import as_text, lookup
from rusvel_tui.engine.errors import InvalidInput

_SIDE = r"""\{\{[^{}]*\}\}|"[^"]*"|'[^']*'|[\w.+-]+"""
_WHOLE = re.compile(rf"\s*(not\s+)?({_SIDE})\s*(?:(==|!=|>=|<=|>|<|contains)\s*({_SIDE}))?\s*")
_HELP = (
    'Write `{{previous.total}} > 0`, `{{previous}} contains "yes"`, or `not {{steps.find.items}}`.'
)
_WORDS = {"true": True, "false": False, "none": None, "null": None}


class Condition(NamedTuple):
    """A side, maybe compared with another one."""

    negated: bool
    left: str
    operator: str
    right: str


def parse(text: str) -> Condition:
    """The condition; raises `InvalidInput`."""
    match = _WHOLE.fullmatch(text)
    if match is None:
        raise InvalidInput(f"{text!r} is no condition. {_HELP}", field="when")
    return Condition(bool(match[1]), match[2], match[3] or "", match[4] or "")


def holds(text: str, data: Mapping[str, Any]) -> bool:
    """Whether the condition holds; raises `InvalidInput` for a value that is missing, or that cannot be compared."""
    condition = parse(text)
    left = _value(condition.left, data)
    if not condition.operator:
        return _true(left) != condition.negated
    met = _OPERATORS[condition.operator](left, _value(condition.right, data))
    return met != condition.negated


def _value(side: str, data: Mapping[str, Any]) -> Any:
    if side.startswith("{{"):
        return lookup(side[2:-2].strip(), data)
    if side[0] in "\"'":
        return side[1:-1]
    return _WORDS.get(side.casefold(), side)


def _true(value: Any) -> bool:
    """Empty things, zero and the word false are not true."""
    number = _number(value)
    if number is not None:
        return bool(number)
    text = as_text(value).strip().casefold() if isinstance(value, str | Mapping) else None
    return bool(value) and text not in ("", "false", "no", "{}")


def _number(value: Any) -> Decimal | None:
    """The value as a number, also where it is written as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Mapping):
        return None
    try:
        number = Decimal(as_text(value).strip().replace("_", "x"))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _same(left: Any, right: Any) -> bool:
    one, other = _number(left), _number(right)
    if one is not None and other is not None:
        return one == other
    return bool(left == right) or as_text(left).strip() == as_text(right).strip()


def _less(left: Any, right: Any) -> bool:
    one, other = _number(left), _number(right)
    if one is not None and other is not None:
        return one < other
    if isinstance(left, str) and isinstance(right, str) and one is None and other is None:
        return left < right
    raise InvalidInput(f"{as_text(left)[:40]!r} and {as_text(right)[:40]!r} cannot be compared.")


def _contains(left: Any, right: Any) -> bool:
    if isinstance(left, list | tuple):
        return any(_same(one, right) for one in left)
    return as_text(right).casefold() in as_text(left).casefold()


_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": _same,
    "!=": lambda left, right: not _same(left, right),
    "<": _less,
    ">": lambda left, right: _less(right, left),
    ">=": lambda left, right: not _less(left, right),
    "<=": lambda left, right: not _less(right, left),
    "contains": _contains,
}
