"""Fire times of schedules: which come next, and what became of those that were."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from rusvel_tui.engine.agent.entities.views import find_any
from rusvel_tui.engine.agent.schedules.body import ScheduleBody
from rusvel_tui.engine.agent.schedules.cron import coming
from rusvel_tui.engine.context import Actor, Context
from rusvel_tui.engine.errors import NotFound
from rusvel_tui.engine.models import AgentEntity, ScheduleFire
from rusvel_tui.engine.operation import Input, PageInput, View, operation
from rusvel_tui.engine.spelled import Spelled

SCHEDULE = Actor("schedule", human=False)
"""Who does what a schedule says; it can never say yes."""


class FireState(Spelled):
    """What became of a fire time."""

    QUEUED = "Queued"
    RUNNING = "Running"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    MISSED = "Missed"


class NextFires(Input):
    """Which schedules; all that are enabled when nothing is named."""

    schedule: str = ""
    """A schedule's name or id."""
    cron: str = ""
    """A cron expression instead, to see what it means."""
    count: int = Field(default=5, ge=1, le=100)


class ComingFires(View):
    """The next fire times of one schedule."""

    schedule_id: str
    name: str
    cron: str
    zone: str
    times: tuple[datetime, ...]


class ComingList(View):
    """The next fire times, of the schedule that fires first first."""

    items: tuple[ComingFires, ...]


class ListFires(PageInput):
    """Which fire times."""

    schedule: str = ""
    """A schedule's name or id; all of them when left out."""
    state: FireState | None = None


class FireView(View):
    """One fire time of a schedule."""

    fire_id: str
    schedule_id: str
    schedule: str
    fire_at: datetime
    state: FireState
    output: str
    error: str
    created_at: datetime
    updated_at: datetime


class FirePage(View):
    """Fire times, newest first."""

    items: tuple[FireView, ...]
    next: str | None


@operation("agent.schedules.next", permission="agent.read")
def next_fires(ctx: Context, cmd: NextFires) -> ComingList:
    """Show the next fire times, of every schedule or of one, or what a cron expression means."""
    if cmd.cron:
        return ComingList(items=(_coming(ctx, "", "", cmd.cron, cmd.count),))
    rows = [find_schedule(ctx, cmd.schedule)] if cmd.schedule else _enabled(ctx)
    made = [
        _coming(ctx, row.id, row.name, str(row.body.get("cron", "")), cmd.count) for row in rows
    ]
    return ComingList(items=tuple(sorted(made, key=lambda one: (one.times[:1], one.name))))


@operation("agent.schedules.log", permission="agent.read")
def log(ctx: Context, cmd: ListFires) -> FirePage:
    """List what schedules did, newest first."""
    query = ScheduleFire.select().where(ScheduleFire.session_id == ctx.session_id)
    if cmd.schedule:
        query = query.where(ScheduleFire.schedule_id == find_schedule(ctx, cmd.schedule).id)
    if cmd.state:
        query = query.where(ScheduleFire.state == cmd.state.key)
    if cmd.cursor:
        query = query.where(ScheduleFire.id < cmd.cursor)
    rows = list(query.order_by(ScheduleFire.id.desc()).limit(cmd.limit + 1))
    ids = {row.schedule_id for row in rows}
    names = {row.id: row.name for row in AgentEntity.select().where(AgentEntity.id.in_(ids))}
    items = tuple(view(row, names.get(row.schedule_id, "")) for row in rows[: cmd.limit])
    return FirePage(items=items, next=items[-1].fire_id if len(rows) > cmd.limit else None)


def find_schedule(ctx: Context, schedule: str) -> AgentEntity:
    """A schedule by its name or its id; raises `NotFound`."""
    return find_any(ctx, "schedule", schedule)


def find_fire(fire_id: str) -> ScheduleFire:
    """A fire time; raises `NotFound`."""
    row: ScheduleFire | None = ScheduleFire.find(fire_id)
    if row is None:
        raise NotFound(f"There is no fire time {fire_id!r}.")
    return row


def view(row: ScheduleFire, schedule: str) -> FireView:
    return FireView(
        fire_id=row.id,
        schedule_id=row.schedule_id,
        schedule=schedule,
        fire_at=row.fire_at,
        state=FireState(row.state),
        output=row.output,
        error=row.error,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _coming(ctx: Context, schedule_id: str, name: str, cron: str, count: int) -> ComingFires:
    times = coming(cron, ctx.zone, ctx.now, count)
    zone = ctx.session.timezone
    return ComingFires(schedule_id=schedule_id, name=name, cron=cron, zone=zone, times=times)


def _enabled(ctx: Context) -> list[AgentEntity]:
    return list(
        AgentEntity.select().where(
            (AgentEntity.session_id == ctx.session_id)
            & (AgentEntity.kind == "schedule")
            & AgentEntity.enabled
            & AgentEntity.deleted_at.is_null()
        )
    )


__all__ = [
    "SCHEDULE",
    "FireState",
    "ScheduleBody",
    "find_fire",
    "find_schedule",
    "log",
    "next_fires",
]
