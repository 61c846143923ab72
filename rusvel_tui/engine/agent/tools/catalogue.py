"""Which operations a program can be offered, and what it calls them.

Operations for people only (approve, send, delete) and those of the machinery are never among them, whatever a
configuration allows. Everything else that writes ends as a card that a person decides about, or as a draft that is held in
the inbox: senders, schedules, recipients and texts change only after a yes. What follows is what not even a card may ask for,
each with the reason: somebody who talks a model into something shall reach no file, no mail that leaves and no other session.
"""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from rusvel_tui.engine import departments
from rusvel_tui.engine.chat_ports import Tool
from rusvel_tui.engine.errors import NotPermitted
from rusvel_tui.engine.operation import OPERATIONS, Operation

CLOSED = {
    "undo": "takes back what a person did, without a word of what",
    "redo": "the same",
    "check.fix": "changes rows past the rules of their areas; `rusvel doctor --fix` asks a person",
    "agent.": "would change the assistant itself: its rules, hooks, budget and proposals",
    "session.create": "other sessions are not its business",
    "session.use": "the same",
    "session.list": "the same",
    "gtm.crm.export_": "writes a file",
    "gtm.invoices.export_": "writes a file",
    "gtm.outreach.run_due": "lets approved mails leave",
    "gtm.mail.ingest": "would forge what others wrote: replies, bounces, proof that a mail was sent",
    "gtm.mail.judge_again": "belongs to the mailbox's own work",
    "gtm.approvals.propose": "says itself who asks and whether an opt-out counts; create_email_draft does not",
    "gtm.approvals.keep_file": "bytes that nobody can look at on a card",
    "gtm.approvals.raw": "holds the links by which recipients unsubscribe",
}
"""No tools, by the beginning of their names, each with the reason."""
FILE_FIELDS = frozenset({"path", "rejected_path"})
"""Fields that name a file of this machine: a program gives contents, a person names files."""
_OF_OTHERS = ("agent.servers.call_tool", "agent.workflows.go_on")
"""No tools by themselves: what a call of an MCP server's tool is proposed as, and the yes that a workflow waits for."""


@cache
def catalogue() -> dict[str, Operation[Any, Any]]:
    """Every operation that can be a tool, by name."""
    departments.load()
    return {
        name: one
        for name, one in sorted(OPERATIONS.items())
        if not (one.human_only or one.internal or name.startswith(tuple(CLOSED)))
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


def refuse_files(data: dict[str, Any]) -> None:
    """Raises `NotPermitted` where a program names a file of this machine."""
    named = sorted(FILE_FIELDS & {name for name, value in data.items() if value})
    if named:
        raise NotPermitted(f"A program names no files: leave {named[0]} out, give the content.")


@cache
def schema_of(operation: Operation[Any, Any]) -> dict[str, Any]:
    """The JSON Schema of an operation's input, without what the caller's place decides."""
    schema = operation.input.model_json_schema()
    given = {"session_id", *FILE_FIELDS, *(("key",) if operation.held else ())}
    fields = {k: v for k, v in schema.get("properties", {}).items() if k not in given}
    return schema | {"properties": fields}
