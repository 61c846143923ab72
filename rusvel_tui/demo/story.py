"""Six weeks of work, told day by day through the operations that everybody uses."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from threading import Event
from typing import Any

from rusvel_tui.demo import texts
from rusvel_tui.demo.people import NOTES, TASKS, Person, people
from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.approvals.boxes import ApprovalView, ListApprovals, list_approvals
from rusvel_tui.engine.gtm.crm.stages import Stage
from rusvel_tui.engine.gtm.outreach.mail_states import Box
from rusvel_tui.engine.worker import Worker

DAYS = 42
SESSION = "tidepool (demo)"
"""The name of the session; it tells a file of sample data from a real one."""
_PEOPLE, _DEALS = 60, 30
_ENROLLED = ((1, texts.NEW_LEAD, 5), (9, texts.FAIR, 3), (16, texts.NURTURE, 4), (28, texts.NEW_LEAD, 4), (37, texts.NURTURE, 3), (40, texts.NEW_LEAD, 4))  # fmt: skip
"""Day, sequence, and how many people begin it."""
_DILIGENCE = 0.8
"""How much of what is due gets done."""
_WORKER = Actor("worker", human=False)
_OPEN = 4
"""On the last days nobody decides: those drafts wait in the inbox."""


def begin(now: datetime) -> datetime:
    """When the story begins, if it is to end now."""
    return now - timedelta(days=DAYS, minutes=30)


class Story:
    """Fills one database. The same seed tells the same story."""

    def __init__(self, engine: Engine, seed: int) -> None:
        self._engine = engine
        self._start = engine.clock.now()
        self._rng = Random(seed)  # noqa: S311 (a story, not a secret)
        self._worker = Worker(engine, name="demo")
        self._people: list[str] = []
        self._sequences: dict[str, str] = {}
        self._deals: list[tuple[str, list[Stage]]] = []
        self._enrollments: list[str] = []
        self._fresh = 0

    def tell(self) -> None:
        """The whole story."""
        with self._engine.connected():
            self._set_up()
            for day in range(DAYS):
                self._until(self._start + timedelta(days=day))
                self._day(day)
            self._until(self._start + timedelta(days=DAYS))
            self._last_morning()

    def _call(self, operation: str, /, **data: Any) -> Any:
        return self._engine.call(operation, data)

    def _later(self, **delta: float) -> None:
        self._engine.clock.wait(Event(), timedelta(**delta).total_seconds())

    def _until(self, moment: datetime) -> None:
        self._later(seconds=(moment - self._engine.clock.now()).total_seconds())

    def _set_up(self) -> None:
        self._call(
            "session.create", name=SESSION, currency="EUR", timezone="Europe/Berlin",
            sender_name="Robin Vale", sender_email="robin@tidepool.example",
        )  # fmt: skip
        cast = list(people(self._rng, _PEOPLE))
        self._import(cast[20:])
        for person in cast[:20]:
            self._later(minutes=self._rng.randrange(1, 9))
            self._add(person)
        for name, steps in texts.SEQUENCES.items():
            made = self._call("gtm.outreach.create_sequence", name=name, steps=steps)
            self._sequences[name] = made.sequence_id
            self._call("gtm.outreach.activate_sequence", sequence_id=made.sequence_id)

    def _add(self, person: Person) -> None:
        made = self._call(
            "gtm.crm.add_contact",
            name=person.name,
            email=person.email,
            company=person.company,
            title=person.title,
            phones=[person.phone],
            tags=list(person.tags),
        )
        self._people.append(made.contact_id)

    def _import(self, cast: Sequence[Person]) -> None:
        """Most people come from a file, as they do in life."""
        sheet = io.StringIO()
        lines = csv.writer(sheet)
        lines.writerow(("name", "email", "company", "title", "phone", "tags"))
        for p in cast:
            lines.writerow((p.name, p.email, p.company, p.title, p.phone, ";".join(p.tags)))
        content = sheet.getvalue().encode()
        self._call("gtm.crm.import_contacts", content=content, name="fair-visitors.csv")
        found = self._call("gtm.crm.list_contacts", limit=_PEOPLE)
        self._people += sorted(item.contact_id for item in found.items)

    def _day(self, day: int) -> None:
        """From one morning to the next."""
        for when, name, count in _ENROLLED:
            if when == day:
                self._enrol(name, count)
        self._work_on_deals(day)
        if day % 4 == 1:
            self._write_down()
        self._work()
        if day < DAYS - _OPEN:
            self._decide()
            self._work()

    def _enrol(self, name: str, count: int) -> None:
        """The next people begin a sequence."""
        for contact_id in self._people[self._fresh : self._fresh + count]:
            self._later(minutes=3)
            made = self._call(
                "gtm.outreach.execute_sequence",
                sequence_id=self._sequences[name],
                contact_id=contact_id,
            )
            self._enrollments.append(made.enrollment_id)
        self._fresh += count

    def _work(self) -> None:
        person, self._engine.actor = self._engine.actor, _WORKER
        while self._worker.tick():
            self._later(seconds=20)
        self._engine.actor = person

    def _decide(self) -> None:
        """Yes to most drafts, no to a few."""
        for mail in self._waiting():
            self._later(minutes=1)
            if self._rng.random() < 0.08:
                reason = self._rng.choice(texts.REJECTED)
                self._call("gtm.approvals.reject", id=mail.id, reason=reason)
            else:
                self._call("gtm.approvals.approve", id=mail.id, digest=mail.digest)

    def _waiting(self) -> Sequence[ApprovalView]:
        return self._engine.run(list_approvals, ListApprovals(box=Box.WAITING)).items

    def _work_on_deals(self, day: int) -> None:
        """A new deal on most days, and a step for one that has further to go."""
        if len(self._deals) < _DEALS and day % 7 != 5:
            self._add_deal(day)
        moving = [(deal_id, way) for deal_id, way in self._deals if way]
        for deal_id, way in self._rng.sample(moving, min(2, len(moving))):
            self._later(minutes=30)
            stage = way.pop(0)
            reasons = {Stage.WON: texts.WON, Stage.LOST: texts.LOST}.get(stage, ("",))
            self._call(
                "gtm.crm.advance_deal",
                deal_id=deal_id,
                stage=stage.value,
                reason=self._rng.choice(reasons),
            )

    def _add_deal(self, day: int) -> None:
        number = len(self._deals)
        end = list(Stage)[number % len(Stage)]
        further = [stage for stage in Stage if not stage.closed][1:]
        way = [*further, end] if end.closed else further[: list(Stage).index(end)]
        made = self._call(
            "gtm.crm.add_deal",
            contact_id=self._people[-1 - number],
            title=self._rng.choice(texts.DEALS),
            value=str(self._rng.randrange(4, 90) * 100),
            currency="USD" if number % 5 == 4 else "EUR",
            expected_close=f"{self._engine.clock.now() + timedelta(days=self._rng.randrange(10, 90)):%Y-%m-%d}",
        )
        self._deals.append((made.deal_id, way))

    def _write_down(self) -> None:
        """A note, something to do, and what was to be done is done, for the most part."""
        contact_id = self._rng.choice(self._people)
        self._call("gtm.crm.add_note", contact_id=contact_id, body=self._rng.choice(NOTES))
        now = self._engine.clock.now()
        due = now + timedelta(days=self._rng.randrange(2, 9))
        subject = self._rng.choice(TASKS)
        self._call("gtm.crm.add_task", contact_id=contact_id, subject=subject, due_at=due)
        for task in self._call("gtm.crm.timeline", open_only=True).items:
            if task.due_at <= now and self._rng.random() < _DILIGENCE:
                self._later(minutes=20)
                self._call("gtm.crm.complete_task", activity_id=task.activity_id)

    def _last_morning(self) -> None:
        """What there is to see at once: a pause, an objection, a draft without its data, work that is due."""
        running = self._call("gtm.outreach.list_enrollments", status="Active").items
        self._call("gtm.outreach.pause_enrollment", enrollment_id=running[-1].enrollment_id)
        self._call(
            "gtm.crm.suppress",
            address=self._address(running[-2].contact_id),
            reason="asked to be left alone",
        )
        nobody = self._call(
            "gtm.crm.add_contact", name="Sam Ortega", email="sam@mailbox.example", tags=["fair"]
        )
        self._people.insert(self._fresh, nobody.contact_id)
        self._enrol(texts.FAIR, 1)
        self._work()
        self._enrol(texts.NURTURE, 2)

    def _address(self, contact_id: str) -> str:
        return str(self._call("gtm.crm.get_contact", contact_id=contact_id).email)
