"""No to a draft, with what it means for the person: five outcomes, each with its way back."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from rusvel_tui.engine import jobs
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Conflict, InvalidInput, InvalidState
from rusvel_tui.engine.gtm.approvals import sources
from rusvel_tui.engine.gtm.approvals.boxes import ApprovalId, ApprovalView, view
from rusvel_tui.engine.gtm.approvals.proposals import restore
from rusvel_tui.engine.gtm.crm.people.people import label
from rusvel_tui.engine.gtm.outreach.enrolling import lifecycle
from rusvel_tui.engine.gtm.outreach.enrolling.asking import ask_person
from rusvel_tui.engine.gtm.outreach.enrolling.ends import End
from rusvel_tui.engine.gtm.outreach.enrolling.places import (
    Jotted,
    Place,
    places_of,
    put_one_back,
    turn_activity,
)
from rusvel_tui.engine.gtm.outreach.mails.mail_states import (
    find_mail,
    move_mail,
    require_held,
    spoken_state,
)
from rusvel_tui.engine.gtm.outreach.mails.rewriting import put_version, send_back
from rusvel_tui.engine.gtm.outreach.sequences.step_kinds import SKIPPED
from rusvel_tui.engine.models import Contact, Enrollment, Mail
from rusvel_tui.engine.operation import Input, operation
from rusvel_tui.engine.spelled import Spelled
from rusvel_tui.engine.text import one_line


class Then(Spelled):
    """What a rejection means for the person."""

    STOP = "stop"
    SKIP = "skip"
    REDRAFT = "redraft"
    STOP_COMPANY = "stop_company"
    WRONG_DATA = "wrong_data"


class Reject(Input):
    """A no to one mail."""

    id: str
    reason: str = Field(min_length=1)
    then: Then = Then.STOP
    """`stop` ends the enrollment, `stop_company` those of the whole company, `skip` goes on with the next step,
    `redraft` writes it anew with the reason as instruction, `wrong_data` pauses the person until a task is done."""


class Unreject(Input):
    """A rejection taken back: where everybody stood, and the text that the draft had."""

    id: str
    status: Literal["active", "paused"] = "active"
    """How the enrollment stood, when `places` does not say it."""
    places: tuple[Place, ...] = ()
    tasks: tuple[Jotted, ...] = ()
    number: int = 0
    then: Then = Then.STOP


@operation("gtm.approvals.reject", writes=True, permission="crm.approvals.manage")
def reject(ctx: Context, cmd: Reject) -> ApprovalView:
    """Reject a draft with a reason; `then` says what happens to the person."""
    mail = find_mail(ctx, cmd.id)
    require_held(mail, "Cancelled")
    reason = one_line(cmd.reason)
    if not reason:
        raise InvalidInput("A rejection needs a reason.", field="reason")
    undo = (
        _OUTCOMES[cmd.then](ctx, mail, reason)
        if not mail.source_kind
        else _close(ctx, mail, reason)
    )
    payload = {
        "name": mail.to_name,
        "subject": mail.subject,
        "reason": reason,
        "then": cmd.then.value,
    }
    ctx.record("gtm.outreach.rejected", mail.id, payload, undo=undo)
    return view(ctx, find_mail(ctx, mail.id))


def _close(ctx: Context, mail: Mail, reason: str) -> Inverse:
    """Of a mail that no sequence asked for: it is over, and whoever asked is told."""
    _cancel(ctx, mail, reason)
    sources.tell(ctx, mail, "rejected", reason)
    return Inverse("gtm.approvals.unreject", {"id": mail.id})


def _stop(ctx: Context, mail: Mail, reason: str) -> Inverse:
    places = _places(mail)
    _cancel(ctx, mail, reason)
    lifecycle.end_enrollments(ctx, End.REJECTED.value, enrollment_id=mail.enrollment_id)
    return _back(mail, Then.STOP, places)


def _stop_company(ctx: Context, mail: Mail, reason: str) -> Inverse:
    contact = Contact.get_by_id(mail.contact_id)
    if contact.company_id is None:
        raise Conflict(f"{label(contact)} belongs to no company here. Stop the person instead.")
    rows = _of_company(ctx, contact.company_id)
    places = places_of(rows)
    _cancel(ctx, mail, reason)
    for row in rows:
        lifecycle.stop(ctx, row, End.REJECTED, "" if row.id == mail.enrollment_id else reason)
    return _back(mail, Then.STOP_COMPANY, places)


def _of_company(ctx: Context, company_id: str) -> list[Enrollment]:
    """The running enrollments of everybody of a company."""
    people = Contact.select(Contact.id).where(
        (Contact.session_id == ctx.session_id) & (Contact.company_id == company_id)
    )
    running = Enrollment.status.in_(lifecycle.RUNNING)
    query = Enrollment.select().where(Enrollment.contact_id.in_(people) & running)
    return list(query.order_by(Enrollment.id))


def _skip(ctx: Context, mail: Mail, reason: str) -> Inverse:
    places = _places(mail)
    _cancel(ctx, mail, reason)
    lifecycle.advance(ctx, mail.enrollment_id, ctx.now, outcome=SKIPPED, job_id=mail.id)
    return _back(mail, Then.SKIP, places)


def _redraft(ctx: Context, mail: Mail, reason: str) -> Inverse:
    number = send_back(ctx, mail, reason)
    ctx.record("gtm.outreach.redraft", mail.id, {"name": mail.to_name, "instruction": reason})
    return _back(mail, Then.REDRAFT, number=number)


def _wrong_data(ctx: Context, mail: Mail, reason: str) -> Inverse:
    """The person rests until the data is right; the draft is written anew from it then."""
    places = _places(mail)
    Enrollment.update(
        status="paused", note=reason, version=Enrollment.version + 1, updated_at=ctx.now
    ).where(Enrollment.id == mail.enrollment_id).execute()
    number = send_back(ctx, mail)
    task = _task(ctx, mail, reason)
    return _back(mail, Then.WRONG_DATA, places, number, task)


def _task(ctx: Context, mail: Mail, reason: str) -> Jotted:
    name = label(Contact.get_by_id(mail.contact_id))
    subject = f"Put the data of {name} right, then resume the sequence: {reason}"
    return ask_person(ctx, str(mail.contact_id), subject)


_OUTCOMES = {
    Then.STOP: _stop,
    Then.STOP_COMPANY: _stop_company,
    Then.SKIP: _skip,
    Then.REDRAFT: _redraft,
    Then.WRONG_DATA: _wrong_data,
}


def _places(mail: Mail) -> list[dict[str, object]]:
    return places_of(Enrollment.select().where(Enrollment.id == mail.enrollment_id))


def _cancel(ctx: Context, mail: Mail, reason: str) -> None:
    move_mail(mail.id, ("held",), "cancelled", updated_at=ctx.now, error=reason)
    jobs.move(mail.id, ("awaiting_approval",), "cancelled", finished_at=ctx.now, error=reason)


def _back(
    mail: Mail,
    then: Then,
    places: list[dict[str, object]] | None = None,
    number: int = 0,
    task: Jotted | None = None,
) -> Inverse:
    """The way back from an outcome."""
    tasks = [task.model_dump(mode="json")] if task else []
    stood = {"places": places or [], "tasks": tasks, "number": number}
    return Inverse("gtm.approvals.unreject", {"id": mail.id, "then": then.value} | stood)


@operation("gtm.approvals.unreject", writes=True, permission="crm.approvals.manage", internal=True)
def unreject(ctx: Context, cmd: Unreject) -> ApprovalView:
    """Bring a rejected draft back, and everybody to where they stood; raises when something went on since."""
    mail = find_mail(ctx, cmd.id)
    if mail.source_kind:
        return restore.handle(ctx, ApprovalId(id=mail.id))
    places = cmd.places or () if cmd.number else cmd.places or _as_before(mail, cmd.status)
    for place in places:
        _put_back(ctx, mail, place)
    for task in cmd.tasks:
        turn_activity(task)
    if cmd.number:
        put_version(ctx, find_mail(ctx, mail.id), cmd.number)
    again = {"id": mail.id, "reason": mail.error or "rejected", "then": cmd.then.value}
    payload = {"name": mail.to_name, "subject": mail.subject}
    undo = Inverse("gtm.approvals.reject", again)
    ctx.record("gtm.outreach.restored", mail.id, payload, undo=undo)
    return view(ctx, find_mail(ctx, mail.id))


def _put_back(ctx: Context, mail: Mail, place: Place) -> None:
    """Let one person stand where they stood; of the others of a company those who went on since stay."""
    row = Enrollment.get_by_id(place.enrollment_id)
    try:
        put_one_back(ctx, row, place)
    except Conflict as error:
        if row.id == mail.enrollment_id:
            raise InvalidState(
                "The draft", spoken_state(mail.state), "taken back", str(error)
            ) from None


def _as_before(mail: Mail, status: str) -> tuple[Place, ...]:
    """Where the person stood, for a rejection of an older version of this program."""
    row = Enrollment.get_by_id(mail.enrollment_id)
    open_ = {"status": status, "reason": "", "note": "", "ended_at": None}
    return tuple(Place.model_validate(place | open_) for place in places_of([row]))
