"""What a kind of step is: its type, its words, where it takes place and what can come of it."""

from __future__ import annotations

from dataclasses import dataclass

from rusvel_tui.engine.spelled import Spelled


class StepType(Spelled):
    """What happens in a step; each has its file in this package."""

    EMAIL_AUTO = "EMAIL_AUTO"
    EMAIL_MANUAL = "EMAIL_MANUAL"
    CALL = "CALL"
    TASK = "TASK"


@dataclass(frozen=True, slots=True)
class StepKind:
    """One type of step: how it is shown, whether it is a mail, and what a branch can ask about it."""

    type: StepType
    label: str
    summary: str
    mail: bool
    channel: str
    """The channel of a step that names none."""
    outcomes: tuple[str, ...]
    """What can come of it, in the order of the keys that a person presses."""
    activity: str = ""
    """The kind of activity that a person is given; empty for a mail."""


SKIPPED = "skipped"
"""The outcome of a step, of whatever kind, that was passed over."""
