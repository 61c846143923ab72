"""Which cohorts lose more than those before them did at the same age: pure.

The newest complete cell of a cohort is compared with the pooled older cohorts at that age. It is a case when the
Wilson upper bound of 95 % lies below the pool: false alarms stay below five in a hundred, where "lower than the cohort
before" cries wolf every second time. Few customers give a wide interval, and then no case: too few to tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rusvel_tui.engine.growth.cohort.matrix import RetentionRow, complete
from rusvel_tui.engine.growth.wilson import wilson

LEAST = 20
"""Customers in a cohort, and in the pool, from which on they are compared."""


class Finding(NamedTuple):
    """What is known of the newest complete cell of one cohort."""

    row: RetentionRow
    age: int
    active: int
    upper: float
    """The upper bound of its share."""
    pool: float | None
    """The share of the older cohorts at that age; none without enough of them."""
    pool_size: int

    @property
    def bad(self) -> bool:
        """Whether it is more than chance."""
        return self.pool is not None and self.upper < self.pool


def findings(rows: Sequence[RetentionRow]) -> Iterator[Finding]:
    """One for each cohort with a complete cell, oldest first; the rows are in order of their beginning."""
    for place, row in enumerate(rows):
        ages = [age for age in range(1, len(row.active)) if complete(row, age)]
        if not ages:
            continue
        age = ages[-1]
        older = [one for one in rows[:place] if complete(one, age)]
        size = sum(one.size for one in older)
        enough = min(size, row.size) >= LEAST
        pool = sum(one.active[age] or 0 for one in older) / size if enough else None
        active = row.active[age] or 0
        yield Finding(row, age, active, wilson(active, row.size)[1], pool, size)
