"""Pipelines: look at them, add one, change its stages, delete it."""

from __future__ import annotations

from rusvel_tui.engine.conflicts import require_version
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound
from rusvel_tui.engine.gtm.crm.pipelines.pipeline_changes import (
    PipelineChange,
    PutPipeline,
    clean_pipeline_name,
    put,
)
from rusvel_tui.engine.gtm.crm.pipelines.pipeline_stages import match, new_stages
from rusvel_tui.engine.gtm.crm.pipelines.pipeline_views import (
    USUAL,
    AddPipeline,
    AllPipelines,
    PipelineDeleted,
    PipelineId,
    PipelineList,
    PipelineName,
    PipelineView,
    StageList,
    UpdatePipeline,
    pipeline_view,
    stage_views,
)
from rusvel_tui.engine.gtm.crm.pipelines.stages import load_stages
from rusvel_tui.engine.models import Deal, Pipeline
from rusvel_tui.engine.operation import operation


@operation("gtm.crm.list_pipelines", permission="crm.deals.read")
def list_pipelines(ctx: Context, cmd: AllPipelines) -> PipelineList:
    """List the pipelines with their stages, the usual one first."""
    book = load_stages(ctx.session_id)
    stages = stage_views(ctx.session_id, book)
    return PipelineList(items=tuple(pipeline_view(row, stages) for row in book.pipelines.values()))


@operation("gtm.crm.get_pipeline", permission="crm.deals.read")
def get_pipeline(ctx: Context, cmd: PipelineName) -> PipelineView:
    """Show one pipeline: its stages, what each is worth, and what its closed deals say."""
    book = load_stages(ctx.session_id)
    row = book.pipeline(cmd.pipeline)
    return pipeline_view(row, stage_views(ctx.session_id, book, row.id))


@operation("gtm.crm.list_stages", permission="crm.deals.read")
def list_stages(ctx: Context, cmd: PipelineName) -> StageList:
    """List the stages of one pipeline, or of all of them."""
    book = load_stages(ctx.session_id)
    pipeline_id = book.pipeline(cmd.pipeline).id if cmd.pipeline else ""
    return StageList(items=stage_views(ctx.session_id, book, pipeline_id))


@operation("gtm.crm.add_pipeline", writes=True, permission="crm.deals.manage")
def add_pipeline(ctx: Context, cmd: AddPipeline) -> PipelineView:
    """Add a pipeline, with the usual stages or with your own."""
    book = load_stages(ctx.session_id)
    name = clean_pipeline_name(book, cmd.name)
    row = Pipeline.create(
        id=ctx.new_id(),
        session_id=ctx.session_id,
        name=name,
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    new_stages(book, row, cmd.stages or USUAL)
    inverse = Inverse("gtm.crm.delete_pipeline", {"pipeline_id": row.id})
    ctx.record("gtm.pipeline.added", row.id, {"name": name}, undo=inverse)
    return _view(ctx, row.id)


@operation("gtm.crm.update_pipeline", writes=True, permission="crm.deals.manage")
def update_pipeline(ctx: Context, cmd: UpdatePipeline) -> PipelineView:
    """Rename a pipeline; add, rename, reorder or remove its stages. The deals of a removed stage go to another."""
    book = load_stages(ctx.session_id)
    row = book.pipeline(cmd.pipeline)
    require_version(cmd.version, row.version, f"The pipeline {row.name}")
    change = PipelineChange(ctx, row, book)
    if cmd.name is not None:
        row.name = clean_pipeline_name(book, cmd.name, row)
    if cmd.stages is not None:
        change.set_stages(match(book, row, cmd.stages), cmd.move)
    change.record()
    return _view(ctx, row.id)


@operation("gtm.crm.put_pipeline", writes=True, permission="crm.deals.manage", internal=True)
def put_pipeline(ctx: Context, cmd: PutPipeline) -> PipelineView:
    """Put a pipeline and the deals of its removed stages back as they were before one change."""
    put(ctx, cmd)
    return _view(ctx, cmd.pipeline_id)


@operation("gtm.crm.delete_pipeline", writes=True, permission="crm.deals.manage", human_only=True)
def delete_pipeline(ctx: Context, cmd: PipelineId) -> PipelineDeleted:
    """Delete a pipeline without deals; one always stays."""
    book = load_stages(ctx.session_id)
    row = book.pipeline(cmd.pipeline_id)
    if len(book.pipelines) == 1:
        raise InvalidInput(f"{row.name} is the only pipeline. Add another one first.")
    keys = [stage.key for stage in book.living(row.id)]
    own = (Deal.session_id == ctx.session_id) & Deal.stage.in_(keys) & Deal.deleted_at.is_null()
    if count := Deal.select().where(own).count():
        deals = f"{count} deal{'' if count == 1 else 's'}"
        raise Conflict(f"{row.name} has {deals}. Move them to another pipeline first.")
    Pipeline.update(deleted_at=ctx.now, version=Pipeline.version + 1).where(
        Pipeline.id == row.id
    ).execute()
    inverse = Inverse("gtm.crm.restore_pipeline", {"pipeline_id": row.id})
    ctx.record("gtm.pipeline.deleted", row.id, {"name": row.name}, undo=inverse)
    return PipelineDeleted(pipeline_id=row.id, name=row.name)


@operation("gtm.crm.restore_pipeline", writes=True, permission="crm.deals.manage", internal=True)
def restore_pipeline(ctx: Context, cmd: PipelineId) -> PipelineView:
    """Bring a deleted pipeline back, unless another one has its name by now."""
    own = (Pipeline.id == cmd.pipeline_id) & (Pipeline.session_id == ctx.session_id)
    row = Pipeline.get_or_none(own & Pipeline.deleted_at.is_null(False))
    if row is None:
        raise NotFound(f"There is no deleted pipeline {cmd.pipeline_id!r} in this session.")
    clean_pipeline_name(load_stages(ctx.session_id), row.name)
    row.deleted_at = None
    row.version += 1
    row.save()
    inverse = Inverse("gtm.crm.delete_pipeline", {"pipeline_id": row.id})
    ctx.record("gtm.pipeline.restored", row.id, {"name": row.name}, undo=inverse)
    return _view(ctx, row.id)


def _view(ctx: Context, pipeline_id: str) -> PipelineView:
    book = load_stages(ctx.session_id)
    stages = stage_views(ctx.session_id, book, pipeline_id)
    return pipeline_view(book.pipelines[pipeline_id], stages)
