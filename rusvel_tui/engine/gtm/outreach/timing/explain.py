"""Why not yet: every gate that a step must pass, in words, and the moment at which it may leave.

The answer comes from the function that the scheduler and the last gate ask, on the same facts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from rusvel_tui.engine import jobs
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.people.people import label
from rusvel_tui.engine.gtm.outreach.enrolling.lookups import sequence_names
from rusvel_tui.engine.gtm.outreach.mails.facts import load_facts
from rusvel_tui.engine.gtm.outreach.mails.mail_states import MailState
from rusvel_tui.engine.gtm.outreach.sequences.finding import find_enrollment
from rusvel_tui.engine.gtm.outreach.timing.decide import conclude
from rusvel_tui.engine.gtm.outreach.timing.gates import Facts, Gate, Verdict, gates, spoken
from rusvel_tui.engine.models import Contact, Enrollment, Job, Mail
from rusvel_tui.engine.operation import Input, View, operation


class Explain(Input):
    """Which step: by its mail or job, or by the enrollment that stands before it."""

    id: str


class GateView(View):
    """One thing that the step must pass."""

    name: str
    open: bool
    text: str
    """What is so about it."""
    opens: datetime | None
    """When it opens by itself; empty when somebody has to do something."""


class Clock(View):
    """A moment as somebody's wall clock shows it."""

    whose: str
    zone: str
    origin: str
    """Where the zone is known from."""
    shows: str


class Explanation(View):
    """Where a step stands, and when it goes on."""

    enrollment_id: str
    job_id: str | None
    contact_id: str
    contact: str
    sequence_id: str
    sequence: str
    step: int
    state: str
    headline: str
    """The answer in one sentence."""
    next_time: datetime | None
    """The first moment at which it may go on if nothing changes; where somebody has to act, if they act now."""
    at_the_earliest: bool
    """Whether it may be later: you have to act first, or other mails go before it."""
    ahead: int
    """How many other mails want to leave by then, when there is a limit or a gap."""
    clocks: tuple[Clock, ...]
    """The moment on the person's clock and on yours."""
    gates: tuple[GateView, ...]


@operation("gtm.outreach.explain", permission="crm.sequences.read")
def explain(ctx: Context, cmd: Explain) -> Explanation:
    """Explain why a mail or step has not gone out yet: every gate with its reason, and when it may go."""
    job = Job.get_or_none((Job.id == cmd.id) & (Job.session_id == ctx.session_id))
    if job is not None and "sequence_run_id" in job.payload:
        enrollment = find_enrollment(ctx, job.payload["sequence_run_id"])
    elif job is not None and job.kind == "MailSend":
        mail = Mail.get_by_id(job.id)
        who = _Whose(mail.contact_id or "", mail.to_name or mail.to_address)
        return _show(ctx, who, job, _of_mail(ctx, mail, job))
    else:
        enrollment = find_enrollment(ctx, cmd.id)
        job = Job.get_or_none(Job.id == enrollment.job_id)
    mail = Mail.get_or_none(Mail.id == job.id) if job else None
    if job is not None and mail is not None:
        return _show(ctx, _whose(enrollment, job), job, _of_mail(ctx, mail, job))
    return _show(ctx, _whose(enrollment, job), job, _of_task(ctx, enrollment, job))


@dataclass(frozen=True, slots=True)
class _Whose:
    """Whose step it is, and of which sequence; the last are empty for a mail that no sequence asked for."""

    contact_id: str
    contact: str
    enrollment_id: str = ""
    sequence_id: str = ""
    sequence: str = ""
    step: int = 0


def _whose(enrollment: Enrollment, job: Job | None) -> _Whose:
    return _Whose(
        enrollment.contact_id,
        label(Contact.get_by_id(enrollment.contact_id)),
        enrollment.id,
        enrollment.sequence_id,
        sequence_names([enrollment.sequence_id])[enrollment.sequence_id],
        int(job.payload["step_index"] if job else enrollment.position) + 1,
    )


@dataclass(frozen=True, slots=True)
class _Answer:
    """What is to be shown."""

    state: str
    headline: str
    next_time: datetime | None = None
    facts: Facts | None = None
    gates: tuple[Gate, ...] = ()
    asks: bool = False
    """Whether somebody has to act before."""
    ahead: int = 0


def _of_mail(ctx: Context, mail: Mail, job: Job) -> _Answer:
    state = MailState(mail.state).value
    if mail.state in _OVER:
        return _Answer(state, _over(ctx, mail))
    facts = _as_if_approved(ctx, mail, load_facts(ctx, mail))
    start = max(ctx.now, job.run_at) if mail.state == "scheduled" else ctx.now
    shut = [gate for gate in gates(start, facts) if gate.verdict is not Verdict.GO]
    passed = tuple(gates(ctx.now, facts))
    ends = conclude(start, facts, shut)
    if ends.verdict in _ENDINGS:
        text = f"{_ENDINGS[ends.verdict]}: {ends.why}."
        return _Answer(state, text, None, facts, passed, asks=True)
    timed = [gate for gate in shut if gate.opens is not None]
    moment = conclude(start, facts, timed).next_time or start
    headline = _headline(ctx, mail, job, shut, spoken(moment, facts.times.where))
    asks = mail.state in _WITHOUT_YES or len(timed) < len(shut)
    return _Answer(state, headline, moment, facts, passed, asks, _ahead(ctx, mail, facts, moment))


_WITHOUT_YES = ("scheduled", "drafting", "held")
_ENDINGS = {
    Verdict.DROP: "It does not leave any more",
    Verdict.ASK_AGAIN: "It goes back to the inbox for a new yes",
}
_OVER = ("sent", "rejected", "dead", "cancelled", "in_doubt", "committing")


def _over(ctx: Context, mail: Mail) -> str:
    """What there is to say of a mail that left or ended."""
    if mail.state == "sent":
        return f"It left {spoken(mail.sent_at, ctx.zone)}."
    if mail.state == "committing":
        return "It is leaving now: the mail server is deciding."
    if mail.state == "in_doubt":
        return f"Nobody knows whether it left: {mail.error}. Settle it in the inbox."
    return f"It does not leave: {mail.error or mail.state}."


def _as_if_approved(ctx: Context, mail: Mail, facts: Facts) -> Facts:
    """The facts of a mail without a yes as they would be with one, given now."""
    if mail.state == "held" and ctx.policy.undo_seconds:
        firm = ctx.now + timedelta(seconds=ctx.policy.undo_seconds)
        return replace(facts, planned=firm, undo=True)
    if mail.state in ("scheduled", "drafting"):  # the draft will be addressed anew
        reach = facts.addresses | {facts.recipient_key}
        return replace(facts, mail_from=facts.sender, addresses=reach)
    return facts


def _headline(ctx: Context, mail: Mail, job: Job, shut: list[Gate], at: str) -> str:
    """The answer in one sentence; `at` is the moment at which it may leave if everybody does their part."""
    asked = "; ".join(gate.text for gate in shut if gate.opens is None)
    if mail.state in _WITHOUT_YES:
        text = _before_the_yes(ctx, mail, job, at)
        return f"{text} Before that: {asked}." if asked and not mail.blocked else text
    if asked:
        return f"It waits: {asked}."
    # When the worker looks next follows from the other gates; alone it is the reason.
    told = [gate.text for gate in shut if gate.name != "queue"] or [gate.text for gate in shut]
    return f"It leaves {at}: {'; '.join(told)}." if told else "It leaves now."


def _before_the_yes(ctx: Context, mail: Mail, job: Job, at: str) -> str:
    if mail.state == "scheduled" and mail.blocked:
        return f"It is not drafted yet: {mail.blocked}."
    if mail.state == "scheduled":
        when = f"is drafted {spoken(job.run_at, ctx.zone)}" if job.run_at > ctx.now else "is due"
        return f"It {when}; with your yes it may leave {at}."
    if mail.state == "drafting":
        return f"It is being drafted; with your yes it may leave {at}."
    if mail.problems:
        problems = "; ".join(one.rstrip(".") for one in mail.problems)
        return f"It cannot be approved yet: {problems}."
    return f"It waits for your yes; with one now it leaves {at}."


def _ahead(ctx: Context, mail: Mail, facts: Facts, moment: datetime) -> int:
    """How many other mails with a yes want to leave by then; of interest only where one holds up another."""
    if not facts.limits and facts.min_gap is None:
        return 0
    query = Mail.select(Mail.id).join(Job, on=(Job.id == Mail.id))
    query = query.where(
        (Mail.session_id == ctx.session_id)
        & (Mail.state == "approved")
        & (Mail.id != mail.id)
        & (Job.state == "queued")
        & (Job.run_at <= moment)
    )
    return int(query.count())


def _of_task(ctx: Context, enrollment: Enrollment, job: Job | None) -> _Answer:
    """Of a step that is done by hand, and of a way that is over."""
    if enrollment.status in ("completed", "cancelled"):
        state = enrollment.status.capitalize()
        return _Answer(state, f"The way through the sequence is over: {enrollment.reason}.")
    if job is None:
        return _Answer("Queued", "No step is planned.", asks=True)
    state = jobs.JobState(job.state).value
    if job.state == "awaiting_approval":
        return _Answer(state, "It waits for you: do it and complete the step.", asks=True)
    if enrollment.status == "paused":
        return _Answer(state, "The enrollment is paused.", job.run_at, asks=True)
    return _Answer(state, f"It comes up {spoken(job.run_at, ctx.zone)}.", job.run_at)


def _show(ctx: Context, whose: _Whose, job: Job | None, answer: _Answer) -> Explanation:
    late = f" {answer.ahead} other mails want to leave by then." if answer.ahead else ""
    return Explanation(
        **asdict(whose),
        job_id=job.id if job else None,
        state=answer.state,
        headline=answer.headline + late,
        next_time=answer.next_time,
        at_the_earliest=answer.asks or bool(answer.ahead),
        ahead=answer.ahead,
        clocks=tuple(_clocks(ctx, answer, whose.contact)),
        gates=tuple(
            GateView(name=g.name, open=g.verdict is Verdict.GO, text=g.text, opens=g.opens)
            for g in answer.gates
            if g.text
        ),
    )


def _clocks(ctx: Context, answer: _Answer, contact: str) -> Iterator[Clock]:
    """The person's clock, and yours where it shows something else."""
    if answer.next_time is None:
        return
    here = f"{answer.next_time.astimezone(ctx.zone):%a %d %b %H:%M}"
    if answer.facts is not None:
        times = answer.facts.times
        there = f"{answer.next_time.astimezone(times.where):%a %d %b %H:%M}"
        yield Clock(whose=contact, zone=times.zone, origin=times.origin, shows=there)
    yield Clock(whose="you", zone=ctx.zone.key, origin="session", shows=here)
