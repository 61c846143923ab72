"""The stages of a pipeline as lines of text: `Proposal, 50 %, 14 days`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import Any

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.pipelines.pipeline_views import (
    PipelineName,
    PipelineView,
    StageInput,
    StageView,
    UpdatePipeline,
)
from rusvel_tui.engine.gtm.crm.pipelines.pipelines import get_pipeline, update_pipeline
from rusvel_tui.engine.gtm.crm.pipelines.stages import StageKind
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.widgets.form import Field

HELP = (
    "One stage a line, in their order: name, per cent, days until it counts as quiet, and what is planned for a deal "
    "that comes there: `Proposal, 50 %, 10 days, then Ask about it in 3 days`."
)
_LINE = re.compile(
    r"(?P<name>[^,]+?)\s*(?:,\s*(?P<share>\d{1,3})\s*%?)?\s*(?:,\s*(?P<days>\d{1,4})\s*(?:d|days?)?)?"
    r"\s*(?:,\s*then\s+(?P<task>.+?)(?:\s+in\s+(?P<after>\d{1,3})\s*days?)?)?"
)


async def edit_pipeline(page: Page[Any], name: str) -> None:
    """Add, rename, reorder and remove stages; a stage with deals is not removed."""
    seen = await attempt(page, lambda: page.engine.run(get_pipeline, PipelineName(pipeline=name)))
    if seen is None:
        return
    texts = "\n".join(stage_line(stage) for stage in seen.stages)
    fields = (
        Field("name", "Pipeline", seen.name, required=True),
        Field("stages", "Stages", texts, kind="multiline", lines=len(seen.stages) + 3, required=True, help=HELP),
    )  # fmt: skip
    done = await page.form("Stages", fields, partial(_save, page.engine, seen))
    if done is not None:
        page.say(f"{done.name} has {len(done.stages)} stages. z to undo.")


def stage_line(stage: StageView) -> str:
    """A stage as it is written: won and lost have a name only."""
    task = f", then {stage.task} in {stage.task_days} days" if stage.task else ""
    if stage.kind.closed:
        return f"{stage.name}{task}"
    days = "" if stage.rot_days is None else f", {stage.rot_days} days"
    return f"{stage.name}, {stage.probability} %{days}{task}"


def read_stages(text: str, before: Sequence[StageView]) -> tuple[StageInput, ...]:
    """The stages of the lines; a renamed one is found by its place when nothing else changed."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    found = [_read(number, line) for number, line in enumerate(lines, 1)]
    known = {stage.name.casefold(): stage for stage in before}
    same_length = len(found) == len(before)
    return tuple(
        _stage(parts, known.get(parts["name"].casefold()) or (before[at] if same_length else None))
        for at, parts in enumerate(found)
    )


def _read(number: int, line: str) -> dict[str, str]:
    match = _LINE.fullmatch(line)
    if match is None:
        raise InvalidInput(f"Line {number}: write `Proposal, 50 %, 14 days`.", field="stages")
    return {name: text or "" for name, text in match.groupdict().items()}


def _stage(parts: dict[str, str], before: StageView | None) -> StageInput:
    values: dict[str, Any] = {"name": parts["name"]}
    if before is not None:
        values |= {"key": before.key, "kind": before.kind, "requires": before.requires}
        values["probability"] = before.probability
    values["task"] = parts["task"]
    if parts["after"]:
        values["task_days"] = int(parts["after"])
    if values.get("kind", StageKind.OPEN).closed:
        return StageInput.model_validate(values)
    if parts["share"]:
        values["probability"] = int(parts["share"])
    values["rot_days"] = int(parts["days"]) if parts["days"] else None
    return StageInput.model_validate(values)


def _save(engine: Engine, before: PipelineView, values: dict[str, str]) -> PipelineView:
    change = UpdatePipeline(
        pipeline=before.pipeline_id,
        version=before.version,
        name=values["name"],
        stages=read_stages(values["stages"], before.stages),
    )
    return engine.run(update_pipeline, change)
