"""cohorts.csv: `cohort,period,active`, period 0 being the size; a row is known by cohort and period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.growth.cohort.cohort_rows import activity_of, running_period
from rusvel_tui.engine.growth.cohort.cohorts import add_cohort, set_activity
from rusvel_tui.engine.growth.importing.shapes import Options, Plan, Shape
from rusvel_tui.engine.growth.importing.table import Row
from rusvel_tui.engine.growth.names import clean_name
from rusvel_tui.engine.growth.periods import Period, parse_period
from rusvel_tui.engine.models import Cohort
from rusvel_tui.engine.row_changes import Part
from rusvel_tui.engine.text import fold

_MOST = 10**9


@dataclass(slots=True)
class _Cohort:
    name: str
    stored: Cohort | None
    known: dict[int, int]
    """What is recorded, period 0 included."""
    read: dict[int, tuple[Row, int]] = field(default_factory=dict)

    @property
    def all(self) -> dict[int, int]:
        return self.known | {age: active for age, (_, active) in self.read.items()}


def plan(ctx: Context, rows: Iterable[Row], options: Options) -> Plan:
    """Read, look for holes and rises, and say what would be written."""
    cohorts = _stored(ctx)
    for row in rows:
        _read(row, cohorts)
    touched = [one for one in cohorts.values() if one.read]
    for one in touched:
        _refuse(one, one.stored.kind if one.stored else options.kind)
    new = sum(age not in one.known for one in touched for age in one.read)
    same = sum(
        one.known.get(age) == active for one in touched for age, (_, active) in one.read.items()
    )
    count = sum(len(one.read) for one in touched)

    def write(ctx: Context) -> None:
        for one in touched:
            _write(ctx, one, options.kind)

    session = (ctx.session_id,)
    return Plan(
        new=new,
        changed=count - new - same,
        same=same,
        write=write,
        parts=(
            Part("cohort", "session_id", session),
            Part("cohort_activity", "session_id", session),
        ),
        event="growth.cohort.updated",
    )


def _stored(ctx: Context) -> dict[str, _Cohort]:
    own = (Cohort.session_id == ctx.session_id) & Cohort.deleted_at.is_null()
    rows = list(Cohort.select().where(own))
    activity = activity_of(rows)
    return {row.key: _Cohort(row.name, row, {0: row.size} | activity[row.id]) for row in rows}


def _read(row: Row, cohorts: dict[str, _Cohort]) -> None:
    name = row.read("cohort", lambda text: clean_name(text, "A cohort"))
    age = row.read("period", lambda text: _whole(text, 1200))
    active = row.read("active", lambda text: _whole(text, _MOST))
    if name is None or age is None or active is None:
        return
    one = cohorts.setdefault(fold(name), _Cohort(name, None, {}))
    if age in one.read and one.read[age][1] != active:
        row.wrong(f"line {one.read[age][0].line} has another count for that period", "active")
    one.read.setdefault(age, (row, active))


def _refuse(one: _Cohort, kind: str) -> None:
    """A size, no hole, nobody more than there were, and of survivors no rise."""
    cells = one.all
    last = max(one.read)
    row = one.read[last][0]
    if not cells.get(0):
        return row.wrong(
            f"{one.name} has no size: period 0 must be there and more than 0", "cohort"
        )
    missing = set(range(last)) - set(cells)
    if missing:
        return row.wrong(f"{one.name} lacks period {min(missing)}", "period")
    for age, (at, active) in sorted(one.read.items()):
        if active > cells[0]:
            at.wrong(f"{active} are more than the {cells[0]} of {one.name}", "active")
        elif kind == "survival" and age and active > cells[age - 1]:
            at.wrong(
                f"{one.name} counts survivors, who cannot become more; use kind activity", "active"
            )
    return None


def _write(ctx: Context, one: _Cohort, kind: str) -> None:
    size = one.all[0]
    row = one.stored
    if row is None:
        row = add_cohort(ctx, ctx.new_id(), one.name, _start(ctx, one), size, kind)
    elif row.size != size:
        Cohort.update(size=size, version=row.version + 1).where(Cohort.id == row.id).execute()
    for age, (_, active) in one.read.items():
        if age and one.known.get(age) != active:
            set_activity(ctx, row, age, active, "file")


def _start(ctx: Context, one: _Cohort) -> Period:
    """What the name says, else so far back that all of it is over."""
    running = running_period(ctx, "month")
    try:
        return min(parse_period(one.name), running_period(ctx, parse_period(one.name).kind.value))
    except InvalidInput:
        return running.later(-max(one.read) - 1)


def _whole(text: str, most: int) -> int:
    if not text.isascii() or not text.isdecimal() or int(text[:20]) > most:
        raise InvalidInput("is not a whole number from 0")
    return int(text)


SHAPE = Shape("cohorts", ("cohort", "period", "active"), (), plan)
