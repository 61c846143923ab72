"""Finding cohorts with their activity, and showing them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import NotFound
from rusvel_tui.engine.growth.cohort.cohort_views import CohortView
from rusvel_tui.engine.growth.cohort.matrix import RetentionRow, row_of
from rusvel_tui.engine.growth.names import shown
from rusvel_tui.engine.growth.periods import Period, PeriodKind, period_of
from rusvel_tui.engine.models import Cohort, CohortActivity
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.text import fold


def find_cohort(ctx: Context, wanted: str) -> Cohort:
    """By name or id; raises `NotFound`."""
    own = (Cohort.session_id == ctx.session_id) & Cohort.deleted_at.is_null()
    found: Cohort | None = Cohort.get_or_none(
        own & ((Cohort.key == fold(wanted)) | (Cohort.id == wanted))
    )
    if found is None:
        raise NotFound(
            f"There is no cohort {shown(wanted)} in this session. `growth.cohort.list_cohorts` shows them."
        )
    return found


def start_of(row: Cohort) -> Period:
    """The period in which a cohort began."""
    return period_of(PeriodKind(row.period), date.fromisoformat(row.started))


def running_period(ctx: Context, kind: str) -> Period:
    """The day, week or month that it is."""
    return period_of(PeriodKind(kind), ctx.now.astimezone(ctx.zone).date())


def activity_of(rows: Sequence[Cohort]) -> dict[str, dict[int, int]]:
    """How many were active, by cohort and age; one question for all."""
    found: defaultdict[str, dict[int, int]] = defaultdict(dict)
    columns = (CohortActivity.cohort_id, CohortActivity.period, CohortActivity.active)
    query = CohortActivity.select(*columns).where(
        CohortActivity.cohort_id.in_([row.id for row in rows])
    )
    for cohort_id, period, active in tuples(query):
        found[cohort_id][period] = active
    return found


def retention_rows(ctx: Context, rows: Sequence[Cohort]) -> list[RetentionRow]:
    """The rows of the matrix, in order of their beginning."""
    activity = activity_of(rows)
    ordered = sorted(rows, key=lambda row: (row.started, row.key))
    return [_row(ctx, row, activity[row.id]) for row in ordered]


def _row(ctx: Context, row: Cohort, activity: dict[int, int]) -> RetentionRow:
    last = max(activity, default=0)
    cells = [row.size, *(activity.get(age) for age in range(1, last + 1))]
    running = running_period(ctx, row.period)
    return row_of(start_of(row), row.size, cells, running, name=row.name, cohort_id=row.id)


def views(ctx: Context, rows: Sequence[Cohort]) -> tuple[CohortView, ...]:
    """The cohorts as others see them, in the given order."""
    found = {row.cohort_id: row for row in retention_rows(ctx, rows)}
    return tuple(_view(row, found[row.id]) for row in rows)


def _view(row: Cohort, cells: RetentionRow) -> CohortView:
    return CohortView(
        cohort_id=row.id,
        name=row.name,
        size=row.size,
        start=str(start_of(row)),
        period=row.period,
        kind=row.kind,
        active=cells.active,
        retention_rates=cells.shares,
        version=row.version,
    )
