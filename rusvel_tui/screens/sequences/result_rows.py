"""The table of results: the whole, its versions, its steps and their variants, a row for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rusvel_tui.engine.gtm.outreach.results.numbers import Numbers
from rusvel_tui.engine.gtm.outreach.results.sequence_results import (
    SequenceResults,
    StepResult,
    VersionResult,
)
from rusvel_tui.engine.gtm.outreach.results.variant_results import VariantResult
from rusvel_tui.engine.gtm.outreach.sequences.steps import STEP_KINDS
from rusvel_tui.widgets.columns import Column


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One line of the table, and what it is about."""

    id: str
    label: str
    of: Numbers
    step: StepResult | None = None
    """The step that the line is about, or to which its variant belongs."""
    tone: str = ""


def result_rows(seen: SequenceResults) -> tuple[ResultRow, ...]:
    """The whole first; versions only where there are several and none is chosen."""
    whole = f"v{seen.version}" if seen.version else "All"
    rows = [ResultRow("all", whole, seen, tone="strong")]
    for step in seen.steps:
        rows += _step(step)
    if seen.version is None and len(seen.versions) > 1:
        rows += map(_version, seen.versions)
    return tuple(rows)


def _step(step: StepResult) -> Iterator[ResultRow]:
    number = str(step.number) if step.number else "–"
    label = step.label or STEP_KINDS[step.type].label
    yield ResultRow(
        f"s:{step.key}", f"{number} {label}", step, step, "" if step.number else "faint"
    )
    for one in step.variants:
        best = " ✓ better" if one.name == step.best else ""
        yield ResultRow(f"s:{step.key}:{one.name}", f"└ {_name(one)}{best}", one, step, "muted")


def _name(one: VariantResult) -> str:
    weight = f" ×{one.weight}" if one.weight > 1 else ""
    subject = f" {one.subject}" if one.subject else ""
    return f"{one.name}{weight}{subject}"


def _version(version: VersionResult) -> ResultRow:
    now = " · new people get it" if version.current else ""
    return ResultRow(f"v:{version.number}", f"v{version.number}{now}", version, tone="muted")


def count(number: int) -> str:
    """A number, or a dot where there is none."""
    return str(number) if number else "·"


def share(part: int, rate: float) -> str:
    """`12 14%`, or a dot where there is none."""
    return f"{part} {rate:.0%}" if part else "·"


def _left(row: ResultRow) -> str:
    return count(row.of.sent or row.of.done)


def hours(numbers: Numbers) -> str:
    """The median time to an answer: `40 min`, `5 h`, `3 days`; a dot where there is none."""
    if numbers.reply_hours is None:
        return "·"
    if numbers.reply_hours < 1:
        return f"{numbers.reply_hours * 60:.0f} min"
    if numbers.reply_hours < 48:
        return f"{numbers.reply_hours:.0f} h"
    return f"{numbers.reply_hours / 24:.0f} days"


COLUMNS = (
    Column[ResultRow]("What", lambda row: row.label, width=22, grow=1, most=70, tone=lambda row: row.tone),
    Column[ResultRow]("Came", lambda row: count(row.of.enrolled), width=5, align="right"),
    Column[ResultRow]("Drafted", lambda row: count(row.of.drafted), width=7, align="right", drop=7, tone="muted"),
    Column[ResultRow]("Yes", lambda row: count(row.of.approved), width=5, align="right", drop=6, tone="muted"),
    Column[ResultRow]("Edited", lambda row: share(row.of.edited, row.of.edited_share), width=8, align="right", drop=5, tone="muted"),
    Column[ResultRow]("Sent", _left, width=5, align="right"),
    Column[ResultRow]("Back", lambda row: share(row.of.bounced, row.of.bounce_rate), width=6, align="right"),
    Column[ResultRow]("Replied", lambda row: share(row.of.replied, row.of.reply_rate), width=8, align="right"),
    Column[ResultRow]("+", lambda row: count(row.of.positive), width=4, align="right", tone="good"),
    Column[ResultRow]("−", lambda row: count(row.of.negative), width=4, align="right", drop=3, tone="bad"),
    Column[ResultRow]("?", lambda row: count(row.of.other), width=4, align="right", drop=4, tone="muted"),
    Column[ResultRow]("Stop", lambda row: count(row.of.unsubscribed), width=4, align="right", drop=2),
    Column[ResultRow]("Met", lambda row: count(row.of.meetings), width=4, align="right"),
    Column[ResultRow]("Won", lambda row: count(row.of.won), width=4, align="right"),
    Column[ResultRow]("After", lambda row: hours(row.of), width=7, align="right", drop=1, tone="muted"),
)  # fmt: skip
"""All columns; on a narrow screen the first steps of a mail's way go first, and stand in the text below."""
