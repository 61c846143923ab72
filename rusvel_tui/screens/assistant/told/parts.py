"""The parts of the page, and how the rows of each are read."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rusvel_tui.engine.agent.config.operations import ConfigValue, ShowConfig, show_config
from rusvel_tui.engine.agent.entities.kinds import ENTITY_KINDS, EntityKind
from rusvel_tui.engine.agent.entities.listing import ListEntities, list_entities
from rusvel_tui.engine.agent.entities.seeding import SeedEntities, seed_entities
from rusvel_tui.engine.agent.entities.views import EntityView
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.text import fold, one_line
from rusvel_tui.screens.assistant.tools import Tool, tools

TOOLS, SETTINGS = "tools", "settings"
_SIGNS = {"agent": "@", "skill": "/"}
"""What is typed before the name of one."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list, and what it is about."""

    id: str
    sign: str
    tone: str
    name: str
    about: str
    extra: str
    of: EntityView | Tool | ConfigValue


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its rows in a department, with some words."""

    id: str
    title: str
    about: str
    read: Callable[[Engine, str, str], list[Row]]
    kind: EntityKind | None = None

    @property
    def short(self) -> str:
        """Its title on a narrow terminal."""
        return {"workflow": "Flows", "schedule": "Times"}.get(self.id, self.title)


def _entities(kind: EntityKind) -> Callable[[Engine, str, str], list[Row]]:
    def read(engine: Engine, department: str, words: str) -> list[Row]:
        wanted = ListEntities(kind=kind.name)
        found = engine.run(list_entities, wanted)
        if not found.seeded and seed(engine):
            found = engine.run(list_entities, wanted)
        return [_entity_row(one) for one in found.items if _holds(words, one.name, _about(one))]

    return read


def seed(engine: Engine) -> bool:
    """Give the session what comes along; a guest cannot."""
    try:
        engine.run(seed_entities, SeedEntities())
    except EngineError:
        return False
    return True


def _entity_row(one: EntityView) -> Row:
    name = _SIGNS.get(one.kind, "") + (one.slug if one.kind in _SIGNS else one.name)
    sign, tone = ("●", "good") if one.enabled else ("○", "muted")
    return Row(one.entity_id, sign, tone, name, _about(one), one.engine or "all", one)


def _about(one: EntityView) -> str:
    """What an entity does, in a line."""
    body = one.body
    match one.kind:
        case "hook":
            return one_line(f"{body.get('event')} → {body.get('type')}: {body.get('action')}")
        case "schedule":
            does = body.get("operation") or body.get("workflow") or body.get("prompt") or ""
            return one_line(f"{body.get('cron')} → {body.get('type')}: {does}")
        case "workflow":
            steps = len(body.get("steps", ()))
            return one_line(f"{steps} step{'' if steps == 1 else 's'}. {body.get('about', '')}")
        case "mcp_server":
            return one_line(" ".join((str(body.get("command", "")), *body.get("args", ()))))
    return one_line(str(body.get("about") or body.get("text") or body.get("instructions") or ""))


def _tools(engine: Engine, department: str, words: str) -> list[Row]:
    return [_tool_row(one) for one in tools(words)]


def _tool_row(one: Tool) -> Row:
    sign, tone, effect = ("✎", "accent", "changes") if one.writes else ("·", "muted", "reads")
    return Row(one.id, sign, tone, one.id, one.summary, effect, one)


def _settings(engine: Engine, department: str, words: str) -> list[Row]:
    found = engine.run(show_config, ShowConfig(department=department)).items
    return [_setting_row(one) for one in found if _holds(words, one.name, one.summary)]


def _setting_row(one: ConfigValue) -> Row:
    sign = "●" if one.layers else " "
    return Row(one.name, sign, "accent", one.name, value_words(one.value), one.origin.lower(), one)


def value_words(value: Any) -> str:
    """A setting to read."""
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    if value in (None, ""):
        return "–"
    return value if isinstance(value, str) else json.dumps(value)


def _holds(words: str, *texts: str) -> bool:
    return all(word in fold(" ".join(texts)) for word in fold(words).split())


def _title(kind: EntityKind) -> str:
    return "MCP" if kind.name == "mcp_server" else kind.plural.capitalize()


PARTS: tuple[Part, ...] = (
    *(
        Part(kind.name, _title(kind), kind.summary, _entities(kind), kind)
        for kind in ENTITY_KINDS.values()
    ),
    Part(TOOLS, "Tools", "every operation that a program may call for you", _tools),
    Part(SETTINGS, "Settings", "how the assistant works, and which layer says so", _settings),
)
"""The parts in the order of their digits."""
