"""The registry of step kinds: a member of `StepType`, and a file of its name with `KIND`."""

from __future__ import annotations

from importlib import import_module

from rusvel_tui.engine.gtm.outreach.sequences.step_kinds.kind import SKIPPED, StepKind, StepType

STEP_KINDS: dict[StepType, StepKind] = {
    kind: import_module(f"{__name__}.{kind.key}").KIND for kind in StepType
}
"""All there are, in the order in which they are offered."""

OUTCOMES = tuple(
    dict.fromkeys([name for kind in STEP_KINDS.values() for name in kind.outcomes] + [SKIPPED])
)
"""Everything that a condition on an outcome may name."""

__all__ = ["OUTCOMES", "SKIPPED", "STEP_KINDS", "StepKind", "StepType"]
