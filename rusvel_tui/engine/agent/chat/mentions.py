"""`@name` at a word's start asks another agent: one of the department, or one of all."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any

from rusvel_tui.engine.agent.config.layers import AgentSettings, Resolved
from rusvel_tui.engine.agent.entities.bodies import AgentBody
from rusvel_tui.engine.agent.entities.rows import Entity, enabled
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput

MENTION = re.compile(r"(?:^|(?<=[\s(\[{\"'„“‚‘,;:]))@([^\W_][\w-]*)(?![\w.-]*@)", re.UNICODE)
"""A name after an `@` that begins a word: nothing of a mail address."""
_CLOSE = 0.8


def mentioned(ctx: Context, department: str, message: str) -> Entity | None:
    """The first agent that a message names; what is no agent's name is just text, unless it nearly is one."""
    names: list[str] = [str(name).casefold().replace("_", "-") for name in MENTION.findall(message)]
    if not names:
        return None
    all_of_them = enabled(ctx, "agent")
    mine: dict[str, Entity] = {
        one.slug: one for one in reversed(all_of_them) if one.engine in ("", department)
    }
    for name in names:
        if name in mine:
            return mine[name]
    for name in names:
        _refuse_misspelt(name, list(mine), all_of_them)
    return None


def override(resolved: Resolved, agent: Entity) -> Resolved:
    """The settings with the agent's own in their place; what is denied stays denied."""
    body = AgentBody.model_validate(agent.body)
    own = {
        "model": body.model,
        "effort": body.effort,
        "max_turns": body.max_turns,
        "allowed_tools": body.allowed_tools,
    }
    changed: dict[str, Any] = {name: value for name, value in own.items() if value}
    origins = resolved.origins | dict.fromkeys(changed, f"@{agent.slug}")
    denied = (*(resolved.settings.denied_tools or ()), *body.denied_tools)
    settings = AgentSettings.model_validate(
        resolved.settings.model_dump() | changed | {"denied_tools": denied}
    )
    return Resolved(settings=settings, origins=origins)


def _refuse_misspelt(name: str, mine: list[str], all_of_them: list[Entity]) -> None:
    """An agent of another department, or one that is nearly spelt so, is no accident."""
    other = next((one for one in all_of_them if one.slug == name), None)
    if other is not None:
        raise InvalidInput(f"@{name} is an agent of {other.engine}. Ask there.", field="message")
    if near := get_close_matches(name, mine, n=1, cutoff=_CLOSE):
        raise InvalidInput(f"There is no agent @{name}. Did you mean @{near[0]}?", field="message")
