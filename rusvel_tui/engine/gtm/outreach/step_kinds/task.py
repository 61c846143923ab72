"""Something that a person does by hand, on whatever channel."""

from __future__ import annotations

from rusvel_tui.engine.gtm.crm.outcomes import TaskOutcome
from rusvel_tui.engine.gtm.crm.activity_views import OUTCOMES, ActivityKind
from rusvel_tui.engine.gtm.outreach.step_kinds.kind import StepKind, StepType

KIND = StepKind(
    StepType.TASK,
    "task",
    "something to do by hand; the next step waits until it is done",
    mail=False,
    channel="other",
    outcomes=tuple(outcome.key for outcome in TaskOutcome),
    activity="task",
)
