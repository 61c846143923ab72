"""Turns fire times that have come into jobs: one row for each, ever, whoever looks and whatever the clock does.

What is asked is not what was done last but which fire times lie between a known moment and now: a new schedule has its
first one, a crash repeats nothing, a clock that is set back meets the rows that are there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from pydantic import ValidationError

from rusvel_tui.engine import clock, jobs
from rusvel_tui.engine.agent.schedules.body import ScheduleBody
from rusvel_tui.engine.agent.schedules.cron import due
from rusvel_tui.engine.agent.schedules.fires import FireState
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.job_turns import BESIDE
from rusvel_tui.engine.models import AgentEntity, Job, ScheduleFire, Session
from rusvel_tui.engine.models.base import insert_row
from rusvel_tui.engine.operation import View, operation

GRACE = timedelta(minutes=5)
"""A fire time that was seen within it is on time."""
MOST = 100
"""So many slept through fire times are made up for at most, the newest."""
_BACK = timedelta(minutes=1)


class Planned(View):
    """How many fire times were queued."""

    queued: int


class _Due(NamedTuple):
    row: AgentEntity
    run: tuple[datetime, ...]
    missed: tuple[datetime, ...]
    """Those that are passed over; one row tells of all of them."""
    more: bool


@operation("agent.schedules.look", writes=True, permission="jobs.work", internal=True)
def look(ctx: Context, cmd: jobs.Nothing) -> Planned:
    """Queue the schedules whose time has come, each fire time once."""
    queued = 0
    for one in _all_due(ctx):
        queued += sum(_fire(ctx, one.row, at) for at in one.run)
        if one.missed:
            _miss(ctx, one)
    return Planned(queued=queued)


def has_due(ctx: Context) -> bool:
    """Whether the time of some schedule has come."""
    return next(_all_due(ctx), None) is not None


def _all_due(ctx: Context) -> Iterator[_Due]:
    alive = AgentEntity.enabled & AgentEntity.deleted_at.is_null()
    for row in list(AgentEntity.select().where((AgentEntity.kind == "schedule") & alive)):
        try:
            found = _due(ctx, row)
        except (EngineError, ValidationError):  # one that cannot be read stops no other
            continue
        if found.run or found.missed:
            yield found


def _due(ctx: Context, row: AgentEntity) -> _Due:
    body = ScheduleBody.model_validate(row.body)
    zone = clock.zone(Session.get_by_id(row.session_id).timezone)
    found = due(body.cron, zone, _anchor(ctx, row), ctx.now, MOST)
    times = _unseen(row, found.times)
    late = tuple(at for at in times if ctx.now - at > GRACE)
    prompt = times[len(late) :]
    if body.misfire == "all":
        return _Due(row, times, (), more=False)
    if body.misfire == "once" and late and not prompt:
        return _Due(row, late[-1:], late[:-1], found.more)
    return _Due(row, prompt, late, found.more)


def _anchor(ctx: Context, row: AgentEntity) -> datetime:
    """After which moment fire times count: the last one there was, or when the schedule was changed.

    Moments ahead of the clock, which was set back, do not count.
    """
    last = (
        ScheduleFire.select()
        .where((ScheduleFire.schedule_id == row.id) & (ScheduleFire.fire_at <= ctx.now))
        .order_by(ScheduleFire.fire_at.desc())
        .first()
    )
    known = [at for at in (row.updated_at, last and last.fire_at) if at and at <= ctx.now]
    return max(known, default=ctx.now - _BACK)


def _unseen(row: AgentEntity, times: tuple[datetime, ...]) -> tuple[datetime, ...]:
    """Those that no row tells of: a clock that was ahead has been here before."""
    if not times:
        return ()
    rows = list(
        ScheduleFire.select(ScheduleFire.since, ScheduleFire.fire_at).where(
            (ScheduleFire.schedule_id == row.id)
            & (ScheduleFire.fire_at >= times[0])
            & (ScheduleFire.since <= times[-1])
        )
    )
    return tuple(at for at in times if not any(one.since <= at <= one.fire_at for one in rows))


def _fire(ctx: Context, row: AgentEntity, at: datetime) -> int:
    """The row of a fire time and its job; the unique index has the last word."""
    fire_id = _row(ctx, row, at, FireState.QUEUED, "")
    if not fire_id:
        return 0
    insert_row(
        Job,
        id=ctx.new_id(),
        session_id=row.session_id,
        kind="ScheduleRun",
        payload={"fire_id": fire_id},
        run_at=ctx.now,
        priority=BESIDE,
        created_at=ctx.now,
    )
    return 1


def _miss(ctx: Context, one: _Due) -> None:
    """One row, at the newest, tells of all that were passed over."""
    count = f"more than {len(one.missed)}" if one.more else str(len(one.missed))
    times = "time" if count == "1" else "times"
    why = f"{count} fire {times} passed while nothing ran"
    if _row(ctx, one.row, one.missed[-1], FireState.MISSED, why, since=one.missed[0]):
        said = {"name": one.row.name, "reason": why}
        ctx.record("agent.schedule.missed", one.row.id, said, session_id=one.row.session_id)


def _row(
    ctx: Context,
    row: AgentEntity,
    at: datetime,
    state: FireState,
    error: str,
    *,
    since: datetime | None = None,
) -> str:
    """The id of the new row; empty when there was one."""
    fire_id = ctx.new_id()
    insert_row(
        ScheduleFire,
        ignore=True,
        id=fire_id,
        session_id=row.session_id,
        schedule_id=row.id,
        fire_at=at,
        since=since or at,
        state=state.key,
        error=error,
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    return fire_id if ScheduleFire.find(fire_id) else ""
