"""Importing a CSV file into growth: planned first, then written as one change with one way back."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput, NotFound
from rusvel_tui.engine.growth.changes import record
from rusvel_tui.engine.growth.importing import (
    cohort_file,
    event_file,
    funnel_file,
    kpi_file,
    subscription_file,
)
from rusvel_tui.engine.growth.importing.shapes import Options, Plan, Shape
from rusvel_tui.engine.growth.importing.table import Problem, decode, header, rows
from rusvel_tui.engine.growth.kpi.watching import watch_kpis
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.row_changes import Watch
from rusvel_tui.engine.text import one_line

SHAPES: dict[str, Shape] = {
    module.SHAPE.name: module.SHAPE
    for module in (kpi_file, funnel_file, event_file, cohort_file, subscription_file)
}
"""The files that can be read, by name; add yours here."""
_SHOWN = 200
_LARGEST = 1 << 30


class ImportCsv(Input):
    """Which file, and what may happen."""

    path: str = ""
    content: str = Field(default="", max_length=200_000_000)
    """The text itself, in place of a path."""
    shape: str = ""
    """kpi, funnel, events, cohorts or subscriptions; found by the first line when left out."""
    dry_run: bool = False
    replace: bool = False
    """Whether readings of KPIs may be corrected."""
    allow_new: bool = False
    """Whether events of names that were never recorded may come in."""
    kind: str = Field(default="survival", pattern="^(survival|activity)$")
    """Of new cohorts."""


class CsvImported(View):
    """What the file did, or would do."""

    shape: str
    rows: int
    new: int
    changed: int
    same: int
    rejected: int
    problems: tuple[Problem, ...]
    """The first of them."""
    dry_run: bool


@operation("growth.import_csv", writes=True, permission="growth.manage")
def import_csv(ctx: Context, cmd: ImportCsv) -> CsvImported:
    """Import KPIs, funnel counts, events, cohorts or subscriptions from CSV; one bad row, and nothing is written."""
    text = cmd.content or decode(_bytes(cmd.path))
    if text.startswith("\ufeff"):
        raise InvalidInput(
            "The text begins with a byte order mark: save it as plain UTF-8.", field="content"
        )
    shape = _shape(cmd.shape, text)
    problems: list[Problem] = []
    seen = list(rows(text, shape.columns, shape.optional, problems))
    name = one_line(Path(cmd.path).name) or f"{shape.name}.csv"
    plan = shape.plan(ctx, seen, Options(cmd.replace, cmd.allow_new, cmd.kind, name))
    problems.sort(key=lambda one: one.line)
    if problems and not cmd.dry_run:
        more = f" ({len(problems) - 1} more: a dry run lists them.)" if len(problems) > 1 else ""
        raise InvalidInput(f"{problems[0]}.{more}", field="path")
    if not cmd.dry_run and plan.new + plan.changed:
        _write(ctx, plan, name)
    return CsvImported(
        shape=shape.name,
        rows=len(seen),
        new=plan.new,
        changed=plan.changed,
        same=plan.same,
        rejected=len({one.line for one in problems}),
        problems=tuple(problems[:_SHOWN]),
        dry_run=cmd.dry_run,
    )


def _write(ctx: Context, plan: Plan, name: str) -> None:
    watch = Watch(ctx, *plan.parts)
    plan.write(ctx)
    if plan.event:
        payload = {"name": name, "new": plan.new, "changed": plan.changed}
        record(ctx, plan.event, "", watch, payload, back=plan.back)
    watch_kpis(ctx, plan.kpis)


def _bytes(path: str) -> bytes:
    file = Path(path).expanduser()
    try:
        if not path or not file.is_file():
            raise NotFound(f"There is no file {one_line(path)[:200]!r}.")
        if file.stat().st_size > _LARGEST:
            raise InvalidInput(
                "The file is larger than a gigabyte: import it in parts.", field="path"
            )
        return file.read_bytes()
    except (OSError, ValueError) as error:
        raise InvalidInput(
            f"{one_line(path)[:200]!r} cannot be read: {error}.", field="path"
        ) from None


def _shape(name: str, text: str) -> Shape:
    """By name, else the one whose columns the first line has, or nearly."""
    found = SHAPES.get(name.lower()) if name else _nearest(set(header(text)))
    if found is None:
        known = "; ".join(
            f"{one.name}: {','.join((*one.columns, *one.optional))}" for one in SHAPES.values()
        )
        raise InvalidInput(f"The file is none of those that can be read. {known}.", field="shape")
    return found


def _nearest(names: set[str]) -> Shape | None:
    """The shape with most of these columns, if it has two of them."""
    best = max(SHAPES.values(), key=lambda shape: len(names & set(shape.columns)))
    return best if len(names & set(best.columns)) > 1 else None
