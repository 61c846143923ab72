"""Money that is owed or could be: invoices past their day, won deals without an invoice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rusvel_tui.engine.calendar import midnight
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.people.people import label
from rusvel_tui.engine.gtm.invoices.ledger.billable import billable
from rusvel_tui.engine.gtm.invoices.ledger.standing import overdue
from rusvel_tui.engine.gtm.today.foremost import Foremost, foremost
from rusvel_tui.engine.gtm.today.needs import Found, Need, days, deal_of, spoken_money
from rusvel_tui.engine.models import Contact, Deal, Invoice
from rusvel_tui.engine.money import Money


def late(ctx: Context) -> Iterator[Found]:
    """Invoices whose due date has passed: the largest of each currency, and the oldest."""
    chosen = _late(ctx)
    rows = (
        Invoice.select().where(Invoice.id.in_(chosen.ids)).order_by(Invoice.id)
        if chosen.ids
        else ()
    )
    today = ctx.now.astimezone(ctx.zone).date()
    for row in rows:
        due, owed = date.fromisoformat(row.due_date), Money(row.open_minor, row.currency)
        yield Found(
            id=row.id,
            need=Need.LATE,
            who=row.client_name,
            what=f"Invoice {row.number or row.title}",
            lateness=f"{spoken_money(owed)} overdue {days((today - due).days)}",
            at=midnight(due, ctx.zone),
            page="invoices",
            item_id=row.id,
            contact_id=row.contact_id,
            amounts=(owed,),
            told=True,
        )


def _late(ctx: Context) -> Foremost:
    return foremost(overdue(ctx), Invoice.open_minor, Invoice.due_date)


def count_late(ctx: Context, need: Need) -> int:
    """How many invoices are past their day."""
    return _late(ctx).total


def to_invoice(ctx: Context) -> Iterator[Found]:
    """Won deals without an invoice: the largest of each currency, and the oldest."""
    chosen = _to_invoice(ctx)
    rows = (
        list(Deal.select().where(Deal.id.in_(chosen.ids)).order_by(Deal.id)) if chosen.ids else []
    )
    people = {
        one.id: one for one in Contact.select().where(Contact.id.in_([r.contact_id for r in rows]))
    }
    for row in rows:
        contact, won_at = people[row.contact_id], row.closed_at or row.updated_at
        waited, worth = (ctx.now - won_at).days, Money(row.value_minor, row.currency)
        yield Found(
            id=row.id,
            need=Need.TO_INVOICE,
            who=contact.company or label(contact),
            what=row.title,
            lateness=f"{deal_of(worth)} won {f'{days(waited)} ago' if waited else 'today'}",
            why="no invoice yet",
            at=won_at,
            page="deals",
            item_id=row.id,
            contact_id=row.contact_id,
            deal_id=row.id,
            amounts=(worth,),
            told=True,
        )


def _to_invoice(ctx: Context) -> Foremost:
    return foremost(billable(ctx), Deal.value_minor, Deal.closed_at)


def count_to_invoice(ctx: Context, need: Need) -> int:
    """How many won deals have no invoice."""
    return _to_invoice(ctx).total
