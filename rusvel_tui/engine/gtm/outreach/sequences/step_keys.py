"""The names of steps: a step that is edited or moved keeps its key, and no key is ever given twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count

from rusvel_tui.engine.gtm.outreach.sequences.steps import CheckedStep


def name_steps(
    steps: Sequence[CheckedStep], earlier: Sequence[CheckedStep], used: Iterable[str]
) -> list[CheckedStep]:
    """The steps, each with its key. One that names none is recognised in the version before.

    By its text wherever it stands now; by its place only when no step came or went, for then a
    different text in the same place is an edited step. Everything else is a new step.
    """
    taken = {step.key for step in steps if step.key}
    free = [step for step in earlier if step.key not in taken]
    named: list[CheckedStep] = []
    for step in steps:
        same = next((one for one in free if not step.key and _same_text(one, step)), None)
        if same is not None:
            free.remove(same)
        named.append(replace(step, key=same.key) if same is not None else step)
    if len(steps) == len(earlier):
        named = [_by_place(step, old, free) for step, old in zip(named, earlier, strict=True)]
    numbers = _numbers({*used, *(step.key for step in named)})
    return [step if step.key else replace(step, key=f"s{next(numbers)}") for step in named]


def _by_place(step: CheckedStep, old: CheckedStep, free: list[CheckedStep]) -> CheckedStep:
    if step.key or old not in free or step.type is not old.type:
        return step
    free.remove(old)
    return replace(step, key=old.key)


def _same_text(one: CheckedStep, other: CheckedStep) -> bool:
    return _text(one) == _text(other)


def _text(step: CheckedStep) -> tuple[object, ...]:
    return step.type, step.channel, step.subject, step.body, step.instructions, step.variants


def _numbers(used: set[str]) -> Iterator[int]:
    """The numbers above all that were ever used."""
    return count(
        1 + max((int(k[1:]) for k in used if k[:1] == "s" and k[1:].isdecimal()), default=0)
    )
