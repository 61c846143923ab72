"""Changing a pipeline: its row, its stages and the deals that must leave a stage, in one change with one inverse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from peewee import fn

from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.conflicts import require_version
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Conflict, InvalidInput
from rusvel_tui.engine.gtm.crm.deals.deal_rows import GAP, living
from rusvel_tui.engine.gtm.crm.pipelines.stages import StageBook, StageInfo, bare, load_stages
from rusvel_tui.engine.models import Deal, Pipeline, PipelineStage, StageMove
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.operation import Input
from rusvel_tui.engine.text import fold, one_line


class PutPipeline(Input):
    """A pipeline as it was: its name, its stages, the deals that moved, and the moves to keep and to drop."""

    pipeline_id: str
    version: int | None = None
    name: str
    stages: tuple[dict[str, Any], ...]
    deals: tuple[tuple[str, str, int, datetime], ...] = ()
    """Id, stage, rank and since when."""
    moves: tuple[dict[str, Any], ...] = ()
    drop_moves: tuple[str, ...] = ()


class PipelineChange:
    """One change of one pipeline, with the state before it."""

    def __init__(self, ctx: Context, row: Pipeline, book: StageBook) -> None:
        self._ctx, self._row, self._book = ctx, row, book
        self._back: dict[str, Any] = _state(row)
        self._moved: list[str] = []

    def set_stages(self, rows: Sequence[dict[str, Any]], move: Mapping[str, str]) -> None:
        """Make these the stages; deals of those that go are moved to the stage that `move` names."""
        kept = {row["key"]: row for row in rows}
        for stage in self._book.living(self._row.id):
            self._check_kind(stage, kept.get(stage.key))
        goals = _goals(move)
        for stage in self._book.living(self._row.id):
            if stage.key not in kept:
                self._empty(stage, rows, goals.pop(bare(stage.name), ""))
        if goals:
            raise InvalidInput("Only the deals of removed stages move.", field="move")
        _write(self._ctx, self._row, rows)

    def record(self) -> None:
        """Store the next version and the event with its inverse."""
        row = self._row
        row.version += 1
        row.updated_at = self._ctx.now
        row.save()
        self._back |= {"version": row.version, "drop_moves": self._moved}
        inverse = Inverse("gtm.crm.put_pipeline", self._back)
        self._ctx.record("gtm.pipeline.updated", row.id, {"name": row.name}, undo=inverse)

    def _check_kind(self, stage: StageInfo, new: dict[str, Any] | None) -> None:
        """A stage with deals stays open, won or lost: their close dates and reasons depend on it."""
        if new and new["kind"] != stage.kind.key and _deals(self._ctx, [stage.key]).exists():
            raise Conflict(f"{stage.name} has deals and stays {stage.kind.value}. Move them first.")

    def _empty(self, stage: StageInfo, rows: Sequence[dict[str, Any]], goal: str) -> None:
        """Move the deals of a stage that goes away, hidden ones included, below those of another stage."""
        seen = living(self._ctx).where(Deal.stage == stage.key).count()
        if seen and not goal:
            deals = f"{seen} deal{'' if seen == 1 else 's'}"
            raise Conflict(f"{stage.name} has {deals}. Say to which stage they move.")
        target = _target(stage, rows, goal)
        leaving = list(_deals(self._ctx, [stage.key]).order_by(Deal.rank, Deal.id))
        self._back.setdefault("deals", []).extend(map(_kept, leaving))
        column = (Deal.session_id == self._ctx.session_id) & (Deal.stage == target)
        last = Deal.select(fn.MAX(Deal.rank)).where(column).scalar() or 0
        for place, deal in enumerate(leaving, 1):
            self._move(deal, target, last + place * GAP)

    def _move(self, deal: Deal, target: str, rank: int) -> None:
        ctx, move_id = self._ctx, self._ctx.new_id()
        StageMove.create(
            id=move_id, deal_id=deal.id, from_stage=deal.stage, to_stage=target, at=ctx.now,
            actor=ctx.actor.name,
        )  # fmt: skip
        _set(ctx, deal.id, target, rank, ctx.now)
        self._moved.append(move_id)


def put(ctx: Context, cmd: PutPipeline) -> None:
    """Put a pipeline back; what it is now becomes the inverse."""
    row = load_stages(ctx.session_id).pipeline(cmd.pipeline_id)
    require_version(cmd.version, row.version, f"The pipeline {row.name}")
    moves = StageMove.select().where(StageMove.id.in_(cmd.drop_moves))
    deals = Deal.select().where(Deal.id.in_([deal[0] for deal in cmd.deals]))
    now: dict[str, Any] = _state(row) | {
        "deals": [_kept(deal) for deal in deals],
        "moves": [move.__data__ | {"at": stamp(move.at)} for move in moves],
        "drop_moves": [move["id"] for move in cmd.moves],
    }
    StageMove.delete().where(StageMove.id.in_(cmd.drop_moves)).execute()
    for move in cmd.moves:
        StageMove.create(**move)
    _write(ctx, row, list(cmd.stages))
    for deal in cmd.deals:
        _set(ctx, *deal)
    row.name, row.version, row.updated_at = cmd.name, row.version + 1, ctx.now
    row.save()
    _refuse_stranded(ctx, row)
    inverse = Inverse("gtm.crm.put_pipeline", now | {"version": row.version})
    ctx.record("gtm.pipeline.updated", row.id, {"name": row.name}, undo=inverse)


def clean_pipeline_name(book: StageBook, text: str, own: Pipeline | None = None) -> str:
    """A name that no other pipeline has."""
    name = one_line(text)
    if not name or len(name) > 40:
        raise InvalidInput("A pipeline needs a name of 1 to 40 characters.", field="name")
    others = [row for row in book.pipelines.values() if own is None or row.id != own.id]
    if any(fold(row.name) == fold(name) for row in others):
        raise Conflict(f"There is a pipeline {name!r} already.")
    return name


def _state(row: Pipeline) -> dict[str, Any]:
    """The pipeline as `put` takes it."""
    stages = PipelineStage.select().where(
        (PipelineStage.pipeline_id == row.id) & PipelineStage.removed_at.is_null()
    )
    kept = [dict(stage.__data__) for stage in stages.order_by(PipelineStage.position)]
    return {"pipeline_id": row.id, "name": row.name, "stages": kept}


def _write(ctx: Context, row: Pipeline, rows: Sequence[dict[str, Any]]) -> None:
    """Make these the stages of the pipeline; the others are kept for the history only."""
    keys = [stage["key"] for stage in rows]
    own = (PipelineStage.pipeline_id == row.id) & PipelineStage.key.not_in(keys)
    PipelineStage.update(removed_at=ctx.now).where(
        own & PipelineStage.removed_at.is_null()
    ).execute()
    PipelineStage.insert_many(rows).on_conflict_replace().execute()


def _refuse_stranded(ctx: Context, row: Pipeline) -> None:
    """No deal stands in a stage that is not there."""
    gone = PipelineStage.select(PipelineStage.key).where(
        (PipelineStage.pipeline_id == row.id) & PipelineStage.removed_at.is_null(False)
    )
    if _deals(ctx, [key for (key,) in tuples(gone)]).exists():
        raise Conflict(f"A stage of {row.name} has deals by now. Move them first.")


def _goals(move: Mapping[str, str]) -> dict[str, str]:
    return {bare(name): goal for name, goal in move.items()}


def _target(stage: StageInfo, rows: Sequence[dict[str, Any]], goal: str) -> str:
    """The key of the stage where deals go: the named one, or the first of the same kind for those nobody sees."""
    same = [row for row in rows if row["kind"] == stage.kind.key]
    named = [row for row in same if bare(row["name"]) == bare(goal)]
    if goal and not named:
        names = ", ".join(row["name"] for row in same)
        raise InvalidInput(
            f"The deals of {stage.name} can go to {names}, not to {one_line(goal)!r}.", field="move"
        )
    return str((named or same)[0]["key"])


def _deals(ctx: Context, keys: Sequence[str]) -> Any:
    """All deals in these stages, deleted ones included."""
    return Deal.select().where((Deal.session_id == ctx.session_id) & Deal.stage.in_(keys))


def _kept(deal: Deal) -> tuple[str, str, int, str]:
    return deal.id, deal.stage, deal.rank, stamp(deal.stage_since or deal.created_at)


def _set(ctx: Context, deal_id: str, stage: str, rank: int, since: datetime) -> None:
    Deal.update(
        stage=stage, rank=rank, stage_since=since, version=Deal.version + 1, updated_at=ctx.now
    ).where((Deal.id == deal_id) & (Deal.session_id == ctx.session_id)).execute()
