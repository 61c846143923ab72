"""Runs an operation that was typed after `:`: through the engine like everything else, and by the person who typed it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from rusvel_tui.engine.core import find_operation
from rusvel_tui.engine.errors import EngineError, InvalidInput, NotFound
from rusvel_tui.engine.operation import Operation
from rusvel_tui.engine.typed_line import TypedLine, fields_of, read_line
from rusvel_tui.screens.command_line.outline import outline_blocks
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.shared.dialogs import Reader

_GONE = ("delete", "erase")
"""What names of operations begin with that take something away."""
_LABELS = ("name", "title", "subject", "number", "id")


@dataclass(frozen=True, slots=True)
class Mistake:
    """A line that was refused: what is wrong, and where the cursor should go to mend it."""

    line: str
    problem: str
    cursor: int


def names_operation(line: str) -> bool:
    """Whether the line begins with the name of an operation."""
    try:
        find_operation(read_line(line).operation)
    except NotFound:
        return False
    return True


async def run_typed(page: Page[Any], line: str) -> Mistake | None:
    """Do what the line says and show what came of it. Await it in a worker; deleting asks first."""
    typed = read_line(line)
    operation = find_operation(typed.operation)
    try:
        data = fields_of(operation, typed)
    except InvalidInput as error:
        return _mistake(line, typed, error)
    if _takes_away(operation) and not await _agrees(page, operation, data):
        return None
    try:
        view = await asyncio.to_thread(page.engine.call, operation.name, data)
    except EngineError as error:
        return _mistake(line, typed, error)
    page.load()
    if operation.writes:
        page.say(f"{_summary(operation)} {_label(view)}".strip())
    else:
        await page.app.push_screen_wait(Reader(_summary(operation), outline_blocks(view)))
    return None


def _takes_away(operation: Operation[Any, Any]) -> bool:
    last = operation.name.rpartition(".")[2]
    return operation.writes and last.startswith(_GONE)


async def _agrees(page: Page[Any], operation: Operation[Any, Any], data: dict[str, Any]) -> bool:
    given = ", ".join(f"{name} {value}" for name, value in data.items())
    return await page.confirm(_summary(operation).rstrip(".") + "?", detail=given, yes="Delete")


def _mistake(line: str, typed: TypedLine, error: EngineError) -> Mistake:
    """The cursor goes behind the value that is wrong, or to the end, where what is missing can be typed."""
    name = (error.field or "").partition(".")[0] if isinstance(error, InvalidInput) else ""
    word = typed.word(name)
    if word is not None:
        return Mistake(line, str(error), word.end)
    text = f"{line} {name}=" if name and "missing" in str(error) else line
    return Mistake(text, str(error), len(text))


def _summary(operation: Operation[Any, Any]) -> str:
    return " ".join(operation.summary.partition("\n\n")[0].split())


def _label(view: Any) -> str:
    """What it was about: the first of the usual names in the answer."""
    for name in _LABELS:
        if found := getattr(view, name, None):
            return str(found)
    return ""
