"""Everything about one deal: read in one go, and told as text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.crm.deals import deal_record
from rusvel_tui.engine.gtm.crm.deals.deal_history import StayView
from rusvel_tui.engine.gtm.crm.deals.deal_inputs import DealId
from rusvel_tui.engine.gtm.crm.deals.deal_views import DealView
from rusvel_tui.engine.gtm.crm.people.contact_inputs import ContactId
from rusvel_tui.engine.gtm.crm.people.contact_views import ContactView
from rusvel_tui.engine.gtm.crm.people.contacts import get_contact
from rusvel_tui.engine.gtm.crm.pipelines.stages import StageKind
from rusvel_tui.engine.gtm.crm.timeline.timeline_entries import TimelineEntry
from rusvel_tui.screens.contacts.record import address_state
from rusvel_tui.screens.deals.cards import amount
from rusvel_tui.screens.deals.why import health_facts
from rusvel_tui.screens.shared.moments import since, when
from rusvel_tui.screens.timeline.history import history_blocks, read_history
from rusvel_tui.widgets.text_view import Block, Fact, Heading, Prose


@dataclass(frozen=True, slots=True)
class DealRecord:
    """A deal, the person, and what happened."""

    deal: deal_record.DealRecord
    contact: ContactView
    history: tuple[TimelineEntry, ...]


def read_deal(engine: Engine, deal_id: str) -> DealRecord:
    """The whole record; raises `NotFound`. Runs in a thread."""
    with engine.connected():
        deal = engine.run(deal_record.get_deal, DealId(deal_id=deal_id))
        contact = engine.run(get_contact, ContactId(contact_id=deal.contact_id))
        return DealRecord(deal, contact, read_history(engine, deal_id=deal_id))


def deal_blocks(record: DealRecord, now: datetime, zone: ZoneInfo) -> tuple[Block, ...]:
    """The record from top to bottom: what it is worth, with whom, how it went, what is planned."""
    deal = record.deal
    return (
        Fact("Value", amount(deal), "strong"),
        Fact("Stage", deal.stage, deal.stage_key),
        *_outlook(deal),
        *_next(deal, zone),
        *_person(record),
        *_notes(deal.notes),
        Heading("Stages"),
        *(_stay(stay, deal.status, now, zone) for stay in deal.stays),
        *history_blocks(record.history, now, zone),
    )


def _outlook(deal: DealView) -> Iterator[Block]:
    if deal.status.closed:
        if deal.closed_reason:
            yield Fact("Because", deal.closed_reason)
        return
    usual = ", as usual in this stage" if deal.typed_probability is None else ""
    yield Fact("Probability", f"{deal.probability} %{usual}")
    if deal.expected_close:
        late = ", which has passed" if deal.overdue else ""
        day = f"{date.fromisoformat(deal.expected_close):%a %d %b %Y}"
        yield Fact("Expected close", f"{day}{late}", "warn" if late else "")
    if deal.tags:
        yield Fact("Tags", " ".join(f"#{tag}" for tag in deal.tags))
    yield from (Fact(name, text) for name, text in deal.fields.items() if text)


def _next(deal: deal_record.DealRecord, zone: ZoneInfo) -> Iterator[Block]:
    """What is to be done, how the deal is, and what its stage asks for."""
    if deal.status.closed:
        return
    if (step := deal.next_action) is not None:
        day = f"{when(step.due, zone)}  " if step.due else ""
        yield Fact("Next step", f"{day}{step.subject}")
    else:
        yield Fact("Next step", "! none: t plans one", "warn")
    yield from health_facts(deal.health)
    if deal.missing:
        yield Fact("Lacks", f"! {', '.join(deal.missing)}, which {deal.stage} asks for", "warn")


def _person(record: DealRecord) -> Iterator[Block]:
    person = record.contact
    who = " · ".join(part for part in (person.name, person.title, person.company) if part)
    if who:
        yield Fact("Contact", who)
    for email in person.emails[:1]:
        state = address_state(email)
        yield Fact("Address", f"{email.address}  {state}".rstrip(), "warn" if state else "")


def _notes(text: str) -> Iterator[Block]:
    if text:
        yield Heading("Notes")
        yield Prose(text)


def _stay(stay: StayView, status: StageKind, now: datetime, zone: ZoneInfo) -> Block:
    present = stay.left_at is None
    lasted = since(stay.entered_at, stay.left_at or now).replace("just now", "less than a minute")
    so_far = " so far" if present else ""
    text = f"{lasted}{so_far}, from {when(stay.entered_at, zone)}"
    if present and status.closed:
        text = when(stay.entered_at, zone)
    return Fact(stay.stage, text, stay.stage_key if present else "muted")
