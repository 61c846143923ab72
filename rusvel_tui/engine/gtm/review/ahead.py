"""What comes in the next seven days: tasks, deals that should close, invoices that fall due, mails that are planned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from rusvel_tui.engine.calendar import midnight
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.deals.deal_rows import living
from rusvel_tui.engine.gtm.crm.people.people import label
from rusvel_tui.engine.gtm.crm.timeline.activity_views import views as activity_views
from rusvel_tui.engine.gtm.crm.timeline.open_tasks import open_tasks
from rusvel_tui.engine.gtm.invoices.ledger.standing import living as documents
from rusvel_tui.engine.gtm.today.needs import spoken_money
from rusvel_tui.engine.gtm.today.worth import open_stages
from rusvel_tui.engine.models import Activity, Contact, Deal, Invoice
from rusvel_tui.engine.models.base import database
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.operation import View
from rusvel_tui.engine.when_text import day_bounds

DAYS = 7
_MOST = 20
"""Lines of one kind at the most."""
_PLANNED = """
SELECT m.sequence_id, s.name, count(*), min(j.run_at) FROM job j JOIN mail m ON m.id = j.id
JOIN sequence s ON s.id = m.sequence_id
WHERE m.session_id = ? AND m.state IN ('scheduled', 'approved') AND j.state = 'queued' AND j.run_at < ?
GROUP BY 1, 2 ORDER BY 4, 1
"""


class ComingLine(View):
    """One thing that comes."""

    kind: str
    """`task`, `close`, `invoice` or `mails`."""
    at: datetime
    who: str
    what: str
    page: str
    item_id: str
    count: int = 1


def coming(ctx: Context) -> tuple[ComingLine, ...]:
    """The next seven days from now on, in the order of time."""
    today = ctx.now.astimezone(ctx.zone).date()
    found: list[ComingLine] = []
    if ctx.may("crm.activities.read"):
        found += _tasks(ctx)
    if ctx.may("crm.deals.read"):
        found += _closes(ctx, today)
    if ctx.may("crm.invoices.read"):
        found += _invoices(ctx, today)
    if ctx.may("crm.sequences.read"):
        found += _mails(ctx)
    return tuple(sorted(found, key=lambda line: (line.at, line.kind, line.item_id)))


def _tasks(ctx: Context) -> Iterator[ComingLine]:
    """What is due from now on; what was due before is late, not coming."""
    _, tomorrow = day_bounds(ctx.now, ctx.zone)
    end = tomorrow + timedelta(days=DAYS - 1)
    query = open_tasks(ctx.session_id).where((Activity.due_at >= ctx.now) & (Activity.due_at < end))
    for row in activity_views(list(query.limit(_MOST))):
        yield ComingLine(
            kind="task",
            at=row.due_at or row.at,
            who=row.contact,
            what=f"{row.kind.value}: {row.subject}",
            page="contacts" if row.contact_id else "today",
            item_id=row.contact_id or row.activity_id,
        )


def _closes(ctx: Context, today: date) -> Iterator[ComingLine]:
    until = (today + timedelta(days=DAYS)).isoformat()
    query = living(ctx).where(
        Deal.stage.in_(open_stages(ctx))
        & (Deal.expected_close >= today.isoformat())
        & (Deal.expected_close < until)
    )
    rows = list(query.order_by(Deal.expected_close, Deal.id).limit(_MOST))
    wanted = [row.contact_id for row in rows]
    people = {one.id: label(one) for one in Contact.select().where(Contact.id.in_(wanted))}
    for row in rows:
        worth = spoken_money(Money(row.value_minor, row.currency))
        yield ComingLine(
            kind="close",
            at=midnight(date.fromisoformat(row.expected_close), ctx.zone),
            who=people.get(row.contact_id, ""),
            what=f"{row.title} should close, {worth}",
            page="deals",
            item_id=row.id,
        )


def _invoices(ctx: Context, today: date) -> Iterator[ComingLine]:
    until = (today + timedelta(days=DAYS)).isoformat()
    query = documents(ctx).where(
        (Invoice.open_minor > 0)
        & (Invoice.due_date >= today.isoformat())
        & (Invoice.due_date < until)
    )
    for row in query.order_by(Invoice.due_date, Invoice.id).limit(_MOST):
        yield ComingLine(
            kind="invoice",
            at=midnight(date.fromisoformat(row.due_date), ctx.zone),
            who=row.client_name,
            what=f"{row.number} falls due, {spoken_money(Money(row.open_minor, row.currency))}",
            page="invoices",
            item_id=row.id,
        )


def _mails(ctx: Context) -> Iterator[ComingLine]:
    """The steps of each sequence that come up, as far as they are planned today."""
    from rusvel_tui.engine.clock import moment, stamp

    end = ctx.now + timedelta(days=DAYS)
    for sequence_id, name, count, first in database.execute_sql(
        _PLANNED, (ctx.session_id, stamp(end))
    ).fetchall():
        yield ComingLine(
            kind="mails",
            at=max(moment(first), ctx.now),
            who="",
            what=f"{count:,} mail{'' if count == 1 else 's'} of {name}",
            page="sequences",
            item_id=sequence_id,
            count=count,
        )
