"""Entities as the rest of the assistant reads them."""

from __future__ import annotations

from typing import Any, NamedTuple

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.models import AgentEntity


class Entity(NamedTuple):
    """One entity, its body as plain data."""

    entity_id: str
    kind: str
    name: str
    slug: str
    engine: str
    """The department it belongs to; empty for all."""
    enabled: bool
    body: dict[str, Any]


def enabled(ctx: Context, kind: str, department: str | None = None) -> list[Entity]:
    """Those of a kind that count: of a department and of none; by name, a department's own before a global one."""
    query = AgentEntity.select().where(
        (AgentEntity.session_id == ctx.session_id)
        & (AgentEntity.kind == kind)
        & AgentEntity.enabled
        & AgentEntity.deleted_at.is_null()
    )
    if department is not None:
        query = query.where(AgentEntity.engine.in_(("", department)))
    rows = query.order_by(AgentEntity.slug, AgentEntity.engine.desc())
    return [entity(row) for row in rows]


def entity(row: AgentEntity) -> Entity:
    return Entity(row.id, row.kind, row.name, row.slug, row.engine, bool(row.enabled), row.body)
