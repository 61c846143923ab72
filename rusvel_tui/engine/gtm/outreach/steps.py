"""The types of steps, and the two shapes in which they are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from rusvel_tui.engine import templates
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.spelled import Spelled
from rusvel_tui.engine.text import one_line, sanitize


class StepType(Spelled):
    """What happens in a step."""

    EMAIL_AUTO = "EMAIL_AUTO"
    EMAIL_MANUAL = "EMAIL_MANUAL"
    CALL = "CALL"
    TASK = "TASK"


@dataclass(frozen=True, slots=True)
class StepKind:
    """One type of step: how it is shown and whether it is a mail."""

    type: StepType
    label: str
    summary: str
    mail: bool


STEP_KINDS = {
    kind.type: kind
    for kind in (
        StepKind(StepType.EMAIL_AUTO, "mail", "drafted, approved by you, sent by the worker", True),
        StepKind(
            StepType.EMAIL_MANUAL,
            "manual mail",
            "drafted; you finish it in the inbox, then it goes",
            True,
        ),
        StepKind(
            StepType.CALL, "call", "a call to make; the next step waits until it is done", False
        ),
        StepKind(
            StepType.TASK,
            "task",
            "something to do by hand; the next step waits until it is done",
            False,
        ),
    )
}
"""All there are; add yours here."""

MAIL_CHANNEL = "email"
CHANNELS = (
    MAIL_CHANNEL, "phone", "linkedin", "whatsapp", "sms", "x", "telegram", "in_person", "other",
)  # fmt: skip
"""Where a step takes place. Only `email` is sent by the worker; the others are tasks with text to copy."""

MAX_DELAY_DAYS = 3650


class StepInput(BaseModel):
    """One step, in the seeds' short shape or the full one.

    Short: `{"delay_days": 2, "channel": "email", "template": "…"}`. Full: `type`, `delay_days`,
    `channel`, `subject`, `body`, `instructions`.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, defer_build=True, use_attribute_docstrings=True
    )

    type: StepType | None = None
    """What happens; follows from the channel when left out."""
    delay_days: int = Field(default=0, ge=0, le=MAX_DELAY_DAYS)
    """Calendar days after the step before was done; for the first step, after the enrollment."""
    channel: str = ""
    subject: str = ""
    """The subject; empty means the sequence's name, and `Re:` the first subject in a follow-up."""
    body: str = ""
    instructions: str = ""
    """What to do, for you or for the AI."""
    template: str = ""
    """The seeds' word for the body."""

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


@dataclass(frozen=True, slots=True)
class CheckedStep:
    """A step that can be stored."""

    type: StepType
    delay_days: int
    channel: str
    subject: str
    body: str
    instructions: str


def check_step(number: int, step: StepInput, known_fields: frozenset[str]) -> CheckedStep:
    """The step with its type and channel settled and its templates parsed; raises `InvalidInput` with the place.

    The error's field is the place in the input: `steps.0.body`.
    """
    channel = step.channel.strip().lower() or usual_channel(step.type)
    if channel not in CHANNELS:
        known = ", ".join(CHANNELS)
        raise _wrong(number, "channel", f"unknown channel {step.channel!r}. Use {known}.")
    kind = step.type or (StepType.EMAIL_AUTO if channel == MAIL_CHANNEL else StepType.TASK)
    mail = STEP_KINDS[kind].mail
    if mail != (channel == MAIL_CHANNEL):
        raise _wrong(number, "channel", f"{kind.value} does not go with the channel {channel}.")
    subject, body = one_line(step.subject), sanitize(step.body).strip()
    instructions = sanitize(step.instructions).strip()
    if mail and not body:
        raise _wrong(number, "body", "a mail needs a text: give template or body.")
    _check_template(number, "subject", subject, known_fields)
    _check_template(number, "body", body, known_fields)
    if (
        not mail
    ):  # a mail's instructions are for the AI, those of a task are filled in for the person
        _check_template(number, "instructions", instructions, known_fields)
    return CheckedStep(kind, step.delay_days, channel, subject, body, instructions)


def usual_channel(kind: StepType | None) -> str:
    """The channel of a step that names none."""
    if kind is StepType.CALL:
        return "phone"
    return MAIL_CHANNEL if kind is None or STEP_KINDS[kind].mail else "other"


def _check_template(number: int, name: str, text: str, known_fields: frozenset[str]) -> None:
    try:
        templates.check(text, known_fields)
    except InvalidInput as error:
        raise _wrong(number, name, str(error)) from None


def _wrong(number: int, name: str, message: str) -> InvalidInput:
    return InvalidInput(f"Step {number}, {name}: {message}", field=f"steps.{number - 1}.{name}")
