"""kpi.csv: `date,name,value,unit,note`; a reading is known by KPI and moment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.growth.importing.shapes import Options, Plan, Shape
from rusvel_tui.engine.growth.importing.table import Row
from rusvel_tui.engine.growth.kpi.kpi_rows import clean_unit, known_kpi, require_unit
from rusvel_tui.engine.growth.kpi.readings import make_kpi, reading_moment
from rusvel_tui.engine.growth.names import clean_name
from rusvel_tui.engine.growth.numbers import read_number, tidy
from rusvel_tui.engine.models import Kpi, KpiCorrection, KpiReading
from rusvel_tui.engine.models.base import among, insert_rows
from rusvel_tui.engine.row_changes import Part
from rusvel_tui.engine.text import fold, one_line

_DAY = len("2026-11-24")


@dataclass(slots=True)
class _Reading:
    row: Row
    kpi_id: str
    at: datetime
    value: float
    note: str


class _Sorted:
    """The readings by what becomes of them."""

    def __init__(self, known: dict[tuple[str, str], KpiReading], *, replace: bool) -> None:
        self._known, self._replace = known, replace
        self.new: dict[tuple[str, str], _Reading] = {}
        self.changed: list[tuple[_Reading, KpiReading]] = []

    def add(self, one: _Reading) -> None:
        """Sort one reading in, or say why it cannot be written."""
        key = (one.kpi_id, stamp(one.at))
        there = self._known.get(key)
        if there is not None:
            self._compare(one, there)
        elif self.new.setdefault(key, one).value != one.value:
            line = self.new[key].row.line
            one.row.wrong(f"line {line} has another value for that date", "value")

    def _compare(self, one: _Reading, there: KpiReading) -> None:
        if there.value == one.value:
            return
        if self._replace:
            self.changed.append((one, there))
            return
        one.row.wrong(
            f"{tidy(there.value)} is recorded for that date; use replace to correct it", "value"
        )


def plan(ctx: Context, rows: Iterable[Row], options: Options) -> Plan:
    """Read, compare with what is there, and say what would be written."""
    read = _Reader(ctx)
    readings = [one for row in rows if (one := read.row(row)) is not None]
    found = _Sorted(_known(readings), replace=options.replace)
    for reading in readings:
        found.add(reading)
    ids = {key: ctx.new_id() for key in found.new}
    fixes = [ctx.new_id() for _ in found.changed]

    def write(ctx: Context) -> None:
        for kpi_id, name, unit in read.made:
            make_kpi(ctx, kpi_id, name, unit)
        insert_rows(KpiReading, (_values(ctx, ids[key], one) for key, one in found.new.items()))
        for fix_id, (one, there) in zip(fixes, found.changed, strict=True):
            _correct(ctx, fix_id, one, there)

    touched = (*ids.values(), *(there.id for _, there in found.changed))
    return Plan(
        new=len(found.new),
        changed=len(found.changed),
        same=len(readings) - len(found.new) - len(found.changed),
        write=write,
        parts=(
            Part("kpi", "id", tuple(kpi_id for kpi_id, *_ in read.made)),
            Part("kpi_reading", "id", touched),
            Part("kpi_correction", "id", tuple(fixes)),
        ),
        event="growth.kpi.recorded",
        back="growth.kpi.updated",
        kpis=tuple({one.kpi_id for one in readings}),
    )


class _Reader:
    """Reads rows, and learns which KPIs they would make."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._zones: set[bool] = set()
        self._kpis: dict[str, tuple[str, str]] = {}
        """Id and unit by folded name."""
        self.made: list[tuple[str, str, str]] = []

    def row(self, row: Row) -> _Reading | None:
        at = row.read("date", self._moment)
        value = row.read("value", read_number)
        kpi_id = row.read("name", lambda name: self._kpi(row, name))
        if at is None or value is None or kpi_id is None:
            return None
        return _Reading(row, kpi_id, at, value, one_line(row.cells["note"])[:500])

    def _moment(self, text: str) -> datetime:
        at = reading_moment(text, self._ctx)
        if at > self._ctx.now:
            raise InvalidInput("is in the future")
        if len(text.strip()) > _DAY:
            self._zones.add(datetime.fromisoformat(text.strip()).tzinfo is not None)
        if len(self._zones) > 1:
            raise InvalidInput("some dates name a time zone and some do not; name it in all")
        return at

    def _kpi(self, row: Row, text: str) -> str:
        name, unit = clean_name(text, "A KPI"), clean_unit(row.cells["unit"])
        if fold(name) not in self._kpis:
            there = known_kpi(self._ctx, name)
            if there is None:
                self.made.append((self._ctx.new_id(), name, unit))
            self._kpis[fold(name)] = (there.id, there.unit) if there else (self.made[-1][0], unit)
        kpi_id, has = self._kpis[fold(name)]
        row.read("unit", lambda _: require_unit(Kpi(name=name, unit=has), unit))
        return kpi_id


def _known(readings: Sequence[_Reading]) -> dict[tuple[str, str], KpiReading]:
    """What is recorded of these KPIs between the first and the last of these moments."""
    if not readings:
        return {}
    first, last = min(one.at for one in readings), max(one.at for one in readings)
    ids = among(KpiReading.kpi_id, {one.kpi_id for one in readings})
    found = KpiReading.select().where(ids & KpiReading.at.between(first, last))
    return {(row.kpi_id, stamp(row.at)): row for row in found}


def _values(ctx: Context, row_id: str, one: _Reading) -> dict[str, object]:
    return {
        "id": row_id, "session_id": ctx.session_id, "kpi_id": one.kpi_id, "at": one.at, "value": one.value,
        "note": one.note, "source": "file", "created_at": ctx.now,
    }  # fmt: skip


def _correct(ctx: Context, fix_id: str, one: _Reading, there: KpiReading) -> None:
    KpiCorrection.create(
        id=fix_id, session_id=ctx.session_id, reading_id=there.id, kpi_id=there.kpi_id, at=ctx.now,
        before=there.value, after=one.value, note="from a file", actor=ctx.actor.name,
    )  # fmt: skip
    KpiReading.update(value=one.value, version=there.version + 1).where(
        KpiReading.id == there.id
    ).execute()


SHAPE = Shape("kpi", ("date", "name", "value"), ("unit", "note"), plan)
