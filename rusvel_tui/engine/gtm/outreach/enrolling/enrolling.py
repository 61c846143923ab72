"""Enrolling: one person, many, or those whom a filter finds; first shown, then done as one change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Conflict, InvalidInput, InvalidState
from rusvel_tui.engine.gtm.crm.deals.deals import find_deal
from rusvel_tui.engine.gtm.crm.finding.filtering import contact_ids_where
from rusvel_tui.engine.gtm.crm.people.people import find_contact, label
from rusvel_tui.engine.gtm.outreach.enrolling.enrol_rules import refusals, run_numbers
from rusvel_tui.engine.gtm.outreach.enrolling.lifecycle import steps_of
from rusvel_tui.engine.gtm.outreach.enrolling.planning import plan_steps
from rusvel_tui.engine.gtm.outreach.enrolling.recipients import Recipient, parts, recipients
from rusvel_tui.engine.gtm.outreach.sequences.finding import find_sequence
from rusvel_tui.engine.gtm.outreach.sequences.sequence_views import SequenceStatus
from rusvel_tui.engine.gtm.outreach.timing.schedules import Coming
from rusvel_tui.engine.models import Contact, Enrollment, Step
from rusvel_tui.engine.models import Sequence as SequenceRow
from rusvel_tui.engine.operation import Input, View, operation

MOST = 5_000
"""People that are enrolled at once at the most."""


class ExecuteSequence(Input):
    """Who goes through which sequence."""

    sequence_id: str
    contact_id: str
    deal_id: str | None = None


class EnrolPeople(Input):
    """Several people for a sequence: by their ids, or by a filter."""

    sequence_id: str
    contact_ids: tuple[str, ...] = ()
    filter: str = ""
    """A filter line such as `tag:fair -tag:vip`; instead of ids."""
    dry_run: bool = False
    """Only say who would be enrolled, and who not and why."""


class Executed(View):
    """The enrollment and the job of its first step."""

    job_id: str
    enrollment_id: str
    sequence_id: str
    contact_id: str
    deal_id: str | None
    run_at: datetime


class Candidate(View):
    """One person, and what speaks against enrolling them."""

    contact_id: str
    contact: str
    why_not: str
    """Empty for who is enrolled."""
    enrollment_id: str | None = None
    job_id: str | None = None
    run_at: datetime | None = None


class Enrolled(View):
    """Who is, or would be, enrolled, and who not."""

    sequence_id: str
    sequence: str
    dry_run: bool
    enrolled: int
    left_out: int
    people: tuple[Candidate, ...]
    """In the order of the ids."""


@operation("gtm.outreach.execute_sequence", writes=True, permission="crm.sequences.manage")
def execute_sequence(ctx: Context, cmd: ExecuteSequence) -> Executed:
    """Enrol a contact in an active sequence; its first step is queued."""
    contact = find_contact(ctx, cmd.contact_id)
    sequence = find_sequence(ctx, cmd.sequence_id)
    deal_id = find_deal(ctx, cmd.deal_id).id if cmd.deal_id else None
    _require_active(sequence)
    [made] = _enrol(ctx, sequence, [contact], deal_id=deal_id)
    if made.why_not:
        raise _refused(made)
    about = {"contact_id": contact.id, "sequence_id": sequence.id, "job_id": made.job_id}
    inverse = Inverse(
        "gtm.outreach.cancel_enrollment",
        {"enrollment_id": made.enrollment_id, "reason": "undone"},
    )
    payload = {"name": label(contact), **about}
    ctx.record("gtm.outreach.enrolled", made.enrollment_id or "", payload, undo=inverse)
    return Executed.model_validate(
        {"enrollment_id": made.enrollment_id, "deal_id": deal_id, "run_at": made.run_at, **about}
    )


@operation("gtm.outreach.enrol", writes=True, permission="crm.sequences.manage")
def enrol(ctx: Context, cmd: EnrolPeople) -> Enrolled:
    """Enrol several people in an active sequence at once; with `dry_run`, show who and who not and why."""
    sequence = find_sequence(ctx, cmd.sequence_id)
    contacts = _contacts(ctx, cmd)
    if not cmd.dry_run:
        _require_active(sequence)
    people = _enrol(ctx, sequence, contacts, dry_run=cmd.dry_run)
    done = [one for one in people if not one.why_not]
    if done and not cmd.dry_run:
        ids = [one.enrollment_id for one in done]
        payload = {
            "name": f"{len(ids)} people",
            "sequence": sequence.name,
            "sequence_id": sequence.id,
            "count": len(ids),
        }
        undo = Inverse("gtm.outreach.cancel_people", {"enrollment_ids": ids, "reason": "undone"})
        ctx.record("gtm.outreach.enrolled", sequence.id, payload, undo=undo)
    return Enrolled(
        sequence_id=sequence.id,
        sequence=sequence.name,
        dry_run=cmd.dry_run,
        enrolled=len(done),
        left_out=len(people) - len(done),
        people=tuple(people),
    )


def _contacts(ctx: Context, cmd: EnrolPeople) -> list[Contact]:
    if bool(cmd.contact_ids) == bool(cmd.filter):
        raise InvalidInput("Name the people by their ids, or by a filter.", field="contact_ids")
    ids = list(dict.fromkeys(cmd.contact_ids or contact_ids_where(ctx, cmd.filter)))
    if len(ids) > MOST:
        raise InvalidInput(f"Enrol {MOST} people at once at the most.", field="contact_ids")
    found = {
        row.id: row
        for part in parts(ids)
        for row in Contact.select().where(
            Contact.id.in_(part)
            & (Contact.session_id == ctx.session_id)
            & Contact.deleted_at.is_null()
        )
    }
    for contact_id in ids:
        if contact_id not in found:
            find_contact(ctx, contact_id)
    return [found[contact_id] for contact_id in ids]


def _enrol(
    ctx: Context,
    sequence: SequenceRow,
    contacts: Sequence[Contact],
    *,
    deal_id: str | None = None,
    dry_run: bool = False,
) -> list[Candidate]:
    """Judge every person, and enrol those against whom nothing speaks."""
    steps = steps_of(sequence.version_id)
    ids = [contact.id for contact in contacts]
    reach = recipients(ctx, ids)
    why = refusals(ctx, sequence, steps, ids, reach)
    runs = run_numbers(sequence.id, ids)
    going = [contact for contact in contacts if contact.id not in why]
    made = {} if dry_run else _begin(ctx, sequence, steps, going, runs, reach, deal_id)
    return [
        Candidate(
            contact_id=contact.id,
            contact=label(contact),
            why_not=why.get(contact.id, ""),
            **made.get(contact.id, {}),
        )
        for contact in contacts
    ]


def _begin(
    ctx: Context,
    sequence: SequenceRow,
    steps: Sequence[Step],
    contacts: Sequence[Contact],
    runs: dict[str, int],
    reach: dict[str, Recipient],
    deal_id: str | None,
) -> dict[str, dict[str, object]]:
    coming = [
        Coming(_enrollment(ctx, sequence, contact, runs[contact.id], deal_id), steps[0], ctx.now)
        for contact in contacts
    ]
    made = plan_steps(ctx, coming, reach, fresh=True)
    found = {}
    for who in coming:
        job_id, run_at = made[who.enrollment.id]
        about = {"enrollment_id": who.enrollment.id, "job_id": job_id, "run_at": run_at}
        found[who.enrollment.contact_id] = about
    return found


def _enrollment(
    ctx: Context, sequence: SequenceRow, contact: Contact, run_no: int, deal_id: str | None
) -> Enrollment:
    return Enrollment(
        id=ctx.new_id(),
        session_id=ctx.session_id,
        sequence_id=sequence.id,
        version_id=sequence.version_id,
        contact_id=contact.id,
        deal_id=deal_id,
        run_no=run_no,
        created_at=ctx.now,
        updated_at=ctx.now,
    )


def _require_active(sequence: SequenceRow) -> None:
    if sequence.status != SequenceStatus.ACTIVE.key:
        raise InvalidState(
            f"The sequence {sequence.name!r}",
            SequenceStatus(sequence.status).value,
            "executed",
            "Activate it first.",
        )


def _refused(person: Candidate) -> Exception:
    """The refusal of one person as an error."""
    if "no address" in person.why_not:
        hint = "Add one, or look at the suppression list."
        return InvalidInput(f"{person.contact} {person.why_not}. {hint}", field="contact_id")
    hint = " End that first." if "already (" in person.why_not else ""
    return Conflict(f"{person.contact} {person.why_not}.{hint}")
