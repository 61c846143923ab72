"""Invoices that come again: what they say, how often, and until when. A job drafts each of them on its day, once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from rusvel_tui.engine.conflicts import require_version
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import InvalidInput, InvalidState, NotFound
from rusvel_tui.engine.gtm.crm.people.people import label
from rusvel_tui.engine.gtm.invoices.ledger.clients import client_for
from rusvel_tui.engine.gtm.invoices.ledger.inputs import CreateInvoice, LineInput
from rusvel_tui.engine.gtm.invoices.ledger.rows import read_day
from rusvel_tui.engine.gtm.invoices.ledger.standing import today_of
from rusvel_tui.engine.gtm.invoices.recurring.making import plan_next, stop
from rusvel_tui.engine.gtm.invoices.recurring.periods import Every
from rusvel_tui.engine.gtm.invoices.setup.parties import Line
from rusvel_tui.engine.gtm.invoices.totals.reading import AdjustmentTerms, read_currency
from rusvel_tui.engine.models import Contact, RecurringInvoice
from rusvel_tui.engine.operation import Input, PageInput, View, operation
from rusvel_tui.engine.spelled import Spelled
from rusvel_tui.engine.text import one_line
from rusvel_tui.engine.when_text import When


class RecurringStatus(Spelled):
    """Whether drafts come."""

    ACTIVE = "Active"
    PAUSED = "Paused"
    ENDED = "Ended"


class CreateRecurring(Input):
    """An invoice that comes again. `{period}` in its texts stands for the month, quarter or year."""

    name: Line = ""
    """What to call it; the title when left out."""
    client_name: Line = ""
    contact_id: str = ""
    create_client: bool = False
    every: Every = Every.MONTH
    starts_on: When
    """The first day; in shorter months its last day counts."""
    ends_on: When | None = None
    """The last day on which one may come."""
    most: int | None = Field(default=None, ge=1, le=1000)
    """How many come at most."""
    line_items: tuple[LineInput, ...] = Field(min_length=1, max_length=1000)
    title: Line = ""
    reference: Line = ""
    notes: str = ""
    currency: str = ""
    allowances: tuple[AdjustmentTerms, ...] = ()
    prices_include_tax: bool = False


class RecurringId(Input):
    """Which one."""

    recurring_id: str


class ChangeRecurring(Input):
    """Whether drafts come, and until when; what is left out stays."""

    recurring_id: str
    status: RecurringStatus | None = None
    ends_on: When | None = None
    version: int | None = None


class ListRecurring(PageInput):
    """Which ones."""

    status: RecurringStatus | None = None


class RecurringView(View):
    """An invoice that comes again."""

    recurring_id: str
    name: str
    contact_id: str
    client: str
    every: Every
    status: RecurringStatus
    starts_on: str
    ends_on: str
    next_on: str
    """The day of the next draft."""
    made: int
    most: int | None
    currency: str
    template: dict[str, Any]
    version: int
    created_at: datetime


class RecurringPage(View):
    """A part of the list."""

    items: tuple[RecurringView, ...]
    next: str | None


@operation("gtm.invoices.create_recurring", writes=True, permission="crm.invoices.manage")
def create_recurring(ctx: Context, cmd: CreateRecurring) -> RecurringView:
    """Let an invoice be drafted every week, month, quarter or year; drafts wait for you to finalise them."""
    contact = client_for(ctx, cmd.contact_id, cmd.client_name, create=cmd.create_client)
    first, last = read_day(ctx, cmd.starts_on, "starts_on"), read_day(ctx, cmd.ends_on, "ends_on")
    if not first:
        raise InvalidInput("Say when it starts: starts_on=2026-12-31.", field="starts_on")
    if last and last < first:
        raise InvalidInput(f"It ends on {last}, before it starts on {first}.", field="ends_on")
    row = RecurringInvoice.create(
        id=ctx.new_id(),
        session_id=ctx.session_id,
        contact_id=contact.id,
        name=cmd.name or cmd.title or one_line(cmd.line_items[0].description)[:80] or "Invoice",
        every=cmd.every.key,
        template=_template(ctx, cmd),
        starts_on=first,
        ends_on=last,
        most=cmd.most,
        next_on=first,
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    plan_next(ctx, row)
    undo = Inverse(
        "gtm.invoices.change_recurring",
        {"recurring_id": row.id, "status": RecurringStatus.ENDED.value},
    )
    ctx.record("gtm.invoice.recurring", row.id, _told(row), undo=undo)
    return recurring_view(row)


@operation("gtm.invoices.change_recurring", writes=True, permission="crm.invoices.manage")
def change_recurring(ctx: Context, cmd: ChangeRecurring) -> RecurringView:
    """Pause, resume or end an invoice that comes again. What a pause passed over is not made up for."""
    row = find_recurring(ctx, cmd.recurring_id)
    require_version(cmd.version, row.version, row.name)
    before = {"recurring_id": row.id, "status": RecurringStatus(row.status).value}
    before["ends_on"] = row.ends_on
    if cmd.ends_on is not None:
        row.ends_on = read_day(ctx, cmd.ends_on, "ends_on")
    if cmd.status is not None:
        _switch(ctx, row, cmd.status)
    row.version += 1
    row.updated_at = ctx.now
    row.save()
    plan_next(ctx, row)
    undo = Inverse("gtm.invoices.change_recurring", before | {"version": row.version})
    ctx.record("gtm.invoice.recurring", row.id, _told(row), undo=undo)
    return recurring_view(row)


@operation("gtm.invoices.list_recurring", permission="crm.invoices.read")
def list_recurring(ctx: Context, cmd: ListRecurring) -> RecurringPage:
    """List the invoices that come again, newest first."""
    query = RecurringInvoice.select().where(RecurringInvoice.session_id == ctx.session_id)
    if cmd.status:
        query = query.where(RecurringInvoice.status == cmd.status.key)
    if cmd.cursor:
        query = query.where(RecurringInvoice.id < cmd.cursor)
    rows = list(query.order_by(RecurringInvoice.id.desc()).limit(cmd.limit + 1))
    more = len(rows) > cmd.limit
    rows = rows[: cmd.limit]
    people = Contact.select().where(Contact.id.in_([row.contact_id for row in rows]))
    names = {person.id: label(person) for person in people}
    return RecurringPage(
        items=tuple(recurring_view(row, names) for row in rows),
        next=rows[-1].id if more else None,
    )


@operation("gtm.invoices.get_recurring", permission="crm.invoices.read")
def get_recurring(ctx: Context, cmd: RecurringId) -> RecurringView:
    """Show one invoice that comes again."""
    return recurring_view(find_recurring(ctx, cmd.recurring_id))


def find_recurring(ctx: Context, recurring_id: str) -> RecurringInvoice:
    """One of this session; raises `NotFound`."""
    found: RecurringInvoice | None = RecurringInvoice.get_or_none(
        (RecurringInvoice.id == recurring_id) & (RecurringInvoice.session_id == ctx.session_id)
    )
    if found is None:
        raise NotFound(f"There is no recurring invoice {recurring_id!r} in this session.")
    return found


def recurring_view(row: RecurringInvoice, names: dict[str, str] | None = None) -> RecurringView:
    known = names or {row.contact_id: label(Contact.get_by_id(row.contact_id))}
    return RecurringView(
        recurring_id=row.id,
        name=row.name,
        contact_id=row.contact_id,
        client=known[row.contact_id],
        every=Every(row.every),
        status=RecurringStatus(row.status),
        currency=row.template["currency"],
        **{name: getattr(row, name) for name in _PLAIN},
    )


_PLAIN = ("starts_on", "ends_on", "next_on", "made", "most", "template", "version", "created_at")


def _switch(ctx: Context, row: RecurringInvoice, status: RecurringStatus) -> None:
    """Set whether drafts come; what came due during a pause is passed over."""
    if row.status == "ended" and status is RecurringStatus.PAUSED:
        raise InvalidState("It", "Ended", "Paused", "Resume it first.")
    if status is RecurringStatus.ACTIVE and row.status != "active":
        from rusvel_tui.engine.gtm.invoices.recurring.making import pass_over

        pass_over(row, today_of(ctx))
    if status is not RecurringStatus.ACTIVE:
        stop(ctx, row)
    row.status = status.key


def _template(ctx: Context, cmd: CreateRecurring) -> dict[str, Any]:
    """What each of the drafts is made from; checked now, so that none of them fails later."""
    made = CreateInvoice(
        line_items=cmd.line_items,
        title=cmd.title or None,
        reference=cmd.reference or None,
        notes=cmd.notes or None,
        currency=read_currency(cmd.currency or ctx.session.currency),
        allowances=cmd.allowances or None,
        prices_include_tax=cmd.prices_include_tax or None,
    )
    _compute(made)
    kept = made.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    return kept | {"currency": made.currency}


def _compute(wanted: CreateInvoice) -> None:
    """Refuse lines that could not be invoiced."""
    from rusvel_tui.engine.gtm.invoices.totals.reading import BillTerms, LineTerms, totals_of

    lines = tuple(
        LineTerms.model_validate(line.model_dump(exclude={"unit"})) for line in wanted.line_items
    )
    included = bool(wanted.prices_include_tax)
    terms = BillTerms(
        currency=wanted.currency,
        lines=lines,
        allowances=wanted.allowances or (),
        prices_include_tax=included,
    )
    totals_of(terms)


def _told(row: RecurringInvoice) -> dict[str, Any]:
    return {"name": row.name, "status": row.status, "next_on": row.next_on, "every": row.every}
