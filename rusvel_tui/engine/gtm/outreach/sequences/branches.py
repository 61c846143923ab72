"""The way through the steps: which one is skipped, and which one follows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.outreach.sequences.conditions import (
    Condition,
    StepFacts,
    holds,
    parse_condition,
)
from rusvel_tui.engine.gtm.outreach.sequences.step_kinds import SKIPPED

END = "end"
"""The target of a branch that ends the sequence for this person."""


@dataclass(frozen=True, slots=True)
class Branch:
    """Where to go when something is so."""

    when: Condition
    goto: str
    """The key of a step, or `end`."""


@dataclass(frozen=True, slots=True)
class PathStep:
    """A step as the path sees it."""

    key: str
    manual: bool
    """Whether a person does it."""
    when: tuple[Condition, ...] = ()
    branches: tuple[Branch, ...] = ()


def path_step(
    key: str, manual: bool, when: Iterable[str], branches: Iterable[Mapping[str, str]]
) -> PathStep:
    """The step from its stored form."""
    conditions = tuple(map(parse_condition, when))
    ways = tuple(Branch(parse_condition(b["when"]), b["goto"]) for b in branches)
    return PathStep(key, manual, conditions, ways)


def unmet(step: PathStep, facts: StepFacts) -> str:
    """The first condition of a step that does not hold, in words; empty when it is to be done."""
    return next((str(one) for one in step.when if not holds(one, facts)), "")


def next_step(steps: Sequence[PathStep], position: int, facts: StepFacts) -> int | None:
    """The position of the step after this one: that of the first branch that holds, else the next; None at the end."""
    goto = branch_target(steps[position], facts)
    if goto is None:
        return position + 1 if position + 1 < len(steps) else None
    return _place(steps, goto)


def branch_target(step: PathStep, facts: StepFacts, subject: str = "") -> str | None:
    """The target of the first branch that holds, of those about one subject when it is named."""
    fitting = (b for b in step.branches if not subject or b.when.subject == subject)
    return next((branch.goto for branch in fitting if holds(branch.when, facts)), None)


def answer_step(
    steps: Sequence[PathStep], position: int, facts: StepFacts, subject: str
) -> int | None:
    """Where a reply or a bounce leads from a step; None when the step has no branch for it, or it ends there."""
    goto = branch_target(steps[position], facts, subject)
    return None if goto is None else _place(steps, goto)


def _place(steps: Sequence[PathStep], key: str) -> int | None:
    return next((at for at, step in enumerate(steps) if step.key == key), None)


def check_paths(steps: Sequence[PathStep]) -> None:
    """Refuse a branch to nowhere, and a way round on which nothing waits for a person.

    The error's field is the place: `steps.0.branches.1.goto`.
    """
    for at, step in enumerate(steps):
        for number, branch in enumerate(step.branches):
            if branch.goto != END and _place(steps, branch.goto) is None:
                known = ", ".join((*(s.key for s in steps), END))
                raise _wrong(at, number, f"there is no step {branch.goto!r}. There are {known}.")
    for at, step in enumerate(steps):
        for number, branch in enumerate(step.branches):
            target = _place(steps, branch.goto)
            if target is None or not _by_itself(step, branch):
                continue
            if at in _reached(steps, target):
                why = "and nothing on the way waits for a person: it would go round for ever."
                raise _wrong(at, number, f"{branch.goto!r} leads back here, {why}")


def _by_itself(step: PathStep, branch: Branch | None) -> bool:
    """Whether a way out of a step can be taken without anybody having done something."""
    if not step.manual or not step.when:
        return not step.manual
    if branch is None or branch.when.subject != "outcome":
        return True
    return branch.when.negated or SKIPPED in branch.when.values


def _reached(steps: Sequence[PathStep], start: int) -> set[int]:
    """The steps that can be reached from one without anything that waits for a person."""
    found: set[int] = set()
    open_ = [start]
    while open_:
        at = open_.pop()
        if at in found or at >= len(steps):
            continue
        found.add(at)
        step = steps[at]
        if _by_itself(step, None):
            open_.append(at + 1)
        targets = (_place(steps, b.goto) for b in step.branches if _by_itself(step, b))
        open_ += [target for target in targets if target is not None]
    return found


def _wrong(at: int, branch: int, message: str) -> InvalidInput:
    return InvalidInput(
        f"Step {at + 1}, branch {branch + 1}: {message}", field=f"steps.{at}.branches.{branch}.goto"
    )
