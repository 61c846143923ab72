"""The review of a week as an operation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.growth.saas.metrics import mrr_at
from rusvel_tui.engine.growth.saas.subscriptions import paid_by
from rusvel_tui.engine.gtm.review.ahead import ComingLine, coming
from rusvel_tui.engine.gtm.review.counting import count_weeks
from rusvel_tui.engine.gtm.review.markdown import as_markdown
from rusvel_tui.engine.gtm.review.numbers import (
    HABIT_WEEKS,
    Habit,
    WeekNumber,
    compare,
    habits,
    of_money,
)
from rusvel_tui.engine.gtm.review.weeks import Week, parse_week
from rusvel_tui.engine.gtm.today.listing import today
from rusvel_tui.engine.gtm.today.needs import Need, TodayItem
from rusvel_tui.engine.operation import Input, PageInput, View, operation

SLIPPED = (
    Need.OVERDUE,
    Need.REPLIED,
    Need.LATE,
    Need.TO_INVOICE,
    Need.ROTTING,
    Need.NO_STEP,
    Need.STOPPED,
    Need.IN_DOUBT,
)
"""What should not wait until another week."""
_MOST = 1000


class ReviewWeek(Input):
    """Which week."""

    week: str = ""
    """`last` (the usual), `this`, `2026-W47`, or any day of it."""


class WeekReview(View):
    """A week against the one before; what slipped and what comes is as of now."""

    week: str
    """Such as `2026-W47`; weeks begin on Monday, in the session's zone."""
    first: date
    last: date
    before: str
    running: bool
    """It is not over yet."""
    numbers: tuple[WeekNumber, ...]
    slipped: tuple[TodayItem, ...]
    coming: tuple[ComingLine, ...]
    habits: tuple[Habit, ...]
    markdown: str
    """All of it as text."""


@operation("gtm.review.week", permission="crm.contacts.read")
def review_week(ctx: Context, cmd: ReviewWeek) -> WeekReview:
    """Review a week: its numbers against the week before, what slipped, what comes, and habits."""
    day = ctx.now.astimezone(ctx.zone).date()
    week = parse_week(cmd.week, day)
    weeks = count_weeks(ctx, week, HABIT_WEEKS)
    found = WeekReview(
        week=week.name,
        first=week.monday,
        last=week.sunday,
        before=week.shifted(-1).name,
        running=week.sunday >= day,
        numbers=(*_allowed(ctx, compare(weeks[-1], weeks[-2])), *_recurring(ctx, week, day)),
        slipped=_slipped(ctx),
        coming=coming(ctx),
        habits=habits(weeks),
        markdown="",
    )
    return found.model_copy(update={"markdown": as_markdown(found, ctx.zone)})


_READS = {
    "inbox": "crm.approvals.read",
    "mail": "crm.mail.read",
    "deals": "crm.deals.read",
    "invoices": "crm.invoices.read",
    "contacts": "crm.contacts.read",
}


def _allowed(ctx: Context, numbers: Iterator[WeekNumber]) -> Iterator[WeekNumber]:
    """Those that a guest may read."""
    return (one for one in numbers if ctx.may(_READS[one.page]))


def _recurring(ctx: Context, week: Week, day: date) -> Iterator[WeekNumber]:
    """What comes in every month, at the end of the week and of the week before."""
    if not ctx.may("growth.read") or not (paid := paid_by(ctx)):
        return
    ends = (min(week.sunday, day), week.shifted(-1).sunday)
    now, before = (mrr_at(paid, end.year * 12 + end.month - 1) for end in ends)
    yield of_money("mrr", "MRR", "growth", ctx.session.currency, now, before)


def _slipped(ctx: Context) -> tuple[TodayItem, ...]:
    """What the list of today says is late, in its order."""
    found = today.handle(ctx, PageInput(limit=_MOST)).items
    return tuple(item for item in found if item.need in SLIPPED)
