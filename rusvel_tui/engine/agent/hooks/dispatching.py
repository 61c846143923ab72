"""From the event log to the queue: for each event one run of each hook that is for it, committed before it runs."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, NamedTuple

from pydantic import ValidationError

from rusvel_tui.engine import jobs
from rusvel_tui.engine.agent import subscribers
from rusvel_tui.engine.agent.hooks.body import HookBody
from rusvel_tui.engine.agent.hooks.matching import concerns
from rusvel_tui.engine.agent.hooks.runs import HOOK, HookState
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.job_turns import BESIDE
from rusvel_tui.engine.models import AgentEntity, Event, HookRun, Job
from rusvel_tui.engine.models.base import insert_row
from rusvel_tui.engine.operation import View, operation

READER = "hooks"
"""The name of the cursor."""
_CHANGES = ("agent.entity.saved", "agent.entity.deleted", "agent.entity.restored")
"""The events of hooks themselves."""


class Dispatched(View):
    """How many runs were queued, and whether there are more events to read."""

    queued: int
    more: bool


class _Hook(NamedTuple):
    row: AgentEntity
    body: HookBody
    since: int
    """The event by which it was turned on: it runs for later ones."""


@operation("agent.hooks.dispatch", writes=True, permission="jobs.work", internal=True)
def dispatch(ctx: Context, cmd: jobs.Nothing) -> Dispatched:
    """Queue the hooks of the next events."""
    hooks = _hooks()
    if not hooks:
        return Dispatched(queued=0, more=False)
    end = subscribers.newest(ctx)
    sessions = {hook.row.session_id for hook in hooks}
    since = min(hook.since for hook in hooks)
    events = subscribers.unread(ctx, READER, Event.session_id.in_(sessions) & (Event.id > since))
    queued = sum(_queue(ctx, hook, event) for event in events for hook in hooks)
    more = len(events) == subscribers.BATCH
    subscribers.move_on(ctx, READER, events[-1].id if more else end)
    return Dispatched(queued=queued, more=more)


def behind(ctx: Context) -> bool:
    """Whether there is something to read for a hook."""
    if subscribers.newest(ctx) <= subscribers.position(ctx, READER):
        return False
    return bool(_enabled().exists())


def _queue(ctx: Context, hook: _Hook, event: Event) -> int:
    """One run of a hook for an event, unless there is one; what a hook itself did calls no hook."""
    row = hook.row
    fits = concerns(hook.body.event, row.engine, event.kind)
    if not fits or event.session_id != row.session_id or event.actor == HOOK.name:
        return 0
    if event.id <= hook.since:
        return 0
    run_id = ctx.new_id()
    insert_row(
        HookRun,
        ignore=True,
        id=run_id,
        session_id=row.session_id,
        hook_id=row.id,
        event_id=event.id,
        kind=event.kind,
        state=HookState.QUEUED.key,
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    if HookRun.find(run_id) is None:
        return 0
    insert_row(
        Job,
        id=ctx.new_id(),
        session_id=row.session_id,
        kind="HookRun",
        payload={"run_id": run_id},
        run_at=ctx.now,
        priority=BESIDE,
        max_attempts=hook.body.retries + 1,
        created_at=ctx.now,
    )
    return 1


def _enabled() -> Any:
    return AgentEntity.select().where(
        (AgentEntity.kind == "hook") & AgentEntity.enabled & AgentEntity.deleted_at.is_null()
    )


def _hooks() -> list[_Hook]:
    """Those that are enabled; one that cannot be read, because an older version wrote it, stops no other."""
    found, since = [], _on_since()
    for row in _enabled():
        with suppress(ValidationError):
            found.append(_Hook(row, HookBody.model_validate(row.body), since.get(row.id, 0)))
    return found


def _on_since() -> dict[str, int]:
    """Since which event each hook is on: what happened before, while it was off or not there, is not for it.

    Changing a hook that is on loses nothing that was not read yet.
    """
    since: dict[str, int] = {}
    on: dict[str, bool] = {}
    query = Event.select(Event.id, Event.subject_id, Event.kind, Event.payload)
    for event in query.where(Event.kind.in_(_CHANGES)).order_by(Event.id):
        hook, counts = event.subject_id, bool(event.payload.get("enabled"))
        if not on.get(hook):
            since[hook] = event.id
        on[hook] = counts and event.kind == _CHANGES[0]
    return since
