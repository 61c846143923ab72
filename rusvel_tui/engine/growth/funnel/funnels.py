"""Funnels: make one, change its stages, delete it."""

from __future__ import annotations

from typing import Any

from rusvel_tui.engine.conflicts import require_version
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict, InvalidInput
from rusvel_tui.engine.growth.changes import record
from rusvel_tui.engine.growth.funnel.funnel_rows import (
    find_funnel,
    find_stage,
    living,
    stage_view,
    stages_of,
    views,
)
from rusvel_tui.engine.growth.funnel.funnel_views import (
    MAIN,
    AddStage,
    CreateFunnel,
    FunnelDeleted,
    FunnelList,
    FunnelRef,
    FunnelView,
    StageList,
    StageRef,
    StageView,
    UpdateFunnel,
    UpdateStage,
)
from rusvel_tui.engine.growth.funnel.rules import check_steps
from rusvel_tui.engine.growth.names import clean_name, shown
from rusvel_tui.engine.models import Funnel, FunnelStage
from rusvel_tui.engine.operation import Input, operation
from rusvel_tui.engine.row_changes import Part, Watch
from rusvel_tui.engine.text import fold


@operation("growth.funnel.list", permission="growth.read")
def list_funnels(ctx: Context, cmd: Input) -> FunnelList:
    """List the funnels with their stages or steps, oldest first."""
    return FunnelList(items=views(living(ctx)))


@operation("growth.funnel.get", permission="growth.read")
def get_funnel(ctx: Context, cmd: FunnelRef) -> FunnelView:
    """Show one funnel: its stages or steps, and the periods with counts."""
    return views([find_funnel(ctx, cmd.funnel)])[0]


@operation("growth.funnel.list_stages", permission="growth.read")
def list_stages(ctx: Context, cmd: FunnelRef) -> StageList:
    """List the stages of a funnel of typed counts, in order."""
    row = find_funnel(ctx, cmd.funnel)
    return StageList(items=tuple(stage_view(row, stage) for stage in stages_of([row.id])[row.id]))


@operation("growth.funnel.create", writes=True, permission="growth.manage")
def create_funnel(ctx: Context, cmd: CreateFunnel) -> FunnelView:
    """Make a funnel of stages whose counts you type, or of steps that are events of people."""
    if bool(cmd.stages) and bool(cmd.steps):
        raise InvalidInput(
            "A funnel has stages to type counts for, or steps that are events; not both."
        )
    if not cmd.stages and not cmd.steps:
        raise InvalidInput("A funnel needs at least two stages or steps.", field="stages")
    funnel_id = ctx.new_id()
    watch = watch_funnel(ctx, funnel_id)
    rules = _rules(cmd) if cmd.steps else {}
    row = make_row(ctx, funnel_id, cmd.name, "events" if cmd.steps else "counts", cmd.period, rules)
    names = [clean_name(name, "A stage", field="stages") for name in cmd.stages]
    _refuse_repeated(names)
    for place, name in enumerate(names, 1):
        add_row(ctx, row, name, place)
    _record(ctx, row, watch)
    return views([row])[0]


@operation("growth.funnel.add_stage", writes=True, permission="growth.manage")
def add_stage(ctx: Context, cmd: AddStage) -> StageView:
    """Add a stage to a funnel of typed counts; without a funnel the first one, which is made when there is none."""
    row = _first(ctx) if not cmd.funnel else find_funnel(ctx, cmd.funnel)
    funnel_id = row.id if row else ctx.new_id()
    watch = watch_funnel(ctx, funnel_id)
    if row is None:
        row = make_row(ctx, funnel_id, MAIN, "counts")
    if row.kind != "counts":
        raise Conflict(
            f"{row.name} counts events; its steps are changed with growth.funnel.update."
        )
    name = clean_name(cmd.name, "A stage")
    stages = stages_of([row.id])[row.id] if row.id else []
    place = cmd.order if cmd.order is not None else max((s.position for s in stages), default=0) + 1
    _refuse_taken(row, stages, name, place)
    stage = add_row(ctx, row, name, place)
    _record(ctx, row, watch)
    return stage_view(row, stage)


@operation("growth.funnel.update_stage", writes=True, permission="growth.manage")
def update_stage(ctx: Context, cmd: UpdateStage) -> StageView:
    """Rename a stage or move it; the stages behind it make room."""
    row, stage = find_stage(ctx, cmd.stage_id)
    watch = watch_funnel(ctx, row.id)
    others = [one for one in stages_of([row.id])[row.id] if one.id != stage.id]
    name = stage.name if cmd.name is None else clean_name(cmd.name, "A stage")
    _refuse_taken(row, others, name, None)
    if cmd.order is not None and cmd.order != stage.position:
        _make_room(others, cmd.order)
        stage.position = cmd.order
    stage.name, stage.key = name, fold(name)
    stage.save()
    _record(ctx, row, watch)
    return stage_view(row, stage)


@operation("growth.funnel.update", writes=True, permission="growth.manage")
def update_funnel(ctx: Context, cmd: UpdateFunnel) -> FunnelView:
    """Rename a funnel, or change the steps, the window, the order or the exclusions of an event funnel."""
    row = find_funnel(ctx, cmd.funnel)
    require_version(cmd.version, row.version, f"The funnel {row.name}")
    watch = watch_funnel(ctx, row.id)
    if cmd.name is not None and fold(cmd.name) != row.key:
        _require_free(ctx, cmd.name)
    if cmd.name is not None:
        row.name = clean_name(cmd.name, "A funnel")
        row.key = fold(row.name)
    said = cmd.model_fields_set & {"steps", "window", "order", "exclusions"}
    if said and row.kind != "events":
        raise Conflict(
            f"{row.name} has typed counts: it has stages, and neither steps nor a window."
        )
    if said:
        row.rules = _merged(views([row])[0], cmd)
    row.version += 1
    row.updated_at = ctx.now
    row.save()
    _record(ctx, row, watch)
    return views([row])[0]


@operation("growth.funnel.delete_stage", writes=True, permission="growth.manage", human_only=True)
def delete_stage(ctx: Context, cmd: StageRef) -> FunnelDeleted:
    """Delete a stage; those behind it move up. Undo brings it back with its counts."""
    row, stage = find_stage(ctx, cmd.stage_id)
    watch = watch_funnel(ctx, row.id)
    FunnelStage.update(deleted_at=ctx.now).where(FunnelStage.id == stage.id).execute()
    FunnelStage.update(position=FunnelStage.position - 1).where(
        (FunnelStage.funnel_id == row.id)
        & (FunnelStage.position > stage.position)
        & FunnelStage.deleted_at.is_null()
    ).execute()
    _record(ctx, row, watch)
    return FunnelDeleted(id=stage.id, name=stage.name)


@operation("growth.funnel.delete", writes=True, permission="growth.manage", human_only=True)
def delete_funnel(ctx: Context, cmd: FunnelRef) -> FunnelDeleted:
    """Delete a funnel; undo brings it back with its counts."""
    row = find_funnel(ctx, cmd.funnel)
    watch = watch_funnel(ctx, row.id)
    Funnel.update(deleted_at=ctx.now).where(Funnel.id == row.id).execute()
    _record(ctx, row, watch)
    return FunnelDeleted(id=row.id, name=row.name)


def watch_funnel(ctx: Context, funnel_id: str) -> Watch:
    """A funnel with its stages as they are now."""
    return Watch(
        ctx, Part("funnel", "id", (funnel_id,)), Part("funnel_stage", "funnel_id", (funnel_id,))
    )


def _record(ctx: Context, row: Funnel, watch: Watch) -> None:
    record(ctx, "growth.funnel.updated", row.id, watch, {"name": row.name})


def _first(ctx: Context) -> Funnel | None:
    """The first funnel with typed counts."""
    return next((row for row in living(ctx) if row.kind == "counts"), None)


def make_row(
    ctx: Context,
    funnel_id: str,
    name: str,
    kind: str,
    period: str = "",
    rules: dict[str, Any] | None = None,
) -> Funnel:
    name = clean_name(name, "A funnel")
    _require_free(ctx, name)
    made: Funnel = Funnel.create(
        id=funnel_id, session_id=ctx.session_id, name=name, key=fold(name), kind=kind,
        period=period, rules=rules or {}, created_at=ctx.now, updated_at=ctx.now,
    )  # fmt: skip
    return made


def add_row(ctx: Context, row: Funnel, name: str, place: int) -> FunnelStage:
    made: FunnelStage = FunnelStage.create(
        id=ctx.new_id(), session_id=ctx.session_id, funnel_id=row.id, name=name, key=fold(name), position=place
    )  # fmt: skip
    return made


def _rules(cmd: CreateFunnel) -> dict[str, Any]:
    check_steps(cmd.steps, cmd.exclusions, cmd.window)
    kept = cmd.model_dump(mode="json", include={"steps", "window", "order", "exclusions"})
    return dict(kept)


def _merged(now: FunnelView, cmd: UpdateFunnel) -> dict[str, Any]:
    """The rules with what the command says in place of what stands there."""
    names = ("steps", "window", "order", "exclusions")
    wanted = {name: getattr(cmd, name) for name in names if getattr(cmd, name) is not None}
    rules = now.model_copy(update=wanted)
    check_steps(rules.steps, rules.exclusions, rules.window)
    return dict(rules.model_dump(mode="json", include=set(names)))


def _require_free(ctx: Context, name: str) -> None:
    if any(row.key == fold(name) for row in living(ctx)):
        raise Conflict(f"There is a funnel {shown(name)} already.")


def _refuse_repeated(names: list[str]) -> None:
    if 0 < len(names) < 2:
        raise InvalidInput("A funnel needs at least two stages.", field="stages")
    seen: set[str] = set()
    for name in names:
        if fold(name) in seen:
            raise InvalidInput(f"Two stages are called {shown(name)}.", field="stages")
        seen.add(fold(name))


def _refuse_taken(row: Funnel, others: list[FunnelStage], name: str, place: int | None) -> None:
    """No two stages of a name, and no two in one place."""
    for other in others:
        if other.key == fold(name):
            raise Conflict(f"{row.name} has a stage {shown(name)} already.")
        if other.position == place:
            raise Conflict(
                f"{other.name} is stage {place} of {row.name}. Give {shown(name)} another order."
            )


def _make_room(others: list[FunnelStage], place: int) -> None:
    """Move the stages behind a place back by one where it is taken."""
    for other in others:
        if other.position == place:
            other.position = place = place + 1
            other.save()
