"""Retention from events: who began in a period and came back in those after it."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.growth.cohort.cohort_views import EventRetention
from rusvel_tui.engine.growth.cohort.matrix import RetentionView, assemble, row_of
from rusvel_tui.engine.growth.events.event_store import known_names
from rusvel_tui.engine.growth.periods import Period, PeriodKind, micros, parse_day, period_of
from rusvel_tui.engine.models.base import database
from rusvel_tui.engine.operation import operation

People = set[int]


@operation("growth.cohort.retention", permission="growth.read")
def retention(ctx: Context, cmd: EventRetention) -> RetentionView:
    """Show the retention matrix of events: cohorts by the period in which people began, and who came back when."""
    kind, today = PeriodKind(cmd.period), ctx.now.astimezone(ctx.zone).date()
    running = period_of(kind, today)
    first = _first(cmd, kind, running)
    periods = [first.later(place) for place in range(cmd.periods)]
    known = known_names(ctx.session_id, {cmd.start_event, cmd.return_event})
    start = known.get(cmd.start_event)
    back = known.get(cmd.return_event or cmd.start_event)
    bounds = [micros(period.begins(ctx.zone)) for period in (*periods, first.later(cmd.periods))]
    returned = _returned(back, bounds)
    if cmd.mode == "on_or_after":
        _or_later(returned, _active(back, bounds[-1], 1 << 62))
    if cmd.kind == "first":
        table = _first_times(start, bounds, returned)
    else:
        table = _recurring(_returned(start, bounds), returned)
    rows = [
        row_of(period, counts[0], counts, running)
        for period, counts in zip(periods, table, strict=True)
    ]
    return assemble(rows, running, periods[-1], mode=cmd.mode)


def _first(cmd: EventRetention, kind: PeriodKind, running: Period) -> Period:
    if not cmd.from_:
        return running.later(1 - cmd.periods)
    day: date = parse_day(cmd.from_, field="from")
    return period_of(kind, day)


def _active(name_id: int | None, since: int, until: int) -> People:
    """Who did it in [since, until)."""
    sql = "SELECT actor_id FROM growth_event WHERE name_id = ? AND at >= ? AND at < ?"
    return {actor for (actor,) in database.execute_sql(sql, (name_id, since, until))}


def _returned(name_id: int | None, bounds: Sequence[int]) -> list[People]:
    """Who did it, by period."""
    return [_active(name_id, *span) for span in pairwise(bounds)]


def _or_later(returned: list[People], after: People) -> None:
    """Let everybody who comes later count as there: a row never rises."""
    for place in range(len(returned) - 1, -1, -1):
        after = after | returned[place]
        returned[place] = after


def _first_times(
    name_id: int | None, bounds: Sequence[int], returned: Sequence[People]
) -> list[list[int]]:
    """The counts by cohort and age; of everybody the first time ever counts, also before the first period."""
    sql = "SELECT actor_id, min(at) FROM growth_event WHERE name_id = ? GROUP BY actor_id"
    first = {
        actor: bisect_right(bounds, at) - 1
        for actor, at in database.execute_sql(sql, (name_id,))
        if bounds[0] <= at < bounds[-1]
    }
    sizes = Counter(first.values())
    table = [[sizes[place]] for place in range(len(returned))]
    for place, people in enumerate(returned):
        counts = Counter(map(first.get, people))
        for cohort in range(place):
            table[cohort].append(counts[cohort])
    return table


def _recurring(began: Sequence[People], returned: Sequence[People]) -> list[list[int]]:
    """The counts by cohort and age; everybody who did it in a period belongs to it."""
    return [
        [len(people), *(len(people & later) for later in returned[place + 1 :])]
        for place, people in enumerate(began)
    ]
