"""How the variants of each step did, with no more said than the numbers allow."""

from __future__ import annotations

from peewee import fn

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.outreach.sequences.finding import find_sequence
from rusvel_tui.engine.gtm.outreach.sequences.sequences import SequenceId
from rusvel_tui.engine.gtm.outreach.sequences.steps import CheckedStep
from rusvel_tui.engine.gtm.outreach.sequences.variants import Tally, judge
from rusvel_tui.engine.gtm.outreach.sequences.versions import stored_steps
from rusvel_tui.engine.models import Mail, SequenceVersion
from rusvel_tui.engine.models import Sequence as SequenceRow
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.operation import View, operation


class VariantResult(View):
    """One variant: what left, and how it was answered."""

    name: str
    weight: int
    subject: str
    sent: int
    bounced: int
    replied: int
    positive: int
    rate: float
    """Replies for each mail that left."""
    low: float
    """With 95 % probability the true rate lies between `low` and `high`."""
    high: float


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
    versions = _versions(sequence)
    current = versions[sequence.version_id]
    return VariantResults(
        sequence_id=sequence.id,
        steps=tuple(
            _results(sequence, number, step, versions)
            for number, step in enumerate(current, 1)
            if step.variants
        ),
    )


def _versions(sequence: SequenceRow) -> dict[str, list[CheckedStep]]:
    ids = tuples(
        SequenceVersion.select(SequenceVersion.id).where(SequenceVersion.sequence_id == sequence.id)
    )
    return stored_steps(version_id for (version_id,) in ids)


def _results(
    sequence: SequenceRow, number: int, step: CheckedStep, versions: dict[str, list[CheckedStep]]
) -> StepVariants:
    same = [
        version
        for version, steps in versions.items()
        if any(one.key == step.key and _texts(one) == _texts(step) for one in steps)
    ]
    counts = _counts(sequence.id, step.key, same)
    tallies = []
    results = []
    for variant in step.variants:
        sent, bounced, replied, positive = counts.get(variant.name, (0, 0, 0, 0))
        tally = Tally(variant.name, sent, replied)
        low, high = tally.interval
        tallies.append(tally)
        results.append(
            VariantResult(
                name=variant.name,
                weight=variant.weight,
                subject=variant.subject or step.subject,
                sent=sent,
                bounced=bounced,
                replied=replied,
                positive=positive,
                rate=tally.rate,
                low=low,
                high=high,
            )
        )
    said = judge(tallies)
    return StepVariants(
        step=number,
        key=step.key,
        variants=tuple(results),
        best=said.best,
        missing=said.missing,
        text=said.text,
    )


def _texts(step: CheckedStep) -> tuple[object, ...]:
    """What a person reads; the weights do not matter."""
    own = tuple((one.name, one.subject, one.body) for one in step.variants)
    return step.subject, step.body, own


def _counts(
    sequence_id: str, key: str, version_ids: list[str]
) -> dict[str, tuple[int, int, int, int]]:
    """Sent, bounced, answered and answered well by variant: one query."""
    total = fn.COUNT(Mail.id)
    query = (
        Mail.select(
            Mail.variant,
            total,
            total.filter(Mail.bounced_at.is_null(False)),
            total.filter(Mail.replied_at.is_null(False)),
            total.filter(Mail.reply == "positive"),
        )
        .where(
            (Mail.sequence_id == sequence_id)
            & (Mail.step_key == key)
            & Mail.version_id.in_(version_ids)
            & (Mail.state == "sent")
        )
        .group_by(Mail.variant)
    )
    return {
        name: (sent, bounced, replied, good) for name, sent, bounced, replied, good in tuples(query)
    }
