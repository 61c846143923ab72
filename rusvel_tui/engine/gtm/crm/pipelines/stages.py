"""The stages of the pipelines: six to start with, and those that a person made of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from rusvel_tui.engine.errors import InvalidInput, NotFound
from rusvel_tui.engine.models import Pipeline, PipelineStage
from rusvel_tui.engine.spelled import Spelled
from rusvel_tui.engine.text import fold, one_line


class StageKind(Spelled):
    """What a stage makes of its deals; also the status of a deal, which follows from its stage."""

    OPEN = "Open"
    WON = "Won"
    LOST = "Lost"

    @property
    def closed(self) -> bool:
        return self is not StageKind.OPEN


class Stage(Spelled):
    """The six stages that a pipeline starts with."""

    LEAD = "Lead"
    QUALIFIED = "Qualified"
    PROPOSAL = "Proposal"
    NEGOTIATION = "Negotiation"
    WON = "Won"
    LOST = "Lost"

    @property
    def kind(self) -> StageKind:
        return {Stage.WON: StageKind.WON, Stage.LOST: StageKind.LOST}.get(self, StageKind.OPEN)

    @property
    def closed(self) -> bool:
        return self.kind.closed

    @property
    def probability(self) -> int:
        """Per cent that a deal in this stage is usually won."""
        return _USUAL[self][0]

    @property
    def rot_days(self) -> int | None:
        """Days without contact after which a deal in this stage is rotting."""
        return _USUAL[self][1]


_USUAL: dict[Stage, tuple[int, int | None]] = {
    Stage.LEAD: (10, 14),
    Stage.QUALIFIED: (25, 14),
    Stage.PROPOSAL: (50, 10),
    Stage.NEGOTIATION: (75, 7),
    Stage.WON: (100, None),
    Stage.LOST: (0, None),
}
FIRST_PIPELINE = "Sales"


@dataclass(frozen=True, slots=True)
class StageInfo:
    """One stage as it is kept."""

    key: str
    pipeline_id: str
    name: str
    kind: StageKind
    probability: int
    rot_days: int | None
    position: int
    requires: tuple[str, ...]
    removed: bool
    task: str = ""
    """What is planned for a deal that comes here; nothing when empty."""
    task_days: int = 1

    @property
    def closed(self) -> bool:
        return self.kind.closed

    @property
    def reason(self) -> str:
        """Whether a deal that comes here needs a reason: `required` for lost, `asked` for won."""
        return {StageKind.LOST: "required", StageKind.WON: "asked"}.get(self.kind, "")


class StageBook:
    """All stages of a session. A removed one keeps its name for the history; no deal stands in it."""

    def __init__(self, pipelines: Iterable[Pipeline], stages: Iterable[StageInfo]) -> None:
        self._pipelines = {row.id: row for row in pipelines}
        self.pipelines = {key: row for key, row in self._pipelines.items() if not row.deleted_at}
        self._stages = {stage.key: stage for stage in stages}

    def __contains__(self, key: str) -> bool:
        return key in self._stages

    def of(self, key: str) -> StageInfo:
        """The stage with that key, removed or not."""
        return self._stages[key]

    def pipeline_of(self, key: str) -> Pipeline:
        """The pipeline of the stage with that key, deleted or not."""
        return self._pipelines[self._stages[key].pipeline_id]

    def living(self, pipeline_id: str = "") -> tuple[StageInfo, ...]:
        """The stages that there are, in their order; of one pipeline if one is named."""
        wanted = self.pipelines if not pipeline_id else {pipeline_id}
        return tuple(
            stage
            for stage in self._stages.values()
            if stage.pipeline_id in wanted and not stage.removed
        )

    def find(self, name: str, pipeline_id: str) -> StageInfo:
        """The stage of that name in a pipeline, in any case; raises `InvalidInput` that lists them."""
        found = self._named(name, pipeline_id)
        if not found:
            raise InvalidInput(self._unknown(name, pipeline_id), field="stage")
        return found[0]

    def find_all(self, name: str, pipeline_id: str = "") -> tuple[StageInfo, ...]:
        """The stages of that name in all pipelines; raises `InvalidInput` when there is none."""
        found = self._named(name, pipeline_id)
        if not found:
            raise InvalidInput(self._unknown(name, pipeline_id), field="stage")
        return found

    def pipeline(self, wanted: str = "") -> Pipeline:
        """The pipeline of that name or id, else the first one; raises `NotFound`."""
        if not wanted:
            return next(iter(self.pipelines.values()))
        named = {fold(row.name): row for row in self.pipelines.values()}
        found = self.pipelines.get(wanted) or named.get(fold(wanted))
        if found is None:
            names = ", ".join(row.name for row in self.pipelines.values())
            raise NotFound(f"There is no pipeline {wanted!r}. There is {names}.")
        return found

    def _named(self, name: str, pipeline_id: str) -> tuple[StageInfo, ...]:
        """By name; a name that was changed still answers, as long as no other stage bears it."""
        living = self.living(pipeline_id)
        by_name = tuple(stage for stage in living if bare(stage.name) == bare(name))
        return by_name or tuple(stage for stage in living if bare(stage.key) == bare(name))

    def _unknown(self, name: str, pipeline_id: str) -> str:
        names = dict.fromkeys(stage.name for stage in self.living(pipeline_id))
        return f"There is no stage {one_line(name)!r}. There is {', '.join(names)}."


_STAGES_SQL = """
SELECT key, pipeline_id, name, kind, probability, rot_days, position, requires, removed_at IS NOT NULL,
  task, task_days FROM pipeline_stage WHERE session_id = ? ORDER BY pipeline_id, position
"""
_KINDS = {kind.key: kind for kind in StageKind}


def load_stages(session_id: str) -> StageBook:
    """The stages of a session, from two queries."""
    rows = PipelineStage._meta.database.execute_sql(_STAGES_SQL, (session_id,)).fetchall()
    pipelines = Pipeline.select().where(Pipeline.session_id == session_id)
    return StageBook(pipelines.order_by(Pipeline.id), (_info(*row) for row in rows))


def _info(
    key: str, pipeline_id: str, name: str, kind: str, probability: int, rot_days: int | None,
    position: int, requires: str, removed: int, task: str, task_days: int,
) -> StageInfo:  # fmt: skip
    """A stage from its row."""
    needs = tuple(json.loads(requires))
    return StageInfo(
        key, pipeline_id, name, _KINDS[kind], probability, rot_days, position, needs, bool(removed),
        task, task_days,
    )  # fmt: skip


def bare(name: str) -> str:
    """The form in which names of stages are compared: no case, no accents, no blanks or dashes."""
    return fold(name).replace(" ", "").replace("_", "").replace("-", "")


def start_pipeline(session_id: str, now: datetime) -> None:
    """The pipeline that a session starts with; it bears the id of the session."""
    Pipeline.create(
        id=session_id, session_id=session_id, name=FIRST_PIPELINE, created_at=now, updated_at=now
    )
    PipelineStage.insert_many(
        {
            "session_id": session_id,
            "key": stage.key,
            "pipeline_id": session_id,
            "name": stage.value,
            "kind": stage.kind.key,
            "probability": stage.probability,
            "rot_days": stage.rot_days,
            "position": position,
            "requires": [],
        }
        for position, stage in enumerate(Stage)
    ).execute()
