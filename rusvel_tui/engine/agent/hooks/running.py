"""Runs a hook for an event, outside any transaction: the job, its tries, and what is kept of them."""

from __future__ import annotations

from datetime import timedelta
from threading import Event as Stop
from typing import TYPE_CHECKING

from pydantic import ValidationError

from rusvel_tui.engine import jobs
from rusvel_tui.engine.agent.hooks.body import HookBody
from rusvel_tui.engine.agent.hooks.performing import Performed, perform
from rusvel_tui.engine.agent.hooks.redacting import redact
from rusvel_tui.engine.agent.hooks.runs import HOOK, HookRunView, HookState, find_run, view
from rusvel_tui.engine.agent.ports import MOST_OUTPUT, HookCall
from rusvel_tui.engine.agent.spending import budget
from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.models import AgentEntity, Event, HookRun, Job, ModelCall
from rusvel_tui.engine.models.base import dump_json
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.text import one_line

if TYPE_CHECKING:
    from rusvel_tui.engine.core import Engine

PAUSES = (10, 60, 300, 900, 3600)
"""Seconds before each further try."""


class StartHook(jobs.Held):
    """A claimed job of a hook."""

    run_id: str


class StartedHook(View):
    """What to run; nothing when somebody else has the job, or there is no such hook any more."""

    type: str = ""
    call: HookCall | None = None


class SettleHook(Input):
    """What came of one try."""

    run_id: str
    outcome: Performed
    took_ms: int = 0
    job_id: str = ""
    """The job, unless it was a test."""
    owner: str = ""
    fence: int = 0


def handle(engine: Engine, job: jobs.ClaimedJob, stop: Stop) -> None:
    """Do a `HookRun` job."""
    hands = engine.acting_as(HOOK)
    held = {name: getattr(job, name) for name in ("session_id", "job_id", "owner", "fence")}
    run_id = str(job.payload["run_id"])
    started = hands.run(start, StartHook(run_id=run_id, **held))
    if started.call is None:
        return
    begun = engine.clock.monotonic()
    outcome = perform(hands, started.type, started.call, stop)
    took = int((engine.clock.monotonic() - begun) * 1000)
    hands.run(settle, SettleHook(run_id=run_id, outcome=outcome, took_ms=took, **held))


def recover(ctx: Context, job: Job, error: str) -> None:
    """Run the hook again after the worker vanished, as often as it may be tried."""
    if jobs.put_back(ctx, job, error):
        run = HookRun.find(job.payload["run_id"])
        if run is not None:
            _keep(ctx, run, HookState.FAILED, error=error or jobs.ALL_VANISHED)


@operation("agent.hooks.begin", writes=True, permission="jobs.work", internal=True)
def start(ctx: Context, cmd: StartHook) -> StartedHook:
    """Begin a try, and say what to run."""
    if jobs.held_job(cmd) is None:
        return StartedHook()
    run = find_run(ctx, cmd.run_id)
    row = AgentEntity.find(run.hook_id)
    if row is None or row.deleted_at or not row.enabled:
        jobs.finish(ctx, cmd.job_id, "cancelled", "the hook is gone or off")
        _keep(ctx, run, HookState.FAILED, error="The hook was turned off or deleted before it ran.")
        return StartedHook()
    try:
        body = HookBody.model_validate(row.body)
    except ValidationError:
        jobs.finish(ctx, cmd.job_id, "failed", "the hook cannot be read")
        _keep(ctx, run, HookState.FAILED, error="The hook cannot be read. Save it again.")
        return StartedHook()
    if why := too_dear(ctx, body):
        jobs.finish(ctx, cmd.job_id, "failed", why)
        _keep(ctx, run, HookState.FAILED, error=why)
        return StartedHook()
    run.attempts += 1
    _keep(ctx, run, HookState.RUNNING)
    return StartedHook(type=body.type, call=call_of(row, body, run, _event(run)))


@operation("agent.hooks.keep", writes=True, permission="jobs.work", internal=True)
def settle(ctx: Context, cmd: SettleHook) -> HookRunView:
    """Keep what came of a try, without secrets, and plan another one where that helps."""
    run, outcome = find_run(ctx, cmd.run_id), cmd.outcome
    run.took_ms = cmd.took_ms
    run.output = redact(outcome.output)[: MOST_OUTPUT + 100]
    error = redact(one_line(outcome.error))
    job = jobs.held_job(jobs.Held(job_id=cmd.job_id, owner=cmd.owner, fence=cmd.fence))
    if outcome.spent is not None:
        ModelCall.create(
            id=ctx.new_id(), session_id=run.session_id, department=run.kind.partition(".")[0],
            purpose="hook", at=ctx.now, **outcome.spent.model_dump(),
        )  # fmt: skip
    if cmd.job_id and job is None:  # another worker has it by now and keeps its own outcome
        return view(run, "")
    if job is not None and error and outcome.passing and run.attempts < job.max_attempts:
        pause = PAUSES[min(run.attempts, len(PAUSES)) - 1]
        again = ctx.now + timedelta(seconds=pause)
        jobs.move(job.id, ("running",), "queued", run_at=again, error=error)
        _keep(ctx, run, HookState.QUEUED, error=error)
    else:
        if job is not None:
            jobs.finish(ctx, job.id, "failed" if error else "succeeded", error)
        _keep(ctx, run, HookState.FAILED if error else HookState.SUCCEEDED, error=error)
    return view(run, "")


def too_dear(ctx: Context, body: HookBody) -> str:
    """Why a prompt is not asked: the money of the month is used up. Empty when it may be."""
    month = budget(ctx)
    if body.type != "prompt" or month.share is None or month.share < 1:
        return ""
    return f"The budget of ${month.limit_usd} for this month is used up (monthly_budget_usd)."


def call_of(row: AgentEntity, body: HookBody, run: HookRun, event: dict[str, object]) -> HookCall:
    """One run of a hook as its runner is told it."""
    return HookCall(
        run_id=run.id,
        hook=row.name,
        kind=run.kind,
        event_id=run.event_id,
        action=body.action,
        payload=dump_json({"hook": row.name, "run_id": run.id, "event": event}),
        timeout=float(body.timeout_seconds),
    )


def as_payload(event: Event) -> dict[str, object]:
    """An event as hooks are told it."""
    return {
        "id": event.id,
        "kind": event.kind,
        "at": stamp(event.at),
        "session_id": event.session_id,
        "subject_id": event.subject_id,
        "actor": event.actor,
        "payload": event.payload,
    }


def _event(run: HookRun) -> dict[str, object]:
    row = Event.get_or_none(Event.id == run.event_id)
    return {"id": run.event_id, "kind": run.kind} if row is None else as_payload(row)


def _keep(ctx: Context, run: HookRun, state: HookState, *, error: str = "") -> None:
    run.state, run.error, run.updated_at = state.key, error, ctx.now
    run.save()
    if state in (HookState.SUCCEEDED, HookState.FAILED):
        said = {"run_id": run.id, "kind": run.kind} | ({"reason": error} if error else {})
        if error:
            ctx.record("agent.hook.failed", run.hook_id, said, session_id=run.session_id)
        else:
            ctx.record("agent.hook.ran", run.hook_id, said, session_id=run.session_id)
