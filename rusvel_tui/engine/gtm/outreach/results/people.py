"""What became of people: how far they came, and at which step each answer, meeting and deal counts."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from peewee import fn

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.outreach.results.counting import (
    Scope,
    Steps,
    jobs_of_enrollment,
    step_at,
    version_and_index,
)
from rusvel_tui.engine.gtm.outreach.results.numbers import Place
from rusvel_tui.engine.models import (
    Activity,
    Deal,
    Enrollment,
    Event,
    Job,
    Mail,
    PipelineStage,
    Suppression,
)
from rusvel_tui.engine.models.base import among, database, tuples

BY_ITSELF = frozenset(("positive", "negative", "other", "unsubscribed"))
"""What counts even when nothing was sent: a person said it. Meetings and deals need a mail or call before."""


@dataclass(slots=True)
class Crowd:
    """How many people of a version came how far."""

    states: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    reached: int = 0
    answered: int = 0
    positive: int = 0
    happened: Counter[str] = field(default_factory=Counter)

    @property
    def enrolled(self) -> int:
        return self.states.total()

    def add(self, other: Crowd) -> None:
        """Add the people of another version."""
        for name in ("states", "ends", "happened"):
            getattr(self, name).update(getattr(other, name))
        for name in ("reached", "answered", "positive"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


class Happened(NamedTuple):
    """Something about one person in a sequence."""

    enrollment_id: str
    what: str
    at: datetime


def crowds(scope: Scope) -> dict[str, Crowd]:
    """The people of each version by how far they came: one query."""
    reached = fn.EXISTS(Job.select(Job.id).where(jobs_of_enrollment() & (Job.state == "succeeded")))
    columns = (Enrollment.version_id, Enrollment.status, Enrollment.reason, Enrollment.reply)
    people = fn.COUNT(Enrollment.id)
    query = Enrollment.select(*columns, people, people.filter(reached))
    found: defaultdict[str, Crowd] = defaultdict(Crowd)
    for version_id, status, reason, reply, count, came in tuples(
        query.where(scope.people).group_by(*columns)
    ):
        crowd = found[version_id]
        crowd.states[status] += count
        crowd.ends[reason] += count if status == "cancelled" else 0
        crowd.reached += came
        crowd.answered += count if reply else 0
        crowd.positive += count if reply == "positive" else 0
    return dict(found)


def happenings(ctx: Context, scope: Scope) -> list[Happened]:
    """What was heard of people beside answers to a mail: each thing once for a person, the first time."""
    first: dict[tuple[str, str], Happened] = {}
    seen = [
        *_answers_alone(scope),
        *_objections(ctx, scope),
        *_meetings(ctx, scope),
        *_wins(ctx, scope),
    ]
    for one in sorted(seen, key=lambda one: one.at):
        first.setdefault((one.enrollment_id, one.what), one)
    return list(first.values())


def place_all(
    scope: Scope, steps: Steps, found: Iterable[Happened]
) -> Iterator[tuple[Happened, Place, str]]:
    """Each with the step before it, and the version in which the person is now."""
    found = list(found)
    ids = {one.enrollment_id for one in found}
    before = _touches(ids, steps)
    stands = _standing(ids)
    for one in found:
        times, places = before.get(one.enrollment_id, ([], []))
        at = bisect_right(times, one.at)
        version_id, position = stands[one.enrollment_id]
        if at:
            yield one, places[at - 1], version_id
        elif one.what in BY_ITSELF and (step := step_at(steps, version_id, position)) is not None:
            yield one, Place(version_id, step.key), version_id


def _touches(ids: set[str], steps: Steps) -> dict[str, tuple[list[datetime], list[Place]]]:
    """When each of these people got a mail or a call, in order, and where."""
    mails = Mail.select(
        Mail.enrollment_id, Mail.sent_at, Mail.version_id, Mail.step_key, Mail.variant
    ).where(among(Mail.enrollment_id, ids) & (Mail.state == "sent"))
    rows = [(who, at, Place(*place)) for who, at, *place in tuples(mails)]
    version, index = version_and_index()
    tasks = (
        Enrollment.select(Enrollment.id, Job.finished_at, version, index)
        .join(Job, on=jobs_of_enrollment())
        .where(among(Enrollment.id, ids) & (Job.state == "succeeded"))
        .where(Job.id.not_in(Mail.select(Mail.id).where(Mail.enrollment_id == Enrollment.id)))
    )
    for who, at, version_id, position in tuples(tasks):
        step = step_at(steps, version_id, position)
        if step is not None and at is not None:
            rows.append((who, Job.finished_at.python_value(at), Place(version_id, step.key)))
    found: dict[str, tuple[list[datetime], list[Place]]] = {}
    for who, at, place in sorted(rows):
        times, places = found.setdefault(who, ([], []))
        times.append(at)
        places.append(place)
    return found


def _standing(ids: set[str]) -> dict[str, tuple[str, int]]:
    columns = (Enrollment.id, Enrollment.version_id, Enrollment.position)
    query = Enrollment.select(*columns).where(among(Enrollment.id, ids))
    return {key: (version_id, position) for key, version_id, position in tuples(query)}


def _answers_alone(scope: Scope) -> Iterator[Happened]:
    """Answers that are noted on no mail: none had left."""
    noted = Mail.select(Mail.id).where(
        (Mail.enrollment_id == Enrollment.id) & Mail.replied_at.is_null(False)
    )
    query = Enrollment.select(Enrollment.id, Enrollment.reply, Enrollment.replied_at).where(
        scope.people & (Enrollment.reply != "") & ~fn.EXISTS(noted)
    )
    for key, reply, at in tuples(query):
        yield Happened(key, reply if reply in ("positive", "negative") else "other", at)


def _objections(ctx: Context, scope: Scope) -> Iterator[Happened]:
    """Whose way ended because they objected, and who did so later: a bounce is no objection."""
    ended = Enrollment.select(Enrollment.id, Enrollment.ended_at)
    for key, at in tuples(ended.where(scope.people & (Enrollment.reason == "unsubscribed"))):
        yield Happened(key, "unsubscribed", at)
    later = database.execute_sql(_SUPPRESSED, (ctx.session_id,)).fetchall()
    read = Suppression.created_at.python_value
    yield from _of_contacts(scope, "unsubscribed", [(who, read(at)) for who, at in later])


# From the list to its people: it is short, and the people of a sequence are many.
_SUPPRESSED = """
SELECT e.contact_id, s.created_at FROM suppression s CROSS JOIN contact_email e
ON e.session_id = s.session_id AND e.key = s.key AND e.deleted_at IS NULL
WHERE s.session_id = ? AND s.reason NOT LIKE 'bounced%'"""


def _meetings(ctx: Context, scope: Scope) -> Iterator[Happened]:
    """Meetings by what ended the way, by what was noted, and by what stands in the calendar of the person."""
    ended = Enrollment.select(Enrollment.id, Enrollment.ended_at)
    for key, at in tuples(ended.where(scope.people & (Enrollment.reason == "meeting"))):
        yield Happened(key, "meetings", at)
    noted = Event.select(Event.subject_id, Event.at).where(
        (Event.session_id == ctx.session_id)
        & (Event.kind == "gtm.outreach.meeting")
        & Event.undone_by.is_null()
    )
    written = Activity.select(Activity.contact_id, Activity.created_at).where(
        (Activity.session_id == ctx.session_id)
        & (Activity.kind == "meeting")
        & (Activity.status != "cancelled")
        & Activity.deleted_at.is_null()
        & Activity.contact_id.is_null(False)
    )
    yield from _of_contacts(scope, "meetings", [*tuples(noted), *tuples(written)])


def _wins(ctx: Context, scope: Scope) -> Iterator[Happened]:
    """Deals that stand in a won stage."""
    stage = (PipelineStage.session_id == Deal.session_id) & (PipelineStage.key == Deal.stage)
    query = (
        Deal.select(Deal.contact_id, Deal.closed_at)
        .join(PipelineStage, on=stage)
        .where(
            (Deal.session_id == ctx.session_id)
            & (PipelineStage.kind == "won")
            & Deal.deleted_at.is_null()
            & Deal.closed_at.is_null(False)
        )
    )
    yield from _of_contacts(scope, "won", tuples(query))


def _of_contacts(scope: Scope, what: str, rows: list[tuple[Any, ...]]) -> Iterator[Happened]:
    """Things about contacts, each for the newest way that the person had begun by then."""
    query = Enrollment.select(Enrollment.contact_id, Enrollment.created_at, Enrollment.id)
    query = query.where(scope.people & among(Enrollment.contact_id, {row[0] for row in rows}))
    ways: defaultdict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for contact_id, begun, key in sorted(tuples(query)):
        ways[contact_id].append((begun, key))
    for contact_id, at in rows:
        begun_by_then = [key for begun, key in ways.get(contact_id, ()) if begun <= at]
        if begun_by_then:
            yield Happened(begun_by_then[-1], what, at)
