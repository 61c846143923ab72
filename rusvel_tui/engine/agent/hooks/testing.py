"""Runs a hook once, now, to see what it does."""

from __future__ import annotations

from threading import Event as Stop

from pydantic import Field, ValidationError

from rusvel_tui.engine.agent.hooks.body import HookBody
from rusvel_tui.engine.agent.hooks.matching import concerns
from rusvel_tui.engine.agent.hooks.performing import perform
from rusvel_tui.engine.agent.hooks.running import SettleHook, as_payload, call_of, settle, too_dear
from rusvel_tui.engine.agent.hooks.runs import HOOK, HookRunView, HookState, find_hook
from rusvel_tui.engine.agent.ports import HookCall
from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict, InvalidInput, NotConfigured
from rusvel_tui.engine.event_kinds import EVENT_KINDS
from rusvel_tui.engine.models import AgentEntity, Event, HookRun
from rusvel_tui.engine.operation import Input, operation


class TryHook(Input):
    """Which hook, and for which event."""

    hook: str = Field(min_length=1)
    """Its name or id."""
    event_id: int | None = Field(default=None, ge=1)
    """The event; the newest that fits when left out, and a made-up one when there is none."""


@operation("agent.hooks.test", writes=True, permission="agent.manage", staged=True)
def try_hook(ctx: Context, cmd: TryHook) -> HookRunView:
    """Run a hook now, for the newest event that fits it; it need not be enabled."""
    ctx.require_human("try a hook")
    if ctx.engine is None:
        raise NotConfigured("A hook runs in an engine only.")
    engine = ctx.engine.acting_as(HOOK)
    run, kind, call, name = ctx.write(lambda: _begin(ctx, cmd))
    at = engine.clock.monotonic()
    outcome = perform(engine, kind, call, Stop())
    took = int((engine.clock.monotonic() - at) * 1000)
    made = SettleHook(run_id=run.id, outcome=outcome, took_ms=took, session_id=run.session_id)
    return engine.run(settle, made).model_copy(update={"hook": name})


def _begin(ctx: Context, cmd: TryHook) -> tuple[HookRun, str, HookCall, str]:
    row = find_hook(ctx, cmd.hook)
    try:
        body = HookBody.model_validate(row.body)
    except ValidationError:
        raise InvalidInput("This hook cannot be read. Save it again.", field="hook") from None
    if why := too_dear(ctx, body):
        raise Conflict(why)
    event = _event(ctx, row, body, cmd.event_id)
    run = HookRun.create(
        id=ctx.new_id(),
        session_id=ctx.session_id,
        hook_id=row.id,
        event_id=0,
        kind=str(event["kind"]),
        state=HookState.RUNNING.key,
        attempts=1,
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    ctx.record("agent.hook.tested", row.id, {"name": row.name, "run_id": run.id})
    return run, body.type, call_of(row, body, run, event), row.name


def _event(
    ctx: Context, row: AgentEntity, body: HookBody, event_id: int | None
) -> dict[str, object]:
    own = Event.select().where(Event.session_id == ctx.session_id)
    if event_id is not None:
        found = own.where(Event.id == event_id).first()
        if found is None:
            raise InvalidInput(f"There is no event {event_id} here.", field="event_id")
        return as_payload(found)
    kinds = [kind for kind in EVENT_KINDS if concerns(body.event, row.engine, kind)]
    newest = own.where(Event.kind.in_(kinds)).order_by(Event.id.desc()).first()
    if newest is not None:
        return as_payload(newest)
    kind = kinds[0] if kinds else body.event
    made_up = {"id": 0, "kind": kind, "at": stamp(ctx.now), "session_id": ctx.session_id}
    return made_up | {"subject_id": "test", "actor": HOOK.name, "payload": {"name": "a test"}}
