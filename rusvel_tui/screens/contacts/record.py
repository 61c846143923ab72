"""Everything about one person: read in one go, and told as text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.crm.deals.deal_inputs import ListDeals
from rusvel_tui.engine.gtm.crm.deals.deal_views import DealView
from rusvel_tui.engine.gtm.crm.deals.deals import list_deals
from rusvel_tui.engine.gtm.crm.people.contact_inputs import ContactId
from rusvel_tui.engine.gtm.crm.people.contact_views import ContactView, EmailView
from rusvel_tui.engine.gtm.crm.people.contacts import get_contact
from rusvel_tui.engine.gtm.crm.timeline.timeline_entries import TimelineEntry
from rusvel_tui.engine.gtm.outreach.enrolling.enrollment_views import EnrollmentView
from rusvel_tui.engine.gtm.outreach.enrolling.enrollments import ListEnrollments, list_enrollments
from rusvel_tui.screens.deals.cards import amount
from rusvel_tui.screens.sequences.words import PERSON, next_words
from rusvel_tui.screens.shared.moments import since, when
from rusvel_tui.screens.timeline.history import history_blocks, read_history
from rusvel_tui.widgets.text_view import Block, Fact, Heading, Prose


@dataclass(frozen=True, slots=True)
class Record:
    """A person with what is going on around them."""

    contact: ContactView
    deals: tuple[DealView, ...]
    enrollments: tuple[EnrollmentView, ...]
    history: tuple[TimelineEntry, ...]


def read_record(engine: Engine, contact_id: str) -> Record:
    """The whole record; raises `NotFound`. Runs in a thread."""
    with engine.connected():
        return Record(
            engine.run(get_contact, ContactId(contact_id=contact_id)),
            engine.run(list_deals, ListDeals(contact_id=contact_id)).items,
            engine.run(list_enrollments, ListEnrollments(contact_id=contact_id)).items,
            read_history(engine, contact_id=contact_id),
        )


def label(contact: ContactView) -> str:
    """What to call the person: the name, else the company, else the address."""
    return contact.name or contact.company or contact.email


def record_blocks(
    record: Record, now: datetime, zone: ZoneInfo, *, past: bool = True
) -> tuple[Block, ...]:
    """The record from top to bottom: who, what is going on, and what happened unless that stands beside it."""
    person = record.contact
    return (
        Prose(label(person), "strong"),
        *_role(person),
        Prose(""),
        *_facts(person, now),
        *_notes(person.notes),
        *_deals(record.deals),
        *_sequences(record.enrollments, now, zone),
        *(history_blocks(record.history, now, zone) if past else ()),
        Prose(""),
        Prose(f"Added {when(person.created_at, zone)}, {_source(person)}", "muted"),
    )


def _role(person: ContactView) -> Iterator[Block]:
    company = person.company if person.name else ""
    if role := " · ".join(part for part in (person.title, company) if part):
        yield Prose(role, "muted")


def _facts(person: ContactView, now: datetime) -> Iterator[Block]:
    for email in person.emails:
        state = address_state(email)
        yield Fact("Address", f"{email.address}  {state}".rstrip(), "warn" if state else "")
    if not person.emails:
        yield Fact("Address", "none yet: e adds one", "muted")
    yield from (Fact("Phone", phone.number) for phone in person.phones)
    if person.tags:
        yield Fact("Tags", " ".join(f"#{tag}" for tag in person.tags))
    named = {"Time zone": person.timezone, "Profile": person.profile}
    yield from (Fact(name, text) for name, text in named.items() if text)
    yield from (Fact("Link", link) for link in person.links)
    yield from (Fact(name, text) for name, text in person.fields.items() if text)
    if person.last_contacted_at is not None:
        yield Fact("Last contact", ago(person.last_contacted_at, now))


def address_state(email: EmailView) -> str:
    """Why nothing may be sent to that address; nothing when it may."""
    if email.opted_out:
        return "✗ opted out"
    return "✗ does not exist" if email.invalid else ""


def ago(moment: datetime, now: datetime) -> str:
    """`3 days ago`, `just now`."""
    text = since(moment, now)
    return text if text == "just now" else f"{text} ago"


def _notes(text: str) -> Iterator[Block]:
    if text:
        yield Heading("Notes")
        yield Prose(text)


def _deals(deals: tuple[DealView, ...]) -> Iterator[Block]:
    if deals:
        yield Heading("Deals")
    for deal in deals:
        yield Fact(deal.stage, f"{deal.title} · {amount(deal)}")


def _sequences(rows: tuple[EnrollmentView, ...], now: datetime, zone: ZoneInfo) -> Iterator[Block]:
    if rows:
        yield Heading("Sequences")
    for row in rows:
        words, tone = PERSON[row.status]
        then = next_words(row, now, zone)
        text = f"{row.sequence}, step {row.step} of {row.steps}{f' · {then}' if then else ''}"
        yield Fact(words, text, tone)


def _source(person: ContactView) -> str:
    kind, _, preset = person.source.partition(":")
    if kind == "import":
        return f"imported from a file ({preset})"
    return "by hand" if kind == "manual" else person.source
