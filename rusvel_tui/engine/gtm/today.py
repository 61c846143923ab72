"""Today: one ranked list of everything that needs the person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from rusvel_tui.engine.agent.proposals.cards import ProposalWindow
from rusvel_tui.engine.agent.proposals.proposals import proposal_window
from rusvel_tui.engine.calendar import midnight
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.growth.kpi.alert_views import ListAlerts
from rusvel_tui.engine.growth.kpi.alerting import AlertState
from rusvel_tui.engine.growth.kpi.alerts import list_alerts
from rusvel_tui.engine.gtm.approvals.boxes import views as mail_views
from rusvel_tui.engine.gtm.crm.deals.deal_rows import living
from rusvel_tui.engine.gtm.crm.deals.deal_views import deal_views
from rusvel_tui.engine.gtm.crm.deals.next_action import has_next_action
from rusvel_tui.engine.gtm.crm.pipelines.stages import load_stages
from rusvel_tui.engine.gtm.crm.timeline.activity_views import views as activity_views
from rusvel_tui.engine.gtm.crm.timeline.tasks import open_tasks
from rusvel_tui.engine.gtm.invoices.ledger.billable import list_billable
from rusvel_tui.engine.gtm.invoices.ledger.inputs import ListInvoices
from rusvel_tui.engine.gtm.invoices.ledger.listing import list_invoices
from rusvel_tui.engine.gtm.invoices.ledger.words import Show
from rusvel_tui.engine.gtm.mail.classifying.verdict import MailKind
from rusvel_tui.engine.gtm.mail.incoming.views import incoming_views
from rusvel_tui.engine.gtm.outreach.mails.facts import sender_state
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box, in_box
from rusvel_tui.engine.models import Activity, Deal, IncomingMail, Mail, Sequence
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.operation import PageInput, View, operation
from rusvel_tui.engine.spelled import Spelled
from rusvel_tui.engine.when_text import day_bounds


class Need(Spelled):
    """Why something is on the list, most urgent first."""

    PAUSED = "sending is paused"
    STOPPED = "paused itself"
    IN_DOUBT = "in doubt"
    FAILED = "failed"
    REPLIED = "replied"
    OVERDUE = "overdue"
    CHANGED = "changed"
    TO_APPROVE = "to approve"
    PROPOSED = "proposed"
    NEEDS_DATA = "needs data"
    BLOCKED = "held"
    ALERT = "alert"
    DUE = "due"
    AWAY = "is away"
    LATE = "unpaid"
    TO_INVOICE = "to invoice"
    NO_STEP = "no next step"


_BOXES = {
    Need.IN_DOUBT: Box.IN_DOUBT,
    Need.FAILED: Box.FAILED,
    Need.CHANGED: Box.CHANGED,
    Need.TO_APPROVE: Box.WAITING,
    Need.NEEDS_DATA: Box.NEEDS_DATA,
    Need.BLOCKED: Box.HELD,
}
_PER_NEED = 50
"""Lines of one kind at the most: the boxes and the board hold the rest."""
_TASKS = 500
"""Tasks are dealt with here alone."""


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
    item_id: str = ""
    """What that page shows then."""
    contact_id: str | None = None
    job_id: str | None = None


class TodayView(View):
    """The list, most urgent first."""

    items: tuple[TodayItem, ...]
    next: str | None


@operation("gtm.today", permission="crm.contacts.read")
def today(ctx: Context, cmd: PageInput) -> TodayView:
    """List everything that needs you, most urgent first."""
    order = list(Need)
    parts = (
        ("crm.sequences.read", _pause),
        ("crm.sequences.read", _stopped),
        ("crm.approvals.read", _mails),
        ("agent.read", _proposed),
        ("crm.mail.read", _incoming),
        ("growth.read", _alerts),
        ("crm.activities.read", _tasks),
        ("crm.deals.read", _deals),
        ("crm.invoices.read", _late),
        ("crm.invoices.read", _to_invoice),
    )
    found = [item for needed, part in parts if ctx.may(needed) for item in part(ctx)]
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
        )


def _stopped(ctx: Context) -> Iterator[TodayItem]:
    """Sequences that paused themselves and wait for a person."""
    query = Sequence.select().where(
        (Sequence.session_id == ctx.session_id)
        & (Sequence.status == "paused")
        & (Sequence.pause_reason != "")
    )
    for row in query.order_by(Sequence.updated_at).limit(_PER_NEED):
        yield TodayItem(
            id=row.id,
            need=Need.STOPPED,
            who="",
            what=row.name,
            why=row.pause_reason,
            at=row.updated_at,
            page="sequences",
            item_id=row.id,
        )


def _mails(ctx: Context) -> Iterator[TodayItem]:
    for need, box in _BOXES.items():
        query = Mail.select().where((Mail.session_id == ctx.session_id) & in_box(box, ctx.now))
        mails = list(query.order_by(Mail.updated_at).limit(_PER_NEED))
        for mail, seen in zip(mails, mail_views(ctx, mails), strict=True):
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
                item_id=mail.id,
                contact_id=mail.contact_id,
                job_id=mail.id,
            )


def _proposed(ctx: Context) -> Iterator[TodayItem]:
    """Changes that the assistant and other programs want made."""
    for card in proposal_window.handle(ctx, ProposalWindow(count=_PER_NEED)).rows:
        yield TodayItem(
            id=card.proposal_id, need=Need.PROPOSED, who="", what=card.title, why=card.stale or card.question,
            at=card.created_at, page="inbox", item_id=card.proposal_id,
        )  # fmt: skip


def _incoming(ctx: Context) -> Iterator[TodayItem]:
    """Messages that need somebody: answers first, then people who say when they are back."""
    query = IncomingMail.select().where(
        (IncomingMail.session_id == ctx.session_id) & (IncomingMail.state == "open")
    )
    rows = list(query.order_by(IncomingMail.received_at).limit(_PER_NEED))
    for seen in incoming_views(rows):
        away = seen.kind is MailKind.AUTO_REPLY
        yield TodayItem(
            id=seen.incoming_id,
            need=Need.AWAY if away else Need.REPLIED,
            who=seen.contact or seen.from_name or seen.from_address,
            what=seen.subject or seen.snippet,
            why=seen.effect or seen.snippet,
            at=seen.received_at,
            page="mail",
            item_id=seen.incoming_id,
            contact_id=seen.contact_id,
        )


def _alerts(ctx: Context) -> Iterator[TodayItem]:
    """KPIs that are where they should not be; one that was acknowledged or made quiet is known."""
    for one in list_alerts.handle(ctx, ListAlerts(firing=True)).items:
        quiet = one.snoozed_until is not None and one.snoozed_until > ctx.now
        if one.state is not AlertState.FIRING or one.acknowledged_at is not None or quiet:
            continue
        yield TodayItem(
            id=one.alert_id,
            need=Need.ALERT,
            who="",
            what=one.words,
            why="no reading" if one.value is None else f"it is {one.value:,} {one.unit}".rstrip(),
            at=one.since,
            page="growth",
            item_id=one.alert_id,
        )


def _tasks(ctx: Context) -> Iterator[TodayItem]:
    today, tomorrow = day_bounds(ctx.now, ctx.zone)
    query = open_tasks(ctx.session_id).where(Activity.due_at < tomorrow)
    for row in activity_views(list(query.limit(_TASKS))):
        due = row.due_at or row.at
        yield TodayItem(
            id=row.activity_id,
            need=Need.OVERDUE if due < today else Need.DUE,
            who=row.contact,
            what=row.subject,
            why=row.deal or row.body.partition("\n")[0],
            at=due,
            page="today",
            item_id=row.activity_id,
            contact_id=row.contact_id,
            job_id=row.job_id,
        )


def _deals(ctx: Context) -> Iterator[TodayItem]:
    """Open deals for which nothing is planned, those in their stage for the longest time first."""
    book, today = load_stages(ctx.session_id), ctx.now.astimezone(ctx.zone).date().isoformat()
    open_ = [stage.key for stage in book.living() if not stage.closed]
    query = living(ctx).where(
        Deal.stage.in_(open_) & (Deal.snoozed_until <= today) & ~has_next_action()
    )
    rows = list(query.order_by(Deal.stage_since, Deal.id).limit(_PER_NEED))
    for deal in deal_views(ctx, rows):
        quiet = f"quiet for {deal.rot.quiet_days} days" if deal.rot.rotting else ""
        yield TodayItem(
            id=deal.deal_id,
            need=Need.NO_STEP,
            who=deal.contact_name or deal.company,
            what=deal.title,
            why=", ".join(filter(None, (deal.stage, quiet))),
            at=deal.stage_since,
            page="deals",
            item_id=deal.deal_id,
            contact_id=deal.contact_id,
        )


def _late(ctx: Context) -> Iterator[TodayItem]:
    """Invoices whose due date has passed, the oldest first."""
    wanted = ListInvoices(status=Show.OVERDUE, limit=_PER_NEED)
    for row in list_invoices.handle(ctx, wanted).items:
        days = f"{row.overdue_days} day{'' if row.overdue_days == 1 else 's'} late"
        yield TodayItem(
            id=row.invoice_id,
            need=Need.LATE,
            who=row.client,
            what=f"{row.number}: {Money.parse(row.open, row.currency)} open",
            why=days,
            at=midnight(date.fromisoformat(row.due_date), ctx.zone),
            page="invoices",
            item_id=row.invoice_id,
            contact_id=row.contact_id,
        )


def _to_invoice(ctx: Context) -> Iterator[TodayItem]:
    """Won deals without an invoice."""
    for row in list_billable.handle(ctx, PageInput(limit=_PER_NEED)).items:
        yield TodayItem(
            id=row.deal_id,
            need=Need.TO_INVOICE,
            who=row.client,
            what=row.title,
            why=f"won, {Money.parse(row.value, row.currency)}",
            at=row.won_at,
            page="deals",
            item_id=row.deal_id,
            contact_id=row.contact_id,
        )
