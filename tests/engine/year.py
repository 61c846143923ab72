"""A year at a desk, day by day: people are enrolled, answer, bounce, rest; sequences are edited; workers vanish.

Every day is one transaction of real operations, with a drafter, an approval and a server that cost nothing: those
have tests of their own. What is kept of the world outside: every mail that a server took.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from collections.abc import Sequence as Several
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event as Stop
from typing import Any

from rusvel_tui.engine import jobs
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.core import Engine, find_operation, parse_input
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.outreach.enrolling import manual
from rusvel_tui.engine.gtm.outreach.enrolling.lifecycle import steps_of
from rusvel_tui.engine.gtm.outreach.mails import gate, refusing, settle
from rusvel_tui.engine.gtm.outreach.sequences.conditions import Sentiment
from rusvel_tui.engine.gtm.outreach.sequences.step_kinds import STEP_KINDS, StepType
from rusvel_tui.engine.models import Enrollment, Event, Job, Mail, Sequence
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.operation import Input, Operation, View

APPROVED = """
UPDATE mail SET state = 'committing', subject = ?, body = 'text', to_address = recipient_key, digest = 'd',
  approved_digest = 'd', raw = x'00', raw_sha256 = 'r', intent_at = ?, from_address = 'me' WHERE id = ? AND state = ?
"""
"""Drafted, approved and at the point of no return: the states between are shown elsewhere."""


class Nothing(View):
    """No answer."""


@dataclass(frozen=True)
class Taken:
    """A mail that the server took."""

    mail_id: str
    contact_id: str
    enrollment_id: str
    sequence_id: str
    run_no: int
    step_key: str
    recipient: str
    text: str


@dataclass
class Year:
    """The world: a desk, chance, and what became of it."""

    engine: Engine
    chance: random.Random
    people: list[str]
    sequences: list[str]
    shares: Several[int]
    taken: list[Taken] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    """How often each kind of thing happened."""
    fresh: list[Taken] = field(default_factory=list)
    """The mails of today."""
    touched: set[str] = field(default_factory=set)
    """Enrollments that were skipped, moved or put back by hand."""
    ctx: Any = None

    def day(self, *, quiet: bool = False) -> None:
        """A day is over; a quiet one has no accidents and no new people."""
        self.engine.clock.wait(Stop(), timedelta(days=1).total_seconds())
        operation: Operation[Input, Nothing] = Operation(
            "test.day", lambda ctx, cmd: self._live(ctx, quiet), Input, True, "test.day", False, True, False, False, "A day."
        )  # fmt: skip
        self.engine.run(operation, Input())

    def _live(self, ctx: Context, quiet: bool) -> Nothing:
        self.ctx, self.fresh = ctx, []
        self._resume()
        if not quiet:
            self._enrol()
            self._interfere()
        self.call("job.recover")
        self._settle_doubts(quiet)
        self._retry()
        self._do_tasks(quiet)
        while (job := self.run(jobs.claim, jobs.Claim(owner="worker")).job) is not None:
            self._work(job, quiet)
        if not quiet:
            self._answer()
        return Nothing()

    def call(self, name: str, **values: Any) -> Any:
        operation = find_operation(name)
        return operation.handle(self.ctx, parse_input(operation, values))

    def run(self, operation: Operation[Any, Any], command: Any) -> Any:
        return operation.handle(self.ctx, command)

    def maybe(self, share: float) -> bool:
        return self.chance.random() < share

    def _resume(self) -> None:
        """A sequence that paused itself, because too much came back, is looked at and goes on."""
        paused = tuples(Sequence.select(Sequence.id).where(Sequence.pause_reason != ""))
        for (sequence_id,) in paused:
            self.call("gtm.outreach.activate_sequence", sequence_id=sequence_id)
            self.seen["paused itself"] += 1

    def _work(self, job: jobs.ClaimedJob, quiet: bool) -> None:
        """What a worker does with a job, unless it vanishes before or after the point of no return."""
        held = {"job_id": job.job_id, "owner": job.owner, "fence": job.fence}
        if not quiet and self.maybe(0.02):
            self.seen["vanished before"] += 1
            return
        if not STEP_KINDS[StepType(job.payload["type"])].mail:
            self.run(manual.open_step, jobs.Held(**held))
            return
        if self.run(gate.begin, jobs.Held(**held)).brief is None:
            return
        self._send(job, held, quiet)

    def _send(self, job: jobs.ClaimedJob, held: dict[str, Any], quiet: bool) -> None:
        mail = Mail.get_by_id(job.job_id)
        text = steps_of(mail.version_id)[mail.position].subject
        now = Mail.intent_at.db_value(self.ctx.now)
        Mail._meta.database.execute_sql(APPROVED, (text, now, mail.id, "drafting"))
        fate = 1.0 if quiet else self.chance.random()
        if fate < 0.02:
            self.seen["refused"] += 1
            refusal = {
                "scope": "message",
                "permanent": True,
                "code": 550,
                "text": "no",
                "hard_bounce": fate < 0.01,
            }
            self.run(refusing.refused, refusing.Refused(**refusal, **held))
            return
        taken = Taken(
            mail.id, mail.contact_id, mail.enrollment_id, mail.sequence_id, mail.run_no, mail.step_key,
            mail.recipient_key, text,
        )  # fmt: skip
        self.taken.append(taken)
        if fate < 0.04:
            self.seen["vanished after"] += 1
            return
        self.run(settle.accepted, settle.Accepted(code=250, text="ok", **held))
        self.fresh.append(taken)

    def _settle_doubts(self, quiet: bool) -> None:
        """A person says what became of mails in doubt: the server took all of these."""
        doubts = Mail.select(Mail.id).where(self._mine & (Mail.state == "in_doubt"))
        for (mail_id,) in tuples(doubts):
            if quiet or self.maybe(0.7):
                self.seen["settled"] += 1
                outcome = "sent" if quiet or self.maybe(0.9) else "give_up"
                self.call("gtm.approvals.settle", id=mail_id, outcome=outcome)

    def _retry(self) -> None:
        """A person looks after what gave up: a dead mail is tried again, any other step is passed over."""
        dead = Mail.select(Mail.id).join(Enrollment, on=(Enrollment.id == Mail.enrollment_id))
        lost = self._mine & (Mail.state == "dead") & Enrollment.status.in_(("active", "paused"))
        for (mail_id,) in tuples(dead.where(lost)):
            self.call("gtm.approvals.retry", id=mail_id)
            self.seen["retried"] += 1
        for (payload,) in tuples(Job.select(Job.payload).where(Job.state == "failed")):
            if not STEP_KINDS[StepType(payload["type"])].mail:
                enrollment_id = payload["sequence_run_id"]
                self.call("gtm.outreach.skip_step", enrollment_ids=[enrollment_id])
                self.touched.add(enrollment_id)
                self.seen["passed over"] += 1

    @property
    def _mine(self) -> Any:
        return Mail.session_id == self.ctx.session_id

    def _do_tasks(self, quiet: bool) -> None:
        waiting = Job.select(Job.id, Job.payload).where(Job.state == "awaiting_approval")
        for job in list(waiting.order_by(Job.id)):
            if quiet or self.maybe(0.6):
                kind = STEP_KINDS[StepType(job.payload["type"])]
                self.call(
                    "gtm.outreach.complete_step",
                    job_id=job.id,
                    outcome=self.chance.choice(kind.outcomes),
                )

    def _answer(self) -> None:
        """Some of those who got a mail answer, object, agree to a meeting, or their mail comes back."""
        for mail in self.fresh:
            who = {"contact_id": mail.contact_id}
            fate = self.chance.random()
            if fate < 0.12:
                sentiment = self.chance.choice(list(Sentiment))
                self._do("replied", "record_reply", **who, sentiment=sentiment)
            elif fate < 0.13:
                self._do("objected", "unsubscribe", **who)
            elif fate < 0.14:
                self._do("met", "record_meeting", **who)
            elif fate < 0.15:
                self._do("bounced", "record_bounce", mail_id=mail.mail_id)

    def _enrol(self) -> None:
        """A few people begin; some of them have been there before."""
        [sequence_id] = self.chance.choices(self.sequences, self.shares)
        ids = [self.people.pop() for _ in range(min(len(self.people), self.chance.randint(0, 14)))]
        if not ids:
            return
        done = self.call("gtm.outreach.enrol", sequence_id=sequence_id, contact_ids=ids)
        self.seen["enrolled"] += done.enrolled
        self.seen["left out"] += done.left_out

    def _interfere(self) -> None:
        """What the person at the desk does: pause, resume, skip, jump, end, move; several at once."""
        running = self._running()
        if not running:
            return
        some = self.chance.sample(running, min(3, len(running)))
        for share, what, more in (
            (0.15, "pause_people", {}),
            (0.5, "resume_people", {}),
            (0.1, "skip_step", {"reason": "by chance"}),
            (0.1, "jump_to_step", {"step": str(self.chance.randint(1, 2))}),
            (0.05, "cancel_people", {"reason": "no time"}),
        ):
            if self.maybe(share):
                chosen = self._paused() if what == "resume_people" else some
                if what in ("skip_step", "jump_to_step"):
                    self.touched.update(chosen)
                self._do(what, what, enrollment_ids=chosen, **more)
        if self.maybe(0.05):
            self._undo()
        if self.maybe(0.08):
            self._edit()

    def _undo(self) -> None:
        """Take the newest change back, whatever it was."""
        self.ctx.database = _Inside()
        newest = Event.select().where(Event.undo.is_null(False) & Event.undone_by.is_null())
        event = newest.order_by(Event.id.desc()).first()
        places = event.undo["input"].get("places", []) if event else []
        self.touched.update(place["enrollment_id"] for place in places)
        try:
            self.call("undo")
            self.seen[f"undone {event.kind}"] += 1
        except EngineError:
            self.seen["undone refused"] += 1

    def _edit(self) -> None:
        """Steps are changed, moved, inserted and taken away while people are in them; some are moved along."""
        sequence = self.call(
            "gtm.outreach.get_sequence", sequence_id=self.chance.choice(self.sequences)
        )
        steps = [step.model_dump(exclude={"step_id", "number"}) for step in sequence.steps]
        change = self.chance.choice((_reword, _swap, _insert, _remove))
        changed = change(self.chance, steps, self.seen["edit"])
        self._do("edit", "update_sequence", sequence_id=sequence.sequence_id, steps=changed)
        if self.maybe(0.7):
            version = self.chance.randint(1, sequence.version_number)
            self._do("moved", "move_people", sequence_id=sequence.sequence_id, from_version=version)

    def _do(self, what: str, name: str, **values: Any) -> None:
        """Something that may be refused because of where things stand; then nothing happened."""
        if values.get("enrollment_ids", True) == []:
            return
        try:
            with Mail._meta.database.savepoint():
                answer = self.call(f"gtm.outreach.{name}", **values)
        except EngineError:
            self.seen[f"{what} refused"] += 1
            return
        self.seen[what] += 1
        if what == "moved":
            self.touched.update(one.enrollment_id for one in answer.people if not one.why_not)

    def _running(self) -> list[str]:
        rows = Enrollment.select(Enrollment.id).where(Enrollment.status == "active")
        return [one for (one,) in tuples(rows.order_by(Enrollment.id))]

    def _paused(self) -> list[str]:
        rows = Enrollment.select(Enrollment.id).where(Enrollment.status == "paused")
        return [one for (one,) in tuples(rows.order_by(Enrollment.id))]


class _Inside:
    """The two doors, for an operation that opens its own: this day's transaction is open already."""

    def read(self, work: Callable[[], Any]) -> Any:
        return work()

    def write(self, work: Callable[[], Any]) -> Any:
        with Mail._meta.database.savepoint():
            return work()


Steps = list[dict[str, Any]]


def _reword(chance: random.Random, steps: Steps, number: int) -> Steps:
    at = chance.randrange(len(steps))
    return [
        *steps[:at],
        {**steps[at], "subject": f"{steps[at]['key']} word {number}"},
        *steps[at + 1 :],
    ]


def _swap(chance: random.Random, steps: Steps, number: int) -> Steps:
    return [*steps[1:], steps[0]]


def _insert(chance: random.Random, steps: Steps, number: int) -> Steps:
    new = {
        "key": f"n{number}",
        "channel": "email",
        "subject": f"n{number} word 0",
        "body": "text",
        "delay_days": 2,
    }
    at = chance.randrange(len(steps) + 1)
    return [*steps[:at], new, *steps[at:]][:4]


def _remove(chance: random.Random, steps: Steps, number: int) -> Steps:
    targets = {branch["goto"] for step in steps for branch in step["branches"]}
    free = [step for step in steps if step["key"] not in targets]
    if len(steps) < 3 or not free:
        return steps
    gone = chance.choice(free)
    return [step for step in steps if step is not gone]


def repeated(taken: Several[Taken]) -> list[Any]:
    """What somebody got twice."""
    slots = Counter((one.sequence_id, one.run_no, one.step_key, one.recipient) for one in taken)
    return [slot for slot, count in slots.items() if count > 1]
