"""Sequences: create, list, activate, pause. Their steps live in immutable versions."""

from __future__ import annotations

from typing import Any

from peewee import fn
from pydantic import Field

from rusvel_tui.engine.conflicts import require_version
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Conflict, InvalidInput, InvalidState
from rusvel_tui.engine.gtm.outreach.enrolling.enrol_rules import EnrolRules, rules_of
from rusvel_tui.engine.gtm.outreach.enrolling.places import wake_sequence
from rusvel_tui.engine.gtm.outreach.sequences.finding import find_sequence
from rusvel_tui.engine.gtm.outreach.sequences.sequence_views import (
    SequencePage,
    SequenceStatus,
    SequenceView,
    people_in,
    view,
    views,
)
from rusvel_tui.engine.gtm.outreach.sequences.step_input import StepInput
from rusvel_tui.engine.gtm.outreach.sequences.versions import (
    add_version,
    current_steps,
    settle_steps,
)
from rusvel_tui.engine.models import Sequence
from rusvel_tui.engine.operation import Input, PageInput, operation
from rusvel_tui.engine.text import one_line

MOST_ABOUT = 300
"""Characters of a description."""
_MOVES = {
    SequenceStatus.ACTIVE: ("draft", "paused"),
    SequenceStatus.PAUSED: ("active",),
    SequenceStatus.ARCHIVED: ("draft", "paused", "completed"),
    SequenceStatus.DRAFT: ("archived",),
}
"""From which states each status may be reached."""


class CreateSequence(Input):
    """A new sequence with its steps, in order."""

    name: str
    description: str = ""
    """What it is for, in a line."""
    steps: tuple[StepInput, ...]
    rules: EnrolRules = EnrolRules()
    metadata: dict[str, Any] = Field(default_factory=dict)


class UpdateSequence(Input):
    """A new name or description, or new steps: those make a new version, and people who are enrolled stay on theirs."""

    sequence_id: str
    name: str | None = None
    description: str | None = None
    steps: tuple[StepInput, ...] | None = None
    rules: EnrolRules | None = None
    version: int | None = None
    """The row version you saw; a newer one is a conflict."""


class SequenceId(Input):
    """Which sequence."""

    sequence_id: str


class ListSequences(PageInput):
    """Which sequences."""

    status: SequenceStatus | None = None


@operation("gtm.outreach.create_sequence", writes=True, permission="crm.sequences.manage")
def create_sequence(ctx: Context, cmd: CreateSequence) -> SequenceView:
    """Create a multi-step outreach sequence; it starts as a draft."""
    steps = settle_steps(ctx, None, cmd.steps)
    sequence = Sequence(
        id=ctx.new_id(),
        session_id=ctx.session_id,
        name=_name(ctx, cmd.name),
        description=_description(cmd.description),
        version_id="",
        rules=cmd.rules.stored,
        metadata=cmd.metadata,
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    sequence.save(force_insert=True)
    add_version(ctx, sequence, steps)
    inverse = Inverse("gtm.outreach.archive_sequence", {"sequence_id": sequence.id})
    ctx.record(
        "gtm.sequence.created",
        sequence.id,
        {"name": sequence.name, "steps": len(steps)},
        undo=inverse,
    )
    return view(sequence)


@operation("gtm.outreach.update_sequence", writes=True, permission="crm.sequences.manage")
def update_sequence(ctx: Context, cmd: UpdateSequence) -> SequenceView:
    """Rename a sequence, give it new steps or rules; enrolled people finish the version they began with."""
    sequence = find_sequence(ctx, cmd.sequence_id)
    require_version(cmd.version, sequence.version, sequence.name)
    before = _as_input(sequence)
    if cmd.name is not None:
        sequence.name = _name(ctx, cmd.name, but=sequence.id)
    if cmd.description is not None:
        sequence.description = _description(cmd.description)
    if cmd.rules is not None:
        sequence.rules = cmd.rules.stored
    if cmd.steps is not None:
        steps = settle_steps(ctx, sequence, cmd.steps)
        if steps != current_steps(sequence):
            add_version(ctx, sequence, steps)
    sequence.version += 1
    sequence.updated_at = ctx.now
    sequence.save()
    inverse = Inverse("gtm.outreach.update_sequence", before | {"version": sequence.version})
    ctx.record(
        "gtm.sequence.updated", sequence.id, {"name": sequence.name, "what": "edited"}, undo=inverse
    )
    return view(sequence)


def _as_input(sequence: Sequence) -> dict[str, Any]:
    """The sequence as the input that would make it what it is."""
    steps = [step.as_input.model_dump(mode="json") for step in current_steps(sequence)]
    rules = rules_of(sequence).stored
    about = {"name": sequence.name, "description": sequence.description}
    return {"sequence_id": sequence.id, **about, "steps": steps, "rules": rules}


@operation("gtm.outreach.get_sequence", permission="crm.sequences.read")
def get_sequence(ctx: Context, cmd: SequenceId) -> SequenceView:
    """Show one sequence with its steps."""
    return view(find_sequence(ctx, cmd.sequence_id))


@operation("gtm.outreach.list_sequences", permission="crm.sequences.read")
def list_sequences(ctx: Context, cmd: ListSequences) -> SequencePage:
    """List the sequences, newest first; archived ones only when asked for."""
    query = (
        Sequence.select().where(Sequence.session_id == ctx.session_id).order_by(Sequence.id.desc())
    )
    query = query.where(
        Sequence.status == cmd.status.key
        if cmd.status
        else Sequence.status != SequenceStatus.ARCHIVED.key
    )
    if cmd.cursor:
        query = query.where(Sequence.id < cmd.cursor)
    rows = list(query.limit(cmd.limit + 1))
    more = len(rows) > cmd.limit
    rows = rows[: cmd.limit]
    return SequencePage(items=views(rows), next=rows[-1].id if more else None)


@operation("gtm.outreach.activate_sequence", writes=True, permission="crm.sequences.manage")
def activate_sequence(ctx: Context, cmd: SequenceId) -> SequenceView:
    """Activate a sequence; it must be active to enrol people and to send."""
    sequence = turn(ctx, cmd.sequence_id, SequenceStatus.ACTIVE, "gtm.outreach.pause_sequence")
    wake_sequence(ctx, sequence.id)
    return view(sequence)


@operation("gtm.outreach.pause_sequence", writes=True, permission="crm.sequences.manage")
def pause_sequence(ctx: Context, cmd: SequenceId) -> SequenceView:
    """Pause a sequence: nothing of it is drafted or sent until it is activated again."""
    return view(turn(ctx, cmd.sequence_id, SequenceStatus.PAUSED, "gtm.outreach.activate_sequence"))


@operation("gtm.outreach.archive_sequence", writes=True, permission="crm.sequences.manage")
def archive_sequence(ctx: Context, cmd: SequenceId) -> SequenceView:
    """Put a sequence away; people who are still in it must end first."""
    sequence = find_sequence(ctx, cmd.sequence_id)
    people = people_in([sequence.id])
    if any(people.get((sequence.id, status)) for status in ("active", "paused")):
        raise Conflict("People are still in this sequence. End their enrollments first.")
    return view(
        turn(ctx, cmd.sequence_id, SequenceStatus.ARCHIVED, "gtm.outreach.restore_sequence")
    )


@operation(
    "gtm.outreach.restore_sequence", writes=True, permission="crm.sequences.manage", internal=True
)
def restore_sequence(ctx: Context, cmd: SequenceId) -> SequenceView:
    """Bring an archived sequence back as a draft."""
    return view(turn(ctx, cmd.sequence_id, SequenceStatus.DRAFT, "gtm.outreach.archive_sequence"))


def _name(ctx: Context, text: str, but: str = "") -> str:
    name = one_line(text)
    if not name or len(name) > 120:
        raise InvalidInput("A sequence needs a name of 1 to 120 characters.", field="name")
    taken = Sequence.select().where(
        (Sequence.session_id == ctx.session_id)
        & (fn.lower(Sequence.name) == fn.lower(name))
        & (Sequence.status != SequenceStatus.ARCHIVED.key)
        & (Sequence.id != but)
    )
    if taken.exists():
        raise Conflict(f"There is a sequence {name!r} already.")
    return name


def _description(text: str) -> str:
    found = one_line(text)
    if len(found) > MOST_ABOUT:
        raise InvalidInput(
            f"A description has {MOST_ABOUT} characters at most.", field="description"
        )
    return found


def turn(
    ctx: Context, sequence_id: str, status: SequenceStatus, back: str, reason: str = ""
) -> Sequence:
    """Change the status by compare-and-set, with its event; a reason is given when the sequence does it itself."""
    sequence = find_sequence(ctx, sequence_id)
    was = SequenceStatus(sequence.status)
    values = {"status": status.key, "pause_reason": reason, "updated_at": ctx.now}
    if reason:
        values["bounces_since"] = ctx.now
    done = (
        Sequence.update(version=Sequence.version + 1, **values)
        .where((Sequence.id == sequence.id) & Sequence.status.in_(_MOVES[status]))
        .execute()
    )
    if not done:
        raise InvalidState(f"The sequence {sequence.name!r}", was.value, status.value)
    payload = {"name": sequence.name, "status": status.value, "from": was.value}
    undo = Inverse(back, {"sequence_id": sequence.id})
    if reason:
        ctx.record("gtm.sequence.paused", sequence.id, payload | {"reason": reason}, undo=undo)
    else:
        ctx.record("gtm.sequence.updated", sequence.id, payload, undo=undo)
    return find_sequence(ctx, sequence.id)
