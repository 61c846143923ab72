"""The shapes in which a step is written: the seeds' short one, the full one, and what a stored step gives back."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field, model_validator

from rusvel_tui.engine.described import Described
from rusvel_tui.engine.gtm.outreach.sequences.step_kinds import StepType

MAX_DELAY_DAYS = 3650
DelayUnit = Literal["days", "working_days"]


class _Part(Described):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class BranchInput(_Part):
    """Where to go when the step is done and something is so."""

    when: str
    """A condition: `outcome is no answer`, `reply is positive or question`."""
    goto: str
    """The key or the number of a step, or `end`."""


class VariantInput(_Part):
    """Another text of a mail step; what is left out is that of the step."""

    name: str = ""
    """`a`, `b`, … when left out."""
    weight: int = Field(default=1, ge=1, le=100)
    """How often it is taken, in proportion to the others."""
    subject: str = ""
    body: str = ""


class StepInput(_Part):
    """One step, in the seeds' short shape or the full one.

    Short: `{"delay_days": 2, "channel": "email", "template": "…"}`. Full: `type`, `delay_days`,
    `delay_unit`, `channel`, `subject`, `body`, `instructions`, `when`, `branches`, `variants`.
    """

    key: str = ""
    """The name of the step in all versions; a changed step keeps it. Given by us when left out."""
    number: int | None = None
    """Its place, for lists that count: 1, 2, 3, without a gap."""
    type: StepType | None = None
    """What happens; follows from the channel when left out."""
    delay_days: int = Field(default=0, ge=0, le=MAX_DELAY_DAYS)
    """Days after the step before was done; for the first step, after the enrollment."""
    delay_unit: DelayUnit = "days"
    """`days` are calendar days; `working_days` leave out weekends and holidays."""
    channel: str = ""
    subject: str = ""
    """The subject; empty means the sequence's name, and `Re:` the first subject in a follow-up."""
    body: str = ""
    instructions: str = ""
    """What to do, for you or for the AI."""
    template: str = ""
    """The seeds' word for the body."""
    when: tuple[str, ...] = ()
    """Conditions that must all hold when the step is due; else it is skipped: `tag is not customer`."""
    branches: tuple[BranchInput, ...] = ()
    """Where to go when it is done: the first that holds; without one, the next step follows."""
    variants: tuple[VariantInput, ...] = ()
    """Two to five texts of a mail that are tried against each other."""

    @model_validator(mode="before")
    @classmethod
    def _one_shape(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        made = {key: value for key, value in data.items() if key != "template"}
        if data.get("template") and data.get("body"):
            raise ValueError("give either template or body, they are the same thing")
        if data.get("template"):
            made["body"] = data["template"]
        return made
