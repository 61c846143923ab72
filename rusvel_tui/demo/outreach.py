"""The outreach of the story: people begin sequences, the worker drafts and sends, somebody decides."""

from __future__ import annotations

from rusvel_tui.demo import texts
from rusvel_tui.demo.hands import Hands
from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.gtm.approvals.boxes import ListApprovals, list_approvals
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from rusvel_tui.engine.worker import Worker

_WORKER = Actor("worker", human=False)
_DOUBT = 0.08
"""How often the answer to a draft is no."""


class Outreach:
    """Brings one person after the other into the sequences."""

    def __init__(self, hands: Hands, people: list[str]) -> None:
        self._hands = hands
        self._people = people
        self._worker = Worker(hands.engine, name="demo")
        self._sequences: dict[str, str] = {}
        self._begun = 0

    def write_sequences(self) -> None:
        """All sequences, active."""
        for name, steps in texts.SEQUENCES.items():
            about = {"name": name, "description": texts.ABOUT.get(name, "")}
            made = self._hands.call("gtm.outreach.create_sequence", **about, steps=steps)
            self._sequences[name] = made.sequence_id
            self._hands.call("gtm.outreach.activate_sequence", sequence_id=made.sequence_id)

    def enrol(self, name: str, count: int) -> None:
        """The next people begin a sequence."""
        sequence_id = self._sequences[name]
        for contact_id in self._people[self._begun : self._begun + count]:
            self._hands.later(minutes=3)
            who = {"sequence_id": sequence_id, "contact_id": contact_id}
            self._hands.call("gtm.outreach.execute_sequence", **who)
        self._begun += count

    def enrol_next(self, name: str, contact_id: str) -> None:
        """This person is the next one to begin."""
        self._people.insert(self._begun, contact_id)
        self.enrol(name, 1)

    def work(self) -> None:
        """The worker does what is due."""
        engine = self._hands.engine
        person, engine.actor = engine.actor, _WORKER
        while self._worker.tick():
            self._hands.later(seconds=20)
        engine.actor = person

    def decide(self) -> None:
        """Yes to most drafts, no to a few."""
        hands = self._hands
        for mail in hands.engine.run(list_approvals, ListApprovals(box=Box.WAITING)).items:
            hands.later(minutes=1)
            if hands.rng.random() < _DOUBT:
                reason = hands.rng.choice(texts.REJECTED)
                hands.call("gtm.approvals.reject", id=mail.id, reason=reason)
            else:
                hands.call("gtm.approvals.approve", id=mail.id, digest=mail.digest)
