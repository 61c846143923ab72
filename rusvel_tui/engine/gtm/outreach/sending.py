"""The worker's side of a step: draft and hold it, or take it through the gate and out."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING, Any

from rusvel_tui.engine import jobs
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.crashpoints import crashpoint
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.outreach import drafting, gate, manual, settle
from rusvel_tui.engine.gtm.outreach.mail_states import move_mail
from rusvel_tui.engine.models import Job, Mail
from rusvel_tui.engine.operation import In, Operation, Out
from rusvel_tui.engine.ports import (
    Brief,
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

_INSIST = 3600
"""Seconds for which an acceptance that cannot be written is tried again."""
_MARGIN = 10.0
"""Seconds before the end of the lease after which this worker no longer trusts it."""


def handle(engine: Engine, job: jobs.ClaimedJob, stop: Event) -> None:
    """Do one pass of an `OutreachSend` job."""
    held = _held(job)
    if job.payload["type"] in manual.TYPES:
        engine.run(manual.open_step, jobs.Held(**held))
        return
    deadline = engine.clock.monotonic() + engine.policy.lease_seconds - _MARGIN
    following = engine.run(gate.begin, jobs.Held(**held))
    if following.brief is not None:
        _draft(engine, held, following.brief)
    elif following.envelope is not None:
        _send(engine, held, following.envelope, deadline, stop)


def recover(ctx: Context, job: Job, error: str) -> None:
    """Put right what a vanished or failed worker left: a draft is repeated, a send follows its mail."""
    mail = Mail.get_or_none(Mail.id == job.id)
    if mail is not None and mail.state == "committing":
        settle.put_in_doubt(ctx, mail, error or "the worker vanished while the server was deciding")
        return
    failed = job.attempts >= job.max_attempts
    if mail is not None:
        move_mail(
            mail.id,
            ("drafting",),
            "dead" if failed else "scheduled",
            updated_at=ctx.now,
            error=error,
        )
        move_mail(
            mail.id, ("sending",), "dead" if failed else "approved", updated_at=ctx.now, error=error
        )
    if failed:
        why = error or "every worker that tried it vanished"
        jobs.finish(ctx, job.id, "failed", why)
        ctx.record("job.failed", job.id, {"reason": why}, session_id=job.session_id)
        return
    again = jobs.retry_at(ctx.now, job.attempts) if error else ctx.now
    jobs.move(job.id, ("running",), "queued", run_at=again, error=error)
    ctx.record(
        "job.requeued",
        job.id,
        {"reason": error or "its worker vanished"},
        session_id=job.session_id,
    )


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
            **held,
        ),
    )


def _send(
    engine: Engine, held: dict[str, Any], envelope: Envelope, deadline: float, stop: Event
) -> None:
    """Hand the mail to the mailer and record what came of it."""
    mailer = engine.mailer
    if mailer is None:
        raise EngineError("no mailer is configured")

    def pass_gate() -> None:
        if engine.clock.monotonic() > deadline:
            raise GateClosed("the lease ran out")
        answer = engine.run(gate.pass_gate, gate.PassGate(host=mailer.label, **held))
        if not answer.passed:
            raise GateClosed(answer.why)
        crashpoint("after_intent")

    outcome = _hand_over(mailer, envelope, pass_gate)
    if isinstance(outcome, Receipt):
        done = settle.Accepted(
            code=outcome.code, text=outcome.text, queue_id=outcome.queue_id, **held
        )
        _insist(engine, settle.accepted, done, stop)
        crashpoint("after_finish")
    elif isinstance(outcome, NotSent):
        reason = {"scope": outcome.scope, "code": outcome.code, "text": outcome.text}
        bounce = {"permanent": outcome.permanent, "hard_bounce": outcome.hard_bounce}
        engine.run(settle.refused, settle.Refused(**reason, **bounce, **held))
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
