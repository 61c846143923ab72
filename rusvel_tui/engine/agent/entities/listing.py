"""Entities listed and shown: those of a department, and the global ones, which count everywhere."""

from __future__ import annotations

from rusvel_tui.engine import departments
from rusvel_tui.engine.agent.entities.kinds import find_kind
from rusvel_tui.engine.agent.entities.seeding import is_seeded
from rusvel_tui.engine.agent.entities.views import (
    EntityKey,
    EntityList,
    EntityView,
    find,
    living,
    view,
)
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.models import AgentEntity
from rusvel_tui.engine.operation import Input, operation
from rusvel_tui.engine.text import fold


class ListEntities(Input):
    """Which entities."""

    kind: str
    """`agent`, `skill`, `rule`, `hook`, `workflow`, `schedule` or `mcp_server`."""
    engine: str = ""
    """Only those that count for this department: its own, and the global ones."""
    enabled: bool | None = None
    words: str = ""
    """Only those with these words in their name."""


@operation("agent.entities.list", permission="agent.read")
def list_entities(ctx: Context, cmd: ListEntities) -> EntityList:
    """List agents, skills, rules, hooks, workflows, schedules or MCP servers."""
    query = living(ctx, find_kind(cmd.kind))
    if cmd.engine:
        query = query.where(AgentEntity.engine.in_(("", departments.find(cmd.engine).id)))
    if cmd.enabled is not None:
        query = query.where(AgentEntity.enabled == cmd.enabled)
    rows = query.order_by(AgentEntity.slug, AgentEntity.engine.desc())
    words = fold(cmd.words).split()
    items = (view(row) for row in rows if all(word in fold(row.name) for word in words))
    return EntityList(items=tuple(items), seeded=is_seeded(ctx))


@operation("agent.entities.show", permission="agent.read")
def show_entity(ctx: Context, cmd: EntityKey) -> EntityView:
    """Show one of them with all that stands in it."""
    return view(find(ctx, cmd))
