"""Readings of KPIs: record, correct with history, delete, list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from rusvel_tui.engine.calendar import midnight
from rusvel_tui.engine.clock import moment, stamp
from rusvel_tui.engine.conflicts import require_version
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict, InvalidInput
from rusvel_tui.engine.growth.changes import record
from rusvel_tui.engine.growth.kpi.kpi_rows import (
    clean_unit,
    find_kpi,
    find_reading,
    known_kpi,
    require_unit,
)
from rusvel_tui.engine.growth.kpi.kpi_views import (
    CorrectionView,
    CorrectReading,
    KpiDeleted,
    KpiRecorded,
    ListReadings,
    ReadingDetail,
    ReadingId,
    ReadingPage,
    RecordKpi,
)
from rusvel_tui.engine.growth.kpi.watching import watch_kpis
from rusvel_tui.engine.growth.names import clean_name
from rusvel_tui.engine.growth.numbers import minus, tidy
from rusvel_tui.engine.growth.periods import parse_day
from rusvel_tui.engine.models import Kpi, KpiCorrection, KpiReading
from rusvel_tui.engine.operation import operation
from rusvel_tui.engine.row_changes import Part, Watch
from rusvel_tui.engine.text import fold, one_line

_DAY = len("2026-11-24")
_TICK = timedelta(milliseconds=1)


@operation("growth.kpi.record_kpi", writes=True, permission="growth.manage")
def record_kpi(ctx: Context, cmd: RecordKpi) -> KpiRecorded:
    """Record a reading of a KPI, of today or of any day before; the KPI is made when there is none of that name."""
    row = known_kpi(ctx, cmd.name)
    created = row is None
    kpi_id = row.id if row else ctx.new_id()
    at = _moment(ctx, cmd.at, kpi_id)
    same = _at(kpi_id, at)
    parts = (
        Part("kpi", "id", (kpi_id,)),
        *_parts(same.id if same else (reading_id := ctx.new_id())),
    )
    watch = Watch(ctx, *parts)
    row = row or make_kpi(ctx, kpi_id, cmd.name, cmd.unit)
    _settle_unit(row, cmd.unit)
    if same is None:
        same = _new(ctx, row, reading_id, at, cmd.value, one_line(cmd.note))
    elif same.value != cmd.value:
        if not cmd.replace:
            raise Conflict(
                f"{row.name} has a reading of {tidy(same.value)} for that moment already. "
                "Use replace to correct it."
            )
        _correct(ctx, same, cmd.value, cmd.note)
    return _conclude(ctx, row, same, watch, created=created)


@operation("growth.kpi.correct_reading", writes=True, permission="growth.manage")
def correct_reading(ctx: Context, cmd: CorrectReading) -> KpiRecorded:
    """Correct a reading; what it was stays in its history."""
    reading = find_reading(ctx, cmd.reading_id)
    require_version(cmd.version, reading.version, "The reading")
    row = Kpi.get_by_id(reading.kpi_id)
    watch = Watch(ctx, *_parts(reading.id))
    if reading.value != cmd.value:
        _correct(ctx, reading, cmd.value, cmd.note)
    return _conclude(ctx, row, reading, watch, created=False)


@operation("growth.kpi.delete_reading", writes=True, permission="growth.manage", human_only=True)
def delete_reading(ctx: Context, cmd: ReadingId) -> KpiDeleted:
    """Delete a reading; undo brings it back."""
    reading = find_reading(ctx, cmd.reading_id)
    row = Kpi.get_by_id(reading.kpi_id)
    watch = Watch(ctx, Part("kpi_reading", "id", (reading.id,)))
    KpiReading.delete().where(KpiReading.id == reading.id).execute()
    record(
        ctx, "growth.kpi.updated", row.id, watch, {"name": row.name, "deleted": tidy(reading.value)}
    )
    watch_kpis(ctx, {row.id})
    return KpiDeleted(id=reading.id, name=row.name)


@operation("growth.kpi.list_readings", permission="growth.read")
def list_readings(ctx: Context, cmd: ListReadings) -> ReadingPage:
    """List the readings of a KPI with their corrections, newest first."""
    row = find_kpi(ctx, cmd.kpi)
    query = KpiReading.select().where(KpiReading.kpi_id == row.id)
    if cmd.cursor:
        query = query.where(KpiReading.at < _cursor(cmd.cursor))
    rows = list(query.order_by(KpiReading.at.desc()).limit(cmd.limit + 1))
    listed = rows[: cmd.limit]
    history = _history([reading.id for reading in listed])
    items = tuple(_detail(reading, history[reading.id]) for reading in listed)
    more = stamp(listed[-1].at) if len(rows) > cmd.limit else None
    return ReadingPage(kpi_id=row.id, name=row.name, unit=row.unit, items=items, next=more)


def make_kpi(ctx: Context, kpi_id: str, name: str, unit: str, source: str = "") -> Kpi:
    """A new KPI of a free name."""
    name = clean_name(name, "A KPI")
    made: Kpi = Kpi.create(
        id=kpi_id, session_id=ctx.session_id, name=name, key=fold(name), unit=clean_unit(unit),
        source=source, created_at=ctx.now, updated_at=ctx.now,
    )  # fmt: skip
    return made


def _parts(reading_id: str) -> tuple[Part, Part]:
    return (
        Part("kpi_reading", "id", (reading_id,)),
        Part("kpi_correction", "reading_id", (reading_id,)),
    )


def _settle_unit(row: Kpi, unit: str) -> None:
    """The unit of a KPI that has none is that of its first reading."""
    unit = clean_unit(unit)
    if (
        unit
        and not row.unit
        and not KpiReading.select().where(KpiReading.kpi_id == row.id).exists()
    ):
        row.unit = unit
        row.save()
    require_unit(row, unit)


def _new(
    ctx: Context, row: Kpi, reading_id: str, at: datetime, value: float, note: str
) -> KpiReading:
    made: KpiReading = KpiReading.create(
        id=reading_id, session_id=ctx.session_id, kpi_id=row.id, at=at, value=value, note=note,
        created_at=ctx.now,
    )  # fmt: skip
    return made


def _correct(ctx: Context, reading: KpiReading, value: float, note: str) -> None:
    KpiCorrection.create(
        id=ctx.new_id(), session_id=ctx.session_id, reading_id=reading.id, kpi_id=reading.kpi_id,
        at=ctx.now, before=reading.value, after=value, note=one_line(note), actor=ctx.actor.name,
    )  # fmt: skip
    reading.value = value
    reading.version += 1
    reading.save()


def _conclude(
    ctx: Context, row: Kpi, reading: KpiReading, watch: Watch, *, created: bool
) -> KpiRecorded:
    earlier = KpiReading.select(KpiReading.value).where(
        (KpiReading.kpi_id == row.id) & (KpiReading.at < reading.at)
    )
    before = earlier.order_by(KpiReading.at.desc()).first()
    view = KpiRecorded(
        kpi_id=row.id,
        reading_id=reading.id,
        name=row.name,
        unit=row.unit,
        at=reading.at,
        value=tidy(reading.value),
        previous=tidy(before.value) if before else None,
        delta=minus(reading.value, before.value) if before else None,
        created=created,
        recorded=bool(watch.changes()),
    )
    said = view.model_dump(mode="json", include={"name", "value", "unit", "previous", "delta"})
    record(ctx, "growth.kpi.recorded", row.id, watch, said, back="growth.kpi.updated")
    watch_kpis(ctx, {row.id})
    return view


def _moment(ctx: Context, text: str, kpi_id: str) -> datetime:
    """When a reading was taken; a day is its first instant in the session's zone. Without a word: now, after all others."""
    if not text:
        at = moment(stamp(ctx.now))
        while _at(kpi_id, at) is not None:
            at += _TICK
        return at
    found = reading_moment(text, ctx)
    if found > ctx.now:
        raise InvalidInput(f"{one_line(text)[:40]} is in the future.", field="at")
    return found


def reading_moment(text: str, ctx: Context) -> datetime:
    """A day or a moment as written, in the session's zone where it names none."""
    if len(text.strip()) <= _DAY:
        return midnight(parse_day(text, field="at"), ctx.zone)
    try:
        found = datetime.fromisoformat(text.strip())
        return moment(stamp(found if found.tzinfo else found.replace(tzinfo=ctx.zone)))
    except (ValueError, OverflowError):
        raise InvalidInput(
            f"{one_line(text)[:40]!r} is not a time. Write 2026-11-24 or 2026-11-24T09:30:00Z.",
            field="at",
        ) from None


def _at(kpi_id: str, at: datetime) -> KpiReading | None:
    own = (KpiReading.kpi_id == kpi_id) & (KpiReading.at == at)
    found: KpiReading | None = KpiReading.get_or_none(own)
    return found


def _history(reading_ids: Sequence[str]) -> dict[str, list[KpiCorrection]]:
    found: defaultdict[str, list[KpiCorrection]] = defaultdict(list)
    query = KpiCorrection.select().where(KpiCorrection.reading_id.in_(list(reading_ids)))
    for row in query.order_by(KpiCorrection.at.desc(), KpiCorrection.id.desc()):
        found[row.reading_id].append(row)
    return found


def _detail(reading: KpiReading, corrections: Sequence[KpiCorrection]) -> ReadingDetail:
    return ReadingDetail(
        reading_id=reading.id,
        at=reading.at,
        value=tidy(reading.value),
        note=reading.note,
        source=reading.source,
        corrected=bool(corrections),
        version=reading.version,
        corrections=tuple(
            CorrectionView(
                at=row.at,
                before=tidy(row.before),
                after=tidy(row.after),
                note=row.note,
                actor=row.actor,
            )
            for row in corrections
        ),
    )


def _cursor(text: str) -> datetime:
    try:
        return moment(text)
    except ValueError:
        raise InvalidInput(f"{text!r} is not a cursor of this list.", field="cursor") from None
