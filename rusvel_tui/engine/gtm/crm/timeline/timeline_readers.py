"""The entries of a timeline, read from the tables that tell of them."""

from __future__ import annotations

from collections.abc import Iterator

from rusvel_tui.engine.gtm.crm.timeline.activity_views import ActivityView, views
from rusvel_tui.engine.gtm.crm.timeline.timeline_entries import EntryKind, Target, TimelineEntry
from rusvel_tui.engine.models import (
    Activity,
    Company,
    Contact,
    ContactMerge,
    Deal,
    Employment,
    ImportRun,
    IncomingMail,
    Mail,
    PipelineStage,
    StageMove,
)
from rusvel_tui.engine.models.base import tuples


def activities(ids: list[str]) -> Iterator[TimelineEntry]:
    """Notes, tasks, calls, meetings and mails."""
    return map(_told, views(list(Activity.select().where(Activity.id.in_(ids)))))


def stage_moves(ids: list[str]) -> Iterator[TimelineEntry]:
    """Moves of deals from stage to stage."""
    rows = list(
        StageMove.select(StageMove, Deal.title, Deal.contact_id, Deal.session_id)
        .join(Deal, on=(Deal.id == StageMove.deal_id), attr="deal")
        .where(StageMove.id.in_(ids))
    )
    named = PipelineStage.select(PipelineStage.key, PipelineStage.name)
    names = dict(tuples(named.where(PipelineStage.session_id == rows[0].deal.session_id)))
    for row in rows:
        yield TimelineEntry(
            id=row.id,
            kind=EntryKind.STAGE_MOVE,
            at=row.at,
            title=f"{names[row.from_stage]} → {names[row.to_stage]}",
            detail="",
            actor=row.actor,
            target=Target(kind="deal", id=row.deal_id),
            contact_id=row.deal.contact_id,
            deal_id=row.deal_id,
            deal=row.deal.title,
        )


def bounces(ids: list[str]) -> Iterator[TimelineEntry]:
    """Mails that came back; an id is that of the mail and `b`."""
    for row in Mail.select().where(Mail.id.in_([entry[:-1] for entry in ids])):
        yield TimelineEntry(
            id=f"{row.id}b",
            kind=EntryKind.BOUNCE,
            at=row.bounced_at,
            title=f"Came back: {row.subject}",
            detail=f"{row.to_address} cannot be reached.",
            actor="",
            target=Target(kind="mail", id=row.id),
            contact_id=row.contact_id,
            contact=row.to_name,
            deal_id=row.deal_id,
        )


def incoming(ids: list[str]) -> Iterator[TimelineEntry]:
    """Messages that are no answers: automatic ones, and those that ask for no more mail."""
    for row in IncomingMail.select().where(IncomingMail.id.in_(ids)):
        yield TimelineEntry(
            id=row.id,
            kind=EntryKind(row.kind),
            at=row.received_at,
            title=row.subject or "A message without a subject",
            detail=row.own_words or row.text,
            actor="",
            target=Target(kind="message", id=row.id),
            outcome=str(row.metadata.get("effect", "")),
            contact_id=row.contact_id,
            contact=row.from_name or row.from_address,
        )


def employers(ids: list[str]) -> Iterator[TimelineEntry]:
    """Employers over time; an id is that of the employment, `+` when it began and `-` when it ended."""
    query = (
        Employment.select(Employment, Company.name, Contact.name)
        .join(Company, on=(Company.id == Employment.company_id), attr="company")
        .switch(Employment)
        .join(Contact, on=(Contact.id == Employment.contact_id), attr="contact")
        .where(Employment.id.in_({entry[:-1] for entry in ids}))
    )
    rows = {row.id: row for row in query}
    for entry in ids:
        row, ended = rows[entry[:-1]], entry.endswith("-")
        title = f", {row.title}" if row.title and not ended else ""
        yield TimelineEntry(
            id=entry,
            kind=EntryKind.EMPLOYER,
            at=row.ended_at if ended else row.started_at,
            title=f"{'Left' if ended else 'Works at'} {row.company.name}{title}",
            detail="",
            actor="",
            target=Target(kind="company", id=row.company_id),
            contact_id=row.contact_id,
            contact=row.contact.name,
        )


def imports(ids: list[str]) -> Iterator[TimelineEntry]:
    """Files that a contact came from."""
    for row in ImportRun.select().where(ImportRun.id.in_(ids)):
        yield TimelineEntry(
            id=row.id,
            kind=EntryKind.IMPORT,
            at=row.created_at,
            title=f"Imported from {row.file_name}" if row.file_name else "Imported",
            detail="",
            actor="",
            target=Target(kind="import", id=row.id),
        )


def merges(ids: list[str]) -> Iterator[TimelineEntry]:
    """Contacts that became one."""
    query = (
        ContactMerge.select(ContactMerge, Contact.name, Contact.company)
        .join(Contact, on=(Contact.id == ContactMerge.merged_id), attr="merged")
        .where(ContactMerge.id.in_(ids))
    )
    for row in query:
        yield TimelineEntry(
            id=row.id,
            kind=EntryKind.MERGE,
            at=row.created_at,
            title=f"Merged with {row.merged.name or row.merged.company or 'another contact'}",
            detail="",
            actor="",
            target=Target(kind="contact", id=row.kept_id),
            contact_id=row.kept_id,
        )


def _told(row: ActivityView) -> TimelineEntry:
    text = row.notes or row.body if row.status == "done" else row.body
    first, _, rest = text.partition("\n")
    is_mail = row.kind.key.startswith("email")
    return TimelineEntry(
        id=row.activity_id,
        kind=EntryKind(row.kind.value),
        at=row.at,
        title=row.subject or first or row.kind.value,
        detail=text if row.subject else rest,
        actor=row.actor,
        target=Target(kind="mail", id=row.job_id)
        if is_mail and row.job_id
        else Target(kind="activity", id=row.activity_id),
        status=row.status,
        due_at=row.due_at,
        outcome=row.outcome,
        duration_minutes=row.duration_minutes,
        contact_id=row.contact_id,
        contact=row.contact,
        deal_id=row.deal_id,
        deal=row.deal,
    )
