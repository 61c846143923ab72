"""The versions of a sequence: steps are stored once and never changed; an edit makes the next version."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from peewee import fn
from pydantic import Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import NotFound
from rusvel_tui.engine.gtm.outreach.mails.fields import known_fields
from rusvel_tui.engine.gtm.outreach.sequences.finding import find_sequence
from rusvel_tui.engine.gtm.outreach.sequences.step_diff import StepChange, diff_steps
from rusvel_tui.engine.gtm.outreach.sequences.step_keys import name_steps
from rusvel_tui.engine.gtm.outreach.sequences.steps import (
    BranchInput,
    CheckedStep,
    StepInput,
    StepType,
    VariantInput,
    check_steps,
    settle_paths,
)
from rusvel_tui.engine.models import Enrollment, SequenceVersion, Step
from rusvel_tui.engine.models import Sequence as SequenceRow
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.operation import Input, View, operation


class ListVersions(Input):
    """Of which sequence."""

    sequence_id: str


class DiffVersions(Input):
    """Which two versions, by number."""

    sequence_id: str
    before: int = Field(ge=1)
    after: int | None = Field(default=None, ge=1)
    """The current one when left out."""


class VersionView(View):
    """One version: how many people are in it, and what it changed."""

    number: int
    current: bool
    steps: int
    active: int
    paused: int
    ended: int
    created_at: datetime
    changes: tuple[StepChange, ...]
    """Against the version before; every step of the first one is added."""


class VersionList(View):
    """All versions, the newest first."""

    items: tuple[VersionView, ...]


class VersionDiff(View):
    """What differs between two versions."""

    before: int
    after: int
    changes: tuple[StepChange, ...]
    lines: tuple[str, ...]
    """The same, a line for each step."""


@operation("gtm.outreach.list_versions", permission="crm.sequences.read")
def list_versions(ctx: Context, cmd: ListVersions) -> VersionList:
    """List the versions of a sequence with the people in each and what each changed, newest first."""
    sequence = find_sequence(ctx, cmd.sequence_id)
    rows = list(
        SequenceVersion.select()
        .where(SequenceVersion.sequence_id == sequence.id)
        .order_by(SequenceVersion.number)
    )
    steps = stored_steps([row.id for row in rows])
    people = _people([row.id for row in rows])
    found: list[VersionView] = []
    before: Sequence[CheckedStep] = ()
    for row in rows:
        counts = people.get(row.id, {})
        active, paused = counts.get("active", 0), counts.get("paused", 0)
        view = VersionView(
            number=row.number,
            current=row.id == sequence.version_id,
            steps=len(steps[row.id]),
            active=active,
            paused=paused,
            ended=sum(counts.values()) - active - paused,
            created_at=row.created_at,
            changes=diff_steps(before, steps[row.id]),
        )
        found.append(view)
        before = steps[row.id]
    return VersionList(items=tuple(reversed(found)))


@operation("gtm.outreach.diff_versions", permission="crm.sequences.read")
def diff_versions(ctx: Context, cmd: DiffVersions) -> VersionDiff:
    """Show what differs between two versions of a sequence, step by step."""
    sequence = find_sequence(ctx, cmd.sequence_id)
    old, new = (find_version(sequence, number) for number in (cmd.before, cmd.after))
    steps = stored_steps([old.id, new.id])
    changes = diff_steps(steps[old.id], steps[new.id])
    return VersionDiff(
        before=old.number,
        after=new.number,
        changes=changes,
        lines=tuple(change.line for change in changes),
    )


def find_version(sequence: SequenceRow, number: int | None) -> SequenceVersion:
    """A version by its number, the current one for None; raises `NotFound`."""
    which = (
        SequenceVersion.id == sequence.version_id
        if number is None
        else SequenceVersion.number == number
    )
    found: SequenceVersion | None = SequenceVersion.get_or_none(
        (SequenceVersion.sequence_id == sequence.id) & which
    )
    if found is None:
        raise NotFound(f"{sequence.name!r} has no version {number}.")
    return found


def settle_steps(
    ctx: Context, sequence: SequenceRow | None, steps: Sequence[StepInput]
) -> list[CheckedStep]:
    """The steps as they would be stored: checked, each with its key; nothing is written."""
    checked = check_steps(steps, known_fields(ctx))
    earlier = current_steps(sequence) if sequence is not None else []
    used = _used_keys(sequence.id) if sequence is not None else ()
    return settle_paths(name_steps(checked, earlier, used))


def add_version(ctx: Context, sequence: SequenceRow, steps: Sequence[CheckedStep]) -> int:
    """Store the steps as the next version, which new people get from now on; its number."""
    last = SequenceVersion.select(fn.MAX(SequenceVersion.number)).where(
        SequenceVersion.sequence_id == sequence.id
    )
    number = int(last.scalar() or 0) + 1
    version = SequenceVersion.create(
        id=ctx.new_id(), sequence_id=sequence.id, number=number, created_at=ctx.now
    )
    rows = [
        {"id": ctx.new_id(), "version_id": version.id, "position": at, **step.columns}
        for at, step in enumerate(steps)
    ]
    Step.insert_many(rows).execute()
    sequence.version_id = version.id
    sequence.save()
    return number


def current_steps(sequence: SequenceRow) -> list[CheckedStep]:
    """The steps of the version that new people get."""
    return stored_steps([sequence.version_id])[sequence.version_id]


def stored_steps(version_ids: Iterable[str]) -> dict[str, list[CheckedStep]]:
    """The steps of these versions in order, by the id of the version."""
    ids = list(version_ids)
    found: dict[str, list[CheckedStep]] = {version_id: [] for version_id in ids}
    for row in Step.select().where(Step.version_id.in_(ids)).order_by(Step.position):
        found[row.version_id].append(as_checked(row))
    return found


def as_checked(row: Step) -> CheckedStep:
    """A stored step as it was checked."""
    return CheckedStep(
        type=StepType(row.type),
        delay_days=row.delay_days,
        channel=row.channel,
        subject=row.subject,
        body=row.body,
        instructions=row.instructions,
        key=row.key,
        delay_unit=row.delay_unit,
        when=tuple(row.conditions),
        branches=tuple(BranchInput.model_validate(one) for one in row.branches),
        variants=tuple(VariantInput.model_validate(one) for one in row.variants),
    )


def _used_keys(sequence_id: str) -> list[str]:
    query = Step.select(Step.key).join(SequenceVersion, on=(SequenceVersion.id == Step.version_id))
    rows = tuples(query.where(SequenceVersion.sequence_id == sequence_id).distinct())
    return [key for (key,) in rows]


def _people(version_ids: list[str]) -> dict[str, dict[str, int]]:
    query = (
        Enrollment.select(Enrollment.version_id, Enrollment.status, fn.COUNT(Enrollment.id))
        .where(Enrollment.version_id.in_(version_ids))
        .group_by(Enrollment.version_id, Enrollment.status)
    )
    found: dict[str, dict[str, int]] = {}
    for version_id, status, count in tuples(query):
        found.setdefault(version_id, {})[status] = count
    return found
