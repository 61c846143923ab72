"""The assistant: whether a model is set up, and every operation that a program may call."""

from __future__ import annotations

from typing import Any, NamedTuple

from textual import on
from textual.app import ComposeResult

from rusvel_tui.actions import Action
from rusvel_tui.engine import departments
from rusvel_tui.engine.operation import OPERATIONS, Operation
from rusvel_tui.engine.text import fold
from rusvel_tui.screens.dialogs import Reader
from rusvel_tui.screens.filtered import Filtered
from rusvel_tui.screens.page import AnyList, Rows
from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.open_list import OpenList
from rusvel_tui.widgets.text_view import Block, Fact, Heading, Prose, TextView

TEMPLATES_ONLY = "template"
"""The name of the drafter that asks no model."""


class Tool(NamedTuple):
    """An operation as a line of the list."""

    id: str
    summary: str
    writes: bool


class AssistantPage(Filtered[str]):
    """No conversation is kept here: it shows what a program that acts for the person may do, and what never."""

    ABOUT = "What a program may do for you here. Approving, sending and deleting stay with you."
    ACTIONS = (
        Action("tools.filter", "f,slash", "Filter", "filter", "filter", "Show only operations with these words; esc shows all.", foot=True),
    )  # fmt: skip
    HINT = "words such as: deal, sequence, list"
    EMPTY = "There is no operation."

    def compose(self) -> ComposeResult:
        text = TextView(id="model")
        text.can_focus = False  # the list has the keys
        yield text
        yield self.caption()
        yield OpenList(
            (
                Column[Tool]("Operation", lambda row: row.id, width=28, grow=1, most=38),
                Column[Tool]("Effect", _effect, width=11, tone=lambda row: "accent" if row.writes else "muted"),
                Column[Tool]("What it does", lambda row: row.summary, width=24, grow=4, most=110),
            ),
            id="tools",
            empty=self.EMPTY,
        )  # fmt: skip

    def read(self) -> str:
        return self.engine.drafter.name if self.engine.drafter else TEMPLATES_ONLY

    def show(self, view: str) -> None:
        self.query_one("#model", TextView).show(model_blocks(view))

    def read_rows(self, widget: AnyList, first: int, count: int) -> Rows:
        found = tools(self.words)
        return Rows(len(found), found[first : first + count])

    @on(OpenList.Opened)
    def _opened(self, event: OpenList.Opened) -> None:
        operation = OPERATIONS[event.row.id]
        self.app.push_screen(Reader(operation.name, tool_blocks(operation)))


def tools(words: str = "") -> list[Tool]:
    """What a program may call: neither the operations for people only nor the desk's inner ones."""
    departments.load()  # the desk imports an operation when it is first used
    wanted = fold(words).split()
    return [
        Tool(name, operation.summary, operation.writes)
        for name, operation in sorted(OPERATIONS.items())
        if not (operation.human_only or operation.internal)
        and all(word in fold(f"{name} {operation.summary}") for word in wanted)
    ]


def model_blocks(drafter: str) -> tuple[Block, ...]:
    """Whether a model is set up, and what that means."""
    if drafter == TEMPLATES_ONLY:
        state = Fact("Model", "○ none: ANTHROPIC_API_KEY is not set", "warn")
        means = "Drafts are filled-in templates. Set the key and start rusvel again to have a model write them."
    else:
        state = Fact("Model", f"● {drafter}", "good")
        means = "The model writes drafts from facts, without tools; every draft waits for your yes."
    names = ", ".join(department.id for department in departments.DEPARTMENTS)
    return (
        state,
        Prose(means, "muted"),
        Prose(
            f"Below is all that a program may call for you ({names}, and what they share). "
            "To say yes to a mail, to send and to delete is for people only.",
            "muted",
        ),
    )


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


def _effect(row: Tool) -> str:
    return "✎ changes" if row.writes else "· reads"


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
