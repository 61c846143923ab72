"""An operation as a person reads it: what it does, who may, and its fields."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from rusvel_tui.engine.operation import Operation

_INJECTED = ("session_id",)
"""Fields that every operation has, and that nobody needs."""


class FieldText(NamedTuple):
    """One field of an input."""

    name: str
    type: str
    default: str
    """As JSON; empty where the field must be given, or is nothing unless it is given."""
    required: bool
    meaning: str


def summary(operation: Operation[Any, Any]) -> str:
    """The first sentence of its help."""
    return " ".join(operation.summary.partition("\n\n")[0].split())


def more(operation: Operation[Any, Any]) -> list[str]:
    """The paragraphs after the first sentence."""
    return [" ".join(part.split()) for part in operation.summary.split("\n\n")[1:]]


def who(operation: Operation[Any, Any]) -> str:
    """`reads`, `writes`, or `only people`."""
    return "only people" if operation.human_only else "writes" if operation.writes else "reads"


def fields(operation: Operation[Any, Any]) -> Iterator[FieldText]:
    """The fields of its input, in their order, without the session."""
    schema = operation.input.model_json_schema()
    required = schema.get("required", ())
    kinds = schema.get("$defs", {})
    for name, field in schema.get("properties", {}).items():
        if name not in _INJECTED:
            default = field.get("default")
            yield FieldText(
                name,
                type_of(field, kinds),
                "" if default in (None, "") else json.dumps(default, ensure_ascii=False),
                name in required,
                " ".join(str(field.get("description", "")).split()),
            )


def type_of(field: dict[str, Any], kinds: dict[str, Any]) -> str:
    """The type of a field in a word or two; the words to choose from where there are some."""
    if "anyOf" in field:
        found = [type_of(part, kinds) for part in field["anyOf"]]
        return " or ".join(dict.fromkeys(kind for kind in found if kind != "null"))
    if "$ref" in field:
        return type_of(kinds[str(field["$ref"]).rpartition("/")[2]], kinds)
    if "const" in field:
        return str(field["const"])
    if "enum" in field:
        return "|".join(map(str, field["enum"]))
    if field.get("type") == "array" and "items" in field:
        return f"list of {type_of(field['items'], kinds)}"
    return str(field.get("type", "any"))


def text(operation: Operation[Any, Any]) -> str:
    """The whole help of an operation, as plain Markdown."""
    lines = [f"# {operation.name}", "", summary(operation)]
    for part in more(operation):
        lines += ["", part]
    lines += ["", f"It {_may(operation)} Permission: `{operation.permission}`.", ""]
    if given := [*_field_lines(operation)]:
        lines += [*given, ""]
    lines += [f"Run it: `rusvel call {operation.name}{_example(operation)}`"]
    return "\n".join(lines) + "\n"


def _may(operation: Operation[Any, Any]) -> str:
    if operation.human_only:
        return "changes data; only a person can run it."
    return "changes data." if operation.writes else "only reads."


def _field_lines(operation: Operation[Any, Any]) -> Iterator[str]:
    for field in fields(operation):
        need = "" if field.required else ", optional"
        given = f", {field.default} unless given" if field.default else need
        meaning = f": {field.meaning}" if field.meaning else ""
        yield f"- `{field.name}` ({field.type}{given}){meaning}"


def _example(operation: Operation[Any, Any]) -> str:
    return "".join(f" {field.name}=…" for field in fields(operation) if field.required)
