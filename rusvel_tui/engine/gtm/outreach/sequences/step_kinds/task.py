"""Something that a person does by hand, on whatever channel."""

from __future__ import annotations

from rusvel_tui.engine.gtm.crm.timeline.activity_views import ActivityKind
from rusvel_tui.engine.gtm.crm.timeline.outcomes import OUTCOMES
from rusvel_tui.engine.gtm.outreach.sequences.step_kinds.kind import StepKind, StepType

KIND = StepKind(
    StepType.TASK,
    "task",
    "something to do by hand; the next step waits until it is done",
    mail=False,
    channel="other",
    outcomes=OUTCOMES[ActivityKind.TASK],
    activity="task",
)
