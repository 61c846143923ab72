"""Sequences as files: out to an editor or to git, and back in, shown first and then done."""

from __future__ import annotations

from typing import Any

from peewee import fn

from rusvel_tui.engine.conflicts import require_version
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.outreach.enrolling.enrol_rules import EnrolRules, rules_of
from rusvel_tui.engine.gtm.outreach.sequences.finding import find_sequence
from rusvel_tui.engine.gtm.outreach.sequences.sequence_text import (
    SequenceFile,
    misplaced,
    read_sequence,
    write_sequence,
)
from rusvel_tui.engine.gtm.outreach.sequences.sequence_views import SequenceStatus
from rusvel_tui.engine.gtm.outreach.sequences.sequences import (
    CreateSequence,
    SequenceId,
    UpdateSequence,
    create_sequence,
    update_sequence,
)
from rusvel_tui.engine.gtm.outreach.sequences.step_diff import StepChange, diff_steps
from rusvel_tui.engine.gtm.outreach.sequences.steps import CheckedStep
from rusvel_tui.engine.gtm.outreach.sequences.versions import (
    current_steps,
    find_version,
    settle_steps,
)
from rusvel_tui.engine.gtm.outreach.timing.schedule import (
    ScheduleOf,
    SetSchedule,
    get_schedule,
    reset_schedule,
    set_schedule,
)
from rusvel_tui.engine.gtm.outreach.timing.schedules import Rules
from rusvel_tui.engine.models import Event, Sequence
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.text import one_line
from rusvel_tui.engine.yaml_text import Placed


class ImportSequence(Input):
    """A sequence as text."""

    text: str
    """The file, as `export_sequence` writes it; comments may stand in it."""
    sequence_id: str = ""
    """The sequence that becomes like this; when left out, the one of that name, or a new one."""
    version: int | None = None
    """The row version you saw; a newer one is a conflict."""
    dry_run: bool = False
    """Only show what would change."""


class SequenceFileView(View):
    """The file of a sequence."""

    sequence_id: str
    name: str
    file_name: str
    """What to call the file."""
    text: str
    version: int
    """The row version, to be named when the text is imported again."""


class SequenceImported(View):
    """What changed, or would."""

    sequence_id: str
    """Empty for one that would be created."""
    name: str
    created: bool
    changed: bool
    dry_run: bool
    version_number: int
    """The version that new people get."""
    version: int
    """The row version, of what was stored or compared; 0 for one that would be created."""
    changes: tuple[StepChange, ...]
    lines: tuple[str, ...]
    """Everything that differs, a line for each."""


@operation("gtm.outreach.export_sequence", permission="crm.sequences.read")
def export_sequence(ctx: Context, cmd: SequenceId) -> SequenceFileView:
    """Write a sequence as YAML, for an editor or for git; importing it again changes nothing."""
    sequence = find_sequence(ctx, cmd.sequence_id)
    return SequenceFileView(
        sequence_id=sequence.id,
        name=sequence.name,
        file_name=f"{_slug(sequence.name)}.yaml",
        text=_text(ctx, sequence),
        version=sequence.version,
    )


@operation("gtm.outreach.import_sequence", writes=True, permission="crm.sequences.manage")
def import_sequence(ctx: Context, cmd: ImportSequence) -> SequenceImported:
    """Make a sequence like a YAML text says, as a new version, or create it; `dry_run` shows what would change."""
    file, found = read_sequence(cmd.text)
    sequence = _meant(ctx, cmd, file)
    if sequence is not None:
        require_version(cmd.version, sequence.version, sequence.name)
    try:
        steps = settle_steps(ctx, sequence, file.steps)
        lines, changes = _difference(ctx, sequence, file, steps)
        if not cmd.dry_run and lines:
            sequence = _apply(ctx, sequence, file, steps)
    except InvalidInput as error:
        raise misplaced(found, _in_file(error, found)) from None
    return SequenceImported(
        sequence_id=sequence.id if sequence else "",
        name=one_line(file.name),
        created=sequence is None or (bool(lines) and lines[0].startswith("+ sequence")),
        changed=bool(lines),
        dry_run=cmd.dry_run,
        version_number=find_version(sequence, None).number if sequence else 1,
        version=sequence.version if sequence else 0,
        changes=changes,
        lines=tuple(lines),
    )


def _meant(ctx: Context, cmd: ImportSequence, file: SequenceFile) -> Sequence | None:
    if cmd.sequence_id:
        return find_sequence(ctx, cmd.sequence_id)
    found: Sequence | None = Sequence.get_or_none(
        (Sequence.session_id == ctx.session_id)
        & (fn.lower(Sequence.name) == fn.lower(one_line(file.name)))
        & (Sequence.status != SequenceStatus.ARCHIVED.key)
    )
    return found


def _difference(
    ctx: Context, sequence: Sequence | None, file: SequenceFile, steps: list[CheckedStep]
) -> tuple[list[str], tuple[StepChange, ...]]:
    """What differs from what is stored, in lines and step by step."""
    old = current_steps(sequence) if sequence else []
    changes = diff_steps(old, steps)
    lines = [] if sequence else [f"+ sequence {one_line(file.name)}"]
    if sequence:
        schedule = _own_schedule(ctx, sequence)
        lines += _named("name", sequence.name, one_line(file.name))
        lines += _named("description", sequence.description, one_line(file.description))
        lines += _named("rules", _plain(rules_of(sequence)), _plain(file.rules))
        lines += _named("schedule", _plain(schedule), _plain(file.schedule))
    if old != steps:
        lines += [change.line for change in changes]
    return lines, changes


def _named(what: str, before: object, after: object) -> list[str]:
    return [] if before == after else [f"~ {what}: {_words(before)} -> {_words(after)}"]


def _words(value: object) -> str:
    """A part as people write it: `windows: mon-fri 09:00-17:00; daily_cap: 20`."""
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_words(part)}" for name, part in value.items()) or "none"
    return (", ".join(map(str, value)) if isinstance(value, list) else str(value)) or "none"


def _plain(model: EnrolRules | Rules | None) -> dict[str, Any]:
    return {} if model is None else model.model_dump(mode="json", exclude_defaults=True)


def _apply(
    ctx: Context, sequence: Sequence | None, file: SequenceFile, steps: list[CheckedStep]
) -> Sequence:
    """Create or change the sequence with its schedule: one change, taken back as one."""
    already, before = len(ctx.recorded), _text(ctx, sequence) if sequence else ""
    inputs = tuple(step.as_input for step in steps)
    about: dict[str, Any] = {name: getattr(file, name) for name in ("name", "description", "rules")}
    if sequence is None:
        made = ctx.call(create_sequence, CreateSequence(steps=inputs, **about))
    else:
        order = UpdateSequence(sequence_id=sequence.id, steps=inputs, **about)
        made = ctx.call(update_sequence, order)
    _set_schedule(ctx, made.sequence_id, file.schedule)
    back = {"sequence_id": made.sequence_id}
    undo = (
        Inverse("gtm.outreach.import_sequence", back | {"text": before, "version": made.version})
        if before
        else Inverse("gtm.outreach.archive_sequence", back)
    )
    # The parts stand in the log; what takes them back, and counts as the change, is the whole.
    Event.update(undo=None, redo=1).where(Event.id.in_(ctx.recorded[already:])).execute()
    payload = {"name": made.name, "version": made.version_number}
    ctx.record("gtm.sequence.imported", made.sequence_id, payload, undo=undo)
    return find_sequence(ctx, made.sequence_id)


def _set_schedule(ctx: Context, sequence_id: str, wanted: Rules | None) -> None:
    own = get_schedule.handle(ctx, ScheduleOf(sequence_id=sequence_id)).own
    if wanted is None:
        if own:
            ctx.call(reset_schedule, ScheduleOf(sequence_id=sequence_id))
        return
    try:
        ctx.call(set_schedule, SetSchedule(sequence_id=sequence_id, **wanted.model_dump()))
    except InvalidInput as error:
        raise InvalidInput(str(error), field=f"schedule.{error.field}") from None


def _own_schedule(ctx: Context, sequence: Sequence) -> Rules | None:
    seen = get_schedule.handle(ctx, ScheduleOf(sequence_id=sequence.id))
    return (
        Rules.model_validate(seen.model_dump(include=set(Rules.model_fields))) if seen.own else None
    )


def _text(ctx: Context, sequence: Sequence) -> str:
    return write_sequence(
        sequence.name,
        sequence.description,
        rules_of(sequence),
        _own_schedule(ctx, sequence),
        current_steps(sequence),
    )


def _in_file(error: InvalidInput, found: Placed) -> InvalidInput:
    """A text that may stand under either of two names is looked for under the one that is there."""
    parts = error.field.split(".")
    if parts[-1] == "body" and len(parts) == 3 and parts[1].isdecimal():
        other = ("steps", int(parts[1]), "template")
        if other in found.places:
            return InvalidInput(str(error), field=".".join((*parts[:2], "template")))
    return error


def _slug(name: str) -> str:
    """A name for a file: small letters, digits and dashes."""
    bare = "".join(c if c.isalnum() and c.isascii() else "-" for c in name.lower())
    return "-".join(part for part in bare.split("-") if part) or "sequence"
