"""What the ledger and the queue say about a sequence, by place: a few grouped queries, however many people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from peewee import fn

from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.gtm.outreach.results.numbers import Count, Place
from rusvel_tui.engine.gtm.outreach.sequences.step_kinds import STEP_KINDS
from rusvel_tui.engine.gtm.outreach.sequences.steps import CheckedStep
from rusvel_tui.engine.models import Enrollment, Job, Mail
from rusvel_tui.engine.models.base import tuples

RIPE = timedelta(days=3)
"""How long people have to answer before their silence counts as low interest."""
Steps = dict[str, list[CheckedStep]]
"""The steps of each version of a sequence, by the id of the version."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Of which people the results are: all of a sequence, or those who began in a span of time."""

    sequence_id: str
    since: datetime | None = None
    until: datetime | None = None

    @property
    def people(self) -> Any:
        """The condition on enrollments; one that was taken back never was."""
        which = (Enrollment.sequence_id == self.sequence_id) & (Enrollment.reason != "undone")
        if self.since is not None:
            which &= Enrollment.created_at >= self.since
        if self.until is not None:
            which &= Enrollment.created_at < self.until
        return which


def count_steps(scope: Scope, steps: Steps, now: datetime) -> dict[Place, Count]:
    """The counts of every step that somebody came to."""
    found: defaultdict[Place, Count] = defaultdict(Count)
    for place, count in (*_mails(scope, now), *_tasks(scope, steps)):
        found[place].add(count)
    for place, seconds in _waits(scope):
        found[place].waits.append(seconds)
    return dict(found)


def _mails(scope: Scope, now: datetime) -> Iterator[tuple[Place, Count]]:
    columns = _columns(now)
    total = fn.COUNT(Mail.id)
    query = (
        Mail.select(
            Mail.version_id,
            Mail.step_key,
            Mail.variant,
            *(total.filter(which) for which in columns.values()),
        )
        .join(Enrollment, on=(Enrollment.id == Mail.enrollment_id))
        .where((Mail.sequence_id == scope.sequence_id) & scope.people)
        .group_by(Mail.version_id, Mail.step_key, Mail.variant)
    )
    for version_id, key, variant, *counts in tuples(query):
        yield Place(version_id, key, variant), Count(**dict(zip(columns, counts, strict=True)))


def _columns(now: datetime) -> dict[str, Any]:
    """What is counted of mails, and which of them."""
    drafted, sent = Mail.digest.is_null(False), Mail.state == "sent"
    approved = Mail.approved_digest.is_null(False)
    bounced, replied = Mail.bounced_at.is_null(False), sent & Mail.replied_at.is_null(False)
    ripe = sent & (Mail.sent_at <= stamp(now - RIPE))
    return {
        "enrolled": (Mail.state != "cancelled") | drafted | (Mail.id == Enrollment.job_id),
        "drafted": drafted,
        "approved": approved,
        "edited": approved & Mail.edited_at.is_null(False),
        "sent": sent,
        "refused": bounced & ~sent,
        "bounced": bounced,
        "positive": replied & (Mail.reply == "positive"),
        "negative": replied & (Mail.reply == "negative"),
        "other": replied & Mail.reply.not_in(("positive", "negative")),
        "ripe": ripe,
        "ripe_replied": ripe & Mail.replied_at.is_null(False),
    }


def _waits(scope: Scope) -> Iterator[tuple[Place, float]]:
    """How long each answer took; a row for each of them."""
    query = (
        Mail.select(Mail.version_id, Mail.step_key, Mail.variant, Mail.sent_at, Mail.replied_at)
        .join(Enrollment, on=(Enrollment.id == Mail.enrollment_id))
        .where(
            (Mail.sequence_id == scope.sequence_id)
            & (Mail.state == "sent")
            & Mail.replied_at.is_null(False)
            & scope.people
        )
    )
    for version_id, key, variant, sent_at, replied_at in tuples(query):
        yield Place(version_id, key, variant), max((replied_at - sent_at).total_seconds(), 0.0)


def _tasks(scope: Scope, steps: Steps) -> Iterator[tuple[Place, Count]]:
    """Calls and tasks, as the queue knows them; nothing is asked when no version has any."""
    if all(STEP_KINDS[step.type].mail for some in steps.values() for step in some):
        return
    version, index = version_and_index()
    total = fn.COUNT(Job.id)
    came = (Job.state != "cancelled") | (Job.id == Enrollment.job_id)
    query = (
        Enrollment.select(
            version, index, total.filter(came), total.filter(Job.state == "succeeded")
        )
        .join(Job, on=jobs_of_enrollment())
        .where(scope.people)
        .group_by(version, index)
    )
    for version_id, at, enrolled, done in tuples(query):
        step = step_at(steps, version_id, at)
        if step is not None and not STEP_KINDS[step.type].mail:
            yield Place(version_id, step.key), Count(enrolled=enrolled, done=done)


def jobs_of_enrollment() -> Any:
    """The condition that a job is a step of the enrollment: its unique key begins like that."""
    key = fn.PRINTF("step:%s:", Enrollment.id)
    return (Job.unique_key >= key) & (Job.unique_key < fn.PRINTF("step:%s;", Enrollment.id))


def version_and_index() -> tuple[Any, Any]:
    """Which step of which version a job is, as it stands in its payload."""
    version, index = (
        fn.json_extract(Job.payload, f"$.{name}") for name in ("version_id", "step_index")
    )
    return version.coerce(False), index.coerce(False)


def step_at(steps: Steps, version_id: str, position: int) -> CheckedStep | None:
    """The step at a position of a version; none where there is no such version."""
    some = steps.get(version_id, [])
    return some[position] if 0 <= position < len(some) else None
