"""Results in words and small charts: what goes badly, how far people came, and one line of the table in full."""

from __future__ import annotations

from collections.abc import Iterator

from rusvel_tui.engine.gtm.outreach.results.numbers import Numbers
from rusvel_tui.engine.gtm.outreach.results.sequence_results import SequenceResults, StepResult
from rusvel_tui.engine.gtm.outreach.results.variant_results import VariantResult
from rusvel_tui.screens.sequences.result_rows import ResultRow, hours
from rusvel_tui.widgets.bars import span, stroke
from rusvel_tui.widgets.text_view import Block, Fact, Heading, Prose

BAR = 24
"""Cells of a chart."""
NO_VARIANTS = "No step has variants: in the editor, e on a step adds some to compare."


def row_blocks(seen: SequenceResults, row: ResultRow) -> Iterator[Block]:
    """The text below the table for the line under the cursor."""
    if row.of is seen:
        yield from _whole(seen)
    elif row.step is not None:
        yield from _step(row.step, row.of)
    else:
        yield from _numbers(row.of)


def warning_lines(seen: SequenceResults) -> str:
    """What goes badly and what to do, above the table; empty when nothing does."""
    return "\n".join(f"! {one.text} {one.advice}" for one in seen.warnings)


def _whole(seen: SequenceResults) -> Iterator[Block]:
    yield Prose(seen.text, "strong")
    yield Heading("How far people came")
    for stage in seen.funnel:
        yield Fact(
            stage.name, f"{stroke(stage.share, BAR)} {stage.count} · {stage.share:.0%}", "strong"
        )
    yield Heading("Where they are")
    yield Fact("Under way", str(seen.active))
    yield Fact("Paused", str(seen.paused))
    yield Fact("Went through", str(seen.completed))
    yield Fact("Ended early", str(seen.cancelled))
    for end in seen.ends:
        yield Fact("", f"{end.count} × {end.meaning}", "muted")
    yield Heading("Mails")
    yield from _numbers(seen)
    if not any(step.variants for step in seen.steps):
        yield Prose("")
        yield Prose(NO_VARIANTS, "muted")


def _step(step: StepResult, of: Numbers) -> Iterator[Block]:
    if not step.number:
        yield Prose("This step is no longer in the sequence; its results stay.", "muted")
    if step.variants:
        yield from _variants(step)
        yield Heading(_heading(of))
    yield from _numbers(of)


def _heading(of: Numbers) -> str:
    return f"Variant {of.name}" if isinstance(of, VariantResult) else "All of the step"


def _variants(step: StepResult) -> Iterator[Block]:
    """The reply rates side by side on one scale: the point, and where the true rate lies with 95 %."""
    compared = [one for one in step.variants if one.weight]
    top = max((one.high for one in compared if one.sent), default=0.0)
    yield Heading(f"Replies of the variants, from 0 to {top:.0%}" if top else "Variants")
    for one in compared:
        tone = "good" if one.name == step.best else ""
        yield Fact(one.name, _chart(one, top), tone)
    yield Prose(step.text, "strong")


def _chart(one: VariantResult, top: float) -> str:
    if not one.sent:
        return "none sent yet"
    drawn = span(one.low, one.reply_rate, one.high, top, BAR)
    return (
        f"{drawn} {one.reply_rate:.0%} of {one.sent} · 95 % sure: {one.low:.0%} to {one.high:.0%}"
    )


def _numbers(of: Numbers) -> Iterator[Block]:
    """Every number in words, those with a share with their share."""
    yield Fact("Came to it", str(of.enrolled))
    if of.drafted:
        yield Fact("Drafted", str(of.drafted))
        yield Fact("Approved", str(of.approved))
        yield Fact("Edited before", f"{of.edited}{_of(of.edited_share, of.edited)}")
    if of.done:
        yield Fact("Done by hand", str(of.done))
    if of.sent or of.bounced:
        yield Fact("Sent", str(of.sent))
        yield Fact("Came back", f"{of.bounced}{_of(of.bounce_rate, of.bounced)}")
    yield Fact("Replied", f"{of.replied}{_of(of.reply_rate, of.replied)}{_kinds(of)}")
    if of.reply_hours is not None:
        yield Fact("Answered after", f"{hours(of)}, half of them sooner")
    yield Fact("Objected", str(of.unsubscribed))
    yield Fact("Meetings", str(of.meetings))
    yield Fact("Deals won", str(of.won))


def _of(rate: float, part: int) -> str:
    return f" · {rate:.0%}" if part else ""


def _kinds(of: Numbers) -> str:
    """`: 3 positive, 1 negative, 2 other`."""
    kinds = {"positive": of.positive, "negative": of.negative, "other": of.other}
    told = ", ".join(f"{number} {name}" for name, number in kinds.items() if number)
    return f": {told}" if told else ""
