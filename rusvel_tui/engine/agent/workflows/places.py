"""Places in the texts of a workflow: `{{input}}`, `{{client}}`, `{{previous}}`, `{{steps.find.items.0.name}}`; pure.

They are read strictly when a workflow is saved, and filled once: what stands in a value is never looked at again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.models.base import dump_json

INPUT, PREVIOUS, STEPS = "input", "previous", "steps"
_OPEN = re.compile(r"\{\{(.*?)(?:\}\}|$)", re.DOTALL)
_PATH = re.compile(r"[A-Za-z_][\w-]*(\.[\w-]+)*")
_TEXT = "text"
"""The field of an answer in words."""


def paths(text: str, field: str) -> tuple[str, ...]:
    """Every place of a text; raises `InvalidInput` for an ill-formed one."""
    found = []
    for match in _OPEN.finditer(text):
        path = match[1].strip()
        if not match[0].endswith("}}"):
            raise InvalidInput(f"{field}: `{{{{` is never closed.", field=field)
        if not _PATH.fullmatch(path):
            raise InvalidInput(f"{field}: `{match[0]}` is no place.", field=field)
        found.append(path)
    return tuple(found)


def texts(value: Any) -> Iterator[str]:
    """Every text inside some plain data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from texts(part)


def lookup(path: str, data: Mapping[str, Any]) -> Any:
    """The value of a place; raises `InvalidInput` when there is none."""
    first, *rest = path.split(".")
    if first == STEPS and rest:
        first, rest = f"{STEPS}.{rest[0]}", rest[1:]
        found = data.get(STEPS, {}).get(first.partition(".")[2], _NOTHING)
    elif first == PREVIOUS:
        found = data.get(PREVIOUS, _NOTHING)
    else:
        found = data.get("inputs", {}).get(first, _NOTHING)
    for name in rest:
        found = _part(found, name)
    if found is _NOTHING:
        raise InvalidInput(f"{{{{{path}}}}} has no value here.")
    return found


def fill(text: str, data: Mapping[str, Any], *, guard: bool = False) -> str:
    """The text with its values; with `guard` no value can be taken for a command of the chat."""

    def value(match: re.Match[str]) -> str:
        said = as_text(lookup(match[1].strip(), data))
        return _guarded(said) if guard else said

    filled = _OPEN.sub(value, text)
    if guard and filled.lstrip().startswith("/") and not text.lstrip().startswith("/"):
        return f"{_JOINER}{filled}"
    return filled


def fill_all(value: Any, data: Mapping[str, Any]) -> Any:
    """Plain data with its places filled; a text that is one place alone becomes what stands there, number or list."""
    if isinstance(value, str):
        whole = _OPEN.fullmatch(value.strip())
        return lookup(whole[1].strip(), data) if whole else fill(value, data)
    if isinstance(value, Mapping):
        return {name: fill_all(part, data) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [fill_all(part, data) for part in value]
    return value


def as_text(value: Any) -> str:
    """A value as words: an answer is its text, other data is JSON."""
    if isinstance(value, Mapping) and set(value) == {_TEXT}:
        value = value[_TEXT]
    return value if isinstance(value, str) else dump_json(value)


class _Nothing:
    """No value, which is not the same as an empty one."""


_NOTHING = _Nothing()
_JOINER = "\u2060"
_CALL = re.compile(r"(?<![\w.@+-])@(?=\w)")


def _guarded(text: str) -> str:
    """A name after `@` in somebody's words calls no agent: a sign without width stands between."""
    return _CALL.sub(f"@{_JOINER}", text)


def _part(found: Any, name: str) -> Any:
    """A field or an item; an answer in words that is JSON is looked into."""
    if isinstance(found, Mapping) and name not in found and set(found) == {_TEXT}:
        try:
            found = json.loads(found[_TEXT])
        except ValueError:
            return _NOTHING
    if isinstance(found, Mapping):
        return found.get(name, _NOTHING)
    if isinstance(found, list | tuple) and name.isdecimal() and int(name) < len(found):
        return found[int(name)]
    return _NOTHING
