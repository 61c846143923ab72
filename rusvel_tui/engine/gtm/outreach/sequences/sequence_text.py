"""A sequence as a YAML file: readable, in one order, the same text whenever nothing changed."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.outreach.enrolling.enrol_rules import EnrolRules
from rusvel_tui.engine.gtm.outreach.sequences.step_input import StepInput
from rusvel_tui.engine.gtm.outreach.sequences.steps import CheckedStep, usual_channel
from rusvel_tui.engine.gtm.outreach.timing.schedules import Rules
from rusvel_tui.engine.yaml_text import Placed, read_yaml, write_yaml

_ORDER = (
    "key", "type", "channel", "delay_days", "delay_unit", "subject", "body", "instructions", "when", "branches",
    "variants",
)  # fmt: skip


class SequenceFile(BaseModel):
    """What stands in the file."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    name: str
    description: str = ""
    rules: EnrolRules = EnrolRules()
    schedule: Rules | None = None
    steps: tuple[StepInput, ...]


def write_sequence(
    name: str,
    description: str,
    rules: EnrolRules,
    schedule: Rules | None,
    steps: list[CheckedStep],
) -> str:
    """The file of a sequence. What is as it usually is, is left out."""
    document: dict[str, Any] = {"name": name}
    if description:
        document["description"] = description
    if rules.stored:
        document["rules"] = rules.stored
    if schedule is not None:
        document["schedule"] = schedule.model_dump(mode="json", exclude_defaults=True)
    document["steps"] = [_step(step) for step in steps]
    return write_yaml(document)


def read_sequence(text: str) -> tuple[SequenceFile, Placed]:
    """The sequence behind a text, with the places of its parts; raises `InvalidInput` with line and column."""
    found = read_yaml(text)
    if not isinstance(found.data, dict):
        raise InvalidInput("Line 1, column 1: begin with `name:` and `steps:`.", field="text")
    try:
        return SequenceFile.model_validate(_without_empty(found.data)), found
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise InvalidInput(_said(found, first), field="text") from None


def misplaced(found: Placed, error: InvalidInput) -> InvalidInput:
    """An error about a part of the sequence, as one about a line of the text."""
    path = [int(part) if part.isdecimal() else part for part in error.field.split(".")]
    return InvalidInput(f"{found.place(path)}{error}", field="text")


def _said(found: Placed, error: Any) -> str:
    path = [part for part in error["loc"] if not str(part).startswith("function-")]
    kind = str(error["type"])
    text = {"extra_forbidden": "there is no such field", "missing": "is missing"}.get(
        kind, str(error["msg"]).removeprefix("Value error, ")
    )
    what = ".".join(map(str, path))
    return f"{found.place(path)}{what}: {text}."


def _without_empty(value: Any) -> Any:
    """A name without a value is like a name that is not there."""
    if isinstance(value, dict):
        return {key: _without_empty(part) for key, part in value.items() if part is not None}
    return [_without_empty(part) for part in value] if isinstance(value, list) else value


def _step(step: CheckedStep) -> dict[str, Any]:
    values = step.as_input.model_dump(mode="json", exclude_defaults=True)
    values["type"] = step.type.value
    if step.channel == usual_channel(step.type):
        values.pop("channel", None)
    return {name: values[name] for name in _ORDER if name in values}
