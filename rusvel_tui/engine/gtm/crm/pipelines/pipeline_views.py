"""Pipelines: what their operations are asked, and how others see them."""

from __future__ import annotations

from typing import Any

from peewee import fn
from pydantic import ConfigDict, Field, field_validator

from rusvel_tui.engine.described import Described
from rusvel_tui.engine.gtm.crm.deals.learning import Learned, shares
from rusvel_tui.engine.gtm.crm.deals.requirements import REQUIREMENTS
from rusvel_tui.engine.gtm.crm.pipelines.stages import Stage, StageBook, StageInfo, StageKind
from rusvel_tui.engine.models import Deal, Pipeline
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.operation import Input, View


class StageInput(Described):
    """One stage as it shall be. With the key of a stage that is there it changes that one."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, str_strip_whitespace=True, defer_build=True
    )

    name: str
    key: str = ""
    """Of the stage that this was; found by its name when left out."""
    kind: StageKind = StageKind.OPEN
    probability: int = Field(default=50, ge=0, le=100)
    """Per cent; won is always 100 and lost 0."""
    rot_days: int | None = Field(default=None, ge=1, le=3650)
    """Days without contact after which a deal is rotting; null: never."""
    requires: tuple[str, ...] = ()
    """What a deal here should have: value, expected_close, company, next_action, notes."""

    task: str = Field(default="", max_length=200)
    """What is planned for each deal that comes here, such as `Ask about the proposal`."""
    task_days: int = Field(default=1, ge=0, le=365)
    """In how many days that is due."""

    @field_validator("requires")
    @classmethod
    def _known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if name not in REQUIREMENTS:
                raise ValueError(
                    f"{name!r} cannot be required; these can: {', '.join(REQUIREMENTS)}"
                )
        return tuple(dict.fromkeys(value))


USUAL = tuple(
    StageInput(
        name=stage.value,
        kind=stage.kind,
        probability=stage.probability,
        rot_days=stage.rot_days,
    )
    for stage in Stage
)
"""The stages that a pipeline starts with."""


class PipelineName(Input):
    """Which pipeline."""

    pipeline: str = ""
    """By name or id; the first one when left out."""


class AllPipelines(Input):
    """Nothing to say."""


class AddPipeline(Input):
    """A new pipeline."""

    name: str
    stages: tuple[StageInput, ...] = ()
    """In their order; the usual six when left out."""


class UpdatePipeline(Input):
    """Changes to a pipeline; what is left out stays."""

    pipeline: str = ""
    """By name or id; the first one when left out."""
    version: int | None = None
    name: str | None = None
    stages: tuple[StageInput, ...] | None = None
    """All stages that there shall be, in their order; those that are not in it are removed."""
    move: dict[str, str] = Field(default_factory=dict)
    """Where the deals of each removed stage go: its name, and that of another stage of its kind."""


class PipelineId(Input):
    """Which pipeline."""

    pipeline_id: str


class StageView(View):
    """One stage of a pipeline."""

    key: str
    name: str
    pipeline_id: str
    pipeline: str
    kind: StageKind
    probability: int
    rot_days: int | None
    requires: tuple[str, ...]
    task: str
    """What is planned for a deal that comes here; nothing when empty."""
    task_days: int
    reason: str
    """Whether a deal that comes here needs a reason: `required`, `asked`, or empty."""
    deals: int
    learned: Learned | None
    """How many of the closed deals that were here were won, from 20 of them on."""


class StageList(View):
    """Stages in their order."""

    items: tuple[StageView, ...]


class PipelineView(View):
    """A way from first contact to won or lost."""

    pipeline_id: str
    name: str
    version: int
    deals: int
    stages: tuple[StageView, ...]


class PipelineList(View):
    """All pipelines, the usual one first."""

    items: tuple[PipelineView, ...]


class PipelineDeleted(View):
    """What was deleted."""

    pipeline_id: str
    name: str


def stage_views(session_id: str, book: StageBook, pipeline_id: str = "") -> tuple[StageView, ...]:
    """The stages of one pipeline or of all, with their deals counted: two statements."""
    counts, known = _counts(session_id), shares(session_id)
    return tuple(
        _stage(book, stage, counts.get(stage.key, 0), known.get(stage.key))
        for stage in book.living(pipeline_id)
    )


def pipeline_view(row: Pipeline, stages: tuple[StageView, ...]) -> PipelineView:
    own = tuple(stage for stage in stages if stage.pipeline_id == row.id)
    return PipelineView(
        pipeline_id=row.id,
        name=row.name,
        version=row.version,
        deals=sum(stage.deals for stage in own),
        stages=own,
    )


def _counts(session_id: str) -> dict[str, int]:
    """How many living deals stand in each stage."""
    query = Deal.select(Deal.stage, fn.COUNT(Deal.id)).where(
        (Deal.session_id == session_id) & Deal.deleted_at.is_null()
    )
    return dict(tuples(query.group_by(Deal.stage)))


def _stage(book: StageBook, stage: StageInfo, deals: int, known: Learned | None) -> StageView:
    kept: dict[str, Any] = {
        name: getattr(stage, name)
        for name in ("key", "name", "pipeline_id", "kind", "probability", "rot_days", "requires", "task", "task_days", "reason")
    }  # fmt: skip
    pipeline = book.pipelines[stage.pipeline_id].name
    open_ = stage.kind is StageKind.OPEN
    return StageView(**kept, pipeline=pipeline, deals=deals, learned=known if open_ else None)
