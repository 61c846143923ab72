"""What became of the way of people through sequences, as entries of a timeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rusvel_tui.engine.gtm.crm.timeline.timeline_entries import EntryKind, Target, TimelineEntry
from rusvel_tui.engine.models import Contact, Enrollment, Event, Sequence
from rusvel_tui.engine.models.base import tuples


def ways(ids: list[str]) -> Iterator[TimelineEntry]:
    """How they began and ended; an id is that of the enrollment, after `end` when it ended, before `+` else."""
    pairs = [
        (entry, entry.removeprefix("end ").removesuffix("+"), entry.startswith("end"))
        for entry in ids
    ]
    rows = _rows(row for _, row, _ in pairs)
    actors = _actors(rows.values())
    for entry, key, ended in pairs:
        row = rows[key]
        word = ("Finished" if row.status == "completed" else "Left") if ended else "Enrolled in"
        yield _entry(
            row,
            id=entry,
            at=row.ended_at if ended else row.created_at,
            title=f"{word} {row.sequence.name}",
            detail=row.note if ended else "",
            outcome=row.reason.replace("_", " ") if ended and row.status != "completed" else "",
            actor=actors.get((row.id, ended)) or actors.get((row.sequence_id, ended), ""),
        )


def changes(ids: list[str]) -> Iterator[TimelineEntry]:
    """Pauses, skips and moves; an id is `e`, the number of the event, a blank and the id of the enrollment."""
    pairs = {entry: (int(entry[1:19]), entry[20:]) for entry in ids}
    rows = _rows(row for _, row in pairs.values())
    events = {e.id: e for e in Event.select().where(Event.id.in_([e for e, _ in pairs.values()]))}
    for entry, (number, enrollment_id) in pairs.items():
        event, row = events[number], rows[enrollment_id]
        yield _entry(
            row,
            id=entry,
            at=event.at,
            title=f"{_word(event, row.id)} {row.sequence.name}",
            detail=str(event.payload.get("reason") or event.payload.get("note") or ""),
            actor=event.actor,
        )


def _rows(ids: Iterable[str]) -> dict[str, Any]:
    query = (
        Enrollment.select(Enrollment, Sequence.name, Contact.name, Contact.company)
        .join(Sequence, on=(Sequence.id == Enrollment.sequence_id), attr="sequence")
        .switch(Enrollment)
        .join(Contact, on=(Contact.id == Enrollment.contact_id), attr="contact")
        .where(Enrollment.id.in_(set(ids)))
    )
    return {row.id: row for row in query}


def _actors(rows: Iterable[Any]) -> dict[tuple[str, bool], str]:
    """Who began and who ended these enrollments, alone or with others of the sequence."""
    moments = {at for row in rows for at in (row.created_at, row.ended_at) if at}
    subjects = {subject for row in rows for subject in (row.id, row.sequence_id)}
    query = Event.select(Event.subject_id, Event.kind, Event.actor).where(
        Event.subject_id.in_(subjects)
        & Event.kind.in_(("gtm.outreach.enrolled", "gtm.outreach.ended"))
        & Event.at.in_(moments)
    )
    return {
        (subject, kind == "gtm.outreach.ended"): actor for subject, kind, actor in tuples(query)
    }


def _word(event: Event, enrollment_id: str) -> str:
    if event.kind != "gtm.outreach.updated":
        return "Step skipped in" if event.kind == "gtm.outreach.skipped" else "Moved in"
    places = (event.undo or {}).get("input", {}).get("places", ())
    was = next((p["status"] for p in places if p["enrollment_id"] == enrollment_id), "")
    paused = event.payload.get("status") == "Paused" or was == "active"
    return "Paused in" if paused else "Resumed in"


def _entry(row: Any, **values: Any) -> TimelineEntry:
    return TimelineEntry(
        kind=EntryKind.ENROLLMENT,
        target=Target(kind="enrollment", id=row.id),
        contact_id=row.contact_id,
        contact=row.contact.name or row.contact.company,
        deal_id=row.deal_id,
        **values,
    )
