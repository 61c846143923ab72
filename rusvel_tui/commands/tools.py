"""`rusvel tools`: every operation with its summary and its fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser
from rusvel_tui.engine import departments
from rusvel_tui.engine.errors import NotFound
from rusvel_tui.engine.operation import OPERATIONS, Operation
from rusvel_tui.help.operation_text import type_of


def define(parser: Parser) -> None:
    """`[DEPARTMENT]`."""
    parser.add_argument(
        "department",
        metavar="DEPARTMENT",
        nargs="?",
        default="",
        help="gtm, growth, or the beginning of a name",
    )
    parser.set_defaults(run=run)


def run(desk: Desk) -> None:
    """List the operations; needs no database."""
    tools = [describe(operation) for operation in listed(desk.args.department)]
    if desk.out.json:
        desk.out.document({"items": tools})
    else:
        desk.out.lines(line for tool in tools for line in _lines(tool))


def listed(prefix: str = "") -> list[Operation[Any, Any]]:
    """The operations for people and programs, by name; raises `NotFound` when none begins like that."""
    departments.load()
    found = [
        operation
        for name, operation in sorted(OPERATIONS.items())
        if not operation.internal and f"{name}.".startswith(f"{prefix}." if prefix else "")
    ]
    if not found:
        raise NotFound(f"No operation begins with {prefix!r}. `rusvel tools` lists them all.")
    return found


def describe(operation: Operation[Any, Any]) -> dict[str, Any]:
    """An operation as plain data with the JSON schema of its input."""
    return {
        "name": operation.name,
        "summary": operation.summary,
        "department": operation.department,
        "permission": operation.permission,
        "writes": operation.writes,
        "human_only": operation.human_only,
        "schema": operation.input.model_json_schema(),
    }


def _lines(tool: dict[str, Any]) -> Iterator[str]:
    marks = [
        word
        for word, on in (("writes", tool["writes"]), ("only for people", tool["human_only"]))
        if on
    ]
    yield f"{tool['name']}{'  (' + ', '.join(marks) + ')' if marks else ''}"
    yield f"    {' '.join(tool['summary'].split())}"
    required = tool["schema"].get("required", ())
    kinds = tool["schema"].get("$defs", {})
    for name, field in tool["schema"].get("properties", {}).items():
        if name != "session_id":
            need = "" if name in required else "?"
            text = " ".join(field.get("description", "").split())
            yield f"      {name}{need}: {type_of(field, kinds)}{'  ' + text if text else ''}"
