"""A mail that the worker sends after a yes."""

from __future__ import annotations

from rusvel_tui.engine.gtm.outreach.sequences.step_kinds.kind import StepKind, StepType

KIND = StepKind(
    StepType.EMAIL_AUTO,
    "mail",
    "drafted, approved by you, sent by the worker",
    mail=True,
    channel="email",
    outcomes=("sent",),
)
