"""Every operation that a program may call, and how one is called."""

from __future__ import annotations

from typing import Any, NamedTuple

from rusvel_tui.engine.agent.tools.catalogue import catalogue
from rusvel_tui.engine.operation import Operation
from rusvel_tui.engine.text import fold
from rusvel_tui.widgets.text_view import Block, Fact, Heading, Prose


class Tool(NamedTuple):
    """An operation as a line of the list."""

    id: str
    summary: str
    writes: bool


def tools(words: str = "") -> list[Tool]:
    """What a program may call: neither the operations for people only nor the desk's inner ones."""
    wanted = fold(words).split()
    return [
        Tool(name, operation.summary, operation.writes)
        for name, operation in catalogue().items()
        if all(word in fold(f"{name} {operation.summary}") for word in wanted)
    ]


def tool_blocks(operation: Operation[Any, Any]) -> tuple[Block, ...]:
    """One operation: what it does, what it takes, how to call it."""
    schema = operation.input.model_json_schema()
    needed = schema.get("required", [])
    fields: list[Block] = [
        Fact(f"{name}{'*' if name in needed else ''}", _field(schema, field))
        for name, field in schema.get("properties", {}).items()
        if name != "session_id"
    ]
    example = " ".join(f"{name}=…" for name in needed)
    return (
        Prose(operation.summary),
        Prose(""),
        Fact("Effect", "changes data" if operation.writes else "reads"),
        Fact("Permission", operation.permission),
        Heading("Fields"),
        *(fields or [Prose("None.", "muted")]),
        Heading("From the command line"),
        Prose(f"rusvel call {operation.name} {example}".strip()),
    )


def _field(schema: dict[str, Any], field: dict[str, Any]) -> str:
    """What a field holds: its type or its choices, and what it means."""
    options = [_named(schema, part) for part in field.get("anyOf", [field])]
    kinds = [_kind(part) for part in options if part.get("type") != "null"]
    about = field.get("description") or next((part.get("description", "") for part in options), "")
    return ": ".join(part for part in (" or ".join(kinds), about.replace("\n", " ")) if part)


def _named(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """The definition behind a reference."""
    name = part.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = schema["$defs"][name] if name else part
    return found


def _kind(part: dict[str, Any]) -> str:
    if "enum" in part:
        return " | ".join(map(str, part["enum"]))
    return str(part.get("type", "any"))
