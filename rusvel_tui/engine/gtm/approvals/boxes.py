"""The inbox as lists: the mails of each box, and one mail with everything that a verdict needs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from peewee import SQL, fn
from pydantic import Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.approvals.sources import SOURCES
from rusvel_tui.engine.gtm.crm.people.people import label
from rusvel_tui.engine.gtm.outreach.enrolling.lookups import sequence_names, step_counts
from rusvel_tui.engine.gtm.outreach.mails.mail_states import (
    OPEN_BOXES,
    Box,
    MailState,
    box_of,
    in_box,
)
from rusvel_tui.engine.gtm.outreach.sequences.step_kinds.kind import StepType
from rusvel_tui.engine.models import Contact, Job, Mail
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.operation import Input, PageInput, View, operation


class ListApprovals(PageInput):
    """Which box; the ones that wait for a verdict when left out."""

    box: Box | None = None
    filter: str = ""
    """What must hold besides, in the filter language: `source:invoice -is:clean`."""


class ApprovalId(Input):
    """Which mail, by the id that `queue list` prints; it is the id of its job, too."""

    id: str


class ApprovalView(View):
    """A mail as the inbox shows it."""

    id: str
    job_id: str
    box: Box | None
    state: MailState
    to: str
    to_name: str
    from_: str = Field(serialization_alias="from")
    from_name: str
    subject: str
    body: str
    digest: str | None
    step: int
    steps: int
    step_type: StepType
    sequence: str
    sequence_id: str
    enrollment_id: str
    contact_id: str
    contact: str
    company: str
    deal_id: str | None
    source: str
    """What asked for it when no sequence did: `invoice`, `own mail`; empty for a step."""
    source_kind: str
    source_id: str
    occasion: str
    snoozed_until: datetime | None
    footer: str
    """What the sender puts below the text."""
    reply_to: str
    approved_rule: str
    """The rule that said yes; empty when a person did."""
    note: str
    """What to know before the verdict; not part of the mail."""
    attachments: tuple[str, ...]
    not_before: datetime | None
    """The earliest time that a person chose."""
    drafted_by: str
    drafted_at: datetime | None
    edited: bool
    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    changed_since: str
    blocked: str
    """Why an approved mail does not leave."""
    error: str
    run_at: datetime
    """When the mail may leave, or is drafted, at the earliest."""
    zone: str
    """By whose clock that was chosen: the person's, where it is known."""
    approved_by: str
    approved_at: datetime | None
    sent_at: datetime | None
    message_id: str
    version: int


class ApprovalPage(View):
    """A part of a box."""

    items: tuple[ApprovalView, ...]
    next: str | None


class BoxCounts(View):
    """How many mails lie in each box."""

    counts: dict[Box, int]
    to_decide: int
    """How many wait for a verdict."""


@operation("gtm.approvals.list", permission="crm.approvals.read")
def list_approvals(ctx: Context, cmd: ListApprovals) -> ApprovalPage:
    """List the mails of a box: what waits is oldest first, what is over is newest first."""
    boxes = (cmd.box,) if cmd.box else OPEN_BOXES
    condition = in_box(boxes[0], ctx.now)
    for box in boxes[1:]:
        condition = condition | in_box(box, ctx.now)
    over = cmd.box in (Box.SENT, Box.FAILED)
    query = Mail.select().where((Mail.session_id == ctx.session_id) & condition)
    if cmd.filter.strip():
        query = query.where(fitting(ctx, cmd.filter))
    query = query.order_by(
        Mail.updated_at.desc() if over else Mail.updated_at, Mail.id.desc() if over else Mail.id
    )
    if cmd.cursor:
        query = query.where(_after(cmd.cursor, over))
    rows = list(query.limit(cmd.limit + 1))
    more = len(rows) > cmd.limit
    rows = rows[: cmd.limit]
    cursor = f"{Mail.updated_at.db_value(rows[-1].updated_at)} {rows[-1].id}" if more else None
    return ApprovalPage(items=views(ctx, rows), next=cursor)


def fitting(ctx: Context, filter_text: str) -> Any:
    """The condition that a mail fits a filter."""
    from rusvel_tui.engine.gtm.crm.finding.filtering import where

    made = where(ctx, "mail", filter_text)
    inner = f"(SELECT m.id FROM mail m WHERE m.session_id = ? AND {made.sql})"
    return Mail.id.in_(SQL(inner, (ctx.session_id, *made.values)))


def _after(cursor: str, over: bool) -> object:
    at, _, mail_id = cursor.partition(" ")
    if not mail_id:
        raise InvalidInput("That cursor does not belong to this list.", field="cursor")
    if over:
        return (Mail.updated_at < at) | ((Mail.updated_at == at) & (Mail.id < mail_id))
    return (Mail.updated_at > at) | ((Mail.updated_at == at) & (Mail.id > mail_id))


@operation("gtm.approvals.counts", permission="crm.approvals.read")
def count_approvals(ctx: Context, cmd: Input) -> BoxCounts:
    """Count the mails of every box."""
    counts = {
        box: Mail.select(fn.COUNT(Mail.id))
        .where((Mail.session_id == ctx.session_id) & in_box(box, ctx.now))
        .scalar()
        for box in Box
    }
    return BoxCounts(counts=counts, to_decide=sum(counts[box] for box in OPEN_BOXES))


def view(ctx: Context, mail: Mail) -> ApprovalView:
    """One mail as the inbox shows it."""
    return views(ctx, [mail])[0]


def views(ctx: Context, mails: list[Mail]) -> tuple[ApprovalView, ...]:
    """The views of these mails in their order: four queries, however many there are."""
    wanted = [m.contact_id for m in mails if m.contact_id]
    people = {c.id: c for c in Contact.select().where(Contact.id.in_(wanted))}
    names = sequence_names(m.sequence_id for m in mails if m.sequence_id)
    steps = step_counts(m.version_id for m in mails if m.version_id)
    due = dict(tuples(Job.select(Job.id, Job.run_at).where(Job.id.in_([m.id for m in mails]))))
    return tuple(
        _view(
            ctx,
            m,
            people.get(m.contact_id or ""),
            names.get(m.sequence_id or "", ""),
            steps.get(m.version_id or "", 0),
            due[m.id],
        )
        for m in mails
    )


_AS_STORED = (
    "id", "to_name", "from_name", "subject", "body", "digest", "deal_id", "source_kind", "source_id", "occasion",
    "note", "not_before", "snoozed_until", "footer", "reply_to", "approved_rule", "drafted_by", "drafted_at", "problems", "warnings", "changed_since", "blocked", "error",
    "approved_by", "approved_at", "sent_at", "message_id", "version",
)  # fmt: skip
"""What a view shows as it stands in the ledger."""


def _view(
    ctx: Context,
    mail: Mail,
    contact: Contact | None,
    sequence: str,
    steps: int,
    run_at: datetime,
) -> ApprovalView:
    stored = {name: getattr(mail, name) for name in _AS_STORED}
    return ApprovalView(
        **stored,
        job_id=mail.id,
        box=box_of(mail, ctx.now),
        state=MailState(mail.state),
        to=mail.to_address,
        from_=mail.from_address,
        step=mail.position + 1 if steps else 0,
        steps=steps,
        step_type=StepType(mail.step_type),
        sequence=sequence,
        sequence_id=mail.sequence_id or "",
        enrollment_id=mail.enrollment_id or "",
        contact_id=mail.contact_id or "",
        contact=label(contact) if contact else mail.to_name or mail.to_address,
        company=contact.company if contact else "",
        source=SOURCES[mail.source_kind].label if mail.source_kind in SOURCES else mail.source_kind,
        attachments=tuple(name for name, _ in mail.attachments),
        edited=mail.edited_at is not None,
        run_at=run_at,
        zone=mail.due_zone,
    )
