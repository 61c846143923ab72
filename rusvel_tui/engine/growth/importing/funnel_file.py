"""funnel_counts.csv: `period,funnel,stage,count`; a count is known by all three."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.growth.funnel.counts import set_count
from rusvel_tui.engine.growth.funnel.funnel_rows import living, stages_of
from rusvel_tui.engine.growth.funnel.funnels import add_row, make_row
from rusvel_tui.engine.growth.importing.shapes import Options, Plan, Shape
from rusvel_tui.engine.growth.importing.table import Row
from rusvel_tui.engine.growth.names import clean_name
from rusvel_tui.engine.growth.periods import Period, parse_period
from rusvel_tui.engine.models import Funnel, FunnelCount, FunnelStage
from rusvel_tui.engine.models.base import among
from rusvel_tui.engine.row_changes import Part
from rusvel_tui.engine.text import fold

_MOST = 10**12


@dataclass(frozen=True, slots=True)
class _Count:
    row: Row
    funnel: str
    stage: str
    period: Period
    count: int

    @property
    def key(self) -> tuple[str, str, str]:
        return fold(self.funnel), fold(self.stage), str(self.period)


def plan(ctx: Context, rows: Iterable[Row], options: Options) -> Plan:
    """Read, compare with what is there; funnels and stages that are not there are made in the order of the file."""
    counts = _counts(ctx, rows)
    funnels = {funnel.key: funnel for funnel in living(ctx)}
    stages = stages_of([funnel.id for funnel in funnels.values()])
    _refuse(counts.values(), {key: (row.kind, row.period) for key, row in funnels.items()})
    _refuse_short(
        counts.values(), {key: {s.key for s in stages[row.id]} for key, row in funnels.items()}
    )
    places = {(f.key, s.key): s.id for f in funnels.values() for s in stages[f.id]}
    recorded = _recorded(list(places.values()))
    there = {key: recorded.get((places.get(key[:2], ""), key[2])) for key in counts}
    new = [key for key, count in there.items() if count is None]
    changed = [
        key for key, count in there.items() if count is not None and count != counts[key].count
    ]

    def write(ctx: Context) -> None:
        writer = _Writer(ctx, funnels, stages)
        for key in (*new, *changed):
            writer.write(counts[key])

    session = (ctx.session_id,)
    return Plan(
        new=len(new),
        changed=len(changed),
        same=len(counts) - len(new) - len(changed),
        write=write,
        parts=tuple(
            Part(table, "session_id", session)
            for table in ("funnel", "funnel_stage", "funnel_count")
        ),
        event="growth.funnel.updated",
    )


def _counts(ctx: Context, rows: Iterable[Row]) -> dict[tuple[str, str, str], _Count]:
    """The rows by funnel, stage and period."""
    counts: dict[tuple[str, str, str], _Count] = {}
    for row in rows:
        one = _read(ctx, row)
        if one is None:
            continue
        first = counts.setdefault(one.key, one)
        if first.count != one.count:
            row.wrong(f"line {first.row.line} has another count for that stage and period", "count")
    return counts


class _Writer:
    """Writes counts, and makes the funnels and stages that are missing on the way."""

    def __init__(
        self, ctx: Context, funnels: dict[str, Funnel], stages: dict[str, list[FunnelStage]]
    ) -> None:
        self._ctx, self._funnels, self._stages = ctx, funnels, stages

    def write(self, one: _Count) -> None:
        """Write one count."""
        ctx, key = self._ctx, one.key
        if key[0] not in self._funnels:
            self._funnels[key[0]] = make_row(ctx, ctx.new_id(), one.funnel, "counts")
        funnel = self._funnels[key[0]]
        known = self._stages.setdefault(funnel.id, [])
        stage = next((stage for stage in known if stage.key == key[1]), None)
        if stage is None:
            place = max((stage.position for stage in known), default=0) + 1
            stage = add_row(ctx, funnel, one.stage, place)
            known.append(stage)
        set_count(ctx, funnel, stage, one.period, one.count, "file")


def _read(ctx: Context, row: Row) -> _Count | None:
    period = row.read("period", lambda text: _past(ctx, parse_period(text)))
    funnel = row.read("funnel", lambda text: clean_name(text, "A funnel"))
    stage = row.read("stage", lambda text: clean_name(text, "A stage"))
    count = row.read("count", _whole)
    if period is None or funnel is None or stage is None or count is None:
        return None
    return _Count(row, funnel, stage, period, count)


def _past(ctx: Context, period: Period) -> Period:
    if period.start > ctx.now.astimezone(ctx.zone).date():
        raise InvalidInput("has not begun yet")
    return period


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text[:20]) > _MOST:
        raise InvalidInput("is not a count: write a whole number from 0")
    return int(text)


def _refuse(counts: Iterable[_Count], funnels: dict[str, tuple[str, str]]) -> None:
    """One funnel counts by one kind of period, and events are counted by themselves."""
    kinds: dict[str, str] = {key: period for key, (_, period) in funnels.items() if period}
    for one in counts:
        kind = kinds.setdefault(fold(one.funnel), one.period.kind.value)
        if kind != one.period.kind.value:
            one.row.wrong(
                f"{one.funnel} counts by {kind}; {one.period} is a {one.period.kind.value}",
                "period",
            )
        if funnels.get(fold(one.funnel), ("counts", ""))[0] != "counts":
            one.row.wrong(f"{one.funnel} counts events; it takes no typed counts", "funnel")


def _refuse_short(counts: Iterable[_Count], known: dict[str, set[str]]) -> None:
    stages = {key: set(names) for key, names in known.items()}
    rows: dict[str, _Count] = {}
    for one in counts:
        stages.setdefault(fold(one.funnel), set()).add(fold(one.stage))
        rows.setdefault(fold(one.funnel), one)
    for key, one in rows.items():
        if len(stages[key]) < 2:
            one.row.wrong(f"{one.funnel} has one stage; a funnel needs at least two", "stage")


def _recorded(stage_ids: list[str]) -> dict[tuple[str, str], int]:
    query = FunnelCount.select().where(among(FunnelCount.stage_id, stage_ids))
    return {(row.stage_id, row.period): row.count for row in query}


SHAPE = Shape("funnel", ("period", "funnel", "stage", "count"), (), plan)
