"""Work that is due: tasks, calls and meetings, deals that nobody cares for, alerts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.growth.kpi.alert_list import list_alerts
from rusvel_tui.engine.growth.kpi.alert_views import ListAlerts
from rusvel_tui.engine.growth.kpi.alerting import AlertState
from rusvel_tui.engine.gtm.crm.deals.deal_rows import living
from rusvel_tui.engine.gtm.crm.deals.deal_views import DealView, deal_views
from rusvel_tui.engine.gtm.crm.deals.next_action import has_next_action
from rusvel_tui.engine.gtm.crm.timeline.activity_views import views as activity_views
from rusvel_tui.engine.gtm.crm.timeline.open_tasks import open_tasks
from rusvel_tui.engine.gtm.today.foremost import Foremost, foremost
from rusvel_tui.engine.gtm.today.needs import Found, Need, days, deal_of
from rusvel_tui.engine.gtm.today.worth import open_stages
from rusvel_tui.engine.models import Activity, Deal
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.when_text import day_bounds

_TASKS = 500
"""Tasks are dealt with on the page of today alone: all of them stand there, as far as that makes sense."""


def tasks(ctx: Context) -> Iterator[Found]:
    """What is due today or was due on an earlier day."""
    today, tomorrow = day_bounds(ctx.now, ctx.zone)
    query = open_tasks(ctx.session_id).where(Activity.due_at < tomorrow)
    for row in activity_views(list(query.limit(_TASKS))):
        due = row.due_at or row.at
        yield Found(
            id=row.activity_id,
            need=Need.OVERDUE if due < today else Need.DUE,
            who=row.contact,
            what=row.subject,
            why=row.deal or row.body.partition("\n")[0],
            lateness=_lateness(ctx, due),
            at=due,
            page="today",
            item_id=row.activity_id,
            contact_id=row.contact_id,
            deal_id=row.deal_id,
            job_id=row.job_id,
        )


def _lateness(ctx: Context, due: datetime) -> str:
    """By the days of the session's zone: what was due late yesterday is one day late."""
    late = (ctx.now.astimezone(ctx.zone).date() - due.astimezone(ctx.zone).date()).days
    return f"{days(late)} late" if late > 0 else "due today"


def deals(ctx: Context) -> Iterator[Found]:
    """Open deals for which nothing is planned: the largest of each currency, and those waiting longest."""
    chosen = _neglected(ctx)
    rows = (
        list(Deal.select().where(Deal.id.in_(chosen.ids)).order_by(Deal.id)) if chosen.ids else []
    )
    for deal in deal_views(ctx, rows):
        worth = Money.parse(deal.value, deal.currency)
        yield Found(
            id=deal.deal_id,
            need=Need.ROTTING if deal.rot.rotting else Need.NO_STEP,
            who=deal.contact_name or deal.company,
            what=deal.title,
            why=_place(deal),
            lateness=f"{deal_of(worth)}, {_neglect(deal)}",
            at=max(deal.rot.last_talk or deal.stage_since, deal.stage_since),
            page="deals",
            item_id=deal.deal_id,
            contact_id=deal.contact_id,
            deal_id=deal.deal_id,
            amounts=(worth,),
            told=True,
        )


def _neglect(deal: DealView) -> str:
    if deal.rot.rotting:
        return f"quiet for {days(deal.rot.quiet_days)}"
    quiet = deal.rot.quiet_days
    return f"no next step for {days(quiet)}" if quiet else "no next step"


def _place(deal: DealView) -> str:
    limit = deal.rot.limit_days
    return f"{deal.stage} allows {limit}" if deal.rot.rotting and limit is not None else deal.stage


def _neglected(ctx: Context) -> Foremost:
    today = ctx.now.astimezone(ctx.zone).date().isoformat()
    query = living(ctx).where(
        Deal.stage.in_(open_stages(ctx)) & (Deal.snoozed_until <= today) & ~has_next_action()
    )
    return foremost(query, Deal.value_minor, Deal.stage_since)


def count_deals(ctx: Context, need: Need) -> int:
    """How many open deals have no next step, rotting or not."""
    return _neglected(ctx).total


def alerts(ctx: Context) -> Iterator[Found]:
    """KPIs that are where they should not be; one that was acknowledged or made quiet is known."""
    for one in list_alerts.handle(ctx, ListAlerts(firing=True)).items:
        quiet = one.snoozed_until is not None and one.snoozed_until > ctx.now
        if one.state is not AlertState.FIRING or one.acknowledged_at is not None or quiet:
            continue
        yield Found(
            id=one.alert_id,
            need=Need.ALERT,
            what=one.words,
            why="no reading" if one.value is None else f"it is {one.value:,} {one.unit}".rstrip(),
            at=one.since,
            page="growth",
            item_id=one.alert_id,
        )
