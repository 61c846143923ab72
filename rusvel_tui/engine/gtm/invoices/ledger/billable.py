"""What is there to be invoiced: deals that were won and have no invoice yet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from peewee import fn

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.deals.deal_rows import living
from rusvel_tui.engine.gtm.crm.people.people import label
from rusvel_tui.engine.gtm.crm.pipelines.stages import StageKind, load_stages
from rusvel_tui.engine.models import Contact, Deal, Invoice
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.operation import PageInput, View, operation


class BillableDeal(View):
    """A won deal that `from_deal` can invoice."""

    deal_id: str
    title: str
    contact_id: str
    client: str
    value: str
    currency: str
    won_at: datetime


class BillablePage(View):
    """A part of the list."""

    items: tuple[BillableDeal, ...]
    next: str | None


@operation("gtm.invoices.list_billable", permission="crm.invoices.read")
def list_billable(ctx: Context, cmd: PageInput) -> BillablePage:
    """List the won deals that have no invoice yet, newest first."""
    query = billable(ctx)
    if cmd.cursor:
        query = query.where(Deal.id < cmd.cursor)
    rows = list(query.order_by(Deal.id.desc()).limit(cmd.limit + 1))
    more = len(rows) > cmd.limit
    rows = rows[: cmd.limit]
    people = {
        one.id: one for one in Contact.select().where(Contact.id.in_({r.contact_id for r in rows}))
    }
    return BillablePage(
        items=tuple(_view(row, people[row.contact_id]) for row in rows),
        next=rows[-1].id if more else None,
    )


def billable(ctx: Context) -> Any:
    """The won deals that are worth something and have neither a draft nor a valid invoice."""
    won = [
        stage.key for stage in load_stages(ctx.session_id).living() if stage.kind is StageKind.WON
    ]
    there = Invoice.select(Invoice.id).where(
        (Invoice.deal_id == Deal.id)
        & (Invoice.kind == "invoice")
        & Invoice.deleted_at.is_null()
        & Invoice.voided_at.is_null()
    )
    return living(ctx).where(Deal.stage.in_(won) & (Deal.value_minor > 0) & ~fn.EXISTS(there))


def _view(row: Deal, contact: Contact) -> BillableDeal:
    return BillableDeal(
        deal_id=row.id,
        title=row.title,
        contact_id=row.contact_id,
        client=contact.company or label(contact),
        value=Money(row.value_minor, row.currency).amount,
        currency=row.currency,
        won_at=row.closed_at or row.updated_at,
    )
