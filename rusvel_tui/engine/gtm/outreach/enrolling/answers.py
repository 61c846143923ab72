"""What people do that ends a sequence for them, or leads them elsewhere: they answer, bounce, meet, object."""

from __future__ import annotations

from pydantic import Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput, InvalidState
from rusvel_tui.engine.gtm.crm.people.people import find_contact, label
from rusvel_tui.engine.gtm.crm.people.suppression import SuppressContacts, suppress_contacts
from rusvel_tui.engine.gtm.outreach.enrolling import lifecycle
from rusvel_tui.engine.gtm.outreach.enrolling.colleagues import Reached, reach_colleagues
from rusvel_tui.engine.gtm.outreach.enrolling.ends import End
from rusvel_tui.engine.gtm.outreach.enrolling.places import (
    Jotted,
    Marked,
    inverse,
    jotted,
    marked,
    places_of,
)
from rusvel_tui.engine.gtm.outreach.mails.mail_states import MailState, find_mail
from rusvel_tui.engine.gtm.outreach.results.guard import pause_after_bounces
from rusvel_tui.engine.gtm.outreach.sequences.branches import answer_step
from rusvel_tui.engine.gtm.outreach.sequences.conditions import Sentiment
from rusvel_tui.engine.gtm.outreach.sequences.finding import find_enrollment
from rusvel_tui.engine.gtm.outreach.sequences.step_facts import load_step_facts
from rusvel_tui.engine.models import Activity, Contact, ContactEmail, Enrollment, Mail
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.text import one_line, sanitize


class RecordReply(Input):
    """Who answered: a person in all their sequences, or in one of them only."""

    contact_id: str = ""
    enrollment_id: str = ""
    sentiment: Sentiment = Sentiment.NEUTRAL
    text: str = ""
    """What they wrote."""
    subject: str = ""


class RecordMeeting(Input):
    """Who agreed to a meeting."""

    contact_id: str
    note: str = ""


class RecordBounce(Input):
    """Which mail came back."""

    mail_id: str
    text: str = Field(default="the mail came back", min_length=1)
    """What the report said."""


class Unsubscribe(Input):
    """Who does not want to be written to."""

    contact_id: str
    reason: str = "unsubscribed"


class Answered(View):
    """What followed for the person, and for the others of the company."""

    contact_id: str
    contact: str
    ended: int
    """Sequences that ended for the person."""
    moved: int
    """Sequences in which a branch leads the person on."""
    colleagues: int
    """Others of the company for whom a sequence rests or ended."""


@operation("gtm.outreach.record_reply", writes=True, permission="crm.sequences.manage")
def record_reply(ctx: Context, cmd: RecordReply) -> Answered:
    """Note that somebody answered: their sequences end, or follow the branch for such a reply."""
    contact, rows = _whose(ctx, cmd)
    last = _last_mail(contact.id, cmd.enrollment_id)
    over = _ended(rows, last)
    activity = _note_reply(ctx, cmd, contact, last)
    before = places_of([*rows, *over])
    mails = [_mark_reply(ctx, row, cmd.sentiment) for row in (*rows, *over)]
    moved = sum(_lead_on(ctx, row, "reply", End.REPLIED) for row in rows)
    others = reach_colleagues(ctx, contact)
    payload = {
        "name": label(contact),
        "contact_id": contact.id,
        "sentiment": cmd.sentiment.value,
        "count": len(rows),
    }
    marks = [mark for mark in mails if mark is not None]
    undo = inverse([*before, *others.places], [activity, *others.tasks], marks)
    ctx.record("gtm.outreach.replied", contact.id, payload, undo=undo)
    return _answered(contact, len(rows) - moved, moved, others)


@operation("gtm.outreach.record_meeting", writes=True, permission="crm.sequences.manage")
def record_meeting(ctx: Context, cmd: RecordMeeting) -> Answered:
    """Note that a meeting was made with somebody: their sequences end."""
    contact = find_contact(ctx, cmd.contact_id)
    rows = _running(ctx, contact.id)
    before = places_of(rows)
    for row in rows:
        lifecycle.stop(ctx, row, End.MEETING, one_line(cmd.note))
    payload = {"name": label(contact), "contact_id": contact.id, "count": len(rows)}
    ctx.record("gtm.outreach.meeting", contact.id, payload, undo=inverse(before))
    return _answered(contact, len(rows), 0, Reached())


@operation("gtm.outreach.record_bounce", writes=True, permission="crm.sequences.manage")
def record_bounce(ctx: Context, cmd: RecordBounce) -> Answered:
    """Note that a mail came back for good: its address is not written to again, and a branch may lead on."""
    mail = find_mail(ctx, cmd.mail_id)
    if mail.state != "sent" or mail.bounced_at is not None:
        state = "Bounced" if mail.bounced_at else MailState(mail.state).value
        raise InvalidState("The mail", state, "Bounced", "Only a mail that left can come back.")
    contact = Contact.get_or_none(Contact.id == mail.contact_id)
    name = label(contact) if contact else mail.to_name or mail.to_address
    mark, addresses = marked(mail), _addresses(ctx, mail.recipient_key)
    Mail.update(bounced_at=ctx.now).where(Mail.id == mail.id).execute()
    ContactEmail.update(invalid_at=ctx.now).where(ContactEmail.id.in_(addresses)).execute()
    rows = _running(ctx, contact.id, mail.enrollment_id or "") if contact else []
    before = places_of(rows)
    moved = sum(_lead_on(ctx, row, "bounce", End.BOUNCED) for row in rows)
    payload = {"name": name, "contact_id": mail.contact_id, "reason": one_line(cmd.text)}
    undo = inverse(before, mails=[mark], addresses=addresses)
    ctx.record("gtm.outreach.bounced", mail.id, payload, undo=undo)
    pause_after_bounces(ctx, mail.sequence_id)
    told = {"contact_id": mail.contact_id or "", "contact": name}
    return Answered(**told, ended=len(rows) - moved, moved=moved, colleagues=0)


@operation("gtm.outreach.unsubscribe", writes=True, permission="crm.sequences.manage")
def unsubscribe(ctx: Context, cmd: Unsubscribe) -> Answered:
    """Note that somebody objects: none of their addresses is written to any more, and their sequences end."""
    contact = find_contact(ctx, cmd.contact_id)
    running = len(_running(ctx, contact.id))
    reason = one_line(cmd.reason) or "unsubscribed"
    ctx.call(suppress_contacts, SuppressContacts(contact_ids=(contact.id,), reason=reason))
    return _answered(contact, running, 0, Reached())


def _whose(ctx: Context, cmd: RecordReply) -> tuple[Contact, list[Enrollment]]:
    if bool(cmd.contact_id) == bool(cmd.enrollment_id):
        raise InvalidInput("Say who answered: a contact or an enrollment.", field="contact_id")
    if cmd.contact_id:
        contact = find_contact(ctx, cmd.contact_id)
        return contact, _running(ctx, contact.id)
    row = find_enrollment(ctx, cmd.enrollment_id)
    return find_contact(ctx, row.contact_id), _running(ctx, row.contact_id, row.id)


def _running(ctx: Context, contact_id: str, enrollment_id: str = "") -> list[Enrollment]:
    query = Enrollment.select().where(
        (Enrollment.session_id == ctx.session_id)
        & (Enrollment.contact_id == contact_id)
        & Enrollment.status.in_(lifecycle.RUNNING)
    )
    if enrollment_id:
        query = query.where(Enrollment.id == enrollment_id)
    return list(query.order_by(Enrollment.id))


def _last_mail(contact_id: str, enrollment_id: str) -> Mail | None:
    query = Mail.select().where((Mail.contact_id == contact_id) & (Mail.state == "sent"))
    if enrollment_id:
        query = query.where(Mail.enrollment_id == enrollment_id)
    found: Mail | None = query.order_by(Mail.sent_at.desc(), Mail.id.desc()).first()
    return found


def _note_reply(ctx: Context, cmd: RecordReply, contact: Contact, last: Mail | None) -> Jotted:
    """The answer on the timeline; taking it back deletes it there."""
    said = one_line(cmd.subject) or (
        f"Re: {last.subject.removeprefix('Re: ')}" if last else "Reply"
    )
    activity = Activity.create(
        id=ctx.new_id(),
        session_id=ctx.session_id,
        kind="email_in",
        subject=said,
        body=sanitize(cmd.text).strip(),
        contact_id=contact.id,
        deal_id=last.deal_id if last else None,
        outcome=cmd.sentiment.value,
        actor=ctx.actor.name,
        at=ctx.now,
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    return jotted(activity, deleted_at=ctx.now)


def _ended(rows: list[Enrollment], last: Mail | None) -> list[Enrollment]:
    """The enrollment whose mail was answered after it had ended: answers come late."""
    if last is None or last.enrollment_id in {None, *(row.id for row in rows)}:
        return []
    return [Enrollment.get_by_id(last.enrollment_id)]


def _mark_reply(ctx: Context, row: Enrollment, sentiment: Sentiment) -> Marked | None:
    """Note the answer on the enrollment and on its newest mail that left; what stood there before."""
    row.reply, row.replied_at = sentiment.key, ctx.now
    Enrollment.update(reply=row.reply, replied_at=ctx.now).where(Enrollment.id == row.id).execute()
    query = Mail.select().where((Mail.enrollment_id == row.id) & (Mail.state == "sent"))
    mail = query.order_by(Mail.sent_at.desc(), Mail.id.desc()).first()
    if mail is None:
        return None
    Mail.update(reply=sentiment.key, replied_at=ctx.now).where(Mail.id == mail.id).execute()
    return marked(mail)


def follow_bounce(ctx: Context, mail: Mail) -> None:
    """After a mail whose address the server knew to be dead: a branch of its step leads on, or the way ends."""
    if mail.enrollment_id is None or mail.contact_id is None:
        return
    for row in _running(ctx, mail.contact_id, mail.enrollment_id):
        _lead_on(ctx, row, "bounce", End.BOUNCED, mail.step_key)


def _lead_on(ctx: Context, row: Enrollment, subject: str, otherwise: End, key: str = "") -> bool:
    """Follow the branch of a step about that subject, by default the newest mail's, or end the enrollment."""
    steps = lifecycle.steps_of(row.version_id)
    path = lifecycle.path_of(row.version_id)
    keys = [step.key for step in path]
    at = keys.index(key) if key in keys else _answered_step(row, keys)
    target = None
    if at is not None:
        facts = load_step_facts(ctx, row, path[at])
        target = answer_step(path, at, facts, subject)
    if target is None:
        lifecycle.stop(ctx, row, otherwise)
        return False
    lifecycle.cancel_open_steps(ctx, [row], f"{otherwise.value}: a branch leads on")
    lifecycle.enter_or_end(ctx, row, steps, target, ctx.now)
    return True


def _answered_step(row: Enrollment, keys: list[str]) -> int | None:
    """The position of the step whose mail left last, in the version that the person is in now."""
    query = Mail.select(Mail.step_key).where(
        (Mail.enrollment_id == row.id) & (Mail.state == "sent")
    )
    mail = query.order_by(Mail.sent_at.desc(), Mail.id.desc()).first()
    key = mail.step_key if mail else keys[row.position]
    return keys.index(key) if key in keys else None


def _addresses(ctx: Context, key: str) -> list[str]:
    """The rows of an address that are not known to be dead."""
    query = ContactEmail.select(ContactEmail.id).where(
        (ContactEmail.session_id == ctx.session_id)
        & (ContactEmail.key == key)
        & ContactEmail.invalid_at.is_null()
    )
    return [row.id for row in query]


def _answered(contact: Contact, ended: int, moved: int, others: Reached) -> Answered:
    return Answered(
        contact_id=contact.id,
        contact=label(contact),
        ended=ended,
        moved=moved,
        colleagues=len(others.places),
    )
