"""A mail that a person finishes before it goes."""

from __future__ import annotations

from rusvel_tui.engine.gtm.outreach.sequences.step_kinds.kind import StepKind, StepType

KIND = StepKind(
    StepType.EMAIL_MANUAL,
    "manual mail",
    "drafted; you finish it in the inbox, then it goes",
    mail=True,
    channel="email",
    outcomes=("sent",),
)
