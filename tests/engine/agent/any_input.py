"""A valid input for any operation, made from its schema: it names things that are not there."""

from __future__ import annotations

from typing import Any

from rusvel_tui.engine.agent.tools.catalogue import schema_of
from rusvel_tui.engine.operation import Operation

NOTHING = "nothing"


def some_input(operation: Operation[Any, Any]) -> dict[str, Any]:
    """What must be said, and no more."""
    schema = schema_of(operation)
    return _fields(schema, schema.get("$defs", {}))


def _fields(schema: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(schema["properties"][name], known) for name in schema.get("required", ())}


def _value(schema: dict[str, Any], known: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return _value(known[schema["$ref"].rpartition("/")[2]], known)
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return _value(schema["anyOf"][0], known)
    kind = schema.get("type")
    if kind == "object":
        return _fields(schema, known)
    if kind == "array":
        return [_value(schema.get("items", {}), known) for _ in range(schema.get("minItems", 0))]
    if kind in ("integer", "number"):
        return max(schema.get("minimum", 1), schema.get("exclusiveMinimum", 0) + 1)
    if kind == "boolean":
        return False
    return {"date": "2026-11-24", "date-time": "2026-11-24T09:00:00Z"}.get(
        schema.get("format", ""), NOTHING
    )
