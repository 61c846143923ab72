"""Checking steps before they are stored: each by itself, then all of them together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from rusvel_tui.engine import templates
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.outreach.sequences import variants
from rusvel_tui.engine.gtm.outreach.sequences.branches import END, PathStep, check_paths, path_step
from rusvel_tui.engine.gtm.outreach.sequences.channels import CHANNELS, MAIL_CHANNEL
from rusvel_tui.engine.gtm.outreach.sequences.conditions import Condition, check_condition
from rusvel_tui.engine.gtm.outreach.sequences.step_input import (
    MAX_DELAY_DAYS,
    BranchInput,
    StepInput,
    VariantInput,
)
from rusvel_tui.engine.gtm.outreach.sequences.step_kinds import (
    SKIPPED,
    STEP_KINDS,
    StepKind,
    StepType,
)
from rusvel_tui.engine.text import one_line, sanitize

MOST_STEPS = 50
_KEY = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,19}")


@dataclass(frozen=True, slots=True)
class CheckedStep:
    """A step that can be stored."""

    type: StepType
    delay_days: int
    channel: str
    subject: str
    body: str
    instructions: str
    key: str = ""
    delay_unit: str = "days"
    when: tuple[str, ...] = ()
    branches: tuple[BranchInput, ...] = ()
    variants: tuple[VariantInput, ...] = ()

    @property
    def as_input(self) -> StepInput:
        """The step as it is given to a sequence."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return StepInput.model_validate(values)

    @property
    def path(self) -> PathStep:
        """The step as the evaluator of paths sees it."""
        manual = not STEP_KINDS[self.type].mail
        return path_step(self.key, manual, self.when, [b.model_dump() for b in self.branches])

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of its row."""
        return {
            "key": self.key,
            "type": self.type.key,
            "delay_days": self.delay_days,
            "delay_unit": self.delay_unit,
            "channel": self.channel,
            "subject": self.subject,
            "body": self.body,
            "instructions": self.instructions,
            "conditions": list(self.when),
            "branches": [branch.model_dump() for branch in self.branches],
            "variants": [variant.model_dump() for variant in self.variants],
        }


def check_step(number: int, step: StepInput, known_fields: frozenset[str]) -> CheckedStep:
    """The step with its type and channel settled and its templates parsed; raises `InvalidInput` with the place.

    The error's field is the place in the input: `steps.0.body`. Where branches lead is checked with all steps.
    """
    channel = step.channel.strip().lower() or usual_channel(step.type)
    if channel not in CHANNELS:
        known = ", ".join(CHANNELS)
        raise _wrong(number, "channel", f"unknown channel {step.channel!r}. Use {known}.")
    kind = step.type or (StepType.EMAIL_AUTO if channel == MAIL_CHANNEL else StepType.TASK)
    mail = STEP_KINDS[kind].mail
    if mail != (channel == MAIL_CHANNEL):
        raise _wrong(number, "channel", f"{kind.value} does not go with the channel {channel}.")
    if step.key and (not _KEY.fullmatch(step.key) or step.key == END):
        hint = "a key is a small letter, then letters, digits, - or _; `end` is taken."
        raise _wrong(number, "key", hint)
    checked = CheckedStep(
        type=kind,
        delay_days=step.delay_days,
        channel=channel,
        subject=one_line(step.subject),
        body=sanitize(step.body).strip(),
        instructions=sanitize(step.instructions).strip(),
        key=step.key,
        delay_unit=step.delay_unit,
        when=_check_when(number, step, known_fields),
        branches=_check_branches(number, STEP_KINDS[kind], step, known_fields),
        variants=_check_variants(number, step),
    )
    _check_texts(number, checked, known_fields)
    return checked


def check_steps(steps: Sequence[StepInput], known_fields: frozenset[str]) -> list[CheckedStep]:
    """Every step by itself, their number and their places; keys and branches are for `settle_paths`."""
    if not steps:
        raise InvalidInput("A sequence needs at least one step.", field="steps")
    if len(steps) > MOST_STEPS:
        raise InvalidInput(f"A sequence has {MOST_STEPS} steps at most.", field="steps")
    for at, step in enumerate(steps):
        if step.number is not None and step.number != at + 1:
            raise InvalidInput(
                f"Step {step.number} stands in place {at + 1}: number them 1, 2, 3, without a gap.",
                field=f"steps.{at}.number",
            )
    return [check_step(number, step, known_fields) for number, step in enumerate(steps, 1)]


def settle_paths(steps: Sequence[CheckedStep]) -> list[CheckedStep]:
    """The steps with every branch leading to a key; each must have its own key by now."""
    keys = [step.key for step in steps]
    for at, key in enumerate(keys):
        if key in keys[:at]:
            first = keys.index(key) + 1
            raise _wrong(at + 1, "key", f"step {first} is called {key!r} already.")
    settled = [
        replace(step, branches=tuple(_by_key(branch, keys) for branch in step.branches))
        for step in steps
    ]
    check_paths([step.path for step in settled])
    return settled


def _by_key(branch: BranchInput, keys: list[str]) -> BranchInput:
    goto = branch.goto.strip()
    if goto.isdecimal() and 0 < int(goto) <= len(keys):
        goto = keys[int(goto) - 1]
    return BranchInput(when=branch.when, goto=goto)


def usual_channel(kind: StepType | None) -> str:
    """The channel of a step that names none."""
    return MAIL_CHANNEL if kind is None else STEP_KINDS[kind].channel


def _check_when(number: int, step: StepInput, known: frozenset[str]) -> tuple[str, ...]:
    return tuple(
        str(_condition(number, f"when.{at}", text, known)) for at, text in enumerate(step.when)
    )


def _check_branches(
    number: int, kind: StepKind, step: StepInput, known: frozenset[str]
) -> tuple[BranchInput, ...]:
    checked = []
    for at, branch in enumerate(step.branches):
        place = f"branches.{at}.when"
        found = _condition(number, place, branch.when, known)
        outcomes = dict.fromkeys((*kind.outcomes, "done", SKIPPED))
        never = [v for v in found.values if found.subject == "outcome" and v not in outcomes]
        if never:
            listed = ", ".join(outcomes)
            raise _wrong(number, place, f"{kind.type.value} ends with one of: {listed}.")
        checked.append(BranchInput(when=str(found), goto=branch.goto))
    return tuple(checked)


def _condition(number: int, place: str, text: str, known: frozenset[str]) -> Condition:
    try:
        return check_condition(text, known)
    except InvalidInput as error:
        raise _wrong(number, place, str(error)) from None


def _check_variants(number: int, step: StepInput) -> tuple[VariantInput, ...]:
    if not step.variants:
        return ()
    if not 2 <= len(step.variants) <= variants.MOST:
        raise _wrong(number, "variants", f"give two to {variants.MOST} variants, or none.")
    made = [
        VariantInput(
            name=one.name.strip().lower() or "abcde"[at],
            weight=one.weight,
            subject=one_line(one.subject),
            body=sanitize(one.body).strip(),
        )
        for at, one in enumerate(step.variants)
    ]
    names = [one.name for one in made]
    for at, name in enumerate(names):
        if not _NAME.fullmatch(name) or name in names[:at]:
            raise _wrong(
                number, f"variants.{at}.name", f"{name!r} is no name of its own: use a, b, c."
            )
    return tuple(made)


def _check_texts(number: int, step: CheckedStep, known: frozenset[str]) -> None:
    """The templates; the instructions of a mail are for the AI, those of a task are filled in for the person."""
    mail = STEP_KINDS[step.type].mail
    if step.variants and not mail:
        raise _wrong(number, "variants", "only a mail has variants.")
    if mail and not step.body and not (step.variants and all(one.body for one in step.variants)):
        raise _wrong(number, "body", "a mail needs a text: give template or body.")
    _check_template(number, "subject", step.subject, known)
    _check_template(number, "body", step.body, known)
    for at, one in enumerate(step.variants):
        _check_template(number, f"variants.{at}.subject", one.subject, known)
        _check_template(number, f"variants.{at}.body", one.body, known)
    if not mail:
        _check_template(number, "instructions", step.instructions, known)


def _check_template(number: int, name: str, text: str, known_fields: frozenset[str]) -> None:
    try:
        templates.check(text, known_fields)
    except InvalidInput as error:
        raise _wrong(number, name, str(error)) from None


def _wrong(number: int, name: str, message: str) -> InvalidInput:
    return InvalidInput(
        f"Step {number}, {name.replace('.', ' ')}: {message}", field=f"steps.{number - 1}.{name}"
    )


__all__ = [
    "CHANNELS",
    "MAIL_CHANNEL",
    "MAX_DELAY_DAYS",
    "STEP_KINDS",
    "BranchInput",
    "CheckedStep",
    "StepInput",
    "StepType",
    "VariantInput",
    "check_step",
    "check_steps",
    "settle_paths",
    "usual_channel",
]
