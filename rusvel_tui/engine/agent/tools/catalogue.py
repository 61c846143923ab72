"""Which operations a program can be offered, and what it calls them.

Operations for people only (approve, send, delete) and those of the machinery are never among them, whatever a
configuration allows.
"""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from rusvel_tui.engine import departments
from rusvel_tui.engine.chat_ports import Tool
from rusvel_tui.engine.operation import OPERATIONS, Operation

_NO_TOOLS = ("undo", "redo", "agent.", "session.create", "session.use")
"""What would change the assistant itself, or reach past what it was asked: the person's own."""
_OF_OTHERS = ("agent.servers.call_tool",)
"""No tools by themselves: what a call of an MCP server's tool is proposed as."""


@cache
def catalogue() -> dict[str, Operation[Any, Any]]:
    """Every operation that can be a tool, by name."""
    departments.load()
    return {
        name: one
        for name, one in sorted(OPERATIONS.items())
        if not (one.human_only or one.internal or name.startswith(_NO_TOOLS))
    }


@cache
def proposable() -> dict[str, Operation[Any, Any]]:
    """What can be proposed: every tool, and the calls of other programs' tools."""
    return catalogue() | {name: OPERATIONS[name] for name in _OF_OTHERS}


def wire_name(operation: str) -> str:
    """The name of a tool where dots are not allowed: `gtm__crm__add_contact`."""
    return operation.replace(".", "__")


def operation_name(wire: str) -> str:
    """The operation behind a tool's name, in either spelling."""
    return wire.replace("__", ".")


def chosen(allowed: Iterable[str], denied: Iterable[str] = ()) -> dict[str, Operation[Any, Any]]:
    """The tools that some patterns allow and none denies: `gtm.crm.*`, `*.list_*`."""
    yes, no = tuple(allowed), tuple(denied)
    return {
        name: one
        for name, one in catalogue().items()
        if any(fnmatchcase(name, pattern) for pattern in yes)
        and not any(fnmatchcase(name, pattern) for pattern in no)
    }


def as_tool(operation: Operation[Any, Any]) -> Tool:
    """An operation as a model sees it; the session is not its business."""
    return Tool(
        wire_name(operation.name), f"{operation.summary} {_effect(operation)}", schema_of(operation)
    )


def _effect(operation: Operation[Any, Any]) -> str:
    if operation.held:
        return "Makes a draft that waits in the inbox for a person's yes."
    return "Changes data: a person decides about it first." if operation.writes else "Reads."


@cache
def schema_of(operation: Operation[Any, Any]) -> dict[str, Any]:
    """The JSON Schema of an operation's input, without what the caller's place decides."""
    schema = operation.input.model_json_schema()
    given = {"session_id", "key"} if operation.held else {"session_id"}
    fields = {k: v for k, v in schema.get("properties", {}).items() if k not in given}
    return schema | {"properties": fields}
