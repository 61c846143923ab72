"""Sequences as others see them: their status, their steps and how many people are in them."""

from __future__ import annotations

from collections.abc import Sequence as Several
from datetime import datetime
from typing import Any

from peewee import fn

from rusvel_tui.engine.gtm.outreach.enrolling.enrol_rules import EnrolRules, rules_of
from rusvel_tui.engine.gtm.outreach.sequences.step_input import BranchInput, DelayUnit, VariantInput
from rusvel_tui.engine.gtm.outreach.sequences.step_kinds import StepType
from rusvel_tui.engine.models import Enrollment, Sequence, SequenceVersion, Step
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.operation import View
from rusvel_tui.engine.spelled import Spelled


class SequenceStatus(Spelled):
    """Where a sequence stands. Only an active one sends."""

    DRAFT = "Draft"
    ACTIVE = "Active"
    PAUSED = "Paused"
    COMPLETED = "Completed"
    ARCHIVED = "Archived"


class StepView(View):
    """One step."""

    step_id: str
    key: str
    number: int
    type: StepType
    delay_days: int
    delay_unit: DelayUnit
    channel: str
    subject: str
    body: str
    instructions: str
    when: tuple[str, ...]
    branches: tuple[BranchInput, ...]
    variants: tuple[VariantInput, ...]


class SequenceView(View):
    """A sequence with the steps of its current version and the people in it."""

    sequence_id: str
    name: str
    description: str
    status: SequenceStatus
    pause_reason: str
    """Why it paused itself; empty when a person did, and when it runs."""
    version_number: int
    steps: tuple[StepView, ...]
    rules: EnrolRules
    active: int
    paused: int
    completed: int
    cancelled: int
    metadata: dict[str, Any]
    version: int
    created_at: datetime
    updated_at: datetime


class SequencePage(View):
    """A part of a list of sequences."""

    items: tuple[SequenceView, ...]
    next: str | None


def view(sequence: Sequence) -> SequenceView:
    return views([sequence])[0]


def views(sequences: Several[Sequence]) -> tuple[SequenceView, ...]:
    """The views of these sequences in their order: three queries, however many there are."""
    versions = {
        v.id: v
        for v in SequenceVersion.select().where(
            SequenceVersion.id.in_([s.version_id for s in sequences])
        )
    }
    steps: dict[str, list[StepView]] = {version: [] for version in versions}
    for step in Step.select().where(Step.version_id.in_(list(versions))).order_by(Step.position):
        steps[step.version_id].append(_step_view(step))
    people = people_in([s.id for s in sequences])
    return tuple(
        SequenceView(
            sequence_id=s.id,
            name=s.name,
            description=s.description,
            pause_reason=s.pause_reason,
            status=SequenceStatus(s.status),
            version_number=versions[s.version_id].number,
            steps=tuple(steps[s.version_id]),
            rules=rules_of(s),
            **{
                state: people.get((s.id, state), 0)
                for state in ("active", "paused", "completed", "cancelled")
            },
            metadata=s.metadata,
            version=s.version,
            created_at=s.created_at,
            updated_at=s.updated_at,
        )
        for s in sequences
    )


def _step_view(step: Step) -> StepView:
    return StepView(
        step_id=step.id,
        key=step.key,
        number=step.position + 1,
        type=StepType(step.type),
        delay_days=step.delay_days,
        delay_unit=step.delay_unit,
        channel=step.channel,
        subject=step.subject,
        body=step.body,
        instructions=step.instructions,
        when=tuple(step.conditions),
        branches=tuple(map(BranchInput.model_validate, step.branches)),
        variants=tuple(map(VariantInput.model_validate, step.variants)),
    )


def people_in(sequence_ids: list[str]) -> dict[tuple[str, str], int]:
    query = (
        Enrollment.select(Enrollment.sequence_id, Enrollment.status, fn.COUNT(Enrollment.id))
        .where(Enrollment.sequence_id.in_(sequence_ids))
        .group_by(Enrollment.sequence_id, Enrollment.status)
    )
    return {(sequence_id, status): count for sequence_id, status, count in tuples(query)}
