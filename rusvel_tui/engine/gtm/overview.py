"""The department at a glance: its numbers, and its things by kind."""

from __future__ import annotations

from typing import Any

from peewee import fn

from rusvel_tui.engine import permissions
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.core import find_operation
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.approvals.boxes import count_approvals
from rusvel_tui.engine.gtm.crm.deals.board import board
from rusvel_tui.engine.gtm.crm.deals.deal_inputs import Board
from rusvel_tui.engine.gtm.invoices.ledger.standing import overdue
from rusvel_tui.engine.gtm.invoices.ledger.words import Status
from rusvel_tui.engine.gtm.outreach.enrolling.enrollment_views import EnrollmentStatus
from rusvel_tui.engine.gtm.outreach.mails.sender import SenderView, WakeBlocked, show_sender
from rusvel_tui.engine.gtm.outreach.sequences.sequence_views import SequenceStatus
from rusvel_tui.engine.models import Contact, Enrollment, Invoice, Sequence
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.operation import Input, PageInput, View, operation
from rusvel_tui.engine.sessions import SessionView
from rusvel_tui.engine.sessions import view as session_view
from rusvel_tui.engine.spelled import Spelled


class StageCount(View):
    """One stage of the pipeline."""

    stage: str
    deals: int
    sums: tuple[str, ...]


class GtmStatus(View):
    """What there is and what waits."""

    session: SessionView
    contacts: int
    deals: tuple[StageCount, ...]
    sequences: dict[str, int]
    enrollments: dict[str, int]
    invoices: dict[str, int]
    """By status; overdue ones are counted once more."""
    mails: dict[str, int]
    to_decide: int
    sender: SenderView


class ListThings(PageInput):
    """Which kind of thing."""

    kind: str = "contacts"
    """contacts, companies, deals, tasks, sequences, enrollments or invoices."""


class Things(View):
    """A part of a list."""

    kind: str
    items: tuple[Any, ...]
    next: str | None


@operation("gtm.status", permission="crm.contacts.read")
def status(ctx: Context, cmd: Input) -> GtmStatus:
    """Show the department's numbers: people, pipeline, sequences, mails that wait."""
    boxes = count_approvals.handle(ctx, cmd)
    return GtmStatus(
        session=session_view(ctx.session),
        contacts=Contact.select()
        .where((Contact.session_id == ctx.session_id) & Contact.deleted_at.is_null())
        .count(),
        deals=tuple(
            StageCount(stage=column.stage, deals=column.count, sums=column.sums)
            for column in board.handle(ctx, Board()).columns
        ),
        sequences=_by_status(ctx, Sequence, SequenceStatus),
        enrollments=_by_status(ctx, Enrollment, EnrollmentStatus),
        invoices=_by_status(ctx, Invoice, Status, Invoice.deleted_at.is_null())
        | {"Overdue": overdue(ctx).count()},
        mails={box.value: count for box, count in boxes.counts.items()},
        to_decide=boxes.to_decide,
        sender=show_sender.handle(ctx, WakeBlocked()),
    )


@operation("gtm.list", permission="crm.contacts.read")
def list_things(ctx: Context, cmd: ListThings) -> Things:
    """List the department's things of one kind."""
    kind = cmd.kind.lower()
    name = _LISTS.get(kind) or _LISTS.get(f"{kind}s")
    if name is None:
        raise InvalidInput(f"Unknown kind {cmd.kind!r}. Use {', '.join(_LISTS)}.", field="kind")
    listing = find_operation(name)
    permissions.require(ctx.grants, listing)
    page = listing.handle(
        ctx, listing.input.model_validate({"limit": cmd.limit, "cursor": cmd.cursor})
    )
    return Things(kind=kind, items=page.items, next=page.next)


_LISTS = {
    "contacts": "gtm.crm.list_contacts",
    "companies": "gtm.crm.list_companies",
    "deals": "gtm.crm.list_deals",
    "tasks": "gtm.crm.list_tasks",
    "sequences": "gtm.outreach.list_sequences",
    "enrollments": "gtm.outreach.list_enrollments",
    "invoices": "gtm.invoices.list_invoices",
}
"""The operation that lists each kind, imported when it is asked for."""


def _by_status(
    ctx: Context, model: Any, words: type[Spelled], living: Any = True
) -> dict[str, int]:
    """How many there are in each status, by its word."""
    query = model.select(model.status, fn.COUNT(model.id)).where(
        (model.session_id == ctx.session_id) & living
    )
    return {words(status).value: count for status, count in tuples(query.group_by(model.status))}
