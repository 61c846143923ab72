"""Entities made, changed, enabled and deleted; each change can be taken back."""

from __future__ import annotations

from typing import Any

from pydantic import Field, ValidationError

from rusvel_tui.engine import departments
from rusvel_tui.engine.agent.entities.kinds import ENTITY_KINDS, EntityKind, find_kind
from rusvel_tui.engine.agent.entities.views import EntityKey, EntityView, find, living, slug, view
from rusvel_tui.engine.conflicts import require_version
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.core import readable
from rusvel_tui.engine.errors import Conflict, InvalidInput
from rusvel_tui.engine.models import AgentEntity
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.row_changes import (
    Change,
    Part,
    Watch,
    as_json,
    from_json,
    parts_of,
    take_back,
)
from rusvel_tui.engine.text import one_line, sanitize

RESERVED = ("help", "new", "retry", "cancel", "clear", "quit")
"""What `/name` never means a skill: the front-ends' own words."""


class SaveEntity(Input):
    """An entity to make, or, with its id, to change; what is left out stays."""

    kind: str
    entity_id: str = ""
    name: str = Field(default="", max_length=80)
    engine: str | None = None
    """The department it belongs to; empty for all."""
    body: dict[str, Any] | None = None
    enabled: bool | None = None
    metadata: dict[str, Any] | None = None
    version: int | None = None
    """The version you saw; a newer one is a conflict."""


class EnableEntity(EntityKey):
    """Whether an entity counts."""

    enabled: bool


class PutEntitiesBack(Input):
    """Rows to bring back to what they were, and the words for the log."""

    subject_id: str
    name: str
    kind: str
    """The event kind of taking it back."""
    again: str
    """The event kind of making it again."""
    changes: list[list[Any]]


class EntitiesPutBack(View):
    """How many rows changed."""

    rows: int


@operation("agent.entities.save", writes=True, permission="agent.manage")
def save_entity(ctx: Context, cmd: SaveEntity) -> EntityView:
    """Make an agent, skill, rule, hook, workflow, schedule or MCP server, or change one.

    What reaches out of rusvel counts only after a person enabled it: one that a program saved does not.
    """
    kind = find_kind(cmd.kind)
    row = find(ctx, EntityKey(entity_id=cmd.entity_id)) if cmd.entity_id else _new(ctx, kind, cmd)
    if row.kind != kind.name:
        raise InvalidInput(f"{row.name} is a {ENTITY_KINDS[row.kind].label}.", field="kind")
    require_version(cmd.version, row.version, f"The {kind.label} {row.name!r}")
    watch = Watch(ctx, Part("agent_entity", "id", (row.id,)))
    _fill(ctx, kind, row, cmd)
    if not ctx.actor.human and _reaches_out(row):
        row.enabled = False
    _refuse_twin(ctx, kind, row)
    _keep(ctx, row, new=not cmd.entity_id)
    back = "agent.entity.saved" if cmd.entity_id else "agent.entity.deleted"
    _record(ctx, "agent.entity.saved", row, watch, back)
    return view(row)


@operation("agent.entities.set_enabled", writes=True, permission="agent.manage")
def set_enabled(ctx: Context, cmd: EnableEntity) -> EntityView:
    """Say whether an entity counts; one that does not is kept as it is."""
    row = find(ctx, cmd)
    if cmd.enabled and _reaches_out(row):
        ctx.require_human("enable what starts programs or calls addresses")
    watch = Watch(ctx, Part("agent_entity", "id", (row.id,)))
    if bool(row.enabled) != cmd.enabled:
        row.enabled = cmd.enabled
        _keep(ctx, row)
        _record(ctx, "agent.entity.saved", row, watch, "agent.entity.saved")
    return view(row)


@operation("agent.entities.delete", writes=True, permission="agent.manage", human_only=True)
def delete_entity(ctx: Context, cmd: EntityKey) -> EntityView:
    """Delete an entity; undo brings it back."""
    row = find(ctx, cmd)
    watch = Watch(ctx, Part("agent_entity", "id", (row.id,)))
    row.deleted_at = ctx.now
    _keep(ctx, row)
    _record(ctx, "agent.entity.deleted", row, watch, "agent.entity.restored")
    return view(row)


@operation("agent.entities.put_back", writes=True, permission="agent.manage", internal=True)
def put_back(ctx: Context, cmd: PutEntitiesBack) -> EntitiesPutBack:
    """Bring entities back to what they were."""
    changes = from_json(cmd.changes)
    watch = Watch(ctx, *parts_of(changes))
    for change in changes:
        _refuse_taken(ctx, change)
    take_back(ctx, changes, cmd.name or "This")
    done = watch.changes()
    said = {"subject_id": cmd.subject_id, "name": cmd.name, "kind": cmd.again, "again": cmd.kind}
    inverse = Inverse("agent.entities.put_back", said | {"changes": as_json(done)})
    ctx.record(cmd.kind, cmd.subject_id, {"name": cmd.name}, undo=inverse)
    return EntitiesPutBack(rows=len(done))


def check_body(ctx: Context, kind: EntityKind, body: dict[str, Any]) -> dict[str, Any]:
    """The body as it is kept; raises `InvalidInput` with the field that is wrong."""
    try:
        made = kind.body.model_validate(_clean(body))
    except ValidationError as error:
        raise readable(error) from None
    made.check(ctx)
    return made.model_dump(mode="json")


def _clean(value: Any) -> Any:
    """The same data without control characters."""
    if isinstance(value, str):
        return sanitize(value).strip()
    if isinstance(value, dict):
        return {key: _clean(part) for key, part in value.items()}
    return [_clean(part) for part in value] if isinstance(value, list | tuple) else value


def _reaches_out(row: AgentEntity) -> bool:
    return ENTITY_KINDS[row.kind].body.model_validate(row.body).reaches_out


def _new(ctx: Context, kind: EntityKind, cmd: SaveEntity) -> AgentEntity:
    if not one_line(cmd.name):
        raise InvalidInput(f"A {kind.label} needs a name.", field="name")
    return AgentEntity(
        id=ctx.new_id(), session_id=ctx.session_id, kind=kind.name, version=0, created_at=ctx.now
    )


def _fill(ctx: Context, kind: EntityKind, row: AgentEntity, cmd: SaveEntity) -> None:
    """The row with what the command says."""
    if name := one_line(cmd.name):
        row.name, row.slug = name, slug(name)
    if cmd.engine is not None:
        row.engine = departments.find(cmd.engine).id if cmd.engine else ""
    if cmd.enabled is not None:
        row.enabled = cmd.enabled
    if cmd.metadata is not None:
        row.metadata = {key: value for key, value in cmd.metadata.items() if key != "engine"}
    if cmd.body is not None or not cmd.entity_id:
        row.body = check_body(ctx, kind, cmd.body or {})


def _refuse_twin(ctx: Context, kind: EntityKind, row: AgentEntity) -> None:
    """One name, one thing, in each department."""
    if kind.name == "skill" and row.slug in RESERVED:
        raise InvalidInput(
            f"/{row.slug} means something else here. Take another name.", field="name"
        )
    same = (AgentEntity.slug == row.slug) & (AgentEntity.engine == row.engine)
    if living(ctx, kind).where(same & (AgentEntity.id != row.id)).exists():
        raise Conflict(f"There is a {kind.label} {row.slug} already. Change that one, or take another name.")  # fmt: skip


def _refuse_taken(ctx: Context, change: Change) -> None:
    """What comes back finds its name taken by another one since."""
    row = AgentEntity.find(change.key[-1])
    wanted = {} if row is None else {"slug": row.slug, "engine": row.engine, "kind": row.kind}
    wanted |= {name: value for name, value in (change.before or {}).items() if name in _NAMING}
    back = change.before is not None and change.before.get("deleted_at") is None
    if not (back and wanted):
        return
    same = (AgentEntity.slug == wanted["slug"]) & (AgentEntity.engine == wanted["engine"])
    if living(ctx, ENTITY_KINDS[wanted["kind"]]).where(same & (AgentEntity.id != change.key[-1])).exists():  # fmt: skip
        raise Conflict(f"There is another {wanted['slug']} by now. Rename that one first.")


_NAMING = ("slug", "engine", "kind")


def _keep(ctx: Context, row: AgentEntity, *, new: bool = False) -> None:
    row.version += 1
    row.updated_at = ctx.now
    row.save(force_insert=new)


def _record(ctx: Context, kind: str, row: AgentEntity, watch: Watch, back: str) -> None:
    """The event of a change, with the way back; nothing when nothing changed."""
    if not (changes := watch.changes()):
        return
    said = {"subject_id": row.id, "name": row.name, "kind": back, "again": kind}
    inverse = Inverse("agent.entities.put_back", said | {"changes": as_json(changes)})
    what = {"name": row.name, "kind": row.kind, "enabled": bool(row.enabled)}
    ctx.record(kind, row.id, what, undo=inverse)
