"""Every operation: one table of all, and a page for each area with the fields."""

from __future__ import annotations

from collections.abc import Iterator

from rusvel_tui.commands.tools import listed
from rusvel_tui.help.operation_text import fields, more, summary, who
from rusvel_tui.reference.markdown import code, table
from rusvel_tui.reference.recording import recorded_by

SEVERAL = ("gtm", "growth", "agent")
"""Departments that are large enough for a page for each of their areas."""


def area_of(name: str) -> str:
    """The page that an operation stands on: `gtm.crm`, `undo`."""
    words = name.split(".")
    return ".".join(words[:2]) if words[0] in SEVERAL and len(words) > 2 else words[0]


def areas() -> list[str]:
    """All pages, in order."""
    return sorted({area_of(operation.name) for operation in listed()})


def lines() -> Iterator[str]:
    """The table of all."""
    yield "For `rusvel call`, tools, MCP and HTTP; the fields stand on the page of the area."
    yield "*Only people* can run what says yes or deletes; a program can ask for it, at most."
    yield ""
    yield from table(
        ("name", "what it does", "", "permission"),
        (
            (f"[`{one.name}`](operations/{area_of(one.name)}.md)", summary(one), who(one), code(one.permission))
            for one in listed()
        ),
    )  # fmt: skip


def area_lines(area: str) -> Iterator[str]:
    """The operations of one area with their fields and events."""
    events = recorded_by()
    for operation in listed():
        if area_of(operation.name) != area:
            continue
        yield from (f"## {operation.name}", "", summary(operation))
        for part in more(operation):
            yield from ("", part)
        yield from ("", f"{who(operation).capitalize()}. Permission: {code(operation.permission)}.")
        if told := events.get(operation.name):
            yield f"Events: {', '.join(map(code, told))}."
        yield ""
        if rows := [*_field_rows(operation)]:
            yield from table(("field", "type", "default", "meaning"), rows)
            yield ""


def _field_rows(operation: object) -> Iterator[tuple[str, ...]]:
    for field in fields(operation):  # type: ignore[arg-type]  # an operation of any input
        default = "must be given" if field.required else code(field.default)
        yield code(field.name), field.type, default, field.meaning
