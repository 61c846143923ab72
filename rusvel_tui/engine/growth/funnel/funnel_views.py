"""What is asked of funnels, and what they answer."""

from __future__ import annotations

from pydantic import Field

from rusvel_tui.engine.growth.events.recording import Label
from rusvel_tui.engine.growth.funnel.attempts import StepOrder
from rusvel_tui.engine.growth.funnel.rules import WINDOW, ExclusionInput
from rusvel_tui.engine.operation import Input, View

MAIN = "Main"
"""The funnel of a session that has no other."""
_MOST_COUNT = 10**12


class CreateFunnel(Input):
    """A new funnel: `stages` for counts that you type, `steps` for events that people did."""

    name: str
    stages: tuple[str, ...] = ()
    steps: tuple[Label, ...] = ()
    period: str = Field(default="", pattern="^(day|week|month)?$")
    """Of typed counts; the first one says it when left out."""
    window: str = WINDOW
    order: StepOrder = StepOrder.ORDERED
    exclusions: tuple[ExclusionInput, ...] = ()


class AddStage(Input):
    """A stage of a funnel of typed counts."""

    name: str
    order: int | None = Field(default=None, ge=0, le=1000)
    """Its place; behind the last one when left out."""
    funnel: str = ""
    """By name or id; the first one, which is made when there is none."""


class UpdateStage(Input):
    """Another name or place for a stage."""

    stage_id: str
    name: str | None = None
    order: int | None = Field(default=None, ge=0, le=1000)


class FunnelRef(Input):
    """Which funnel, by name or id; the first one when left out."""

    funnel: str = ""


class UpdateFunnel(Input):
    """Another name, or other rules for an event funnel; what is left out stays."""

    funnel: str
    name: str | None = None
    steps: tuple[Label, ...] | None = None
    window: str | None = None
    order: StepOrder | None = None
    exclusions: tuple[ExclusionInput, ...] | None = None
    version: int | None = None


class StageRef(Input):
    """Which stage."""

    stage_id: str


class RecordConversion(Input):
    """How many were in a stage in one period."""

    count: int = Field(ge=0, le=_MOST_COUNT)
    stage_id: str = ""
    stage: str = ""
    """By name, in place of the id."""
    funnel: str = ""
    period: str = ""
    """`2026-11`, `2026-W48` or `2026-11-24`; the running one when left out."""
    add: bool = False
    """Whether to add to what is recorded instead of replacing it."""


class StageView(View):
    """A stage of a funnel."""

    stage_id: str
    funnel_id: str
    funnel: str
    name: str
    order: int


class StageList(View):
    """The stages of a funnel, in order."""

    items: tuple[StageView, ...]


class ConversionRecorded(View):
    """What a stage counts in a period now, and before."""

    stage_id: str
    stage: str
    period: str
    count: int
    before: int | None


class FunnelView(View):
    """A funnel and how it counts."""

    funnel_id: str
    name: str
    kind: str
    """`counts` that are typed, or `events` of people."""
    stages: tuple[StageView, ...]
    steps: tuple[str, ...]
    window: str
    order: StepOrder
    exclusions: tuple[ExclusionInput, ...]
    period: str
    periods: tuple[str, ...]
    """Those with typed counts, newest first."""
    version: int


class FunnelList(View):
    """The funnels of the session, oldest first."""

    items: tuple[FunnelView, ...]
    next: str | None = None


class FunnelDeleted(View):
    """What was deleted."""

    id: str
    name: str
