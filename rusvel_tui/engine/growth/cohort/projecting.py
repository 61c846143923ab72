"""How many will be left: a projection with its interval, or the sentence why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, takewhile

from pydantic import Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.growth.cohort import sbg
from rusvel_tui.engine.growth.cohort.cohort_rows import retention_rows
from rusvel_tui.engine.growth.cohort.matrix import complete
from rusvel_tui.engine.models import Cohort
from rusvel_tui.engine.operation import Input, View, operation

AGES, CUSTOMERS = 3, 60
"""What a projection needs at least: periods after the first, and customers."""
_MOST = 10**9


class ProjectChurn(Input):
    """Survivors of cohorts by age, beginning with the size; the session's own survival cohorts when left out."""

    survivors: tuple[tuple[int, ...], ...] = Field(default=(), max_length=600)
    period: str = Field(default="", pattern="^(day|week|month)?$")
    """Of the session's cohorts: which kind; the most frequent when left out."""
    ahead: int = Field(default=12, ge=1, le=60)
    """Periods to look ahead."""


class ProjectionPoint(View):
    """The share that is left after so many periods, with the bounds of the middle 90 % of refits."""

    period: int
    survival: float
    low: float
    high: float


class ChurnProjection(View):
    """The fitted model and what follows from it."""

    alpha: float
    beta: float
    log_likelihood: float
    projection: tuple[ProjectionPoint, ...]
    fitted: tuple[float, ...]
    """What the model says of the periods that are known, beginning with 1."""
    known: tuple[float, ...]
    """What was counted in these, over all cohorts."""
    customers: int
    cohorts: int
    warning: str
    """What to keep in mind; empty when the data are good."""


@operation("growth.cohort.project_churn", permission="growth.read")
def project_churn(ctx: Context, cmd: ProjectChurn) -> ChurnProjection:
    """Project how many customers will be left, with an interval; refuses too little data."""
    cohorts = [list(row) for row in cmd.survivors] or survivors(ctx, cmd.period)
    _refuse_tiny(cohorts)
    found = sbg.fit(cohorts)
    points = sbg.project(cohorts, found, cmd.ahead)
    last = max(map(len, cohorts)) - 1
    return ChurnProjection(
        alpha=found.alpha,
        beta=found.beta,
        log_likelihood=found.log_likelihood,
        projection=tuple(
            ProjectionPoint(period=one.period, survival=one.survival, low=one.low, high=one.high)
            for one in points
        ),
        fitted=tuple(sbg.survival(found.alpha, found.beta, last)),
        known=tuple(_share(cohorts, age) for age in range(last + 1)),
        customers=sum(cohort[0] for cohort in cohorts),
        cohorts=len(cohorts),
        warning=_warning(cohorts, last),
    )


def survivors(ctx: Context, period: str = "") -> list[list[int]]:
    """The session's own survival cohorts, each up to the last period that is over."""
    own = (Cohort.session_id == ctx.session_id) & Cohort.deleted_at.is_null()
    rows = list(Cohort.select().where(own & (Cohort.kind == "survival")))
    kinds = [row.period for row in rows]
    kind = period or max(kinds, key=kinds.count, default="month")
    found = []
    for row in retention_rows(ctx, [row for row in rows if row.period == kind]):
        ages = takewhile(lambda age, row=row: complete(row, age), range(1, len(row.active)))  # type: ignore[misc]
        cells = [row.size, *(row.active[age] or 0 for age in ages)]
        if len(cells) > 1:
            found.append(cells)
    return found


def _refuse_tiny(cohorts: Sequence[Sequence[int]]) -> None:
    """Refuse what is no count of survivors, and what is too little to say anything."""
    for number, cohort in enumerate(cohorts, 1):
        what = f"Cohort {number}"
        if not cohort or cohort[0] < 1:
            raise InvalidInput(f"{what} is empty: begin with its size.", field="survivors")
        if min(cohort) < 0 or max(cohort) > _MOST:
            raise InvalidInput(f"{what} has a count that nobody can be.", field="survivors")
        if any(later > before for before, later in pairwise(cohort)):
            raise InvalidInput(f"{what} rises: survivors can only become fewer.", field="survivors")
    ages = max(map(len, cohorts), default=1) - 1
    customers = sum(cohort[0] for cohort in cohorts)
    if ages < AGES:
        raise InvalidInput(f"A projection needs {AGES} periods after the first; there are {ages}.")
    if customers < CUSTOMERS:
        raise InvalidInput(f"A projection needs {CUSTOMERS} customers; there are {customers}.")
    if all(cohort[-1] == cohort[0] for cohort in cohorts):
        raise InvalidInput("There is no churn yet: nobody left.")


def _share(cohorts: Sequence[Sequence[int]], age: int) -> float:
    """How many were left at an age, of those who came so far."""
    reached = [cohort for cohort in cohorts if len(cohort) > age]
    return sum(cohort[age] for cohort in reached) / sum(cohort[0] for cohort in reached)


def _warning(cohorts: Sequence[Sequence[int]], ages: int) -> str:
    if ages <= 4:
        return f"{ages} periods are little: such projections were wrong by a sixth on average."
    if len(cohorts) == 1:
        return "One cohort only: several give a narrower and more honest interval."
    return ""
