"""After a try to send: what the ledger, the queue, the timeline and the enrollment learn of it."""

from __future__ import annotations

from datetime import datetime

from rusvel_tui.engine import jobs
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.crashpoints import crashpoint
from rusvel_tui.engine.gtm.approvals import sources
from rusvel_tui.engine.gtm.outreach.enrolling import lifecycle
from rusvel_tui.engine.gtm.outreach.mails import sender
from rusvel_tui.engine.gtm.outreach.mails.gate import ask_again, is_intact, judge, park
from rusvel_tui.engine.gtm.outreach.mails.mail_states import move_mail
from rusvel_tui.engine.gtm.outreach.timing.decide import Verdict
from rusvel_tui.engine.gtm.senders.identity import identity_of
from rusvel_tui.engine.models import Activity, Job, Mail
from rusvel_tui.engine.models.base import insert_row
from rusvel_tui.engine.operation import View, operation
from rusvel_tui.engine.text import one_line


class Accepted(jobs.Held):
    """The server took the mail."""

    code: int
    text: str
    queue_id: str = ""


class Unclear(jobs.Held):
    """Something ended the talk after the final dot, or the gate was closed."""

    text: str


class Settled(View):
    """Whether this worker's word still counted, and what is queued next."""

    done: bool
    next_job_id: str | None = None


@operation("gtm.outreach.accepted", writes=True, permission="jobs.work", internal=True)
def accepted(ctx: Context, cmd: Accepted) -> Settled:
    """Record that a mail left: ledger, activity, events and the next step in one transaction.

    A worker that was merely slow settles its own mail even after it was put in doubt, and even after
    a person wanted it sent again or gave it up, as long as nobody else has claimed it since.
    """
    job, mail = Job.find(cmd.job_id), Mail.find(cmd.job_id)
    if job is None or mail is None or job.fence != cmd.fence or not _may_have_left(mail):
        return Settled(done=False)
    reply = {
        "reply_code": cmd.code,
        "reply_text": one_line(cmd.text),
        "queue_id": one_line(cmd.queue_id),
    }
    following = mark_sent(ctx, mail, sent_at=ctx.now, settled_by="server", **reply)
    sender.connection_worked(ctx, identity_of(ctx, mail))
    crashpoint("in_finish")
    return Settled(done=True, next_job_id=following)


def _may_have_left(mail: Mail) -> bool:
    """Whether its dot may have been written: after the gate, in doubt, or settled by a person since."""
    doubted = mail.state in ("approved", "dead") and mail.settled_by
    return bool(mail.state in ("committing", "in_doubt") or doubted)


def mark_sent(
    ctx: Context, mail: Mail, *, sent_at: datetime, settled_by: str, **reply: object
) -> str | None:
    """Move a mail to sent with all that follows from it; the id of the next step's job."""
    move_mail(
        mail.id, ("committing", "in_doubt", "approved", "dead"), "sent",
        sent_at=sent_at, settled_by=settled_by, updated_at=ctx.now, blocked="", error="", **reply,
    )  # fmt: skip
    jobs.move(mail.id, ("running", "failed", "queued"), "succeeded", finished_at=ctx.now, error="")
    _note(ctx, mail, sent_at)
    about = {"contact_id": mail.contact_id, "name": mail.to_name, "mailer": ctx.policy.mailer}
    ctx.record(
        "gtm.email.sent",
        mail.id,
        about | {"to": mail.to_address, "from": mail.from_address, "subject": mail.subject},
    )
    sources.tell(ctx, mail, "sent")
    if mail.enrollment_id is None:
        return None
    step = {
        "sequence_id": mail.sequence_id,
        "step_index": mail.position,
        "status": "sent",
        "job_id": mail.id,
    }
    ctx.record("gtm.outreach.sent", mail.enrollment_id, about | step)
    return lifecycle.advance(ctx, mail.enrollment_id, sent_at, outcome="sent", job_id=mail.id)


def _note(ctx: Context, mail: Mail, sent_at: datetime) -> None:
    """The activity for the timeline."""
    insert_row(
        Activity,
        ignore=True,
        id=ctx.new_id(),
        session_id=mail.session_id,
        kind="email_out",
        subject=mail.subject,
        body=mail.body,
        contact_id=mail.contact_id,
        deal_id=mail.deal_id,
        job_id=mail.id,
        actor=mail.approved_by,
        at=sent_at,
        created_at=ctx.now,
        updated_at=ctx.now,
    )


@operation("gtm.outreach.unclear", writes=True, permission="jobs.work", internal=True)
def unclear(ctx: Context, cmd: Unclear) -> Settled:
    """Put a mail in doubt: the dot was written and no clear answer came. It is never sent again by itself."""
    job = Job.get_or_none(jobs.holds(cmd))
    mail = Mail.get_or_none((Mail.id == cmd.job_id) & (Mail.state == "committing"))
    if job is None or mail is None:
        return Settled(done=False)
    put_in_doubt(ctx, mail, one_line(cmd.text))
    return Settled(done=True)


def put_in_doubt(ctx: Context, mail: Mail, why: str) -> None:
    """Leave the mail to a person, or to evidence."""
    if move_mail(mail.id, ("committing",), "in_doubt", updated_at=ctx.now, error=why):
        jobs.finish(ctx, mail.id, "failed", f"in doubt: {why}")
        ctx.record(
            "gtm.email.in_doubt",
            mail.id,
            {"name": mail.to_name, "reason": why},
            session_id=mail.session_id,
        )


@operation("gtm.outreach.gate_closed", writes=True, permission="jobs.work", internal=True)
def gate_closed(ctx: Context, cmd: Unclear) -> Settled:
    """Put a mail back that was kept from leaving: no dot was written, so it did not leave.

    A worker that was stopped behind the gate knows that much even after the mail was put in doubt.
    """
    job = Job.get_or_none((Job.id == cmd.job_id) & (Job.fence == cmd.fence))
    mail = Mail.get_or_none((Mail.id == cmd.job_id) & Mail.state.in_(_BEFORE_THE_DOT))
    if job is None or mail is None:
        return Settled(done=False)
    decision = judge(ctx, mail)
    if mail.state == "sending" and not is_intact(mail):
        ask_again(ctx, mail, cmd.text)
    elif mail.state == "sending" and decision.verdict is not Verdict.GO:
        park(ctx, mail, decision)
    else:
        values = {"intent_at": None, "error": cmd.text, "updated_at": ctx.now}
        move_mail(mail.id, _BEFORE_THE_DOT, "approved", **values)
        again = {"finished_at": None, "error": cmd.text}
        jobs.move(mail.id, ("running", "failed"), "queued", **again)
        ctx.record("job.requeued", mail.id, {"reason": cmd.text})
    return Settled(done=True)


_BEFORE_THE_DOT = ("sending", "committing", "in_doubt")
"""Where a mail can be found by the worker that kept it from leaving."""
