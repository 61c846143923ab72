"""A sequence drawn as a tree of lines: each step, when it is skipped, and where it leads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.outreach.sequences.branches import END
from rusvel_tui.engine.gtm.outreach.sequences.channels import CHANNELS, MAIL_CHANNEL
from rusvel_tui.engine.gtm.outreach.sequences.finding import find_sequence
from rusvel_tui.engine.gtm.outreach.sequences.step_input import StepInput
from rusvel_tui.engine.gtm.outreach.sequences.step_kinds import STEP_KINDS
from rusvel_tui.engine.gtm.outreach.sequences.steps import CheckedStep
from rusvel_tui.engine.gtm.outreach.sequences.versions import (
    find_version,
    settle_steps,
    stored_steps,
)
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.spelled import Spelled


class LineKind(Spelled):
    """What a line of the tree tells."""

    STEP = "step"
    CONDITION = "condition"
    VARIANT = "variant"
    BRANCH = "branch"
    NEXT = "next"
    END = "end"


class DrawSequence(Input):
    """Which sequence; `steps` stand in for the stored ones."""

    sequence_id: str = ""
    version: int | None = None
    """The number of a version; the current one when left out."""
    steps: tuple[StepInput, ...] = ()


class TreeLine(View):
    """One line of the drawing."""

    kind: LineKind
    step: int
    """The number of the step that it belongs to; 0 for the end."""
    key: str
    text: str
    goto: int
    """The number of the step that it leads to; 0 when it leads nowhere."""


class SequenceTree(View):
    """The drawing."""

    lines: tuple[TreeLine, ...]
    text: str
    """All lines as one text."""


@operation("gtm.outreach.draw_sequence", permission="crm.sequences.read")
def draw_sequence(ctx: Context, cmd: DrawSequence) -> SequenceTree:
    """Draw a sequence as a tree: its steps, their conditions, and where each outcome leads."""
    if not cmd.sequence_id and not cmd.steps:
        raise InvalidInput("Name a sequence, or give its steps.", field="sequence_id")
    sequence = find_sequence(ctx, cmd.sequence_id) if cmd.sequence_id else None
    if cmd.steps or sequence is None:
        steps = settle_steps(ctx, sequence, cmd.steps)
    else:
        version = find_version(sequence, cmd.version)
        steps = stored_steps([version.id])[version.id]
    lines = tuple(draw(steps))
    return SequenceTree(lines=lines, text="\n".join(line.text for line in lines))


def draw(steps: Sequence[CheckedStep]) -> Iterator[TreeLine]:
    """The lines of these steps. Pure."""
    numbers = {step.key: number for number, step in enumerate(steps, 1)}
    for number, step in enumerate(steps, 1):
        here = _Drawer(number, step, numbers, last=number == len(steps))
        yield from here.lines()
    yield TreeLine(kind=LineKind.END, step=0, key=END, text="■  end", goto=0)


class _Drawer:
    """Draws one step among the others."""

    def __init__(
        self, number: int, step: CheckedStep, numbers: dict[str, int], *, last: bool
    ) -> None:
        self.number, self.step, self.numbers, self.last = number, step, numbers, last

    def lines(self) -> Iterator[TreeLine]:
        step = self.step
        yield self._line(LineKind.STEP, f"{self.number}  {self._headline()}")
        for condition in step.when:
            yield self._line(LineKind.CONDITION, f"   only when {condition}")
        for variant in step.variants:
            share = variant.weight / sum(one.weight for one in step.variants)
            what = variant.subject or (variant.body.partition("\n")[0]) or "the step's own text"
            yield self._line(LineKind.VARIANT, f"   {variant.name} {share:.0%}: {what}")
        for branch in step.branches:
            goto = self.numbers.get(branch.goto, 0)
            where = self._where(goto)
            yield self._line(LineKind.BRANCH, f"   ├ {branch.when} → {where}", goto)
        if step.branches:
            goto = 0 if self.last else self.number + 1
            yield self._line(LineKind.NEXT, f"   └ otherwise → {self._where(goto)}", goto)

    def _headline(self) -> str:
        step = self.step
        parts = [STEP_KINDS[step.type].label]
        if step.channel != MAIL_CHANNEL:
            parts.append(CHANNELS[step.channel].label)
        parts.append(delay_words(step.delay_days, step.delay_unit))
        said = step.subject or (step.body or step.instructions).partition("\n")[0]
        return " · ".join((*parts, said) if said else parts)

    def _where(self, goto: int) -> str:
        if goto == 0:
            return END
        return f"step {goto} again" if goto <= self.number else f"step {goto}"

    def _line(self, kind: LineKind, text: str, goto: int = 0) -> TreeLine:
        return TreeLine(kind=kind, step=self.number, key=self.step.key, text=text, goto=goto)


def delay_words(days: int, unit: str) -> str:
    """When a step comes, counted from the one before: `2 working days later`."""
    if not days:
        return "at once"
    name = "working day" if unit == "working_days" else "day"
    return f"{days} {name}{'' if days == 1 else 's'} later"
