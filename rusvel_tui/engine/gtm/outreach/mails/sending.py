"""The worker's side of a step: draft and hold it, or take it through the gate and out."""

from __future__ import annotations

from dataclasses import asdict
from threading import Event
from typing import TYPE_CHECKING, Any

from rusvel_tui.engine import jobs
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.crashpoints import crashpoint
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.outreach.enrolling import manual
from rusvel_tui.engine.gtm.outreach.mails import drafting, gate, refusing, settle
from rusvel_tui.engine.gtm.outreach.mails.mail_states import move_mail
from rusvel_tui.engine.models import Job, Mail
from rusvel_tui.engine.operation import In, Operation, Out
from rusvel_tui.engine.ports import (
    Brief,
    Draft,
    DrafterFailed,
    Envelope,
    Gate,
    GateClosed,
    InDoubt,
    Mailer,
    NotSent,
    Receipt,
)

if TYPE_CHECKING:
    from rusvel_tui.engine.core import Engine

_SAID = ("scope", "permanent", "code", "text", "hard_bounce", "soft_bounce", "wait")
"""What is recorded of a mail that was not sent."""
_INSIST = 3600
"""Seconds for which an acceptance that cannot be written is tried again."""


def handle(engine: Engine, job: jobs.ClaimedJob, stop: Event) -> None:
    """Do one pass of an `OutreachSend` or a `MailSend` job."""
    held = _held(job)
    if job.payload.get("type") in manual.TYPES:
        engine.run(manual.open_step, jobs.Held(**held))
        return
    following = engine.run(gate.begin, jobs.Held(**held))
    if following.brief is not None:
        _draft(engine, held, following.brief)
    elif following.envelope is not None:
        _send(engine, held, following.envelope, stop)


def recover(ctx: Context, job: Job, error: str) -> None:
    """Put right what a vanished or failed worker left: a draft is repeated, a send follows its mail."""
    mail = Mail.get_or_none(Mail.id == job.id)
    if mail is not None and mail.state == "committing":
        settle.put_in_doubt(ctx, mail, error or "the worker vanished while the server was deciding")
        return
    failed = jobs.put_back(ctx, job, error)
    if mail is not None and mail.state in _BACK:
        after = "dead" if failed else _BACK[mail.state]
        why = error or (jobs.ALL_VANISHED if failed else "")
        move_mail(mail.id, (mail.state,), after, updated_at=ctx.now, error=why)


_BACK = {
    "scheduled": "scheduled",
    "drafting": "scheduled",
    "approved": "approved",
    "sending": "approved",
}
"""Where a mail goes back to when its worker vanished or failed."""


def _draft(engine: Engine, held: dict[str, Any], brief: Brief) -> None:
    if engine.drafter is None:
        raise EngineError("no drafter is configured")
    try:
        draft = engine.drafter.draft(brief)
    except DrafterFailed as error:
        raise EngineError(f"the draft failed: {error}") from error
    crashpoint("after_draft")
    engine.run(
        drafting.hold_draft,
        drafting.HoldDraft(
            subject=draft.subject,
            body=draft.body,
            drafted_by=draft.drafted_by,
            problems=draft.problems,
            notes=draft.notes,
            facts=_used(brief, draft),
            **held,
        ),
    )


def _used(brief: Brief, draft: Draft) -> tuple[dict[str, str], ...]:
    """The facts that the draft says it rests on, as they were told; a number that was not told is nothing."""
    numbers = [n for n in dict.fromkeys(draft.facts) if 0 < n <= len(brief.facts)]
    return tuple(asdict(brief.facts[n - 1]) for n in numbers)


def _send(engine: Engine, held: dict[str, Any], envelope: Envelope, stop: Event) -> None:
    """Hand the mail to the mailer and record what came of it."""
    mailer = engine.mailer
    if mailer is None:
        raise EngineError("no mailer is configured")

    def pass_gate() -> None:
        asked = engine.clock.monotonic()
        answer = engine.run(gate.pass_gate, gate.PassGate(host=mailer.label, **held))
        if not answer.passed:
            raise GateClosed(answer.why)
        crashpoint("after_intent")
        if engine.clock.monotonic() - asked > answer.lease_left:
            # Stopped between the intent and the dot: somebody else may decide about this mail by now.
            raise GateClosed("the worker was stopped for longer than its lease")

    outcome = _hand_over(mailer, envelope, pass_gate)
    if isinstance(outcome, Receipt):
        done = settle.Accepted(
            code=outcome.code, text=outcome.text, queue_id=outcome.queue_id, **held
        )
        _insist(engine, settle.accepted, done, stop)
        crashpoint("after_finish")
    elif isinstance(outcome, NotSent):
        said = {name: getattr(outcome, name) for name in _SAID}
        engine.run(refusing.refused, refusing.Refused(**said, **held))
    elif isinstance(outcome, InDoubt):
        engine.run(settle.unclear, settle.Unclear(text=str(outcome), **held))
    else:
        engine.run(settle.gate_closed, settle.Unclear(text=str(outcome), **held))


def _hand_over(
    mailer: Mailer, envelope: Envelope, pass_gate: Gate
) -> Receipt | NotSent | InDoubt | GateClosed:
    """What the mailer says, as a value: each outcome is recorded by its own operation."""
    try:
        return mailer.send(envelope, pass_gate)
    except (NotSent, InDoubt, GateClosed) as outcome:
        return outcome


def _insist(engine: Engine, operation: Operation[In, Out], command: In, stop: Event) -> None:
    """Record an acceptance whatever it takes: while this fails the mail stays in doubt, never unsent.

    A full disk or a locked file passes; until then the outcome lives in this process only.
    """
    for left in reversed(range(_INSIST)):
        try:
            engine.run(operation, command)
        except EngineError:
            if not left or engine.clock.wait(stop, 1.0):
                raise
        else:
            return


def _held(job: jobs.ClaimedJob) -> dict[str, Any]:
    return {
        "session_id": job.session_id,
        "job_id": job.job_id,
        "owner": job.owner,
        "fence": job.fence,
    }
