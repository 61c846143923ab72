"""What differs between two versions of a sequence, step by step. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rusvel_tui.engine.gtm.outreach.sequences.steps import CheckedStep
from rusvel_tui.engine.operation import View
from rusvel_tui.engine.spelled import Spelled

_FIELDS = (
    "type", "channel", "delay_days", "delay_unit", "subject", "body", "instructions", "when", "branches", "variants",
)  # fmt: skip


class Change(Spelled):
    """What happened to a step from one version to the other."""

    SAME = "same"
    MOVED = "moved"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


class FieldChange(View):
    """One part of a step, before and after, as text."""

    field: str
    before: str
    after: str


class StepChange(View):
    """One step in both versions; a number is 0 where the step does not exist."""

    key: str
    change: Change
    before: int
    after: int
    fields: tuple[FieldChange, ...]

    @property
    def line(self) -> str:
        """The change as one line for a person."""
        where = {
            Change.ADDED: f"+ step {self.after}",
            Change.REMOVED: f"- step {self.before}",
            Change.MOVED: f"~ step {self.before} is step {self.after}",
        }.get(self.change, f"{' ' if self.change is Change.SAME else '~'} step {self.after}")
        what = f": {', '.join(one.field for one in self.fields)}" if self.fields else ""
        return f"{where} ({self.key}){what}"


def diff_steps(old: Sequence[CheckedStep], new: Sequence[CheckedStep]) -> tuple[StepChange, ...]:
    """The changes in the order of the new steps, then what went away."""
    before = {step.key: (number, step) for number, step in enumerate(old, 1)}
    kept = [step.key for step in new if step.key in before]
    order = [step.key for step in old if step.key in kept]
    found = [
        _change(number, step, before.get(step.key), moved=step.key in kept and kept != order)
        for number, step in enumerate(new, 1)
    ]
    present = {step.key for step in new}
    gone = [
        StepChange(key=key, change=Change.REMOVED, before=number, after=0, fields=())
        for key, (number, _) in before.items()
        if key not in present
    ]
    return (*found, *gone)


def _change(
    number: int, step: CheckedStep, was: tuple[int, CheckedStep] | None, *, moved: bool
) -> StepChange:
    if was is None:
        return StepChange(key=step.key, change=Change.ADDED, before=0, after=number, fields=())
    place, old = was
    fields = tuple(
        FieldChange(field=name, before=_text(getattr(old, name)), after=_text(getattr(step, name)))
        for name in _FIELDS
        if getattr(old, name) != getattr(step, name)
    )
    other = Change.MOVED if moved and place != number else Change.SAME
    kind = Change.CHANGED if fields else other
    return StepChange(key=step.key, change=kind, before=place, after=number, fields=fields)


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return "\n".join(map(_text, value))
    if hasattr(value, "model_dump"):
        return ", ".join(f"{name}: {part}" for name, part in value.model_dump().items() if part)
    return str(value)
