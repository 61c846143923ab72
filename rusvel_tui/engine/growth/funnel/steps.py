"""The numbers of a funnel from its attempts or counts: pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise, zip_longest
from statistics import fmean, median

from rusvel_tui.engine.growth.numbers import ratio, tidy
from rusvel_tui.engine.operation import View

SECOND = 1_000_000
"""Microseconds."""


class FunnelStep(View):
    """One step: how many reached it, and how they got there. Shares are between 0 and 1; none means nothing to share."""

    name: str
    count: int | None
    """None: not recorded, which is not zero."""
    from_previous: float | None
    """Of those in the step before; more than 1 when a typed count is larger: not the same people."""
    overall: float | None
    """Of those in the first step."""
    dropped: int | None
    """How many of the step before did not come here."""
    mean_seconds: int | float | None = None
    """From the step before to here, over those who came; none for the first step and for counts."""
    median_seconds: int | float | None = None
    note: str = ""


class Leak(View):
    """Where most are lost."""

    from_step: str
    to_step: str
    dropped: int
    share: float
    """Of those in the step before."""


def steps_from_attempts(
    names: Sequence[str], attempts: Iterable[Sequence[int | None]]
) -> tuple[FunnelStep, ...]:
    """The steps of an event funnel from the best attempt of each person: when each step was reached, as far as it was."""
    columns = list(zip_longest(*attempts))
    columns += [()] * (len(names) - len(columns))
    counts = [len(column) - column.count(None) for column in columns]
    steps = steps_from_counts(names, counts)
    waits = [[], *(_waits(*pair) for pair in pairwise(columns))]
    return tuple(
        step.model_copy(update=_waited(wait)) for step, wait in zip(steps, waits, strict=True)
    )


def _waits(before: Sequence[int | None], here: Sequence[int | None]) -> list[int]:
    return [b - a for a, b in zip(before, here, strict=False) if a is not None and b is not None]


def _waited(waits: list[int]) -> dict[str, int | float | None]:
    if not waits:
        return {"mean_seconds": None, "median_seconds": None}
    return {
        "mean_seconds": tidy(fmean(waits) / SECOND),
        "median_seconds": tidy(median(waits) / SECOND),
    }


def steps_from_counts(names: Sequence[str], counts: Sequence[int | None]) -> tuple[FunnelStep, ...]:
    """The steps of a funnel from how many are in each; none where nothing was recorded."""
    before: Sequence[int | None] = [None, *counts[:-1]]
    return tuple(
        _step(*values, counts[0], place)
        for place, values in enumerate(zip(names, counts, before, strict=True))
    )


def _step(
    name: str, count: int | None, before: int | None, first: int | None, place: int
) -> FunnelStep:
    both = count is not None and before is not None
    more = both and count > before  # type: ignore[operator]  # both are there
    return FunnelStep(
        name=name,
        count=count,
        from_previous=ratio(count, before) if both else None,  # type: ignore[arg-type]
        overall=ratio(count, first) if count is not None and first is not None else None,
        dropped=0 if place == 0 else max(before - count, 0) if both else None,  # type: ignore[operator]
        note="more than in the step before: not the same people" if more else "",
    )


def biggest_leak(steps: Sequence[FunnelStep]) -> Leak | None:
    """Between which steps most people are lost, of equals the larger share; none when nobody is."""
    leaks = [
        Leak(
            from_step=before.name, to_step=step.name, dropped=step.dropped,
            share=step.dropped / before.count,
        )
        for before, step in pairwise(steps)
        if step.dropped and before.count
    ]  # fmt: skip
    return max(leaks, key=lambda leak: (leak.dropped, leak.share), default=None)
