"""What is asked of KPIs, and what they answer."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from rusvel_tui.engine.growth.numbers import Number, Shown
from rusvel_tui.engine.operation import Input, PageInput, View


class Direction(StrEnum):
    """Which way is good."""

    UP = "up"
    DOWN = "down"


class DefineKpi(Input):
    """A number to follow."""

    name: str
    unit: str = ""
    """USD, %, customers; it never changes once there are readings."""
    direction: Direction = Direction.UP
    target: Number | None = None


class UpdateKpi(Input):
    """What changes; what is left out stays."""

    kpi: str
    """By name or id."""
    name: str | None = None
    unit: str | None = None
    direction: Direction | None = None
    target: Number | None = None
    clear_target: bool = False
    version: int | None = None


class KpiRef(Input):
    """Which KPI, by name or id."""

    kpi: str


class RecordKpi(Input):
    """A reading."""

    name: str
    """The KPI, which is made when there is none of that name; case does not matter."""
    value: Number
    unit: str = ""
    """That of the KPI when left out."""
    at: str = ""
    """When: a day such as 2026-11-24, or a moment (ISO 8601); now when left out."""
    note: str = Field(default="", max_length=500)
    replace: bool = False
    """Whether to correct the reading that is there for this moment."""


class ReadingId(Input):
    """Which reading."""

    reading_id: str


class CorrectReading(Input):
    """What a reading should have been."""

    reading_id: str
    value: Number
    note: str = Field(default="", max_length=500)
    version: int | None = None


class ListKpis(PageInput):
    """Which part of the KPIs."""

    points: int = Field(default=12, ge=0, le=200)
    """Newest readings to show of each, for a sparkline."""


class ListReadings(PageInput):
    """Of which KPI."""

    kpi: str


class GetTrend(Input):
    """Of which KPI, over how many of its newest readings."""

    kpi_name: str
    last: int = Field(default=120, ge=2, le=1000)
    average: int = Field(default=3, ge=2, le=60)
    """Readings in the moving average."""
    of: str = Field(default="values", pattern="^(values|changes)$")
    """Test the readings, or the changes from one to the next: right for stocks such as MRR or customers, which drift."""


class Reading(View):
    """The value of a KPI at one moment."""

    reading_id: str
    at: datetime
    value: Shown
    note: str = ""
    source: str = ""
    corrected: bool = False
    version: int = 1


class KpiRecorded(View):
    """What was recorded, and what it means."""

    kpi_id: str
    reading_id: str
    name: str
    unit: str
    at: datetime
    value: Shown
    previous: Shown | None
    """The reading before it in time."""
    delta: Shown | None
    created: bool
    """Whether the KPI is new."""
    recorded: bool
    """False when the same reading was known."""


class KpiView(View):
    """A KPI with its newest readings. `status` says in words what the signs show."""

    kpi_id: str
    name: str
    unit: str
    direction: Direction
    target: Shown | None
    target_share: float | None
    """How much of the target is reached."""
    latest: Shown | None
    latest_at: datetime | None
    previous: Shown | None
    delta: Shown | None
    change: float | None
    """Of the reading before; none where that was 0."""
    better: bool | None
    """Whether the newest change is in the good direction; none without one."""
    word: str
    """rising, falling, no clear trend, or too few points."""
    points: tuple[Shown, ...]
    """The newest readings, oldest first."""
    count: int
    days_without: int | None
    """Days since the newest reading."""
    status: str
    alerts: tuple[str, ...]
    """Names of alerts that fire."""
    source: str
    """`typed`, or where the app takes it from."""
    version: int


class KpiPage(View):
    """KPIs by name."""

    items: tuple[KpiView, ...]
    next: str | None


class CorrectionView(View):
    """What a reading was before it was corrected."""

    at: datetime
    before: Shown
    after: Shown
    note: str
    actor: str


class ReadingDetail(Reading):
    """A reading with the history of its corrections, newest first."""

    corrections: tuple[CorrectionView, ...] = ()


class ReadingPage(View):
    """Readings of one KPI, newest first."""

    kpi_id: str
    name: str
    unit: str
    items: tuple[ReadingDetail, ...]
    next: str | None


class KpiDeleted(View):
    """What was deleted."""

    id: str
    name: str
