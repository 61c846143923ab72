"""What stands on the card of a task: read in one go, and told as text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import NotFound
from rusvel_tui.engine.gtm.crm.deals.deal_inputs import DealId
from rusvel_tui.engine.gtm.crm.deals.deal_record import get_deal
from rusvel_tui.engine.gtm.crm.deals.deal_views import DealView
from rusvel_tui.engine.gtm.crm.people.contact_inputs import ContactId
from rusvel_tui.engine.gtm.crm.people.contact_views import ContactView
from rusvel_tui.engine.gtm.crm.people.contacts import get_contact
from rusvel_tui.engine.gtm.crm.timeline.activities import get_activity
from rusvel_tui.engine.gtm.crm.timeline.activity_inputs import ActivityId, FollowUp
from rusvel_tui.engine.gtm.crm.timeline.activity_views import ActivityKind, ActivityView
from rusvel_tui.engine.gtm.crm.timeline.outcomes import OUTCOMES
from rusvel_tui.engine.gtm.crm.timeline.timeline import Timeline, timeline
from rusvel_tui.engine.gtm.crm.timeline.timeline_entries import TimelineEntry
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.sessions import ListSessions, show_session
from rusvel_tui.engine.when_text import parse_when
from rusvel_tui.screens.shared.moments import short, when
from rusvel_tui.screens.timeline.words import WORDS, due_words, line
from rusvel_tui.screens.today.office import clock_words
from rusvel_tui.widgets.text_view import Block, Fact, Heading, Prose

LAST = 3
"""Entries of the timeline on the card."""
SNOOZES = (
    ("later today", "later today"),
    ("tomorrow", "tomorrow"),
    ("Monday", "monday"),
    ("in a week", "in a week"),
    ("another time", ""),
)
"""Until when a task can be put off, as shown and as the engine reads it."""


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """A task, the person, and what was last."""

    task: ActivityView
    contact: ContactView | None
    last: tuple[TimelineEntry, ...]
    zone: ZoneInfo
    deal: DealView | None = None

    @property
    def is_call(self) -> bool:
        return self.task.kind is ActivityKind.CALL

    @property
    def link(self) -> str:
        """Where the channel opens at the person, with the text where it takes one; none where they cannot be reached there."""
        return "" if self.is_call else str(self.task.metadata.get("link", ""))

    @property
    def words(self) -> str:
        """What is to be said, to be pasted there."""
        return str(self.task.metadata.get("copy", "")) or self.task.body

    @property
    def reach(self) -> str:
        """Where to reach the person: the link of the step's channel, the number for a call, else the address."""
        person = self.contact
        if person is None or self.link:
            return self.link
        number = str(person.phones[0].e164 or person.phones[0].number) if person.phones else ""
        return number or person.email if self.is_call else person.email or number


def read_task(engine: Engine, activity_id: str) -> TaskFacts:
    """The task with all that its card shows; raises `NotFound`. Runs in a thread."""
    with engine.connected():
        zone = ZoneInfo(engine.run(show_session, ListSessions()).timezone)
        task = engine.run(get_activity, ActivityId(activity_id=activity_id))
        contact, last = None, tuple[TimelineEntry, ...]()
        if task.contact_id:
            with suppress(NotFound):
                contact = engine.run(get_contact, ContactId(contact_id=task.contact_id))
                last = _last(engine, task)
        return TaskFacts(task, contact, last, zone, _deal_of(engine, task))


def _deal_of(engine: Engine, task: ActivityView) -> DealView | None:
    """The deal of a task, where there is one that may be read."""
    if not task.deal_id or not engine.may("crm.deals.read"):
        return None
    with suppress(NotFound):
        return engine.run(get_deal, DealId(deal_id=task.deal_id))
    return None


def _last(engine: Engine, task: ActivityView) -> tuple[TimelineEntry, ...]:
    """The newest entries that happened; what is still to be done is none."""
    wanted = Timeline(contact_id=task.contact_id or "", limit=4 * LAST)
    found = engine.run(timeline, wanted).items
    return tuple(entry for entry in found if entry.status != "open")[:LAST]


def outcomes_of(kind: ActivityKind) -> tuple[str, ...]:
    """What can come of it, in the order of the digits."""
    return OUTCOMES[kind]


def card_title(facts: TaskFacts) -> str:
    """`Call: ask about the looms`."""
    kind, subject = facts.task.kind.value, facts.task.subject
    return subject if subject.casefold().startswith(kind.casefold()) else f"{kind}: {subject}"


def card_blocks(
    facts: TaskFacts, note: str, next_: FollowUp | None, now: datetime
) -> tuple[Block, ...]:
    """The card from top to bottom."""
    task = facts.task
    due = task.due_at or task.at
    return (
        *_person(facts, now),
        Fact(
            "Due", due_words(due, now, facts.zone).removeprefix("due "), "warn" if due < now else ""
        ),
        *_deal(facts),
        *_text(facts),
        *_last_blocks(facts, now),
        *_chosen(note, next_, now, facts.zone),
    )


def _person(facts: TaskFacts, now: datetime) -> Iterator[Block]:
    person = facts.contact
    if person is None:
        return
    role = (person.name or person.email, person.title, person.company if person.name else "")
    yield Fact("Whom", " · ".join(filter(None, role)), "strong")
    for phone in person.phones[:3]:
        yield Fact("Phone", " ".join(filter(None, (phone.number, phone.label))), "accent")
    if facts.is_call and not person.phones:
        yield Fact("Phone", "no number yet", "warn")
    if person.email and not facts.is_call:
        yield Fact("Address", person.email)
    if facts.link:
        yield Fact("Link", facts.link, "accent")
    if person.zone and (facts.is_call or person.zone != facts.zone.key):
        words, good = clock_words(now, ZoneInfo(person.zone))
        yield Fact("There", f"{words} ({person.zone})", "" if good or not facts.is_call else "warn")


def _deal(facts: TaskFacts) -> Iterator[Block]:
    """The deal that it is about: what it is worth, and where it stands."""
    if (deal := facts.deal) is not None:
        worth = str(Money.parse(deal.value, deal.currency))
        yield Fact("Deal", f"{deal.title}, {worth}, {deal.stage} ({deal.probability} %)")
    elif facts.task.deal:
        yield Fact("Deal", facts.task.deal)


def _text(facts: TaskFacts) -> Iterator[Block]:
    if facts.task.body:
        yield Heading("What to say" if facts.is_call else "What to do")
        yield Prose(facts.task.body)


def _last_blocks(facts: TaskFacts, now: datetime) -> Iterator[Block]:
    if facts.contact is not None and facts.contact.notes.strip():
        yield Heading("Notes")
        yield Prose(facts.contact.notes.strip())
    if facts.last:
        yield Heading("Last")
    for entry in facts.last:
        text = f"{WORDS[entry.kind][0]}: {line(entry)}"
        yield Fact(short(entry.at, now, facts.zone), text, "muted")


def _chosen(note: str, next_: FollowUp | None, now: datetime, zone: ZoneInfo) -> Iterator[Block]:
    """What is written down with Enter."""
    if note or next_:
        yield Heading("With enter")
    if note:
        yield Fact("Note", note)
    if next_:
        due = when(parse_when(next_.due_at, now, zone), zone)
        yield Fact("Next", f"{next_.kind.value.lower()}: {next_.subject}, {due}")
