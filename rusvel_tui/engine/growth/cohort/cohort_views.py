"""What is asked of cohorts, and what they answer."""

from __future__ import annotations

from pydantic import AliasChoices, Field

from rusvel_tui.engine.growth.events.recording import Label
from rusvel_tui.engine.operation import Input, PageInput, View

_MOST = 10**9


class CreateCohort(Input):
    """People who began together."""

    name: str
    size: int = Field(ge=1, le=_MOST)
    start: str = ""
    """The period in which they began (`2026-11`, `2026-W48`, `2026-11-24`): the name when it is one, else the running one."""
    period: str = Field(default="", pattern="^(day|week|month)?$")
    kind: str = Field(default="survival", pattern="^(survival|activity)$")
    """`survival`: who is gone stays gone, the count never rises. `activity`: people may come back."""


class CohortRef(Input):
    """Which cohort, by name or id."""

    cohort: str


class UpdateCohort(Input):
    """What changes; what is left out stays."""

    cohort: str
    name: str | None = None
    size: int | None = Field(default=None, ge=1, le=_MOST)
    version: int | None = None


class RecordActivity(Input):
    """How many of a cohort were active in one of its periods."""

    cohort: str = ""
    cohort_id: str = ""
    period: int = Field(ge=0, le=1200)
    """Counted from 0, the one in which they began."""
    active: int = Field(ge=0, le=_MOST)


class ActivityRecorded(View):
    """What was recorded."""

    cohort_id: str
    name: str
    period: int
    active: int
    before: int | None
    size: int


class AnalyzeRetention(Input):
    """Of one cohort, or of all of one period."""

    cohort: str = ""
    cohort_id: str = ""
    period: str = Field(default="", pattern="^(day|week|month)?$")
    """Cohorts that began by the day, week or month; the most frequent when left out."""


class EventRetention(Input):
    """A matrix from events: who began in a period, and who came back in those after it."""

    start_event: Label
    return_event: Label = ""
    """The start event when left out."""
    period: str = Field(default="week", pattern="^(day|week|month)$")
    kind: str = Field(default="first", pattern="^(first|recurring)$")
    """`first`: the first time ever counts. `recurring`: everybody who did it in a period."""
    mode: str = Field(default="on", pattern="^(on|on_or_after)$")
    from_: str = Field(
        default="", validation_alias=AliasChoices("from", "from_"), serialization_alias="from"
    )
    """A day of the first period; so many periods back that the running one is the last when left out."""
    periods: int = Field(default=12, ge=1, le=120)


class CohortView(View):
    """A cohort."""

    cohort_id: str
    name: str
    size: int
    start: str
    period: str
    kind: str
    active: tuple[int | None, ...]
    retention_rates: tuple[float | None, ...]
    version: int


class ListCohorts(PageInput):
    """Which part."""


class CohortPage(View):
    """Cohorts, newest first."""

    items: tuple[CohortView, ...]
    next: str | None


class CohortDeleted(View):
    """What was deleted."""

    id: str
    name: str
