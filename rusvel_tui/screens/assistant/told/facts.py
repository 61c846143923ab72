"""One thing of the page in full: what stands in it, what it did, when it comes next."""

from __future__ import annotations

from datetime import datetime
from textwrap import dedent
from typing import Any
from zoneinfo import ZoneInfo

from rusvel_tui.engine.agent.config.operations import ConfigValue
from rusvel_tui.engine.agent.entities.kinds import ENTITY_KINDS
from rusvel_tui.engine.agent.entities.views import EntityView
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.operation import OPERATIONS
from rusvel_tui.engine.text import one_line
from rusvel_tui.engine.yaml_text import write_yaml
from rusvel_tui.screens.assistant.told.forms import trimmed
from rusvel_tui.screens.assistant.told.parts import Row, value_words
from rusvel_tui.screens.assistant.tools import Tool, tool_blocks
from rusvel_tui.screens.shared.moments import when
from rusvel_tui.widgets.text_view import Block, Fact, Heading, Prose

_RUNS = 8
"""Runs that are shown below what ran."""
LOGS = {"hook": ("agent.hooks.log", "hook"), "schedule": ("agent.schedules.log", "schedule"), "workflow": ("agent.workflows.log", "workflow")}  # fmt: skip
"""The operation that lists what one did, and the name of its input."""
_TONES = {"Succeeded": "good", "Done": "good", "Completed": "good", "Failed": "bad"}


def facts(engine: Engine, row: Row, zone: ZoneInfo, department: str) -> tuple[Block, ...]:
    """All about a row. Runs in a thread."""
    match row.of:
        case EntityView() as entity:
            return (*_entity(entity), *_next(engine, entity, zone), *log(engine, entity, zone, _RUNS))  # fmt: skip
        case Tool() as tool:
            return (Heading(tool.id), Prose(""), *tool_blocks(OPERATIONS[tool.id]))
        case value:
            return tuple(_setting(value, department))


def _entity(one: EntityView) -> list[Block]:
    kind = ENTITY_KINDS[one.kind]
    blocks: list[Block] = [
        Heading(one.name),
        Prose(""),
        Fact("Is", f"{kind.label}: {kind.summary}"),
        Fact("For", one.engine or "all departments"),
        Fact("State", "● on" if one.enabled else "○ off", "good" if one.enabled else "muted"),
    ]
    if one.seeded:
        blocks.append(Fact("From", "came along with rusvel; change it as you like"))
    long: list[Block] = []
    for name, value in one.body.items():
        label = name.replace("_", " ").capitalize()
        if isinstance(value, dict | list) and value and not all(isinstance(v, str) for v in value):
            long += [Heading(label), Prose(dedent(write_yaml(trimmed(value))).rstrip(), indent=1)]
        elif isinstance(value, str) and (len(value) > 60 or "\n" in value):
            long += [Heading(label), Prose(value, indent=1)]
        elif value not in ("", None, [], {}):
            blocks.append(Fact(label, value_words(value)))
    return [*blocks, *long]


def _next(engine: Engine, one: EntityView, zone: ZoneInfo) -> list[Block]:
    """When a schedule fires next."""
    if one.kind != "schedule":
        return []
    found = _ask(engine, "agent.schedules.next", {"schedule": one.entity_id})
    moments = [moment for one in found.get("items", ()) for moment in one["times"]]
    lines = [Prose(when(moment, zone), indent=1) for moment in moments]
    return [Heading("Next"), *lines] if lines else []


def log(engine: Engine, one: EntityView, zone: ZoneInfo, most: int) -> list[Block]:
    """What it did, newest first."""
    if one.kind not in LOGS:
        return []
    operation, name = LOGS[one.kind]
    items = _ask(engine, operation, {name: one.entity_id, "limit": most}).get("items", ())
    if not items:
        return [Heading("Runs"), Prose("It has not run yet.", "muted", 1)]
    blocks: list[Block] = [Heading("Runs")]
    for item in items:
        state = getattr(item.get("state"), "value", str(item.get("state", "")))
        said = one_line(item.get("error") or item.get("output") or item.get("kind") or "")
        at = item.get("fire_at") or item.get("created_at")
        moment = when(at, zone) if isinstance(at, datetime) else ""
        blocks.append(Fact(moment, f"{state.lower()}  {said}".rstrip(), _TONES.get(state, "")))
    return blocks


def _setting(one: ConfigValue, department: str) -> list[Block]:
    layers: list[Block] = [Fact(layer, value_words(value)) for layer, value in one.layers.items()]
    return [
        Heading(one.name),
        Prose(""),
        Prose(one.summary),
        Prose(""),
        Fact("For", f"{department} (d shows the other department)"),
        Fact("Now", value_words(one.value), "strong"),
        Fact("From", one.origin.lower()),
        *([Heading("Layers")] if layers else []),
        *layers,
    ]


def _ask(engine: Engine, operation: str, data: dict[str, Any]) -> dict[str, Any]:
    """What an operation answers as plain data; nothing where it cannot."""
    try:
        return engine.call(operation, data).model_dump()
    except EngineError:
        return {}
