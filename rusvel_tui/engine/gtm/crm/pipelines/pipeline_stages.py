"""The stages that a pipeline shall have: which of them are there, and what may not be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.pipelines.pipeline_views import StageInput
from rusvel_tui.engine.gtm.crm.pipelines.stages import StageBook, StageKind, bare
from rusvel_tui.engine.models import Pipeline, PipelineStage
from rusvel_tui.engine.text import fold, one_line

MOST = 24
LONGEST = 40
_FIXED = {StageKind.WON: 100, StageKind.LOST: 0}


def match(book: StageBook, row: Pipeline, wanted: Sequence[StageInput]) -> list[dict[str, Any]]:
    """The rows of these stages in their order: those that are there keep their key, new ones get one."""
    _check(wanted)
    living = book.living(row.id)
    keys = {stage.key for stage in living}
    by_name = {bare(stage.name): stage.key for stage in living}
    named = {stage.key for stage in wanted if stage.key}
    if unknown := named - keys:
        raise InvalidInput(
            f"{row.name} has no stage with the key {min(unknown)!r}.", field="stages"
        )
    found: list[str] = []
    for stage in wanted:
        kept = by_name.get(bare(stage.name), "")
        key = stage.key or (kept if kept not in named else "")
        found.append(key or _new_key(book, stage.name, found))
    if len(set(found)) < len(found):
        raise InvalidInput("Two of these stages have one key.", field="stages")
    return [
        _row(row, key, place, stage)
        for place, (key, stage) in enumerate(zip(found, wanted, strict=True))
    ]


def new_stages(book: StageBook, row: Pipeline, wanted: Sequence[StageInput]) -> None:
    """Write the stages of a new pipeline."""
    PipelineStage.insert_many(match(book, row, wanted)).execute()


def _row(pipeline: Pipeline, key: str, position: int, stage: StageInput) -> dict[str, Any]:
    return {
        "session_id": pipeline.session_id,
        "key": key,
        "pipeline_id": pipeline.id,
        "name": one_line(stage.name),
        "kind": stage.kind.key,
        "probability": _FIXED.get(stage.kind, stage.probability),
        "rot_days": None if stage.kind.closed else stage.rot_days,
        "position": position,
        "requires": list(stage.requires),
        "task": one_line(stage.task),
        "task_days": stage.task_days,
        "removed_at": None,
    }


def _check(wanted: Sequence[StageInput]) -> None:
    """Names that can be told apart, and a way to begin, to win and to lose."""
    names = [bare(one_line(stage.name)) for stage in wanted]
    if not all(names) or any(len(one_line(stage.name)) > LONGEST for stage in wanted):
        raise InvalidInput(f"A stage needs a name of 1 to {LONGEST} characters.", field="stages")
    if len(set(names)) < len(names):
        twice = next(stage.name for stage in wanted if names.count(bare(one_line(stage.name))) > 1)
        raise InvalidInput(f"Two stages are called {one_line(twice)!r}.", field="stages")
    if len(wanted) > MOST:
        raise InvalidInput(f"A pipeline has at most {MOST} stages.", field="stages")
    for kind in StageKind:
        if all(stage.kind is not kind for stage in wanted):
            raise InvalidInput(
                f"A pipeline needs a stage of the kind {kind.value}.", field="stages"
            )


def _new_key(book: StageBook, name: str, taken: Sequence[str]) -> str:
    """A key of the session that no stage ever had."""
    slug = re.sub(r"\W+", "_", fold(name)).strip("_") or "stage"
    number, key = 1, slug
    while key in book or key in taken:
        number += 1
        key = f"{slug}_{number}"
    return key
