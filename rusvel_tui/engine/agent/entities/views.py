"""Entities as everybody outside reads them, and how one is found."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from pydantic import Field

from rusvel_tui.engine.agent.entities.kinds import EntityKind, find_kind
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput, NotFound
from rusvel_tui.engine.models import AgentEntity
from rusvel_tui.engine.operation import Input, View
from rusvel_tui.engine.text import one_line


class EntityKey(Input):
    """Which entity: by its id, or by its kind and name."""

    entity_id: str = ""
    kind: str = ""
    """`agent`, `skill`, `rule`, `hook`, `workflow`, `schedule` or `mcp_server`."""
    name: str = ""
    """Its name, or the short form of it that is typed: `weekly-review`."""
    engine: str | None = None
    """Its department, where two have that name; empty for the one of all departments."""


class EntityView(View):
    """An agent, skill, rule, hook, workflow, schedule or MCP server."""

    entity_id: str
    kind: str
    name: str
    slug: str
    """What is typed: `/weekly-review`, `@proposal-writer`."""
    engine: str
    """Its department; empty for all."""
    enabled: bool
    body: dict[str, Any]
    metadata: dict[str, Any] = Field(default_factory=dict)
    """`engine` names its department; a global one has none."""
    seeded: bool
    """Whether rusvel brought it along."""
    version: int
    created_at: datetime
    updated_at: datetime


class EntityList(View):
    """Entities of one kind, by name."""

    items: tuple[EntityView, ...]
    next: str | None = None
    seeded: bool
    """Whether this session was given those that rusvel brings along."""


def view(row: AgentEntity) -> EntityView:
    return EntityView(
        entity_id=row.id,
        kind=row.kind,
        name=row.name,
        slug=row.slug,
        engine=row.engine,
        enabled=bool(row.enabled),
        body=row.body,
        metadata=row.metadata | ({"engine": row.engine} if row.engine else {}),
        seeded=bool(row.seed),
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def slug(name: str) -> str:
    """What is typed for a name: lower case, with `-` for everything between its words."""
    made = re.sub(r"[\W_]+", "-", one_line(name).casefold()).strip("-")
    if not made:
        raise InvalidInput("A name needs letters or digits.", field="name")
    return made


def living(ctx: Context, kind: EntityKind) -> Any:
    """The query of those of a kind that were not deleted."""
    return AgentEntity.select().where(
        (AgentEntity.session_id == ctx.session_id)
        & (AgentEntity.kind == kind.name)
        & AgentEntity.deleted_at.is_null()
    )


def find(ctx: Context, key: EntityKey) -> AgentEntity:
    """The row of an entity; raises `NotFound`, and `InvalidInput` where two departments have one of that name."""
    if key.entity_id:
        row: AgentEntity | None = AgentEntity.find(key.entity_id)
        if row is None or row.session_id != ctx.session_id or row.deleted_at:
            raise NotFound(f"There is no entity {key.entity_id!r}.")
        return row
    return _named(ctx, key)


def find_any(ctx: Context, kind: str, wanted: str) -> AgentEntity:
    """The row of an entity of that kind by its id or its name; raises like `find`."""
    row: AgentEntity | None = AgentEntity.find(wanted)
    if row and (row.kind, row.session_id, row.deleted_at) == (kind, ctx.session_id, None):
        return row
    return find(ctx, EntityKey(kind=kind, name=wanted))


def _named(ctx: Context, key: EntityKey) -> AgentEntity:
    kind = find_kind(key.kind)
    wanted = slug(key.name)
    rows = list(living(ctx, kind).where(AgentEntity.slug == wanted))
    if key.engine is not None:
        rows = [row for row in rows if row.engine == key.engine]
    if len(rows) > 1:
        homes = " and ".join(row.engine or "all departments" for row in rows)
        raise InvalidInput(f"{homes} each have a {kind.name} {wanted}. Say whose.", field="engine")
    if not rows:
        raise NotFound(f"There is no {kind.label} {key.name!r}.{_near(ctx, kind, wanted)}")
    found: AgentEntity = rows[0]
    return found


def _near(ctx: Context, kind: EntityKind, wanted: str) -> str:
    from difflib import get_close_matches

    known = [row.slug for row in living(ctx, kind)]
    near = get_close_matches(wanted, known, n=2, cutoff=0.5)
    if near:
        return f" Did you mean {' or '.join(near)}?"
    return f" `rusvel {kind.plural} list` shows them."
