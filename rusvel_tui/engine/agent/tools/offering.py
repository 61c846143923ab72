"""Which tools stand in a question: a department's own few, and one that makes the others available.

All of them would be about 60 000 tokens in every question. Every tool that is allowed stays reachable: what was
found stays offered in the conversation, and a tool that is called by its name runs whether it was offered or not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from rusvel_tui.engine import departments
from rusvel_tui.engine.agent.tools.catalogue import as_tool, catalogue, operation_name
from rusvel_tui.engine.chat_ports import Tool, ToolCall, Turn
from rusvel_tui.engine.operation import Operation
from rusvel_tui.engine.text import fold

FIND = "find_tools"
FEW = 40
"""So many tools are offered as they are."""
_FOUND = 8
_PIECE = re.compile(r"[a-z0-9]+")
_FINDER = Tool(
    FIND,
    "Find further tools by what they do, in a few English words such as `merge duplicate contacts`. "
    "What is found can be called from then on. Reads.",
    {
        "type": "object",
        "properties": {"words": {"type": "string", "description": "What you want to do."}},
        "required": ["words"],
        "additionalProperties": False,
    },
)


def offered(department: str, allowed: Sequence[str], turns: Iterable[Turn]) -> tuple[Tool, ...]:
    """The tools of a question: always the same ones first, those that were found after them."""
    if len(allowed) <= FEW:
        return tuple(_tool(name) for name in allowed)
    core = [name for name in departments.find(department).core_tools if name in allowed]
    used = dict.fromkeys(name for name in found(turns) if name in allowed and name not in core)
    return (*(_tool(name) for name in core), _FINDER, *(_tool(name) for name in used))


def find(words: str, allowed: Iterable[str]) -> tuple[str, ...]:
    """The tools that fit some words best, by name, summary and fields."""
    wanted = {_stem(word) for word in _PIECE.findall(fold(words))}
    scored = [(_score(wanted, name), name) for name in allowed if name in catalogue()]
    best = sorted((-score, name) for score, name in scored if score)
    return tuple(name for _, name in best[:_FOUND])


def answer(words: str, allowed: Iterable[str]) -> str:
    """What a model is told of the tools that fit."""
    names = find(words, allowed)
    if not names:
        return "No tool fits. Try other words: a thing (invoice, funnel) and what to do with it."
    tools = [{"tool": as_tool(catalogue()[n]).name, "does": catalogue()[n].summary} for n in names]
    return json.dumps({"found": tools, "next": "Call one of them: they are available now."})


def found(turns: Iterable[Turn]) -> list[str]:
    """What was found or called in these turns, the earliest first."""
    names: list[str] = []
    for turn in turns:
        for block in turn.blocks:
            if isinstance(block, ToolCall) and block.tool == FIND:
                names += find(str(block.input.get("words", "")), catalogue())
            elif isinstance(block, ToolCall):
                names.append(operation_name(block.tool))
    return list(dict.fromkeys(names))


@cache
def _tool(name: str) -> Tool:
    """A tool with a lean schema: titles repeat the names of the fields."""
    made = as_tool(catalogue()[name])
    return Tool(made.name, made.summary, _lean(made.schema))


def _lean(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_lean(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: {name: _lean(one) for name, one in value.items()}
        if key in ("properties", "$defs")
        else _lean(value)
        for key, value in schema.items()
        if key != "title"
    }


def _score(wanted: set[str], name: str) -> int:
    words, about, fields = _index(catalogue()[name])
    return 4 * len(wanted & words) + 2 * len(wanted & about) + len(wanted & fields)


@cache
def _index(one: Operation[Any, Any]) -> tuple[set[str], set[str], set[str]]:
    return (
        _stems(one.name),
        _stems(one.summary) - _COMMON,
        _stems(" ".join(one.input.model_fields)) - _COMMON,
    )


def _stems(text: str) -> set[str]:
    return {_stem(word) for word in _PIECE.findall(fold(text))}


def _stem(word: str) -> str:
    """A word without what it is bent by, roughly: `contacts`, `merged`, `merging`."""
    for ending in ("ies", "ing", "ed", "es", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


_COMMON = _stems(
    "a an and are as at by for from id in is it its of on or that the their to what with"
)
