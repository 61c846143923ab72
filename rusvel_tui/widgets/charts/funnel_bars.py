"""A funnel as bars, with what is lost between them and the biggest leak by name."""

from __future__ import annotations

from dataclasses import dataclass

from rusvel_tui.widgets.bars import bar
from rusvel_tui.widgets.charts.drawn import Drawn, Line, Table
from rusvel_tui.widgets.plain import cells, fit

_BAR = (6, 48)
"""The bar alone shrinks, between these."""
_LABEL = (6, 22)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: how many reached it, and what is said of the way there."""

    name: str
    count: int | None
    """None: not recorded, which is not zero."""
    from_previous: float | None = None
    overall: float | None = None
    dropped: int | None = None
    before: int | None = None
    """How many it were in the time before."""
    took: str = ""
    """How long it took from the step before, in words."""


@dataclass(frozen=True, slots=True)
class FunnelBars(Drawn):
    """The steps from top to bottom."""

    steps: tuple[Step, ...]
    leak: str = ""
    """The name of the step that loses most."""

    def lines(self, width: int) -> tuple[Line, ...]:
        most = max((step.count or 0 for step in self.steps), default=0) or 1
        label = min(max([_LABEL[0], *(cells(step.name) for step in self.steps)]), _LABEL[1])
        number = max((len(_count(step.count)) for step in self.steps), default=1)
        size = min(max(width - label - number - 24, _BAR[0]), _BAR[1])
        made: list[Line] = []
        for place, step in enumerate(self.steps):
            if place:
                made.append(self._between(step, label))
            made.append(
                (
                    (" " + fit(step.name, label) + "  ", "strong"),
                    (bar((step.count or 0) / most, size), "accent"),
                    (f"  {_count(step.count):>{number}}", "strong"),
                    (f"  {_share(step.overall)}", "muted"),
                    (_change(step), "muted"),
                )
            )
        return tuple(made)

    def _between(self, step: Step, label: int) -> Line:
        leak = step.name == self.leak
        lost = "nobody drops off"
        if step.dropped is None:
            lost = "not recorded"
        elif step.dropped:
            lost = f"{step.dropped:,} drop off"
        took = f" · {step.took}" if step.took else ""
        text = f"└▶ {_share(step.from_previous)} continue · {lost}{took}"
        tone = "warn" if leak else "muted"
        return ((" " * (label + 3), ""), (text, tone), ("  ◀ biggest leak" if leak else "", "warn"))

    def table(self) -> Table:
        head = ("step", "count", "from_previous", "overall", "dropped", "before")
        return (
            head,
            *(
                (
                    step.name,
                    _plain(step.count),
                    _exact(step.from_previous),
                    _exact(step.overall),
                    _plain(step.dropped),
                    _plain(step.before),
                )
                for step in self.steps
            ),
        )


def _count(count: int | None) -> str:
    return "–" if count is None else f"{count:,}"


def _plain(count: int | None) -> str:
    return "" if count is None else str(count)


def _share(share: float | None) -> str:
    return "   –  " if share is None else f"{share * 100:5.1f} %"


def _exact(share: float | None) -> str:
    return "" if share is None else f"{share:.6f}"


def _change(step: Step) -> str:
    """`  ▲ +12`: against the time before."""
    if step.before is None or step.count is None:
        return ""
    change = step.count - step.before
    sign = "▲" if change > 0 else "▼" if change < 0 else "="
    return f"  {sign} {change:+,}" if change else "  = as before"
