"""The results of a sequence: by version, step and variant, as a funnel of people, with warnings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from pydantic import Field

from rusvel_tui.engine import calendar
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.outreach.enrolling.ends import MEANINGS, End
from rusvel_tui.engine.gtm.outreach.results.counting import Scope, Steps, count_steps
from rusvel_tui.engine.gtm.outreach.results.findings import Finding, summary, warnings
from rusvel_tui.engine.gtm.outreach.results.numbers import Count, Numbers, Place, numbers, total
from rusvel_tui.engine.gtm.outreach.results.people import Crowd, crowds, happenings, place_all
from rusvel_tui.engine.gtm.outreach.results.variant_results import (
    VariantResult,
    compare,
    steps_of_sequence,
)
from rusvel_tui.engine.gtm.outreach.sequences.finding import find_sequence
from rusvel_tui.engine.gtm.outreach.sequences.sequence_views import SequenceStatus
from rusvel_tui.engine.gtm.outreach.sequences.step_kinds import StepType
from rusvel_tui.engine.gtm.outreach.sequences.steps import CheckedStep
from rusvel_tui.engine.gtm.outreach.sequences.versions import find_version
from rusvel_tui.engine.models import Sequence, SequenceVersion
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.text import one_line


class ResultsOf(Input):
    """Of which sequence, of one version only, and of people who began on these days only."""

    sequence_id: str
    version: int | None = Field(default=None, ge=1)
    since: date | None = None
    until: date | None = None
    """The last day that counts; days are those of your zone."""


class VersionResult(Numbers):
    """What came of one version; people count where they are now, mails where they left."""

    number: int
    current: bool


class StepResult(Numbers):
    """What came of one step."""

    number: int
    """0 for a step that is no longer there."""
    key: str
    type: StepType
    label: str
    variants: tuple[VariantResult, ...]
    best: str
    """The better variant; empty while that cannot be told."""
    missing: int
    """About how many further mails it takes to tell; 0 without variants."""
    text: str
    """What may be said about the variants."""


class FunnelStage(View):
    """How many people came so far."""

    name: str
    count: int
    share: float
    """Of everybody who was enrolled."""


class EndCount(View):
    """How many people ended early for a reason."""

    reason: End
    meaning: str
    count: int


class SequenceResults(Numbers):
    """What came of a sequence. What its steps count adds up to what it counts itself, except for `enrolled`."""

    sequence_id: str
    name: str
    status: SequenceStatus
    version: int | None
    active: int
    paused: int
    completed: int
    cancelled: int
    funnel: tuple[FunnelStage, ...]
    versions: tuple[VersionResult, ...]
    """All versions, the newest first, whichever was asked for."""
    steps: tuple[StepResult, ...]
    ends: tuple[EndCount, ...]
    warnings: tuple[Finding, ...]
    text: str
    """The reply rate in a sentence, with how sure it is."""


@operation("gtm.outreach.sequence_results", permission="crm.sequences.read")
def sequence_results(ctx: Context, cmd: ResultsOf) -> SequenceResults:
    """Show what came of a sequence by version, step and variant: mails, answers, meetings, deals, and warnings."""
    sequence = find_sequence(ctx, cmd.sequence_id)
    chosen = find_version(sequence, cmd.version) if cmd.version is not None else None
    scope, steps = _scope(ctx, sequence, cmd), steps_of_sequence(sequence.id)
    counts = count_steps(scope, steps, ctx.now)
    people = crowds(scope)
    for one, place, version_id in place_all(scope, steps, happenings(ctx, scope)):
        count = counts.setdefault(place, Count())
        setattr(count, one.what, getattr(count, one.what) + 1)
        people[version_id].happened[one.what] += 1
    return _results(sequence, chosen, steps, counts, people)


def _scope(ctx: Context, sequence: Sequence, cmd: ResultsOf) -> Scope:
    if cmd.since and cmd.until and cmd.since > cmd.until:
        raise InvalidInput("The first day is after the last one.", field="until")
    since = calendar.midnight(cmd.since, ctx.zone) if cmd.since else None
    until = calendar.midnight(cmd.until + timedelta(days=1), ctx.zone) if cmd.until else None
    return Scope(sequence.id, since, until)


def _results(
    sequence: Sequence,
    chosen: SequenceVersion | None,
    steps: Steps,
    counts: Mapping[Place, Count],
    people: Mapping[str, Crowd],
) -> SequenceResults:
    wanted = {chosen.id} if chosen else set(steps)
    mine = {place: count for place, count in counts.items() if place.version_id in wanted}
    crowd = _together(crowd for version_id, crowd in people.items() if version_id in wanted)
    whole = _whole(mine, crowd)
    first = chosen.id if chosen else sequence.version_id
    return SequenceResults(
        **numbers(whole).model_dump(),
        **{state: crowd.states[state] for state in ("active", "paused", "completed", "cancelled")},
        sequence_id=sequence.id,
        name=sequence.name,
        status=SequenceStatus(sequence.status),
        version=chosen.number if chosen else None,
        funnel=tuple(_funnel(crowd)),
        versions=tuple(_versions(sequence, counts, people)),
        steps=tuple(_steps({key: steps[key] for key in wanted}, first, mine)),
        ends=tuple(_ends(crowd)),
        warnings=tuple(warnings(whole, sequence.pause_reason)),
        text=summary(whole),
    )


def _whole(counts: Mapping[Place, Count], crowd: Crowd) -> Count:
    whole = total(counts.values())
    whole.enrolled = crowd.enrolled
    return whole


def _together(found: Iterator[Crowd]) -> Crowd:
    whole = Crowd()
    for one in found:
        whole.add(one)
    return whole


def _versions(
    sequence: Sequence, counts: Mapping[Place, Count], people: Mapping[str, Crowd]
) -> Iterator[VersionResult]:
    query = SequenceVersion.select(SequenceVersion.id, SequenceVersion.number)
    query = query.where(SequenceVersion.sequence_id == sequence.id)
    for version_id, number in tuples(query.order_by(SequenceVersion.number.desc())):
        mine = {place: count for place, count in counts.items() if place.version_id == version_id}
        whole = _whole(mine, people.get(version_id, Crowd()))
        current = version_id == sequence.version_id
        yield VersionResult(number=number, current=current, **numbers(whole).model_dump())


def _steps(steps: Steps, first: str, counts: Mapping[Place, Count]) -> Iterator[StepResult]:
    """The steps of the first version in order, then those that only others have and somebody came to."""
    known = {step.key: (number, step) for number, step in enumerate(steps[first], 1)}
    for version_id in sorted(steps, reverse=True):
        for step in steps[version_id]:
            if any(place.key == step.key for place in counts):
                known.setdefault(step.key, (0, step))
    for number, step in known.values():
        yield _step(number, step, steps, counts)


def _step(
    number: int, step: CheckedStep, steps: Steps, counts: Mapping[Place, Count]
) -> StepResult:
    mine = total(count for place, count in counts.items() if place.key == step.key)
    said = compare(number, step, steps, counts) if step.variants else None
    return StepResult(
        **numbers(mine).model_dump(),
        number=number,
        key=step.key,
        type=step.type,
        label=step.subject or one_line(step.body or step.instructions)[:60],
        variants=said.variants if said else (),
        best=said.best if said else "",
        missing=said.missing if said else 0,
        text=said.text if said else "",
    )


def _funnel(crowd: Crowd) -> Iterator[FunnelStage]:
    """How far people came; each stage is a part of those who were enrolled."""
    stages = {
        "Enrolled": crowd.enrolled,
        "Reached": crowd.reached,
        "Answered": crowd.answered,
        "Positive": crowd.positive,
        "Meeting": crowd.happened["meetings"],
        "Won": crowd.happened["won"],
    }
    for name, count in stages.items():
        share = count / crowd.enrolled if crowd.enrolled else 0.0
        yield FunnelStage(name=name, count=count, share=share)


def _ends(crowd: Crowd) -> Iterator[EndCount]:
    for reason, count in crowd.ends.most_common():
        if count:
            end = End(reason)
            yield EndCount(reason=end, meaning=MEANINGS[end], count=count)
