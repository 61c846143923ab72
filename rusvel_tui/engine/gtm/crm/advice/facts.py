"""What is known of a deal, read once for every kind of advice: how it stands, what was said, what waits, what is owed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.deals.deal_record import HealthView, health_of
from rusvel_tui.engine.gtm.crm.deals.deal_rows import find_deal
from rusvel_tui.engine.gtm.crm.deals.deal_views import DealView, deal_view
from rusvel_tui.engine.gtm.crm.pipelines.stages import StageInfo, load_stages
from rusvel_tui.engine.gtm.crm.timeline.outcomes import NOBODY_MET
from rusvel_tui.engine.gtm.crm.timeline.timeline import Timeline, timeline
from rusvel_tui.engine.gtm.crm.timeline.timeline_entries import EntryKind, TimelineEntry
from rusvel_tui.engine.gtm.outreach.mails.facts import primary_email
from rusvel_tui.engine.models import (
    Contact,
    ContactPhone,
    Enrollment,
    IncomingMail,
    Invoice,
    Mail,
    Sequence,
)
from rusvel_tui.engine.money import Money

LATEST = 60
"""Entries of the timeline that are looked at."""
_TALK = (EntryKind.CALL, EntryKind.MEETING)
TOUCHES = (*_TALK, EntryKind.EMAIL_OUT, EntryKind.EMAIL_IN)
"""What counts as contact, by whichever side: in the seeds mails did not."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail that waits for a verdict."""

    mail_id: str
    subject: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message of theirs that nobody dealt with."""

    incoming_id: str
    subject: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Paper:
    """An invoice or a quote of the contact."""

    invoice_id: str
    kind: str
    name: str
    status: str
    due: date | None
    open: Money


@dataclass(frozen=True, slots=True)
class DealFacts:
    """Everything that the rules look at."""

    now: datetime
    zone: ZoneInfo
    deal: DealView
    health: HealthView
    stages: tuple[StageInfo, ...]
    """Of its pipeline."""
    first_name: str
    address: str
    """Where the contact may be written to; empty when nowhere."""
    phone: str
    entries: tuple[TimelineEntry, ...]
    """Newest first: of the deal, and of its contact where no other deal is meant."""
    messages: tuple[Message, ...]
    waiting: tuple[Waiting, ...]
    enrolled: str
    """The sequence that the contact is in at present."""
    sequences: tuple[tuple[str, str], ...]
    """Active ones, id and name."""
    papers: tuple[Paper, ...]

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @property
    def done(self) -> tuple[TimelineEntry, ...]:
        return tuple(one for one in self.entries if one.status == "done")

    @property
    def open(self) -> tuple[TimelineEntry, ...]:
        """What is still to be done, the earliest first."""
        left = (one for one in self.entries if one.status == "open")
        return tuple(sorted(left, key=lambda one: one.due_at or one.at))

    def newest(self, *kinds: EntryKind) -> TimelineEntry | None:
        """The newest of what happened of these kinds."""
        return next((one for one in self.done if one.kind in kinds), None)

    @property
    def touch(self) -> TimelineEntry | None:
        """The last contact, by whichever side."""
        return self.newest(*TOUCHES)

    @property
    def heard(self) -> TimelineEntry | None:
        """The last time that they were heard: a mail of theirs, or a call or meeting in which they were met."""
        return next((one for one in self.done if was_heard(one)), None)

    @property
    def unanswered(self) -> int:
        """How often they were tried since they were last heard."""
        heard = self.heard
        since = heard.at if heard else None
        tries = (one for one in self.done if one.kind in TOUCHES and not was_heard(one))
        return sum(1 for one in tries if since is None or one.at > since)

    def days_since(self, entry: TimelineEntry) -> int:
        return max(0, (self.today - entry.at.astimezone(self.zone).date()).days)

    def next_stage(self) -> StageInfo | None:
        """The open stage behind the present one."""
        keys = [stage.key for stage in self.stages if not stage.closed]
        if self.deal.stage_key not in keys[:-1]:
            return None
        wanted = keys[keys.index(self.deal.stage_key) + 1]
        return next(stage for stage in self.stages if stage.key == wanted)


def was_heard(entry: TimelineEntry) -> bool:
    """Whether the other side was heard in it."""
    if entry.kind is EntryKind.EMAIL_IN:
        return True
    return entry.kind in _TALK and entry.outcome not in NOBODY_MET


def load_facts(ctx: Context, deal_id: str) -> DealFacts:
    """The facts of a deal; raises `NotFound`."""
    seen = deal_view(ctx, find_deal(ctx, deal_id))
    contact = Contact.get_by_id(seen.contact_id)
    email = primary_email(ctx, contact.id)
    phone = ContactPhone.select().where(ContactPhone.contact_id == contact.id).first()
    stages = load_stages(ctx.session_id).living(seen.pipeline_id)
    return DealFacts(
        now=ctx.now,
        zone=ctx.zone,
        deal=seen,
        health=health_of(ctx, seen),
        stages=stages,
        first_name=contact.first_name or contact.name or contact.company,
        address=email.address if email else "",
        phone=phone.number if phone else "",
        entries=_entries(ctx, seen) if ctx.may("crm.activities.read") else (),
        messages=_messages(ctx, contact.id) if ctx.may("crm.mail.read") else (),
        waiting=_waiting(ctx, seen) if ctx.may("crm.approvals.read") else (),
        enrolled=_enrolled(contact.id),
        sequences=_sequences(ctx),
        papers=_papers(ctx, seen) if ctx.may("crm.invoices.read") else (),
    )


def _entries(ctx: Context, deal: DealView) -> tuple[TimelineEntry, ...]:
    found = {
        one.id: one
        for one in (
            *ctx.call(timeline, Timeline(deal_id=deal.deal_id, limit=LATEST)).items,
            *ctx.call(timeline, Timeline(contact_id=deal.contact_id, limit=LATEST)).items,
        )
        if one.deal_id in (None, "", deal.deal_id)
    }
    return tuple(sorted(found.values(), key=lambda one: (one.at, one.id), reverse=True)[:LATEST])


def _messages(ctx: Context, contact_id: str) -> tuple[Message, ...]:
    rows = IncomingMail.select().where(
        (IncomingMail.session_id == ctx.session_id)
        & (IncomingMail.contact_id == contact_id)
        & (IncomingMail.state == "open")
        & (IncomingMail.kind == "human")
    )
    newest = rows.order_by(IncomingMail.received_at.desc()).limit(5)
    return tuple(
        Message(row.id, row.subject, row.own_words or row.text, row.received_at) for row in newest
    )


def _waiting(ctx: Context, deal: DealView) -> tuple[Waiting, ...]:
    mine = (Mail.deal_id == deal.deal_id) | (
        Mail.deal_id.is_null() & (Mail.contact_id == deal.contact_id)
    )
    rows = Mail.select().where((Mail.session_id == ctx.session_id) & (Mail.state == "held") & mine)
    return tuple(Waiting(row.id, row.subject) for row in rows.order_by(Mail.created_at).limit(5))


def _enrolled(contact_id: str) -> str:
    row = (
        Enrollment.select(Sequence.name)
        .join(Sequence, on=(Sequence.id == Enrollment.sequence_id), attr="sequence")
        .where((Enrollment.contact_id == contact_id) & Enrollment.ended_at.is_null())
        .first()
    )
    return str(row.sequence.name) if row else ""


def _sequences(ctx: Context) -> tuple[tuple[str, str], ...]:
    rows: Iterable[Sequence] = Sequence.select().where(
        (Sequence.session_id == ctx.session_id) & (Sequence.status == "active")
    )
    return tuple((row.id, row.name) for row in rows)


def _papers(ctx: Context, deal: DealView) -> tuple[Paper, ...]:
    rows = Invoice.select().where(
        (Invoice.session_id == ctx.session_id)
        & ((Invoice.deal_id == deal.deal_id) | (Invoice.contact_id == deal.contact_id))
        & Invoice.deleted_at.is_null()
    )
    return tuple(
        Paper(
            invoice_id=row.id,
            kind=row.kind,
            name=row.number or f"{row.kind} draft",
            status=row.status,
            due=date.fromisoformat(row.due_date) if row.due_date else None,
            open=Money(row.open_minor, row.currency),
        )
        for row in rows.order_by(Invoice.created_at.desc()).limit(20)
    )


def working_day(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
