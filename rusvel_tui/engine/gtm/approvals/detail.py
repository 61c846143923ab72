"""One mail whole: what went before, when it may leave and why not yet, and the texts that it had."""

from __future__ import annotations

from datetime import datetime

from peewee import fn

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.approvals.boxes import ApprovalId, ApprovalView, view
from rusvel_tui.engine.gtm.mail.classifying.verdict import MailKind
from rusvel_tui.engine.gtm.outreach.mails.brief import sent_before
from rusvel_tui.engine.gtm.outreach.mails.draft_versions import shown_number, versions_of
from rusvel_tui.engine.gtm.outreach.mails.facts import load_facts
from rusvel_tui.engine.gtm.outreach.mails.mail_states import find_mail
from rusvel_tui.engine.gtm.outreach.timing.decide import Decision, Verdict, decide, may_draft
from rusvel_tui.engine.models import Attachment, Deal, DraftScratch, IncomingMail, Mail
from rusvel_tui.engine.models.base import among, tuples
from rusvel_tui.engine.operation import View, operation


class EarlierMail(View):
    """A mail that went to the person before, or came from them."""

    subject: str
    body: str
    sent_at: datetime
    """Of one that came in: when it arrived."""
    sender: str = ""
    """Who wrote it; empty for ours."""


class AttachedView(View):
    """A file that goes along."""

    name: str
    size: int
    """Bytes; -1 when they are gone."""


class ApprovalDetail(ApprovalView):
    """One mail with the mails before it and the reason for its moment."""

    first_subject: str
    first_body: str
    past: tuple[EarlierMail, ...]
    """What went back and forth before in this sequence or thread, newest first."""
    deal: str
    """The title of the deal."""
    files: tuple[AttachedView, ...]
    may_leave: bool
    """Whether it would leave now, were it approved."""
    why: tuple[str, ...]
    next_time: datetime | None
    their_zone: str
    """By whose clock the moment is meant: the person's, where it is known."""
    reply: str
    """The server's answer."""
    draft: int
    """Which of its texts stands there, and how many it had."""
    drafts: int
    unfinished: bool
    """Whether somebody began to edit it and did not finish."""


@operation("gtm.approvals.show", permission="crm.approvals.read")
def show_approval(ctx: Context, cmd: ApprovalId) -> ApprovalDetail:
    """Show one mail whole, with what went before and why it does or does not leave."""
    mail = find_mail(ctx, cmd.id)
    decision, zone = _judged(ctx, mail)
    versions = versions_of(mail.id)
    return ApprovalDetail(
        **view(ctx, mail).model_dump(),
        first_subject=mail.first_subject,
        first_body=mail.first_body,
        past=_past(mail),
        deal=_deal(mail),
        files=tuple(_files(mail)),
        may_leave=decision.verdict is Verdict.GO,
        why=decision.reasons,
        next_time=decision.next_time,
        their_zone=zone,
        reply=f"{mail.reply_code} {mail.reply_text}".strip() if mail.reply_code else "",
        draft=shown_number(mail, versions),
        drafts=len(versions),
        unfinished=DraftScratch.get_or_none(DraftScratch.id == mail.id) is not None,
    )


def _judged(ctx: Context, mail: Mail) -> tuple[Decision, str]:
    """What the worker would decide now, and by whose clock; of one that left or ended there is nothing to say."""
    if mail.state not in ("scheduled", "drafting", "held", "approved", "sending"):
        return Decision(Verdict.WAIT), mail.due_zone
    facts = load_facts(ctx, mail)
    judge = may_draft if mail.state in ("scheduled", "drafting") else decide
    return judge(ctx.now, facts), facts.times.zone


def _past(mail: Mail) -> tuple[EarlierMail, ...]:
    """Our mails before this one and the answers to them, newest first."""
    ours = _before(mail)
    found = [EarlierMail(subject=m.subject, body=m.body, sent_at=m.sent_at) for m in ours]
    found += [
        EarlierMail(
            subject=came.subject,
            body=came.own_words or came.text,
            sent_at=came.received_at,
            sender=came.from_name or came.from_address,
        )
        for came in _came(mail, ours)
    ]
    return tuple(sorted(found, key=lambda one: (one.sent_at, one.sender != ""), reverse=True))


def _came(mail: Mail, ours: list[Mail]) -> list[IncomingMail]:
    """What people wrote in the thread; reports of servers and absences are no part of it."""
    about = among(IncomingMail.mail_id, [m.id for m in ours])
    about |= (IncomingMail.message_id != "") & among(IncomingMail.message_id, mail.references)
    people = IncomingMail.kind.in_([MailKind.HUMAN, MailKind.OPT_OUT, MailKind.UNKNOWN])
    own = IncomingMail.session_id == mail.session_id
    return list(IncomingMail.select().where(own & about & people))


def _before(mail: Mail) -> list[Mail]:
    """What left before in the same sequence; of another mail, what else is in its thread."""
    if mail.enrollment_id is not None:
        return sent_before(mail)
    ids = list(mail.references)
    if not ids:
        return []
    thread = Mail.message_id.in_(ids) & (Mail.session_id == mail.session_id)
    return list(
        Mail.select().where(thread & (Mail.state == "sent")).order_by(Mail.sent_at, Mail.id)
    )


def _deal(mail: Mail) -> str:
    deal = Deal.get_or_none(Deal.id == mail.deal_id) if mail.deal_id else None
    return "" if deal is None else str(deal.title)


def _files(mail: Mail) -> list[AttachedView]:
    if not mail.attachments:
        return []
    digests = [digest for _, digest in mail.attachments]
    query = Attachment.select(Attachment.sha256, fn.LENGTH(Attachment.data)).where(
        (Attachment.session_id == mail.session_id) & Attachment.sha256.in_(digests)
    )
    sizes = dict(tuples(query))
    return [AttachedView(name=name, size=sizes.get(sha, -1)) for name, sha in mail.attachments]
