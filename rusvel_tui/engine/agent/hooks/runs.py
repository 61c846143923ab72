"""Runs of hooks as people read them: the log."""

from __future__ import annotations

from datetime import datetime

from rusvel_tui.engine.agent.entities.views import find_any
from rusvel_tui.engine.agent.hooks.matching import concerns
from rusvel_tui.engine.context import Actor, Context
from rusvel_tui.engine.errors import NotFound
from rusvel_tui.engine.event_kinds import EVENT_KINDS
from rusvel_tui.engine.models import AgentEntity, HookRun
from rusvel_tui.engine.operation import Input, PageInput, View, operation
from rusvel_tui.engine.spelled import Spelled

HOOK = Actor("hook", human=False)
"""Who runs hooks, and who acts in what a hook starts; no hook is run for what it does."""


class HookState(Spelled):
    """Where a run of a hook stands."""

    QUEUED = "Queued"
    RUNNING = "Running"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"


class ListHookRuns(PageInput):
    """Which runs."""

    hook: str = ""
    """The hook's name or id; all of them when left out."""
    state: HookState | None = None


class HookRunView(View):
    """One event that a hook ran for, with what came of it."""

    run_id: str
    hook_id: str
    hook: str
    kind: str
    event_id: int
    """0 for a test with a made-up event."""
    state: HookState
    attempts: int
    output: str
    error: str
    took_ms: int
    created_at: datetime
    updated_at: datetime


class HookRunPage(View):
    """Runs, newest first."""

    items: tuple[HookRunView, ...]
    next: str | None


class ListKinds(Input):
    """Which kinds of event."""

    event: str = "*"
    """A kind or a pattern, as it stands in a hook: what it would run for."""


class KindView(View):
    """A kind of event that hooks can run for."""

    kind: str
    meaning: str


class KindList(View):
    """Kinds of event, by name."""

    items: tuple[KindView, ...]


@operation("agent.hooks.events", permission="agent.read")
def list_kinds(ctx: Context, cmd: ListKinds) -> KindList:
    """List the kinds of event that hooks can run for."""
    found = sorted(item for item in EVENT_KINDS.items() if concerns(cmd.event, "", item[0]))
    return KindList(items=tuple(KindView(kind=kind, meaning=said) for kind, said in found))


@operation("agent.hooks.log", permission="agent.read")
def log(ctx: Context, cmd: ListHookRuns) -> HookRunPage:
    """List what hooks did, newest first."""
    query = HookRun.select().where(HookRun.session_id == ctx.session_id)
    if cmd.hook:
        query = query.where(HookRun.hook_id == find_hook(ctx, cmd.hook).id)
    if cmd.state:
        query = query.where(HookRun.state == cmd.state.key)
    if cmd.cursor:
        query = query.where(HookRun.id < cmd.cursor)
    rows = list(query.order_by(HookRun.id.desc()).limit(cmd.limit + 1))
    names = _names({row.hook_id for row in rows})
    items = tuple(view(row, names.get(row.hook_id, "")) for row in rows[: cmd.limit])
    return HookRunPage(items=items, next=items[-1].run_id if len(rows) > cmd.limit else None)


def find_hook(ctx: Context, hook: str) -> AgentEntity:
    """A hook by its name or its id; raises `NotFound`."""
    return find_any(ctx, "hook", hook)


def find_run(ctx: Context, run_id: str) -> HookRun:
    """A run of this session; raises `NotFound`."""
    row: HookRun | None = HookRun.find(run_id)
    if row is None or row.session_id != ctx.session_id:
        raise NotFound(f"There is no run {run_id!r} of a hook.")
    return row


def view(row: HookRun, hook: str) -> HookRunView:
    return HookRunView(
        run_id=row.id,
        hook_id=row.hook_id,
        hook=hook,
        kind=row.kind,
        event_id=row.event_id,
        state=HookState(row.state),
        attempts=row.attempts,
        output=row.output,
        error=row.error,
        took_ms=row.took_ms,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _names(ids: set[str]) -> dict[str, str]:
    """The names of hooks, also of those that were deleted since."""
    rows = AgentEntity.select(AgentEntity.id, AgentEntity.name).where(AgentEntity.id.in_(ids))
    return {row.id: row.name for row in rows}
