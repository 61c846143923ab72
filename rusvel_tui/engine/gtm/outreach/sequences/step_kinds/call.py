"""A call that a person makes."""

from __future__ import annotations

from rusvel_tui.engine.gtm.crm.timeline.activity_views import ActivityKind
from rusvel_tui.engine.gtm.crm.timeline.outcomes import OUTCOMES
from rusvel_tui.engine.gtm.outreach.sequences.step_kinds.kind import StepKind, StepType

KIND = StepKind(
    StepType.CALL,
    "call",
    "a call to make; the next step waits until it is done",
    mail=False,
    channel="phone",
    outcomes=OUTCOMES[ActivityKind.CALL],
    activity="call",
)
