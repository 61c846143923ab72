"""Short words for the usual steps of a story, each through the operations that everybody uses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.core import Engine, find_operation, parse_input
from rusvel_tui.engine.events import EventView, ListEvents, list_events
from rusvel_tui.engine.gtm.approvals.boxes import (
    ApprovalId,
    ApprovalView,
    ListApprovals,
    list_approvals,
)
from rusvel_tui.engine.gtm.approvals.detail import ApprovalDetail, show_approval
from rusvel_tui.engine.gtm.approvals.verdicts import Approve, approve
from rusvel_tui.engine.gtm.crm.people.contact_inputs import AddContact
from rusvel_tui.engine.gtm.crm.people.contact_views import ContactView
from rusvel_tui.engine.gtm.crm.people.contacts import add_contact
from rusvel_tui.engine.gtm.outreach.enrolling.enrolling import (
    Executed,
    ExecuteSequence,
    execute_sequence,
)
from rusvel_tui.engine.gtm.outreach.enrolling.enrollment_views import EnrollmentView
from rusvel_tui.engine.gtm.outreach.enrolling.enrollments import ListEnrollments, list_enrollments
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from rusvel_tui.engine.gtm.outreach.sequences.sequence_views import SequenceView
from rusvel_tui.engine.gtm.outreach.sequences.sequences import (
    CreateSequence,
    SequenceId,
    activate_sequence,
    create_sequence,
)
from rusvel_tui.engine.sessions import CreateSession, create_session
from rusvel_tui.engine.worker import Worker
from tests.fakes import CannedDrafter, RecordingMailer

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
"""A Tuesday morning."""
HELLO = {
    "delay_days": 0,
    "channel": "email",
    "subject": "Hello",
    "body": "Hi {{first_name}}, a word about looms.",
}
AGAIN = {
    "delay_days": 3,
    "channel": "email",
    "template": "Hi {{first_name}}, did you see my mail about looms?",
}


class Desk:
    """One engine with a session, a mailer and a drafter, and the clock to move."""

    def __init__(self, engine: Engine, mailer: RecordingMailer, drafter: CannedDrafter) -> None:
        self.engine = engine
        self.mailer = mailer
        self.drafter = drafter
        self._people = 0

    @classmethod
    def over(cls, engine: Engine) -> Desk:
        """A desk over a file that has a session already."""
        mailer, drafter = RecordingMailer(), CannedDrafter()
        engine.mailer, engine.drafter = mailer, drafter
        engine.policy = replace(engine.policy, mailer=mailer.label, undo_seconds=0)
        return cls(engine, mailer, drafter)

    @classmethod
    def with_session(cls, engine: Engine, *, name: str = "acme", timezone: str = "UTC") -> Desk:
        """A desk that can send, without an undo window."""
        desk = cls.over(engine)
        engine.run(
            create_session,
            CreateSession(
                name=name, timezone=timezone, sender_name="Ada", sender_email="ada@acme.example"
            ),
        )
        return desk

    def set_policy(self, **changes: Any) -> None:
        """Change how mail may leave, also for a worker that is at it: it shares the policy."""
        for name, value in changes.items():
            object.__setattr__(self.engine.policy, name, value)

    @contextmanager
    def acting_as(self, actor: Actor) -> Iterator[None]:
        """Let somebody else act for a while."""
        before, self.engine.actor = self.engine.actor, actor
        yield
        self.engine.actor = before

    def later(self, **delta: float) -> datetime:
        """Move the clock; the new time."""
        self.engine.clock.wait(Event(), timedelta(**delta).total_seconds())
        return self.engine.clock.now()

    def until(self, mail_id: str) -> datetime:
        """Move the clock to the moment at which the queue looks at a mail; the new time."""
        left = self.mail(mail_id).run_at - self.engine.clock.now()
        return self.later(seconds=max(left.total_seconds(), 0))

    def call(self, name: str, /, **data: Any) -> Any:
        """An operation by name, also one that only undo and the worker may call."""
        operation = find_operation(name)
        return self.engine.run(operation, parse_input(operation, data))

    def contact(self, name: str = "", email: str | None = None, **more: Any) -> ContactView:
        """A new person; each gets an address of their own unless one is named."""
        self._people += 1
        wanted = {
            "name": name or f"Grace Hopper {self._people}",
            "email": f"grace{self._people}@example.com" if email is None else email,
        }
        return self.engine.run(add_contact, AddContact.model_validate(wanted | more))

    def sequence(
        self, *steps: dict[str, Any], name: str = "Intro", active: bool = True
    ) -> SequenceView:
        """A sequence of two mails, or of the given steps."""
        made = self.engine.run(
            create_sequence,
            CreateSequence.model_validate({"name": name, "steps": steps or (HELLO, AGAIN)}),
        )
        if not active:
            return made
        return self.engine.run(activate_sequence, SequenceId(sequence_id=made.sequence_id))

    def enrol(
        self, sequence: SequenceView, contact: ContactView, deal_id: str | None = None
    ) -> Executed:
        command = ExecuteSequence(
            sequence_id=sequence.sequence_id, contact_id=contact.contact_id, deal_id=deal_id
        )
        return self.engine.run(execute_sequence, command)

    def work(self) -> int:
        """A new worker does what is due; how many jobs."""
        return Worker(self.engine).until_idle()

    def drafted(self, *steps: dict[str, Any], contact: ContactView | None = None) -> ApprovalDetail:
        """A person enrolled in a new sequence, their first mail drafted and held."""
        executed = self.enrol(self.sequence(*steps), contact or self.contact())
        self.work()
        return self.mail(executed.job_id)

    def approve(self, mail: ApprovalView) -> ApprovalView:
        return self.engine.run(approve, Approve(id=mail.id, digest=mail.digest or ""))

    def mail(self, mail_id: str) -> ApprovalDetail:
        return self.engine.run(show_approval, ApprovalId(id=mail_id))


NewDesk = Callable[[Path], AbstractContextManager[Desk]]
"""Opens a desk over a new file in a folder."""


def box(desk: Desk, which: Box | None = None) -> list[ApprovalView]:
    """The mails of a box; those that wait for a verdict when none is named."""
    return list(desk.engine.run(list_approvals, ListApprovals(box=which, limit=1000)).items)


def events(desk: Desk, kind: str = "", subject_id: str = "") -> list[EventView]:
    """The log, newest first."""
    command = ListEvents(kind=kind, subject_id=subject_id, limit=1000)
    return list(desk.engine.run(list_events, command).items)


def kinds(desk: Desk, kind: str = "gtm") -> list[str]:
    """The kinds of what happened, oldest first."""
    return [event.kind for event in reversed(events(desk, kind))]


def enrollment(desk: Desk, contact_id: str) -> EnrollmentView:
    """The newest enrollment of a person."""
    command = ListEnrollments(contact_id=contact_id, limit=1)
    return desk.engine.run(list_enrollments, command).items[0]


def query(desk: Desk, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """What stands in the file, read past the engine."""
    with desk.engine.connected() as connection:
        return list(connection.execute(sql, values).fetchall())


@contextmanager
def statements(desk: Desk) -> Iterator[list[str]]:
    """The statements that this thread runs on the file meanwhile."""
    seen: list[str] = []
    with desk.engine.connected() as connection:
        connection.set_trace_callback(seen.append)
        try:
            yield seen
        finally:
            connection.set_trace_callback(None)
