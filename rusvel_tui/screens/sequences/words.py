"""Sequences in words: status, delays, steps, and where people are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from rusvel_tui.engine.gtm.outreach.enrolling.enrollment_views import (
    EnrollmentStatus,
    EnrollmentView,
)
from rusvel_tui.engine.gtm.outreach.mails.preview import SequencePreview, StepPreview
from rusvel_tui.engine.gtm.outreach.sequences.sequence_views import SequenceStatus, SequenceView
from rusvel_tui.engine.gtm.outreach.sequences.step_input import DelayUnit
from rusvel_tui.engine.gtm.outreach.sequences.steps import (
    MAIL_CHANNEL,
    STEP_KINDS,
    BranchInput,
    CheckedStep,
    StepType,
    VariantInput,
)
from rusvel_tui.engine.gtm.outreach.sequences.tree import LineKind, delay_words, draw
from rusvel_tui.screens.shared.moments import short, when
from rusvel_tui.widgets.text_view import Block, Fact, Heading, Prose

SEQUENCE = {
    SequenceStatus.DRAFT: ("○ draft", "muted"),
    SequenceStatus.ACTIVE: ("● active", "good"),
    SequenceStatus.PAUSED: ("‖ paused", "warn"),
    SequenceStatus.COMPLETED: ("✓ completed", "muted"),
    SequenceStatus.ARCHIVED: ("▫ archived", "faint"),
}
"""Each status with its sign, and its tone."""
PERSON = {
    EnrollmentStatus.ACTIVE: ("● active", "good"),
    EnrollmentStatus.PAUSED: ("‖ paused", "warn"),
    EnrollmentStatus.COMPLETED: ("✓ done", "muted"),
    EnrollmentStatus.CANCELLED: ("✗ ended", "muted"),
}


class AnyStep(Protocol):
    """What is said about a step, stored or not."""

    @property
    def type(self) -> StepType: ...
    @property
    def key(self) -> str: ...
    @property
    def delay_days(self) -> int: ...
    @property
    def delay_unit(self) -> DelayUnit: ...
    @property
    def channel(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def instructions(self) -> str: ...
    @property
    def when(self) -> tuple[str, ...]: ...
    @property
    def branches(self) -> tuple[BranchInput, ...]: ...
    @property
    def variants(self) -> tuple[VariantInput, ...]: ...


def under_way(sequence: SequenceView) -> int:
    """How many people are in it now."""
    return sequence.active + sequence.paused


def people(count: int) -> str:
    """`one person`, `14 people`."""
    return "one person" if count == 1 else f"{count} people"


def delay(step: AnyStep) -> str:
    """When a step comes, counted from the one before, with the unit: `2 working days later`."""
    return delay_words(step.delay_days, step.delay_unit)


def kind(step: AnyStep) -> str:
    """`mail`, `call · phone`, `task · linkedin`."""
    label = STEP_KINDS[step.type].label
    return label if step.channel == MAIL_CHANNEL else f"{label} · {step.channel}"


def headline(step: AnyStep) -> str:
    """The subject of a step, else the first line of what it says."""
    return step.subject or first_line(step)


def first_line(step: AnyStep) -> str:
    """The first line that is not empty of the text, or of what is to be done."""
    lines = (step.body or step.instructions).split("\n")
    return next((line.strip() for line in lines if line.strip()), "")


def about(sequence: SequenceView) -> Iterator[Block]:
    """What a sequence is for, and why it paused itself, above its steps."""
    if sequence.pause_reason:
        again = "R shows the results; A sets it going again."
        yield Prose(f"! Paused itself: {sequence.pause_reason}. {again}", "warn")
    if sequence.description:
        yield Prose(sequence.description, "muted")
    if sequence.pause_reason or sequence.description:
        yield Prose("")


def step_list(steps: Sequence[AnyStep]) -> tuple[Block, ...]:
    """All steps, two lines each: when and what, then the first line of the text; a tree where ways part."""
    if any(step.when or step.branches or step.variants for step in steps):
        return tuple(tree_blocks(steps))
    blocks: list[Block] = []
    for number, step in enumerate(steps, 1):
        subject = f" · {step.subject}" if step.subject else ""
        blocks.append(Fact(f"{number}  {delay(step)}", kind(step) + subject, "strong"))
        if text := first_line(step):
            blocks.append(Fact("", text, "muted"))
    return tuple(blocks)


_TREE_TONES = {
    LineKind.STEP: "strong",
    LineKind.CONDITION: "accent",
    LineKind.VARIANT: "muted",
    LineKind.END: "muted",
}


def tree_blocks(steps: Sequence[AnyStep]) -> Iterator[Block]:
    """The steps as a tree: conditions, variants, and where each outcome leads."""
    for line in draw(_drawable(steps)):
        bare = line.text.lstrip(" ")
        yield Prose(bare, _TREE_TONES.get(line.kind, ""), len(line.text) - len(bare))


def _drawable(steps: Sequence[AnyStep]) -> list[CheckedStep]:
    """The same steps with a key each, and branches that lead to one, as if they were stored."""
    keys = [step.key or f"#{number}" for number, step in enumerate(steps, 1)]
    named = {str(number): key for number, key in enumerate(keys, 1)}
    return [
        CheckedStep(
            type=step.type,
            delay_days=step.delay_days,
            channel=step.channel,
            subject=step.subject,
            body=step.body,
            instructions=step.instructions,
            key=key,
            delay_unit=step.delay_unit,
            when=step.when,
            branches=tuple(
                BranchInput(when=one.when, goto=named.get(one.goto, one.goto))
                for one in step.branches
            ),
            variants=step.variants,
        )
        for key, step in zip(keys, steps, strict=True)
    ]


def step_whole(number: int, step: AnyStep) -> tuple[Block, ...]:
    """One step in full."""
    mail = STEP_KINDS[step.type].mail
    usual = "the sequence's name" if number == 1 else "Re: the first subject"
    facts = [
        Fact("Step", str(number)),
        Fact("When", delay(step)),
        Fact("What", f"{kind(step)}: {STEP_KINDS[step.type].summary}"),
    ]
    if mail or step.subject:
        facts.append(Fact("Subject", step.subject or usual, "strong" if step.subject else "muted"))
    facts += [Fact("Only when", condition) for condition in step.when]
    body = [Prose(""), Prose(step.body)] if step.body else []
    told = [Prose(""), Prose(step.instructions, "muted")] if step.instructions else []
    return (*facts, *body, *told)


def next_words(row: EnrollmentView, now: datetime, zone: ZoneInfo) -> str:
    """What comes next for this person, or why nothing does."""
    if row.status is EnrollmentStatus.ACTIVE:
        if row.next_at is None:
            return "waits for you" if row.job_id else ""
        return "now" if row.next_at <= now else when(row.next_at, zone)
    if row.ended_at is None:
        return ""
    why = row.note or row.reason.replace("_", " ")
    return f"{why} {short(row.ended_at, now, zone)}"


def preview_blocks(view: SequencePreview, zone: ZoneInfo) -> tuple[Block, ...]:
    """Every step as that person gets it."""
    first = Prose("If every step is done on its day. Nothing leaves without your yes.", "muted")
    return (first, *(block for step in view.steps for block in _preview(step, zone)))


def _preview(step: StepPreview, zone: ZoneInfo) -> tuple[Block, ...]:
    label = STEP_KINDS[step.type].label
    where = "" if step.channel == MAIL_CHANNEL else f" · {step.channel}"
    to = (Fact("To", step.to),) if step.to else ()
    return (
        Heading(f"{step.number}  {when(step.at, zone)} · {label}{where}"),
        *to,
        Fact("Subject", step.subject, "strong"),
        *(Prose(f"✗ {text}", "bad") for text in step.problems),
        *(Prose(f"! {text}", "warn") for text in step.notes),
        Prose(""),
        Prose(step.body),
    )
