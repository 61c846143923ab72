"""Cohorts: make one, record who is still there, look at the matrix, delete it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from rusvel_tui.engine.conflicts import require_version
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict, InvalidInput
from rusvel_tui.engine.growth.changes import record
from rusvel_tui.engine.growth.cohort.cohort_rows import (
    activity_of,
    find_cohort,
    retention_rows,
    running_period,
    start_of,
    views,
)
from rusvel_tui.engine.growth.cohort.cohort_views import (
    ActivityRecorded,
    AnalyzeRetention,
    CohortDeleted,
    CohortPage,
    CohortRef,
    CohortView,
    CreateCohort,
    ListCohorts,
    RecordActivity,
    UpdateCohort,
)
from rusvel_tui.engine.growth.cohort.matrix import RetentionView, assemble
from rusvel_tui.engine.growth.names import clean_name, shown
from rusvel_tui.engine.growth.periods import Period, PeriodKind, parse_period
from rusvel_tui.engine.models import Cohort, CohortActivity
from rusvel_tui.engine.operation import operation
from rusvel_tui.engine.row_changes import Part, Watch
from rusvel_tui.engine.text import fold


@operation("growth.cohort.create_cohort", writes=True, permission="growth.manage")
def create_cohort(ctx: Context, cmd: CreateCohort) -> CohortView:
    """Make a cohort: people who began together, and how many they were."""
    name = clean_name(cmd.name, "A cohort")
    _require_free(ctx, name)
    start = _start(ctx, cmd, name)
    cohort_id = ctx.new_id()
    watch = watch_cohort(ctx, cohort_id)
    row = add_cohort(ctx, cohort_id, name, start or _running(ctx, cmd), cmd.size, cmd.kind)
    if start is None:
        row.metadata = {"assumed": True}
        row.save()
    record_change(ctx, row, watch)
    return views(ctx, [row])[0]


@operation("growth.cohort.update_cohort", writes=True, permission="growth.manage")
def update_cohort(ctx: Context, cmd: UpdateCohort) -> CohortView:
    """Rename a cohort or correct its size."""
    row = find_cohort(ctx, cmd.cohort)
    require_version(cmd.version, row.version, f"The cohort {row.name}")
    watch = watch_cohort(ctx, row.id)
    if cmd.name is not None and fold(cmd.name) != row.key:
        _require_free(ctx, cmd.name)
    if cmd.name is not None:
        row.name = clean_name(cmd.name, "A cohort")
        row.key = fold(row.name)
    if cmd.size is not None:
        most = max(activity_of([row])[row.id].values(), default=0)
        if cmd.size < most:
            raise InvalidInput(
                f"{most} of {row.name} were active: it cannot be smaller.", field="size"
            )
        row.size = cmd.size
    row.version += 1
    row.updated_at = ctx.now
    row.save()
    record_change(ctx, row, watch)
    return views(ctx, [row])[0]


@operation("growth.cohort.delete_cohort", writes=True, permission="growth.manage", human_only=True)
def delete_cohort(ctx: Context, cmd: CohortRef) -> CohortDeleted:
    """Delete a cohort; undo brings it back."""
    row = find_cohort(ctx, cmd.cohort)
    watch = watch_cohort(ctx, row.id)
    Cohort.update(deleted_at=ctx.now).where(Cohort.id == row.id).execute()
    record_change(ctx, row, watch)
    return CohortDeleted(id=row.id, name=row.name)


@operation("growth.cohort.list_cohorts", permission="growth.read")
def list_cohorts(ctx: Context, cmd: ListCohorts) -> CohortPage:
    """List the cohorts with what became of them, newest first."""
    query = Cohort.select().where(
        (Cohort.session_id == ctx.session_id) & Cohort.deleted_at.is_null()
    )
    if cmd.cursor:
        query = query.where(Cohort.id < cmd.cursor)
    rows = list(query.order_by(Cohort.id.desc()).limit(cmd.limit + 1))
    more = rows[cmd.limit - 1].id if len(rows) > cmd.limit else None
    return CohortPage(items=views(ctx, rows[: cmd.limit]), next=more)


@operation("growth.cohort.record_activity", writes=True, permission="growth.manage")
def record_activity(ctx: Context, cmd: RecordActivity) -> ActivityRecorded:
    """Record how many of a cohort were active in one of its periods; a second count replaces the first."""
    row = find_cohort(ctx, cmd.cohort_id or cmd.cohort)
    known = activity_of([row])[row.id]
    check_activity(row, known, cmd.period, cmd.active)
    watch = watch_cohort(ctx, row.id)
    _reach(ctx, row, cmd.period)
    if cmd.period:
        set_activity(ctx, row, cmd.period, cmd.active)
    record_change(ctx, row, watch, period=cmd.period, active=cmd.active)
    return ActivityRecorded(
        cohort_id=row.id,
        name=row.name,
        period=cmd.period,
        active=cmd.active,
        before=known.get(cmd.period),
        size=row.size,
    )


@operation("growth.cohort.matrix", permission="growth.read")
def show_matrix(ctx: Context, cmd: AnalyzeRetention) -> RetentionView:
    """Show the retention matrix of the recorded cohorts, without noting in the log that somebody looked."""
    return matrix(ctx, cmd)


@operation("growth.cohort.analyze_retention", writes=True, permission="growth.manage")
def analyze_retention(ctx: Context, cmd: AnalyzeRetention) -> RetentionView:
    """Analyze who stays: of one cohort or of all, with the weighted mean of what is over; the log keeps the result."""
    view = matrix(ctx, cmd)
    subject = view.rows[0].cohort_id or "" if len(view.rows) == 1 else ""
    name = view.rows[0].name if len(view.rows) == 1 else f"{len(view.rows)} cohorts"
    payload = {"name": name, "mean": view.mean, "cohorts": len(view.rows)}
    ctx.record("growth.cohort.analyzed", subject, payload)
    return view


def matrix(ctx: Context, cmd: AnalyzeRetention) -> RetentionView:
    """The matrix of one cohort, or of all that began by the same kind of period."""
    if wanted := cmd.cohort_id or cmd.cohort:
        rows = [find_cohort(ctx, wanted)]
    else:
        rows = list(
            Cohort.select().where(
                (Cohort.session_id == ctx.session_id) & Cohort.deleted_at.is_null()
            )
        )
    kinds = Counter(row.period for row in rows).most_common(1)
    kind = cmd.period or (kinds[0][0] if kinds else "month")
    cells = retention_rows(ctx, [row for row in rows if row.period == kind])
    running = running_period(ctx, kind)
    last = max(
        (parse_period(row.period).later(len(row.active) - 1) for row in cells), default=running
    )
    return assemble(cells, running, last)


def add_cohort(
    ctx: Context, cohort_id: str, name: str, start: Period, size: int, kind: str
) -> Cohort:
    """A new row of a free name."""
    made: Cohort = Cohort.create(
        id=cohort_id, session_id=ctx.session_id, name=name, key=fold(name), kind=kind,
        period=start.kind.value, started=start.start.isoformat(), size=size,
        created_at=ctx.now, updated_at=ctx.now,
    )  # fmt: skip
    return made


def set_activity(ctx: Context, row: Cohort, age: int, active: int, source: str = "") -> None:
    """Write how many were active."""
    own = (CohortActivity.cohort_id == row.id) & (CohortActivity.period == age)
    values: dict[str, Any] = {"active": active, "source": source, "updated_at": ctx.now}
    if not CohortActivity.update(**values).where(own).execute():
        CohortActivity.create(
            id=ctx.new_id(), session_id=ctx.session_id, cohort_id=row.id, period=age, **values
        )


def check_activity(row: Cohort, known: dict[int, int], age: int, active: int) -> None:
    """Refuse more than there were, and of a survival cohort a rise or a hole."""
    if age == 0 and active != row.size:
        raise InvalidInput(f"Period 0 of {row.name} is its size, {row.size}.", field="active")
    if active > row.size:
        raise InvalidInput(f"{active} are more than the {row.size} of {row.name}.", field="active")
    if row.kind != "survival" or age == 0:
        return
    before = [count for at, count in ({0: row.size} | known).items() if at < age]
    after = [count for at, count in known.items() if at > age]
    if len(before) < age:
        missing = min(set(range(age)) - {0, *known})
        raise InvalidInput(
            f"{row.name} has no count for period {missing}: record it first.", field="period"
        )
    if active > min(before) or active < max(after, default=0):
        raise InvalidInput(
            f"{row.name} counts survivors: {active} in period {age} would let them rise. "
            "Use a cohort of the kind activity for people who come back.",
            field="active",
        )


def _reach(ctx: Context, row: Cohort, age: int) -> None:
    """Refuse what has not begun. Of a cohort whose start nobody named, what is recorded says how old it is at least."""
    running, reached = running_period(ctx, row.period), start_of(row).later(age)
    assumed = bool(row.metadata.get("assumed"))
    if not age or reached < running or (reached == running and not assumed):
        return
    if not assumed:
        raise InvalidInput(f"Period {age} of {row.name} has not begun yet.", field="period")
    row.started = running.later(-age - 1).start.isoformat()
    row.save()


def watch_cohort(ctx: Context, cohort_id: str) -> Watch:
    """A cohort with its activity as it is now."""
    return Watch(
        ctx, Part("cohort", "id", (cohort_id,)), Part("cohort_activity", "cohort_id", (cohort_id,))
    )


def record_change(ctx: Context, row: Cohort, watch: Watch, **payload: Any) -> None:
    """Record what became of a cohort."""
    record(ctx, "growth.cohort.updated", row.id, watch, {"name": row.name} | payload)


def _running(ctx: Context, cmd: CreateCohort) -> Period:
    return running_period(ctx, cmd.period or "month")


def _start(ctx: Context, cmd: CreateCohort, name: str) -> Period | None:
    """As said, else what the name says; none when neither does."""
    try:
        found = parse_period(cmd.start or name)
    except InvalidInput:
        if cmd.start:
            raise
        return None
    if cmd.period and found.kind is not PeriodKind(cmd.period):
        raise InvalidInput(f"{found} is a {found.kind.value}, not a {cmd.period}.", field="start")
    if found > running_period(ctx, found.kind.value):
        raise InvalidInput(f"{found} has not begun yet.", field="start")
    return found


def _require_free(ctx: Context, name: str) -> None:
    own = (Cohort.session_id == ctx.session_id) & (Cohort.key == fold(name))
    if Cohort.select().where(own & Cohort.deleted_at.is_null()).exists():
        raise Conflict(f"There is a cohort {shown(name)} already.")
