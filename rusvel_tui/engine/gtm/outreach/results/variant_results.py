"""How the variants of each step did, with no more said than the numbers allow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.outreach.results.counting import Scope, Steps, count_steps
from rusvel_tui.engine.gtm.outreach.results.numbers import Count, Numbers, Place, numbers, total
from rusvel_tui.engine.gtm.outreach.sequences.finding import find_sequence
from rusvel_tui.engine.gtm.outreach.sequences.sequences import SequenceId
from rusvel_tui.engine.gtm.outreach.sequences.steps import CheckedStep
from rusvel_tui.engine.gtm.outreach.sequences.variants import Tally, judge
from rusvel_tui.engine.gtm.outreach.sequences.versions import stored_steps
from rusvel_tui.engine.models import SequenceVersion
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.operation import View, operation

OTHER_TEXTS = "other texts"
"""The name under which mails stand whose text was another one than that of the variants."""


class VariantResult(Numbers):
    """One variant: what left, and how it was answered."""

    name: str
    weight: int
    """How often it is given, against the others; 0 for mails with other texts."""
    subject: str


class StepVariants(View):
    """The variants of one step, and what may be said about them."""

    step: int
    key: str
    variants: tuple[VariantResult, ...]
    best: str
    """The better variant; empty while that cannot be told."""
    missing: int
    """About how many further mails it takes to tell."""
    text: str


class VariantResults(View):
    """All steps with variants."""

    sequence_id: str
    steps: tuple[StepVariants, ...]


@operation("gtm.outreach.variant_results", permission="crm.sequences.read")
def variant_results(ctx: Context, cmd: SequenceId) -> VariantResults:
    """Compare the variants of each step by their replies; it is said when nothing can be told yet.

    Mails of older versions count as long as the texts of the step were the same.
    """
    sequence = find_sequence(ctx, cmd.sequence_id)
    steps = steps_of_sequence(sequence.id)
    counts = count_steps(Scope(sequence.id), steps, ctx.now)
    found = enumerate(steps[sequence.version_id], 1)
    return VariantResults(
        sequence_id=sequence.id,
        steps=tuple(
            compare(number, step, steps, counts) for number, step in found if step.variants
        ),
    )


def steps_of_sequence(sequence_id: str) -> Steps:
    """The steps of all versions: two queries."""
    versions = SequenceVersion.select(SequenceVersion.id)
    ids = tuples(versions.where(SequenceVersion.sequence_id == sequence_id))
    return stored_steps(version_id for (version_id,) in ids)


def compare(
    number: int, step: CheckedStep, steps: Steps, counts: Mapping[Place, Count]
) -> StepVariants:
    """The variants of one step side by side, and last the mails that had other texts."""
    same = {
        version
        for version, others in steps.items()
        if any(one.key == step.key and _texts(one) == _texts(step) for one in others)
    }
    names = {one.name for one in step.variants}
    mine = {place: count for place, count in counts.items() if place.key == step.key}
    comparable = {place for place in mine if place.version_id in same and place.variant in names}
    by_name = {
        name: total(mine[place] for place in comparable if place.variant == name) for name in names
    }
    tallies = [
        Tally(one.name, by_name[one.name].sent, by_name[one.name].replied) for one in step.variants
    ]
    said = judge(tallies)
    rest = total(count for place, count in mine.items() if place not in comparable)
    return StepVariants(
        step=number,
        key=step.key,
        variants=(*_shown(step, by_name), *_rest(rest)),
        best=said.best,
        missing=said.missing,
        text=said.text,
    )


def _shown(step: CheckedStep, by_name: Mapping[str, Count]) -> Iterator[VariantResult]:
    for one in step.variants:
        told = numbers(by_name[one.name]).model_dump()
        subject = one.subject or step.subject
        yield VariantResult(name=one.name, weight=one.weight, subject=subject, **told)


def _rest(count: Count) -> Iterator[VariantResult]:
    if count != Count():
        yield VariantResult(name=OTHER_TEXTS, weight=0, subject="", **numbers(count).model_dump())


def _texts(step: CheckedStep) -> tuple[object, ...]:
    """What a person reads; the weights do not matter."""
    own = tuple((one.name, one.subject, one.body) for one in step.variants)
    return step.subject, step.body, own
