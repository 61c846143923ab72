"""What is asked of an event funnel: steps, window, order, exclusions; refused in one sentence where it makes no sense."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.growth.events.recording import Label
from rusvel_tui.engine.growth.funnel.attempts import Exclusion, Rules, StepOrder
from rusvel_tui.engine.growth.funnel.steps import SECOND
from rusvel_tui.engine.growth.windows import parse_window

WINDOW = "14d"
_MOST = 20
_UNKNOWN = -1
"""The number of a name that was never recorded; each gets its own, below."""


class ExclusionInput(BaseModel):
    """An event that disqualifies an attempt when it happens between two steps, counted from 1."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    event: Label
    from_step: int = 1
    to_step: int = 2


def check_steps(steps: Sequence[str], exclusions: Sequence[ExclusionInput], window: str) -> int:
    """Refuse what is no funnel; the window in microseconds."""
    if not 2 <= len(steps) <= _MOST:
        raise InvalidInput(f"A funnel has 2 to {_MOST} steps, not {len(steps)}.", field="steps")
    for rule in exclusions:
        if not 1 <= rule.from_step < rule.to_step <= len(steps):
            raise InvalidInput(
                f"The exclusion of {rule.event!r} goes from step {rule.from_step} to {rule.to_step}; "
                f"it must go from an earlier to a later one of the {len(steps)} steps.",
                field="exclusions",
            )
    return parse_window(window) * SECOND


def numbered(
    steps: Sequence[str], exclusions: Sequence[ExclusionInput], known: Mapping[str, int]
) -> tuple[tuple[int, ...], tuple[Exclusion, ...]]:
    """Steps and exclusions by the numbers of their names; what was never recorded gets a number that nothing has."""
    numbers = dict(known)
    for name in (*steps, *(rule.event for rule in exclusions)):
        numbers.setdefault(name, _UNKNOWN - len(numbers))
    return tuple(numbers[name] for name in steps), tuple(
        Exclusion(numbers[rule.event], rule.from_step, rule.to_step) for rule in exclusions
    )


__all__ = ["WINDOW", "ExclusionInput", "Rules", "StepOrder", "check_steps", "numbered"]
