"""What follows from a verdict: sequences stop, addresses are marked, somebody is put on the list of today."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.people.suppression import Suppress, suppress
from rusvel_tui.engine.gtm.mail.classifying.verdict import Judged, MailKind
from rusvel_tui.engine.gtm.mail.incoming.linking import Linked
from rusvel_tui.engine.gtm.mail.witness import bear_witness
from rusvel_tui.engine.gtm.outreach.enrolling.answers import (
    RecordBounce,
    RecordReply,
    Unsubscribe,
    record_bounce,
    record_reply,
    unsubscribe,
)
from rusvel_tui.engine.gtm.outreach.mails import sender
from rusvel_tui.engine.gtm.outreach.mails.refusing import SOFT_BOUNCES
from rusvel_tui.engine.models import Activity, Contact, IncomingMail, Mail

WINDOW = timedelta(days=30)
"""In which soft bounces of one address count together."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What was done about a mail, and whether a person is needed now."""

    open: bool = False
    said: str = ""
    activity_id: str | None = None


def follow(ctx: Context, row: IncomingMail, judged: Judged, linked: Linked) -> Effect:
    """Do what the verdict means. A mail of ours that it names has left, whatever was known before."""
    if linked.mail_id and linked.sure and judged.kind is not MailKind.OWN:
        bear_witness(ctx, linked.mail_id, f"a mail came back about it: {judged.kind.value}")
    return _RULES[judged.kind](ctx, row, judged, linked)


def _own(ctx: Context, row: IncomingMail, judged: Judged, linked: Linked) -> Effect:
    """A copy of what we sent settles a doubt."""
    mail = Mail.get_or_none(
        (Mail.session_id == ctx.session_id) & (Mail.message_id == _written_id(row))
    )
    if mail is not None and bear_witness(ctx, mail.id, f"its copy lies in {row.mailbox}"):
        return Effect(said="settled a mail that was in doubt")
    return Effect()


def _written_id(row: IncomingMail) -> str:
    """The id in the case in which we wrote it: it stands last in the thread."""
    return str(row.references[-1]) if row.references else row.message_id


def _hard(ctx: Context, row: IncomingMail, judged: Judged, linked: Linked) -> Effect:
    reason = f"bounced: {judged.status or 'the address is dead'}"
    _came_back(ctx, linked.mail_id, reason)
    ctx.call(suppress, Suppress(address=judged.bounced, reason=reason, source="bounce"))
    return Effect(said=f"{judged.bounced} is not written to again")


def _came_back(ctx: Context, mail_id: str | None, reason: str) -> None:
    mail = Mail.get_or_none(Mail.id == mail_id)
    if mail is None or mail.state != "sent" or mail.bounced_at is not None:
        return
    if mail.contact_id is None:
        Mail.update(bounced_at=ctx.now).where(Mail.id == mail.id).execute()
    else:
        ctx.call(record_bounce, RecordBounce(mail_id=mail.id, text=reason))


def _soft(ctx: Context, row: IncomingMail, judged: Judged, linked: Linked) -> Effect:
    """A delay is no strike; policy is about us, not about them; the rest counts."""
    if judged.action == "delayed":
        return Effect(said="the other server still tries")
    if judged.status.split(".")[1:2] == ["7"]:
        why = f"{judged.bounced.rpartition('@')[2]} refuses our mail: {judged.status}"
        sender.pause(ctx, why, undoable=True)
        return Effect(open=True, said=f"sending is paused: {why}")
    strikes = _strikes(ctx, row, judged.bounced.lower())
    if strikes < SOFT_BOUNCES:
        return Effect(said=f"came back for the moment: {strikes} of {SOFT_BOUNCES}")
    return _hard(ctx, row, judged, linked)


def _strikes(ctx: Context, row: IncomingMail, address: str) -> int:
    """How often mail to that address came back within the window, this time included."""
    query = IncomingMail.select(IncomingMail.verdict).where(
        (IncomingMail.session_id == ctx.session_id)
        & (IncomingMail.kind == MailKind.BOUNCE_SOFT.value)
        & (IncomingMail.received_at > ctx.now - WINDOW)
        & (IncomingMail.id != row.id)
        & IncomingMail.processed_at.is_null(False)
    )
    earlier = (one.verdict for one in query)
    return 1 + sum(
        1
        for verdict in earlier
        if str(verdict.get("bounced_address", "")).lower() == address
        and verdict.get("action") == "failed"
    )


def _opt_out(ctx: Context, row: IncomingMail, judged: Judged, linked: Linked) -> Effect:
    reason = "complained" if judged.detail == "complaint" else "unsubscribed by mail"
    if linked.contact_id and linked.sure and _lives(linked.contact_id):
        ctx.call(unsubscribe, Unsubscribe(contact_id=linked.contact_id, reason=reason))
    for address in judged.suppress:
        ctx.call(suppress, Suppress(address=address, reason=reason, source="mail"))
    return Effect(said=f"{' and '.join(judged.suppress)} will not be written to again")


def _automatic(ctx: Context, row: IncomingMail, judged: Judged, linked: Linked) -> Effect:
    """The sequence goes on; when the person is back is proposed to whoever sits at the desk."""
    ahead = judged.resume is not None and judged.resume > ctx.now.astimezone(ctx.zone).date()
    return Effect(open=ahead and linked.sure, said=f"back on {judged.resume}" if ahead else "")


def _human(ctx: Context, row: IncomingMail, judged: Judged, linked: Linked) -> Effect:
    if not linked.sure or linked.contact_id is None:
        return Effect(open=True, said="nobody is known by this address")
    if not _lives(linked.contact_id):
        return Effect(open=True, said="the contact was deleted")
    cmd = RecordReply(contact_id=linked.contact_id, text=row.own_words or row.text, subject=row.subject)  # fmt: skip
    answered = ctx.call(record_reply, cmd)
    newest = Activity.select(Activity.id).where(
        (Activity.contact_id == linked.contact_id) & (Activity.kind == "email_in")
    )
    activity = newest.order_by(Activity.id.desc()).first()
    said = "" if not answered.ended else "their sequence ended" if answered.ended == 1 else f"{answered.ended} sequences ended"  # fmt: skip
    return Effect(open=True, said=said, activity_id=activity.id if activity else None)


def _lives(contact_id: str) -> bool:
    return Contact.get_by_id(contact_id).deleted_at is None


def _unknown(ctx: Context, row: IncomingMail, judged: Judged, linked: Linked) -> Effect:
    """Nothing, unless it looks like the answer of somebody else in the firm: then a person is asked."""
    return Effect(open=linked.contact_id is not None and not linked.sure)


_RULES: dict[MailKind, Callable[[Context, IncomingMail, Judged, Linked], Effect]] = {
    MailKind.OWN: _own,
    MailKind.BOUNCE_HARD: _hard,
    MailKind.BOUNCE_SOFT: _soft,
    MailKind.OPT_OUT: _opt_out,
    MailKind.AUTO_REPLY: _automatic,
    MailKind.HUMAN: _human,
    MailKind.UNKNOWN: _unknown,
}
