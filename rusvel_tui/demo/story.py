"""Six weeks of work, told day by day through the operations that everybody uses."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime, timedelta

from rusvel_tui.demo.billing import Billing
from rusvel_tui.demo.growth import Growth
from rusvel_tui.demo.hands import Hands
from rusvel_tui.demo.outreach import Outreach
from rusvel_tui.demo.people import Person, people
from rusvel_tui.demo.proposals import propose
from rusvel_tui.demo.selling import Selling
from rusvel_tui.demo.texts import FAIR, NEW_LEAD, NURTURE
from rusvel_tui.engine.core import Engine

DAYS = 42
SESSION = "tidepool (demo)"
"""The name of the session; it tells a file of sample data from a real one."""
_PEOPLE, _FROM_FILE = 60, 40
_ENROLLED = {
    1: (NEW_LEAD, 5), 9: (FAIR, 3), 16: (NURTURE, 4), 28: (NEW_LEAD, 4), 37: (NURTURE, 3), 40: (NEW_LEAD, 4),
}  # fmt: skip
"""On which day how many people begin which sequence."""
_OPEN = 4
"""On the last days nobody decides: those drafts wait in the inbox."""


def begin(now: datetime) -> datetime:
    """When the story begins, if it is to end now."""
    return now - timedelta(days=DAYS, minutes=30)


class Story:
    """Fills one database. The same seed tells the same story."""

    def __init__(self, engine: Engine, seed: int) -> None:
        self._hands = Hands(engine, seed)
        self._start = engine.clock.now()
        self._people: list[str] = []
        self._outreach = Outreach(self._hands, self._people)
        self._selling = Selling(self._hands, self._people)
        self._billing = Billing(self._hands, self._people, seed)

    def tell(self) -> None:
        """The whole story, into a file that nobody needs until it is whole."""
        with self._hands.engine.connected() as connection:
            connection.execute("PRAGMA synchronous=OFF")  # a half story is thrown away anyway
            self._set_up()
            for day in range(DAYS):
                self._hands.until(self._start + timedelta(days=day))
                self._day(day)
            self._hands.until(self._start + timedelta(days=DAYS))
            Growth(self._hands).tell()
            self._last_morning()

    def _set_up(self) -> None:
        self._hands.call(
            "session.create", name=SESSION, currency="EUR", timezone="Europe/Berlin",
            sender_name="Robin Vale", sender_email="robin@tidepool.example",
        )  # fmt: skip
        cast = list(people(self._hands.rng, _PEOPLE))
        self._import(cast[:_FROM_FILE])
        for person in cast[_FROM_FILE:]:
            self._hands.later(minutes=self._hands.rng.randrange(1, 9))
            self._add(person)
        self._outreach.write_sequences()
        self._billing.begin()

    def _import(self, cast: Sequence[Person]) -> None:
        """Most people come from a file, as they do in life."""
        sheet = io.StringIO()
        lines = csv.writer(sheet)
        lines.writerow(("name", "email", "company", "title", "phone", "tags"))
        for p in cast:
            lines.writerow((p.name, p.email, p.company, p.title, p.phone, ";".join(p.tags)))
        content = sheet.getvalue().encode()
        self._hands.call("gtm.crm.import_contacts", content=content, name="fair-visitors.csv")
        found = self._hands.call("gtm.crm.list_contacts", limit=_PEOPLE)
        self._people += sorted(item.contact_id for item in found.items)

    def _add(self, person: Person) -> None:
        made = self._hands.call(
            "gtm.crm.add_contact",
            name=person.name,
            email=person.email,
            company=person.company,
            title=person.title,
            phones=[person.phone],
            tags=list(person.tags),
        )
        self._people.append(made.contact_id)

    def _day(self, day: int) -> None:
        """From one morning to the next."""
        if day in _ENROLLED:
            self._outreach.enrol(*_ENROLLED[day])
        self._selling.day(day)
        self._billing.day(day)
        self._outreach.work()
        if day < DAYS - _OPEN:
            self._outreach.decide()
            self._outreach.work()

    def _last_morning(self) -> None:
        """What there is to see at once: a pause, an objection, a draft without its data, work that is due."""
        call = self._hands.call
        active = call("gtm.outreach.list_enrollments", status="Active").items
        running = [one for one in active if one.next_at is not None]  # none of the waiting drafts
        call("gtm.outreach.pause_enrollment", enrollment_id=running[-1].enrollment_id)
        objecting = call("gtm.crm.get_contact", contact_id=running[-2].contact_id)
        call("gtm.crm.suppress", address=objecting.email, reason="asked to be left alone")
        sam = call(
            "gtm.crm.add_contact", name="Sam Ortega", email="sam@mailbox.example", tags=["fair"]
        )
        self._outreach.enrol_next(FAIR, sam.contact_id)
        self._outreach.work()
        self._outreach.enrol(NURTURE, 2)
        self._billing.last_morning()
        propose(self._hands)
