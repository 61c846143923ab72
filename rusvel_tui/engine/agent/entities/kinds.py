"""The kinds of entity: one line each."""

from __future__ import annotations

from dataclasses import dataclass

from rusvel_tui.engine.agent.entities.bodies import (
    AgentBody,
    Body,
    McpServerBody,
    RuleBody,
    SkillBody,
)
from rusvel_tui.engine.agent.hooks.body import HookBody
from rusvel_tui.engine.agent.schedules.body import ScheduleBody
from rusvel_tui.engine.agent.workflows.body import WorkflowBody
from rusvel_tui.engine.errors import NotFound


@dataclass(frozen=True, slots=True)
class EntityKind:
    """One kind of entity: what it is called, and what stands in it."""

    name: str
    plural: str
    body: type[Body]
    summary: str
    text: str = ""
    """The field that is one long text, if there is one: a file of words is that field."""

    @property
    def label(self) -> str:
        """As people call it."""
        return "MCP server" if self.name == "mcp_server" else self.name


ENTITY_KINDS = {
    kind.name: kind
    for kind in (
        EntityKind(
            "agent", "agents", AgentBody, "another voice, called with @name", "instructions"
        ),
        EntityKind("skill", "skills", SkillBody, "a text that /name stands for", "text"),
        EntityKind("rule", "rules", RuleBody, "a sentence that the assistant always heeds", "text"),
        EntityKind("hook", "hooks", HookBody, "what is done when something happened"),
        EntityKind("workflow", "workflows", WorkflowBody, "steps in their order, resumable"),
        EntityKind("schedule", "schedules", ScheduleBody, "what is done at set times"),
        EntityKind("mcp_server", "mcp-servers", McpServerBody, "a program whose tools may be used"),
    )
}
"""All there are; add yours here."""


def find_kind(name: str) -> EntityKind:
    """The kind of that name or plural; raises `NotFound`."""
    wanted = name.casefold().replace("-", "_")
    for kind in ENTITY_KINDS.values():
        if wanted in (kind.name, kind.plural.replace("-", "_")):
            return kind
    raise NotFound(f"There is no kind {name!r}. There are {', '.join(ENTITY_KINDS)}.")
