"""Finding KPIs and their readings, with few questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from rusvel_tui.engine.clock import moment
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput, NotFound
from rusvel_tui.engine.growth.names import shown
from rusvel_tui.engine.models import Kpi, KpiReading
from rusvel_tui.engine.models.base import database, dump_json
from rusvel_tui.engine.money import CURRENCIES
from rusvel_tui.engine.text import fold, one_line

_LONGEST_UNIT = 20


class Point(NamedTuple):
    """A reading: when and how much."""

    at: datetime
    value: float


def find_kpi(ctx: Context, wanted: str) -> Kpi:
    """By name or id; raises `NotFound` that names those there are."""
    found = known_kpi(ctx, wanted)
    if found is None:
        rows = Kpi.select(Kpi.name).where(
            (Kpi.session_id == ctx.session_id) & Kpi.deleted_at.is_null()
        )
        names = [row.name for row in rows.order_by(Kpi.key).limit(6)]
        hint = f"There are: {', '.join(names)}." if names else "Record one first."
        raise NotFound(f"There is no KPI {shown(wanted)} in this session. {hint}")
    return found


def known_kpi(ctx: Context, wanted: str) -> Kpi | None:
    """By name or id, if there is one."""
    own = (Kpi.session_id == ctx.session_id) & Kpi.deleted_at.is_null()
    found: Kpi | None = Kpi.get_or_none(own & ((Kpi.key == fold(wanted)) | (Kpi.id == wanted)))
    return found


def find_reading(ctx: Context, reading_id: str) -> KpiReading:
    """A reading of this session; raises `NotFound`."""
    own = (KpiReading.id == reading_id) & (KpiReading.session_id == ctx.session_id)
    found: KpiReading | None = KpiReading.get_or_none(own)
    if found is None:
        raise NotFound(f"There is no reading {shown(reading_id)} in this session.")
    return found


_NEWEST = """
SELECT k.value, r.at, r.value FROM json_each(?) k
JOIN kpi_reading r ON r.kpi_id = k.value AND r.at >= coalesce((SELECT at FROM kpi_reading
  WHERE kpi_id = k.value ORDER BY at DESC LIMIT 1 OFFSET ?), '') ORDER BY k.key, r.at
"""


def newest(kpi_ids: Sequence[str], count: int) -> dict[str, list[Point]]:
    """The newest readings of each, oldest first; one question, which reads no more than these."""
    found: defaultdict[str, list[Point]] = defaultdict(list)
    asked = (dump_json(list(kpi_ids)), max(count - 1, 0))
    for kpi_id, at, value in database.execute_sql(_NEWEST, asked).fetchall():
        found[kpi_id].append(Point(moment(at), value))
    return {kpi_id: points[-count:] for kpi_id, points in found.items()}


def clean_unit(text: str) -> str:
    """A unit as one short line; currency codes in capitals."""
    unit = one_line(text)
    if len(unit) > _LONGEST_UNIT:
        raise InvalidInput(f"A unit has at most {_LONGEST_UNIT} characters.", field="unit")
    return unit.upper() if unit.upper() in CURRENCIES else unit


def require_unit(row: Kpi, unit: str) -> None:
    """Refuse another unit than that of the KPI."""
    if unit and fold(unit) != fold(row.unit):
        had = f"in {row.unit}" if row.unit else "without a unit"
        raise InvalidInput(
            f"{row.name} is measured {had}, not in {unit}. Record it there, or under another name.",
            field="unit",
        )
