"""The stored schedules: their rules as people write them, and what they mean for one person and step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from pydantic import Field

from rusvel_tui.engine import clock, public_holidays
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.people.zones import Zone, contact_zone, contact_zones
from rusvel_tui.engine.gtm.outreach.sequences.channels import MAIL_CHANNEL
from rusvel_tui.engine.gtm.outreach.timing.send_times import DayRange, Schedule, SendTimes
from rusvel_tui.engine.gtm.outreach.timing.weekly import parse_days, parse_week
from rusvel_tui.engine.models import Contact, Enrollment, Mail, SendSchedule, Session, Step
from rusvel_tui.engine.models.kept import any_of, kept
from rusvel_tui.engine.operation import View

FOLLOW_UP, FIRST_TOUCH = 0, 1
"""The turns of jobs that are due: whoever was written to goes first."""


class Rules(View):
    """When a sequence works, as it is written down."""

    windows: str = ""
    """`mon-fri 09:00-12:00, 13:00-17:00; sat 10:00-12:00`; empty means any time."""
    zone: str = "contact"
    """Whose clock: `contact` (the person's zone, and where that is unknown yours), `session`, or a zone's name."""
    working_days: str = "mon-fri"
    """The weekdays that a delay in working days counts."""
    holidays: str = ""
    """Nothing leaves on public holidays of: `contact` (the person's country), a place such as DE or DE-BY, or nobody."""
    blackout: tuple[str, ...] = ()
    """Days on which nothing leaves: `2026-12-24`, or `2026-12-24..2027-01-01`."""
    jitter_minutes: int = Field(default=0, ge=0, le=720)
    """Windows open later by up to so many minutes, each day for each person at another one."""
    draft_ahead_hours: int = Field(default=0, ge=0, le=240)
    """So many hours before it may leave a mail is drafted, for you to approve in time."""
    new_per_day: int | None = Field(default=None, ge=0)
    """People of this sequence whom you write to for the first time, in one of your days."""
    daily_cap: int | None = Field(default=None, ge=1)
    """Mails of this sequence in one of your days."""
    min_gap_seconds: int | None = Field(default=None, ge=0)
    """Seconds since the last mail of the sender."""


class Coming(NamedTuple):
    """A step that one person comes to."""

    enrollment: Enrollment
    step: Step
    since: datetime
    """From when its delay counts."""
    not_before: datetime | None = None


class StepPlan(NamedTuple):
    """When a step is due, and when its job is taken up."""

    due_at: datetime
    """The end of its delay."""
    run_at: datetime
    """When a mail is drafted, or a call or task is opened."""
    zone: Zone
    """The clock by which it was counted."""
    priority: int
    """Its turn among the jobs that are due."""

    @property
    def first_touch(self) -> bool:
        return self.priority == FIRST_TOUCH


def plan_times(ctx: Context, coming: Sequence[Coming]) -> dict[str, StepPlan]:
    """When these steps come, by enrollment: the same few queries for one and for many."""
    people = whereabouts(who.enrollment.contact_id for who in coming)
    schedules = schedules_of(ctx, {who.enrollment.sequence_id for who in coming})
    zones = contact_zones(people.values(), ctx.session)
    known = written_to([who.enrollment.id for who in coming if who.enrollment.job_id])
    plans = {}
    for who in coming:
        contact = people[who.enrollment.contact_id]
        rules = schedules[who.enrollment.sequence_id]
        key = jitter_key(who.enrollment.id, who.step.key)
        times = times_for(ctx.session, rules, contact, zones[contact.id], key)
        plans[who.enrollment.id] = _plan(who, times, who.enrollment.id in known)
    return plans


def _plan(coming: Coming, times: SendTimes, written_to: bool) -> StepPlan:
    step = coming.step
    due = times.due_at(coming.since, step.delay_days, step.delay_unit)
    if coming.not_before is not None:
        due = max(due, coming.not_before)
    mail = step.channel == MAIL_CHANNEL
    run_at = times.draft_at(due) if mail else times.next_open(due) or due
    priority = FIRST_TOUCH if mail and not written_to else FOLLOW_UP
    earliest = coming.not_before or coming.since
    return StepPlan(due, max(run_at, earliest), Zone(times.zone, times.origin), priority)


def whereabouts(contact_ids: Iterable[str]) -> dict[str, Contact]:
    """What tells the clock and the holidays of these people, and nothing else of them."""
    found = _whereabouts(list(contact_ids))
    names = ("id", "timezone", "country", "company_id")
    return {row[0]: Contact(**dict(zip(names, row, strict=True))) for row in found}


@kept
def _whereabouts(ids: Any) -> Any:
    columns = (Contact.id, Contact.timezone, Contact.country, Contact.company_id)
    return Contact.select(*columns).where(any_of(Contact.id, ids))


def written_to(enrollment_ids: list[str]) -> set[str]:
    """Those of these enrollments of which a mail left, or may have."""
    return {enrollment_id for (enrollment_id,) in _with_mail(enrollment_ids)}


@kept
def _with_mail(enrollment_ids: Any) -> Any:
    which = any_of(Mail.enrollment_id, enrollment_ids) & left()
    return Mail.select(Mail.enrollment_id).where(which).distinct()


def jitter_key(enrollment_id: str, step_key: str) -> str:
    """What the jitter is for: the same person and step always get the same."""
    return f"{enrollment_id} {step_key}"


def left() -> object:
    """The condition that a mail left, or may have: a refused or deferred one did not."""
    return Mail.state.in_(("committing", "sent", "in_doubt")) | (Mail.settled_by != "")


def send_times(
    ctx: Context, sequence_id: str, contact: Contact, enrollment_id: str, step_key: str
) -> SendTimes:
    """When a step of that sequence may be done for that person."""
    zone = contact_zone(contact, ctx.session)
    key = jitter_key(enrollment_id, step_key)
    return times_for(ctx.session, schedule_of(ctx, sequence_id), contact, zone, key)


def undisturbed(times: SendTimes) -> SendTimes:
    """The same without jitter, for somebody who is not enrolled: theirs is not known yet."""
    return replace(times, schedule=replace(times.schedule, jitter_minutes=0))


def times_for(
    session: Session, schedule: Schedule, contact: Contact, zone: Zone, key: str
) -> SendTimes:
    """The schedule as it is for one person; `zone` is the person's, if it counts."""
    found = zone
    if schedule.zone == "session":
        found = Zone(session.timezone, "session")
    elif schedule.zone != "contact":
        found = Zone(schedule.zone, "sequence")
    if not clock.is_zone(found.name):
        # A mail that left is recorded as sent, whatever this machine knows about zones.
        found = Zone(session.timezone, "session")
    place = contact.country if schedule.holidays == "contact" else schedule.holidays
    return SendTimes(schedule, found.name, found.origin, place, key)


def schedule_of(ctx: Context, sequence_id: str) -> Schedule:
    """The schedule that counts for a sequence: its own, or the session's. One query."""
    return schedules_of(ctx, [sequence_id])[sequence_id]


def schedules_of(ctx: Context, sequence_ids: Iterable[str]) -> dict[str, Schedule]:
    """The schedules of these sequences. The session's days off count for all of them."""
    wanted = list(sequence_ids)
    rows = _rules(ctx.session_id, [*wanted, ctx.session_id])
    found = {key: _stored(rules) for key, rules in rows}
    usual = found.get(ctx.session_id, Schedule())
    return {
        key: replace(own, blackout=(*own.blackout, *usual.blackout))
        if (own := found.get(key))
        else usual
        for key in wanted
    }


@kept
def _rules(session_id: Any, ids: Any) -> Any:
    own = SendSchedule.session_id == session_id
    return SendSchedule.select(SendSchedule.id, SendSchedule.rules).where(
        own & any_of(SendSchedule.id, ids)
    )


@lru_cache(maxsize=256)
def _stored(rules: str) -> Schedule:
    return schedule(Rules.model_validate_json(rules))


def schedule(rules: Rules) -> Schedule:
    """What the rules mean; raises `InvalidInput` with the field and the part that is wrong."""
    days = parse_days(rules.working_days)
    if not days:
        raise InvalidInput("Name a weekday that is a working day.", field="working_days")
    return Schedule(
        week=parse_week(rules.windows),
        zone=rules.zone,
        working_days=days,
        holidays=rules.holidays,
        blackout=tuple(day_range(text) for text in rules.blackout),
        jitter_minutes=rules.jitter_minutes,
        draft_ahead_hours=rules.draft_ahead_hours,
        new_per_day=rules.new_per_day,
        daily_cap=rules.daily_cap,
        min_gap_seconds=rules.min_gap_seconds,
    )


def day_range(text: str) -> DayRange:
    """The days of `2026-12-24` or `2026-12-24..2027-01-01`; raises `InvalidInput`."""
    first, _, last = text.partition("..")
    try:
        days = date.fromisoformat(first.strip()), date.fromisoformat((last or first).strip())
    except ValueError:
        raise InvalidInput(
            f"{text!r} is no day. Write 2026-12-24, or 2026-12-24..2027-01-01.", field="blackout"
        ) from None
    if days[0] > days[1]:
        raise InvalidInput(f"{text!r} ends before it begins.", field="blackout")
    return days


def require_holidays(text: str) -> str:
    """Whose holidays count: nobody's, those of the person's country, or a known place."""
    word = text.strip()
    if not word or word.lower() == "contact":
        return word.lower()
    return public_holidays.require_place(word)
