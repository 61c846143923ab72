"""Before a mail leaves: what a claimed job does next, and the gate right before the point of no return."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from rusvel_tui.engine import jobs
from rusvel_tui.engine.addresses import parse_address
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput, NotFound
from rusvel_tui.engine.gtm.outreach.enrolling.lifecycle import end_enrollments, skip_unmet
from rusvel_tui.engine.gtm.outreach.mails.brief import brief_for
from rusvel_tui.engine.gtm.outreach.mails.envelope import (
    address_mail,
    addressed,
    build_raw,
    mail_digest,
)
from rusvel_tui.engine.gtm.outreach.mails.facts import load_facts
from rusvel_tui.engine.gtm.outreach.mails.letters import remarks
from rusvel_tui.engine.gtm.outreach.mails.mail_states import move_mail
from rusvel_tui.engine.gtm.outreach.timing.decide import (
    LOOK_AGAIN,
    Decision,
    Verdict,
    decide,
    may_draft,
)
from rusvel_tui.engine.gtm.senders.identity import identity_of
from rusvel_tui.engine.models import Job, Mail
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.operation import View, operation
from rusvel_tui.engine.ports import Brief, Envelope
from rusvel_tui.engine.undo import take_back_otherwise


class Next(View):
    """What the worker does with the job it claimed: draft, send, or nothing more."""

    brief: Brief | None = None
    envelope: Envelope | None = None


class PassGate(jobs.Held):
    """The worker stands before the final dot."""

    host: str


class GatePassed(View):
    """Whether the intent is durable. If not, nothing may be sent."""

    passed: bool
    why: str = ""
    lease_left: float = 0
    """Seconds for which nobody else takes this mail, counted from the commit."""


@operation("gtm.outreach.begin", writes=True, permission="jobs.work", internal=True)
def begin(ctx: Context, cmd: jobs.Held) -> Next:
    """Start the pass that is next for a claimed mail, or park the mail with its reason."""
    job = jobs.held_job(cmd)
    mail = Mail.find(cmd.job_id)
    if job is None:
        return Next()
    if mail is None:
        raise NotFound(f"Job {job.id} has no mail in the ledger.")  # it fails, and starves nobody
    if mail.state == "scheduled":
        return _begin_draft(ctx, mail)
    if mail.state == "approved":
        return _begin_send(ctx, mail)
    jobs.finish(ctx, job.id, "cancelled", f"its mail is {mail.state}")
    return Next()


def judge(ctx: Context, mail: Mail) -> Decision:
    """What the worker would decide about the mail now; of one that left or ended there is nothing to say."""
    if mail.state in ("scheduled", "drafting"):
        return may_draft(ctx.now, load_facts(ctx, mail))
    if mail.state in ("held", "approved", "sending"):
        return decide(ctx.now, load_facts(ctx, mail))
    return Decision(Verdict.WAIT)


def _begin_draft(ctx: Context, mail: Mail) -> Next:
    decision = judge(ctx, mail)
    if decision.verdict is not Verdict.GO:
        park(ctx, mail, decision)
        return Next()
    if skip_unmet(ctx, Job.get_by_id(mail.id)):
        return Next()
    move_mail(mail.id, ("scheduled",), "drafting", updated_at=ctx.now, blocked="")
    return Next(brief=brief_for(ctx, mail))


def _begin_send(ctx: Context, mail: Mail) -> Next:
    decision = judge(ctx, mail)
    if decision.verdict is not Verdict.GO:
        park(ctx, mail, decision)
        return Next()
    if skip_unmet(ctx, Job.get_by_id(mail.id)):
        return Next()
    try:
        raw = _bytes_of(ctx, mail)
    except InvalidInput as error:
        park(ctx, mail, Decision(Verdict.ASK_AGAIN, (str(error),)))
        return Next()
    values = {} if mail.raw is not None else {"raw": raw, "raw_sha256": sha256(raw).hexdigest()}
    move_mail(mail.id, ("approved",), "sending", updated_at=ctx.now, blocked="", **values)
    return Next(envelope=_envelope(ctx, mail, raw))


def _envelope(ctx: Context, mail: Mail, raw: bytes) -> Envelope:
    step = f"{mail.sequence_id} {mail.run_no} {mail.step_key or mail.position} {mail.recipient_key}"
    return Envelope(
        mail.id,
        mail.message_id,
        mail.from_address,
        mail.to_address,
        raw,
        identity_of(ctx, mail).account,
        key=sha256(step.encode()).hexdigest()[:32] if mail.sequence_id else "",
        again=bool(mail.settled_by),
    )


def _bytes_of(ctx: Context, mail: Mail) -> bytes:
    """The bytes of the first try, built now when there are none; raises when somebody else put them there."""
    if mail.raw is None:
        return build_raw(ctx, mail)
    raw = bytes(mail.raw)
    if sha256(raw).hexdigest() != mail.raw_sha256:
        raise InvalidInput("the stored bytes are not those of the first try")
    return raw


def park(ctx: Context, mail: Mail, decision: Decision) -> None:
    """Put a mail that may not go on where it belongs: later, back to the inbox, or cancelled.

    What no sequence asked for is never dropped: a person asked for it, and decides.
    """
    if decision.verdict is Verdict.DROP and not mail.source_kind:
        end_enrollments(ctx, decision.ended, enrollment_id=mail.enrollment_id)
        if move_mail(
            mail.id,
            ("scheduled", "approved", "sending", "held"),
            "cancelled",
            updated_at=ctx.now,
            error=decision.why,
        ):
            jobs.finish(ctx, mail.id, "cancelled", decision.why)
        else:
            Mail.update(error=decision.why).where(Mail.id == mail.id).execute()
    elif decision.verdict in (Verdict.ASK_AGAIN, Verdict.DROP):
        ask_again(ctx, mail, decision.why)
    else:
        wait(ctx, mail, decision)


def ask_again(ctx: Context, mail: Mail, why: str) -> bool:
    """Take the approval away and hold the mail again, marked as changed, with its present To and From."""
    problems = [*address_mail(ctx, mail), *remarks(ctx, mail)[0]]
    moved = move_mail(
        mail.id, ("approved", "sending"), "held", **addressed(mail),
        updated_at=ctx.now, approved_digest=None, changed_since=why, blocked="", raw=None, raw_sha256=None,
        problems=problems,
    )  # fmt: skip
    if moved:
        jobs.hold_for_approval(mail.id)
        take_back_otherwise(
            ctx, "gtm.outreach.approved", "gtm.outreach.unapproved", mail.id, {"reason": why}
        )
    return moved


def wait(ctx: Context, mail: Mail, decision: Decision) -> None:
    """Keep the mail where it is and look again later; what waits for more than its own time says why."""
    state = "approved" if mail.state in ("approved", "sending") else "scheduled"
    why = "" if decision.on_plan else decision.why
    move_mail(mail.id, (mail.state,), state, updated_at=ctx.now, blocked=why)
    jobs.snooze(mail.id, decision.next_time or ctx.now + LOOK_AGAIN, why)
    if decision.everybody_until is not None:
        _wait_all(ctx, mail, decision.everybody_until, decision.everybody_why)
    if why and mail.blocked != why:
        ctx.record("gtm.outreach.blocked", mail.id, {"reason": why, "name": mail.to_name})


def leaves_at(ctx: Context, mail: Mail, earliest: datetime) -> datetime:
    """When a mail that gets its yes is looked at: at its own time, else as soon as the yes is firm."""
    decision = decide(earliest, load_facts(ctx, mail))
    return decision.next_time if decision.on_plan and decision.next_time else earliest


def _wait_all(ctx: Context, mail: Mail, again: datetime, why: str) -> None:
    """Let the rest of the sender's due mails wait for the same moment: looking at each of them would be n² looks for n mails."""
    waiting = (
        Mail.select(Mail.id)
        .join(Job, on=(Job.id == Mail.id))
        .where(
            (Mail.session_id == ctx.session_id)
            & (Mail.from_address == mail.from_address)
            & (Mail.state == "approved")
            & (Job.state == "queued")
            & (Job.run_at <= ctx.now)
        )
    )
    ids = [mail_id for (mail_id,) in tuples(waiting)]
    for part in (ids[at : at + 500] for at in range(0, len(ids), 500)):
        Mail.update(blocked=why).where(Mail.id.in_(part)).execute()
        Job.update(run_at=again, error=why).where(Job.id.in_(part)).execute()


@operation("gtm.outreach.pass_gate", writes=True, permission="jobs.work", internal=True)
def pass_gate(ctx: Context, cmd: PassGate) -> GatePassed:
    """Check everything once more and commit the intent to send; without it, no dot is written.

    The checks and the commit are one transaction: whoever stops, unsubscribes or edits before it
    wins, whoever comes after it is too late (reliability: the gate).
    """
    job = Job.get_or_none(jobs.holds(cmd) & (Job.lease_until > ctx.now))
    mail = Mail.get_or_none((Mail.id == cmd.job_id) & (Mail.state == "sending"))
    if job is None or mail is None:
        return GatePassed(passed=False, why="another worker has this mail, or it was cancelled")
    if not is_intact(mail):
        return GatePassed(passed=False, why="the text is not what was approved")
    decision = judge(ctx, mail)
    if decision.verdict is not Verdict.GO:
        return GatePassed(passed=False, why=decision.why)
    values = {"intent_at": ctx.now, "smtp_host": cmd.host, "updated_at": ctx.now}
    move_mail(mail.id, ("sending",), "committing", **values)
    return GatePassed(passed=True, lease_left=(job.lease_until - ctx.now).total_seconds())


def is_intact(mail: Mail) -> bool:
    """Whether text and bytes are what was approved, whoever touched the file since."""
    same_text = mail_digest(mail) == mail.approved_digest
    same_person = parse_address(mail.to_address).key == mail.recipient_key
    return same_text and same_person and sha256(bytes(mail.raw)).hexdigest() == mail.raw_sha256
