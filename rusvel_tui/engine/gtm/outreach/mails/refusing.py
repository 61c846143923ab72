"""After a server said no: what becomes of the mail, of the address, and of the sender, each with its sentence."""

from __future__ import annotations

from datetime import datetime, timedelta

from rusvel_tui.engine import jobs
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.approvals import sources
from rusvel_tui.engine.gtm.outreach.enrolling import lifecycle
from rusvel_tui.engine.gtm.outreach.enrolling.answers import follow_bounce
from rusvel_tui.engine.gtm.outreach.mails import sender
from rusvel_tui.engine.gtm.outreach.mails.gate import wait
from rusvel_tui.engine.gtm.outreach.mails.mail_states import move_mail
from rusvel_tui.engine.gtm.outreach.mails.settle import Settled
from rusvel_tui.engine.gtm.outreach.results.guard import pause_after_bounces
from rusvel_tui.engine.gtm.outreach.timing.decide import Decision, Verdict
from rusvel_tui.engine.gtm.senders.identity import identity_of, state_keys
from rusvel_tui.engine.models import ContactEmail, Job, Mail, Suppression
from rusvel_tui.engine.operation import operation
from rusvel_tui.engine.text import one_line

SOFT_BOUNCES = 3
"""So many mails in a row to a mailbox that is full or switched off, and its address counts as dead."""
_POLITE = 10
"""Seconds after the time that a server names."""


class Refused(jobs.Held):
    """The server, or the way to it, provably did not take the mail."""

    scope: str
    permanent: bool
    code: int = 0
    text: str
    hard_bounce: bool = False
    soft_bounce: bool = False
    wait: int = 0
    """Seconds after which the server wants to be asked again."""


@operation("gtm.outreach.refused", writes=True, permission="jobs.work", internal=True)
def refused(ctx: Context, cmd: Refused) -> Settled:
    """Record that a mail did not leave, and what that means for it, for the address and for the sender."""
    job = Job.get_or_none(jobs.holds(cmd))
    mail = Mail.get_or_none((Mail.id == cmd.job_id) & Mail.state.in_(("sending", "committing")))
    if job is None or mail is None:
        return Settled(done=False)
    text = one_line(
        f"{cmd.code} {cmd.text}"
        if cmd.code and not cmd.text.startswith(str(cmd.code))
        else cmd.text
    )
    if cmd.scope in ("account", "sender", "connection"):
        _hold_back(ctx, mail, cmd, text)
    elif cmd.permanent:
        _reject(ctx, mail, cmd, text)
    else:
        _try_again(ctx, mail, job, cmd, text)
    return Settled(done=True)


def _hold_back(ctx: Context, mail: Mail, cmd: Refused, text: str) -> None:
    """Nothing is wrong with this mail: it waits, as the others of its sender or its account do."""
    identity = identity_of(ctx, mail)
    *_, account, own = state_keys(identity.sender_id, identity.account)
    key = own if cmd.scope == "sender" else account
    if cmd.permanent:
        sender.pause(ctx, text, key=key)
        decision = Decision(Verdict.WAIT, (f"sending is paused: {text}",))
    elif cmd.scope == "sender":
        again = _after(ctx, cmd.wait)
        sender.rest(ctx, key, again)
        decision = Decision(Verdict.WAIT, (f"the sender rests: {text}",), again)
    else:
        again = sender.connection_failed(ctx, key, _after(ctx, cmd.wait))
        why = f"the mail server cannot be reached: {text}"
        decision = Decision(Verdict.WAIT, (why,), again)
    move_mail(mail.id, ("committing",), "sending")
    mail.state = "sending"
    wait(ctx, mail, decision)


def _after(ctx: Context, seconds: int) -> datetime:
    """The time that a server named, or now; a day means the beginning of the next one."""
    from rusvel_tui.engine import calendar

    if seconds >= 86_400:
        return calendar.day_bounds(ctx.now, ctx.zone)[1] + timedelta(seconds=_POLITE)
    return ctx.now + timedelta(seconds=seconds + _POLITE) if seconds else ctx.now


def _try_again(ctx: Context, mail: Mail, job: Job, cmd: Refused, text: str) -> None:
    """A refusal for the moment: back to approved with a growing delay, and dead after the last try."""
    payload = {"name": mail.to_name, "reason": text, "permanent": False}
    ctx.record("gtm.email.failed", mail.id, payload)
    if job.attempts >= job.max_attempts:
        move_mail(mail.id, ("sending", "committing"), "dead", updated_at=ctx.now, error=text)
        jobs.finish(ctx, job.id, "failed", text)
        return
    again = max(jobs.retry_at(ctx.now, job.attempts), _after(ctx, cmd.wait))
    move_mail(mail.id, ("sending", "committing"), "approved", updated_at=ctx.now, error=text)
    jobs.move(job.id, ("running",), "queued", run_at=again, error=text)


def _reject(ctx: Context, mail: Mail, cmd: Refused, text: str) -> None:
    """A refusal for good: the mail and the enrollment end; a dead address is not written to again."""
    dead = cmd.hard_bounce or (cmd.soft_bounce and _soft_bounces(mail) + 1 >= SOFT_BOUNCES)
    values = {
        "reply_code": cmd.code,
        "reply_text": one_line(cmd.text),
        "error": text,
        "updated_at": ctx.now,
        "bounced_at": ctx.now if dead else None,
        "metadata": mail.metadata | ({"soft_bounce": True} if cmd.soft_bounce else {}),
    }
    move_mail(mail.id, ("sending", "committing"), "rejected", **values)
    jobs.finish(ctx, mail.id, "failed", text)
    if dead:
        _suppress(ctx, mail, text)
    payload = {
        "name": mail.to_name,
        "reason": text,
        "permanent": True,
        "contact_id": mail.contact_id,
    }
    ctx.record("gtm.email.failed", mail.id, payload)
    sources.tell(ctx, mail, "refused", text)
    if dead:
        follow_bounce(ctx, mail)
        pause_after_bounces(ctx, mail.sequence_id)
    else:
        lifecycle.end_enrollments(ctx, "refused", enrollment_id=mail.enrollment_id)
    sender.pause_after_refusals(ctx)


def _soft_bounces(mail: Mail) -> int:
    """How many of the last mails to the address were refused because its mailbox was full, without one between that was taken."""
    same = (Mail.session_id == mail.session_id) & (Mail.recipient_key == mail.recipient_key)
    over = Mail.state.in_(("sent", "rejected")) & (Mail.id != mail.id)
    last = Mail.select(Mail.state, Mail.metadata).where(same & over)
    count = 0
    for row in last.order_by(Mail.updated_at.desc(), Mail.id.desc()).limit(SOFT_BOUNCES):
        if row.state != "rejected" or not row.metadata.get("soft_bounce"):
            break
        count += 1
    return count


def _suppress(ctx: Context, mail: Mail, text: str) -> None:
    Suppression.insert(
        session_id=mail.session_id,
        key=mail.recipient_key,
        reason=f"bounced: {text}",
        source="bounce",
        created_at=ctx.now,
    ).on_conflict_ignore().execute()
    ContactEmail.update(invalid_at=ctx.now).where(
        (ContactEmail.session_id == mail.session_id) & (ContactEmail.key == mail.recipient_key)
    ).execute()
