"""Any answer of the engine as blocks to read: its facts, and its lists as one line for each thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import Enum
from typing import Any

from rusvel_tui.engine.operation import View
from rusvel_tui.widgets.text_view import Block, Fact, Heading, Prose

_LONGEST = 60
"""Characters of a value in a line of a list."""
_SHOWN = 8
"""Values in a line of a list."""


def outline_blocks(view: View) -> list[Block]:
    """The whole of it, the facts before the lists."""
    return list(_blocks(view.model_dump(by_alias=True)))


def _blocks(data: Mapping[str, Any]) -> Iterator[Block]:
    nested = {name: value for name, value in data.items() if _is_nested(value)}
    for name, value in data.items():
        if name not in nested:
            yield Fact(_words(name), _text(value))
    for name, value in nested.items():
        yield Heading(_words(name).capitalize())
        if isinstance(value, Mapping):
            yield from _blocks(value)
        else:
            yield from (Prose(_line(item), indent=1) for item in value)


def _is_nested(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return any(isinstance(item, Mapping) for item in value)
    return isinstance(value, Mapping) and bool(value)


def _line(item: Any) -> str:
    """One thing of a list: what is short and not empty of it."""
    if not isinstance(item, Mapping):
        return _text(item)
    texts = (_text(value) for value in item.values() if not _is_nested(value))
    return " · ".join([text for text in texts if text not in ("", "–", "no") and len(text) <= _LONGEST][:_SHOWN])  # fmt: skip


def _words(name: str) -> str:
    return name.replace("_", " ")


def _text(value: Any) -> str:
    match value:
        case None | () | [] | "":
            return "–"
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M} UTC"
        case Enum():
            return str(value.value)
        case list() | tuple():
            return ", ".join(map(_text, value))
    return str(value)
