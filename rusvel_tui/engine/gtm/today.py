"""Today: one ranked list of everything that needs the person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.approvals.boxes import views as mail_views
from rusvel_tui.engine.gtm.crm.activity_views import views as activity_views
from rusvel_tui.engine.gtm.crm.tasks import open_tasks
from rusvel_tui.engine.gtm.outreach.facts import sender_state
from rusvel_tui.engine.gtm.outreach.mail_states import Box, in_box
from rusvel_tui.engine.models import Activity, Mail
from rusvel_tui.engine.operation import PageInput, View, operation
from rusvel_tui.engine.spelled import Spelled


class Need(Spelled):
    """Why something is on the list, most urgent first."""

    PAUSED = "sending is paused"
    IN_DOUBT = "in doubt"
    FAILED = "failed"
    OVERDUE = "overdue"
    CHANGED = "changed"
    TO_APPROVE = "to approve"
    NEEDS_DATA = "needs data"
    BLOCKED = "held"
    DUE = "due"


_BOXES = {
    Need.IN_DOUBT: Box.IN_DOUBT,
    Need.FAILED: Box.FAILED,
    Need.CHANGED: Box.CHANGED,
    Need.TO_APPROVE: Box.WAITING,
    Need.NEEDS_DATA: Box.NEEDS_DATA,
    Need.BLOCKED: Box.HELD,
}
_PER_NEED = 50
"""Lines of one kind at the most: the boxes hold the rest."""


class TodayItem(View):
    """One line: what it is, whom it is about, and where it is dealt with."""

    id: str
    need: Need
    who: str
    what: str
    why: str
    at: datetime
    page: str
    """The page that deals with it."""
    contact_id: str | None
    job_id: str | None


class TodayView(View):
    """The list, most urgent first."""

    items: tuple[TodayItem, ...]
    next: str | None


@operation("gtm.today", permission="crm.contacts.read")
def today(ctx: Context, cmd: PageInput) -> TodayView:
    """List everything that needs you, most urgent first."""
    order = list(Need)
    found = [*_pause(ctx), *_mails(ctx), *_tasks(ctx)]
    found.sort(key=lambda item: (order.index(item.need), item.at))
    return TodayView(items=tuple(found[: cmd.limit]), next=None)


def _pause(ctx: Context) -> Iterator[TodayItem]:
    state = sender_state(ctx)
    if state.paused:
        yield TodayItem(
            id="sender",
            need=Need.PAUSED,
            who="",
            what="Approved mails wait",
            why=state.reason,
            at=state.updated_at,
            page="inbox",
            contact_id=None,
            job_id=None,
        )


def _mails(ctx: Context) -> Iterator[TodayItem]:
    for need, box in _BOXES.items():
        query = Mail.select().where((Mail.session_id == ctx.session_id) & in_box(box))
        mails = list(query.order_by(Mail.updated_at).limit(_PER_NEED))
        for mail, seen in zip(mails, mail_views(mails), strict=True):
            yield TodayItem(
                id=mail.id,
                need=need,
                who=seen.contact,
                what=seen.subject or seen.sequence,
                why=seen.error
                or seen.blocked
                or seen.changed_since
                or "; ".join(seen.problems)
                or seen.sequence,
                at=mail.updated_at,
                page="inbox",
                contact_id=mail.contact_id,
                job_id=mail.id,
            )


def _tasks(ctx: Context) -> Iterator[TodayItem]:
    end_of_day = ctx.now.astimezone(ctx.zone).replace(hour=23, minute=59, second=59)
    query = open_tasks(ctx.session_id).where(Activity.due_at <= end_of_day)
    for row in activity_views(list(query.limit(_PER_NEED))):
        due = row.due_at or row.at
        yield TodayItem(
            id=row.activity_id,
            need=Need.OVERDUE
            if due.astimezone(ctx.zone).date() < ctx.now.astimezone(ctx.zone).date()
            else Need.DUE,
            who=row.contact,
            what=row.subject,
            why=row.body.partition("\n")[0],
            at=due,
            page="today",
            contact_id=row.contact_id,
            job_id=row.job_id,
        )
