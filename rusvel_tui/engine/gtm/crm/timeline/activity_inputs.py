"""What the operations on activities are asked."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from rusvel_tui.engine.described import Described
from rusvel_tui.engine.gtm.crm.timeline.activity_views import ActivityKind, Due
from rusvel_tui.engine.gtm.crm.timeline.outcomes import CallOutcome
from rusvel_tui.engine.operation import Input, PageInput
from rusvel_tui.engine.when_text import When

Minutes = Annotated[int, Field(ge=0, le=24 * 60)]


class FollowUp(Described):
    """What is to be done next, with the same contact and deal."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, str_strip_whitespace=True, defer_build=True
    )

    subject: str
    due_at: When = "tomorrow"
    kind: ActivityKind = ActivityKind.TASK


def _from_text(value: Any) -> Any:
    """A text alone is what is to be done, tomorrow."""
    return {"subject": value} if isinstance(value, str) else value


Next = Annotated[FollowUp, BeforeValidator(_from_text)]


class AddNote(Input):
    """Something to remember about a contact or a deal."""

    body: str
    contact_id: str = ""
    deal_id: str = ""


class LogCall(Input):
    """A call that took place, or was tried."""

    contact_id: str = ""
    deal_id: str = ""
    outcome: CallOutcome = CallOutcome.REACHED
    body: str = ""
    """What was said."""
    subject: str = ""
    at: When = "now"
    """When; such as `9:30`, `yesterday 14:00` or `20 minutes ago`."""
    duration_minutes: Minutes | None = None
    next: Next | None = None
    """What follows from it."""


class LogMeeting(Input):
    """A meeting that took place."""

    subject: str
    contact_id: str = ""
    deal_id: str = ""
    body: str = ""
    outcome: str = ""
    at: When = "now"
    duration_minutes: Minutes | None = None
    next: Next | None = None
    """What follows from it."""


class AddTask(Input):
    """Something to do: a task, a call or a meeting."""

    subject: str
    kind: ActivityKind = ActivityKind.TASK
    """`Task`, `Call` or `Meeting`."""
    due_at: When = "now"
    """`tomorrow`, `in 3 days`, `mon 9:00`, or a moment such as 2026-11-21T09:30:00Z."""
    contact_id: str = ""
    deal_id: str = ""
    body: str = ""
    """Details, or what to say."""
    metadata: dict[str, Any] = Field(default_factory=dict)


class UpdateActivity(Input):
    """Changes to a note, call, meeting or task; what is left out stays."""

    activity_id: str
    version: int | None = None
    """The version you saw; a newer one is a conflict."""
    subject: str | None = None
    body: str | None = None
    notes: str | None = None
    outcome: str | None = None
    due_at: When | None = None
    """Only of what is still to be done."""
    at: When | None = None
    """When it took place; only of what is done."""
    duration_minutes: Minutes | None = None
    contact_id: str | None = None
    deal_id: str | None = None


class ActivityId(Input):
    """Which activity."""

    activity_id: str


class CompleteTask(Input):
    """A task, call or meeting that is done."""

    activity_id: str
    outcome: str = "done"
    """What came of it; of a call: reached, no answer, voicemail, wrong number or call back."""
    notes: str = ""
    duration_minutes: Minutes | None = None
    next: Next | None = None
    """What follows from it."""
    version: int | None = None


class SnoozeTask(Input):
    """A task that is put off."""

    activity_id: str
    until: When
    """`later today`, `tomorrow`, `monday`, `in a week`, or a moment."""
    version: int | None = None


class ListTasks(PageInput):
    """Which of the things that are to be done, most urgent first."""

    due: Due | None = None
    kind: ActivityKind | None = None
    contact_id: str = ""
    deal_id: str = ""
    company_id: str = ""
    """Of a company: what is to be done with its people."""


class ActivityState(BaseModel):
    """What an activity was like: only what is given is put back."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    status: Literal["open", "done"] = "done"
    subject: str = ""
    body: str = ""
    notes: str = ""
    outcome: str = ""
    due_at: AwareDatetime | None = None
    at: AwareDatetime | None = None
    duration_minutes: Minutes | None = None
    contact_id: str | None = None
    deal_id: str | None = None
    deleted_at: AwareDatetime | None = None


class PutActivities(Input):
    """Activities as they were before one change; the first one is what the change was about."""

    rows: tuple[ActivityState, ...] = Field(min_length=1)
    version: int | None = None
