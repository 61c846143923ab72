"""The retention matrix: pure. Cells that are not over are marked and left out of the mean; blank is not zero."""

from __future__ import annotations

from collections.abc import Sequence

from rusvel_tui.engine.growth.periods import Period
from rusvel_tui.engine.operation import View


class RetentionRow(View):
    """One cohort: how many began, and how many were active in each of its periods."""

    period: str
    """The period in which they began."""
    name: str
    size: int
    active: tuple[int | None, ...]
    """Beginning with the size; None is blank: not reached, or not recorded."""
    shares: tuple[float | None, ...]
    incomplete_from: int | None
    """From this period of theirs on the cells are not over; None when all are."""
    cohort_id: str | None = None


class RetentionView(View):
    """Who stays, by when they began and for how long."""

    rows: tuple[RetentionRow, ...]
    mean: tuple[float | None, ...]
    """Active over size by age, weighted, over the cells that are over; None where there is none."""
    incomplete: tuple[str, ...]
    """Calendar periods that are not over, so that their cells may still grow."""
    period: str
    periods: int
    largest: int
    """The largest size, for bars."""
    mode: str = "on"
    """`on_or_after`: active in that period or in any later one."""


def row_of(
    period: Period,
    size: int,
    active: Sequence[int | None],
    running: Period,
    *,
    name: str = "",
    cohort_id: str | None = None,
) -> RetentionRow:
    """One row; what lies after the running period is blank."""
    age = running.ages(period)
    cells = tuple(count if place <= age else None for place, count in enumerate(active))
    return RetentionRow(
        period=str(period),
        name=name or str(period),
        size=size,
        active=cells,
        shares=tuple(None if count is None or not size else count / size for count in cells),
        incomplete_from=max(age, 0) if age < len(active) else None,
        cohort_id=cohort_id,
    )


def weighted_mean(rows: Sequence[RetentionRow]) -> tuple[float | None, ...]:
    """Σ active ÷ Σ size of each column, over complete cells that are known."""
    width = max((len(row.active) for row in rows), default=0)
    return tuple(_mean(rows, age) for age in range(width))


def _mean(rows: Sequence[RetentionRow], age: int) -> float | None:
    known = [(row.active[age], row.size) for row in rows if complete(row, age)]
    size = sum(size for _, size in known)
    return sum(active for active, _ in known if active) / size if size else None


def complete(row: RetentionRow, age: int) -> bool:
    """Whether that cell is known and its period over."""
    over = row.incomplete_from is None or age < row.incomplete_from
    return over and age < len(row.active) and row.active[age] is not None


def assemble(
    rows: Sequence[RetentionRow], running: Period, last: Period, *, mode: str = "on"
) -> RetentionView:
    """The matrix of these rows, up to a last calendar period."""
    not_over = [running.later(ahead) for ahead in range(max(last.ages(running) + 1, 0))]
    return RetentionView(
        rows=tuple(rows),
        mean=weighted_mean(rows),
        incomplete=tuple(map(str, not_over)),
        period=running.kind.value,
        periods=max((len(row.active) for row in rows), default=0),
        largest=max((row.size for row in rows), default=0),
        mode=mode,
    )
