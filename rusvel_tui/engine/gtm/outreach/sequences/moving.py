"""Moving people to another version, or another step: shown first, then done as one change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.gtm.crm.people.people import label
from rusvel_tui.engine.gtm.outreach.enrolling import lifecycle
from rusvel_tui.engine.gtm.outreach.enrolling.enrollment_changes import step_named
from rusvel_tui.engine.gtm.outreach.enrolling.places import inverse, places_of, repin
from rusvel_tui.engine.gtm.outreach.enrolling.recipients import parts, recipients
from rusvel_tui.engine.gtm.outreach.sequences.finding import find_sequence
from rusvel_tui.engine.gtm.outreach.sequences.step_diff import StepChange, diff_steps
from rusvel_tui.engine.gtm.outreach.sequences.versions import as_checked, find_version
from rusvel_tui.engine.gtm.outreach.timing.schedules import Coming
from rusvel_tui.engine.models import Contact, Enrollment, Job, Mail, SequenceVersion, Step
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.operation import Input, View, operation


class MovePeople(Input):
    """From which version and step to which, and who of those who stand there."""

    sequence_id: str
    from_version: int = Field(ge=1)
    from_step: str = ""
    """The key or the number of a step; everybody in the version when left out."""
    to_version: int | None = Field(default=None, ge=1)
    """The current one when left out."""
    to_step: str = ""
    """The key or the number of a step; the same step when left out."""
    enrollment_ids: tuple[str, ...] = ()
    """Only these people."""
    dry_run: bool = False
    """Only show what differs, and who would move."""


class Mover(View):
    """One person on the way from one step to another."""

    enrollment_id: str
    contact_id: str
    contact: str
    from_step: int
    to_step: int
    """0 when there is none to go to."""
    anew: bool
    """Whether the step is drafted anew; if not, the draft or task stays as it is."""
    why_not: str


class Moved(View):
    """What differs between the versions, and who moves, or would."""

    from_version: int
    to_version: int
    dry_run: bool
    changes: tuple[StepChange, ...]
    lines: tuple[str, ...]
    moved: int
    left_out: int
    people: tuple[Mover, ...]


@operation("gtm.outreach.move_people", writes=True, permission="crm.sequences.manage")
def move_people(ctx: Context, cmd: MovePeople) -> Moved:
    """Move people from a step of one version to a step of another; with `dry_run`, show the diff and who moves."""
    sequence = find_sequence(ctx, cmd.sequence_id)
    old, new = (find_version(sequence, number) for number in (cmd.from_version, cmd.to_version))
    move = _Move(ctx, lifecycle.steps_of(old.id), lifecycle.steps_of(new.id), cmd.to_step)
    rows = _standing(cmd, old, move.old)
    before = {place["enrollment_id"]: place for place in places_of(rows)}
    names, leaving = _names(rows), _leaving(rows)
    people = [
        move.person(row, names[row.contact_id], leaving.get(row.id, ""), really=not cmd.dry_run)
        for row in rows
    ]
    going = [person for person in people if not person.why_not]
    if going and not cmd.dry_run:
        payload = {"name": sequence.name, "count": len(going), "from": old.number, "to": new.number}
        undo = inverse([before[person.enrollment_id] for person in going])
        ctx.record("gtm.outreach.moved", sequence.id, payload, undo=undo)
    changes = diff_steps(*([as_checked(step) for step in steps] for steps in (move.old, move.new)))
    return Moved(
        from_version=old.number,
        to_version=new.number,
        dry_run=cmd.dry_run,
        changes=changes,
        lines=tuple(change.line for change in changes),
        moved=len(going),
        left_out=len(people) - len(going),
        people=tuple(people),
    )


def _standing(cmd: MovePeople, version: SequenceVersion, steps: Sequence[Step]) -> list[Enrollment]:
    """Who stands at that step of that version."""
    query = Enrollment.select().where(
        (Enrollment.version_id == version.id) & Enrollment.status.in_(lifecycle.RUNNING)
    )
    if cmd.from_step:
        query = query.where(Enrollment.position == step_named(steps, cmd.from_step).position)
    if not cmd.enrollment_ids:
        return list(query.order_by(Enrollment.id))
    named = [query.where(Enrollment.id.in_(part)) for part in parts(cmd.enrollment_ids)]
    return [row for part in named for row in part.order_by(Enrollment.id)]


@dataclass(slots=True)
class _Move:
    """One move for several people; `to` names the step when it is not the same one."""

    ctx: Context
    old: Sequence[Step]
    new: Sequence[Step]
    to: str

    def person(self, row: Enrollment, name: str, leaving: str, *, really: bool) -> Mover:
        """Move one person, or say what would happen."""
        here = self.old[row.position]
        there = self._target(here)
        anew = there is None or not _same(here, there)
        gone = f"step {here.key!r} is not in that version: name another"
        why_not = leaving or ("" if there else gone)
        if really and there is not None and not why_not:
            why_not = self._go(row, there, anew=anew)
        return Mover(
            enrollment_id=row.id,
            contact_id=row.contact_id,
            contact=name,
            from_step=here.position + 1,
            to_step=there.position + 1 if there else 0,
            anew=anew,
            why_not=why_not,
        )

    def _target(self, here: Step) -> Step | None:
        if self.to:
            return step_named(self.new, self.to)
        return next((step for step in self.new if step.key == here.key), None)

    def _go(self, row: Enrollment, there: Step, *, anew: bool) -> str:
        """What keeps the person from going; empty when they went."""
        begun = (
            not Job.select(Job.id).where((Job.id == row.job_id) & (Job.state == "queued")).exists()
        )
        approved = Mail.select(Mail.id).where((Mail.id == row.job_id) & Mail.digest.is_null(False))
        if not anew and (begun or approved.exists()):
            repin(self.ctx, row, there.version_id, there.position)
            return ""
        since = row.since or self.ctx.now
        try:
            reach = recipients(self.ctx, [row.contact_id])
            lifecycle.had(Coming(row, there, since), reach)
        except Conflict as conflict:
            return str(conflict)
        lifecycle.cancel_open_steps(self.ctx, [row], "moved to another version")
        lifecycle.enter_or_end(self.ctx, row, self.new, there.position, since, self.ctx.now)
        return ""


def _same(here: Step, there: Step) -> bool:
    """Whether a draft or a task of the one step is a draft or a task of the other."""
    names = ("key", "type", "channel", "subject", "body", "instructions", "variants")
    return all(getattr(here, name) == getattr(there, name) for name in names)


def _names(rows: Sequence[Enrollment]) -> dict[str, str]:
    ids = [row.contact_id for row in rows]
    return {
        contact.id: label(contact)
        for part in parts(ids)
        for contact in Contact.select().where(Contact.id.in_(part))
    }


def _leaving(rows: Sequence[Enrollment]) -> dict[str, str]:
    """Whose mail is leaving, or may have left: that is settled first."""
    said = {
        "committing": "the mail is leaving at this moment",
        "in_doubt": "the mail is in doubt: settle it in the inbox first",
    }
    return {
        enrollment_id: said[state]
        for part in parts([row.job_id for row in rows])
        for enrollment_id, state in tuples(
            Mail.select(Mail.enrollment_id, Mail.state).where(
                Mail.id.in_(part) & Mail.state.in_(tuple(said))
            )
        )
    }
