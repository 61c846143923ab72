"""`decide` where local time is strange: both changes of the clock, half-hour zones, both sides of the date line."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.calendar import is_open, midnight
from rusvel_tui.engine.context import Policy
from rusvel_tui.engine.gtm.outreach.sequences.step_kinds import StepType
from rusvel_tui.engine.gtm.outreach.timing.decide import Facts, Verdict, decide
from rusvel_tui.engine.gtm.outreach.timing.limits import History
from rusvel_tui.engine.gtm.outreach.timing.pace import Limit
from rusvel_tui.engine.gtm.outreach.timing.send_times import Schedule, SendTimes
from rusvel_tui.engine.gtm.outreach.timing.simulate import PlannedStep, Simulation, Traveller
from rusvel_tui.engine.gtm.outreach.timing.weekly import parse_week
from tests.engine.test_calendar import ZONES
from tests.engine.test_decide import FREE

HOUR = timedelta(hours=1)
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
WEEKS = (
    "mon-fri 09:00-17:00", "daily 01:30-02:30", "daily 02:00-03:00", "daily 22:00-24:00", "daily 00:00-00:30",
    "sun 00:00-04:00", "sat 23:00-24:00; sun 01:00-03:30", "mon-fri 09:00-12:00, 13:00-17:00",
)  # fmt: skip
"""Office hours, and windows in the hours that are skipped or come twice."""


@cache
def changes(zone: str) -> tuple[datetime, ...]:
    """The instants of two years at which the clock of a zone is put forward or back; the year's start for the others."""
    where, found, last = ZoneInfo(zone), [], None
    for hour in range(2 * 366 * 24):
        at = FIRST + hour * HOUR
        offset = at.astimezone(where).utcoffset()
        if last not in (None, offset):
            found.append(at)
        last = offset
    return tuple(found) or (FIRST,)


def near(zone: str) -> st.SearchStrategy[datetime]:
    """A moment within two days of a change."""
    seconds = st.integers(-2 * 86_400, 2 * 86_400).map(lambda count: timedelta(seconds=count))
    return st.builds(lambda at, by: at + by, st.sampled_from(changes(zone)), seconds)


@st.composite
def cases(draw: st.DrawFn) -> tuple[datetime, Facts]:
    """A mail that waits for nothing but time, at a strange moment of its person's zone."""
    zone = draw(st.sampled_from(ZONES))
    now = draw(near(zone))
    schedule = Schedule(
        week=parse_week(draw(st.sampled_from(WEEKS))), jitter_minutes=draw(st.sampled_from([0, 25]))
    )
    some = st.none() | st.integers(-86_400, 2 * 86_400).map(lambda s: now + timedelta(seconds=s))
    own = ZoneInfo(draw(st.sampled_from(ZONES)))
    tomorrow = midnight(now.astimezone(own).date() + timedelta(days=1), own)
    full = Limit("daily cap of {} mails", 3, draw(st.integers(2, 3)), tomorrow)
    facts = replace(
        FREE,
        times=SendTimes(schedule, zone, key=f"e{draw(st.integers(1, 9))} s1"),
        due=draw(some), retry_at=draw(some), limits=draw(st.sampled_from([(), (full,)])),
        last_intent=draw(some), min_gap=draw(st.sampled_from([None, 61 * timedelta(minutes=1)])),
    )  # fmt: skip
    return now, facts


def test_the_cases_have_both_changes_half_hours_and_both_sides_of_the_date_line() -> None:
    offsets = {zone: FIRST.astimezone(ZoneInfo(zone)).utcoffset() or timedelta() for zone in ZONES}
    assert {offset % HOUR for offset in offsets.values()} >= {timedelta(), HOUR / 2, HOUR * 3 / 4}
    assert (min(offsets.values()), max(offsets.values())) == (-10 * HOUR, 14 * HOUR)
    assert sum(len(changes(zone)) >= 4 for zone in ZONES) >= 6


@given(cases())
@settings(max_examples=400, deadline=None)
def test_go_is_inside_the_window_and_wait_names_the_first_such_moment(
    case: tuple[datetime, Facts],
) -> None:
    now, facts = case
    decision = decide(now, facts)
    at = decision.next_time or now
    assert is_open(at, facts.times.where, facts.times.spans)
    assert decide(at, facts).verdict is Verdict.GO
    if decision.verdict is Verdict.WAIT:
        assert at > now
        for share in range(1, 40):
            assert decide(now + (at - now) * share / 40, facts).verdict is Verdict.WAIT


@given(cases(), st.integers(0, 5 * 86_400))
@settings(max_examples=300, deadline=None)
def test_asking_later_never_gives_an_earlier_moment(
    case: tuple[datetime, Facts], seconds: int
) -> None:
    now, facts = case
    later = now + timedelta(seconds=seconds)
    assert (decide(now, facts).next_time or now) <= (decide(later, facts).next_time or later)


def many(zone: str, start: datetime, count: int) -> list[Traveller]:
    """So many people whose mails are all due, an hour apart and less."""
    step = PlannedStep("s1", 1, StepType.EMAIL_AUTO, "email", 0, "days", mail=True)
    times = [SendTimes(Schedule(week=parse_week(WEEKS[n % 3 + 1])), zone, key=f"e{n} s1") for n in range(count)]  # fmt: skip
    return [
        Traveller(f"e{n}", "q", (step,), 0, start + n * HOUR / 3, times[n], True)
        for n in range(count)
    ]


@given(st.sampled_from(ZONES), st.sampled_from(ZONES), st.integers(1, 5), st.data())
@settings(max_examples=40, deadline=None)
def test_a_cap_counts_the_days_of_the_session_wherever_people_live(
    own: str, theirs: str, cap: int, data: st.DataObject
) -> None:
    """Through a day of 23 or 25 hours, and where it is tomorrow already."""
    start, where = data.draw(near(own)), ZoneInfo(own)
    people = many(theirs, start, 24)
    policy = Policy(daily_cap=cap)
    nobody = History((0,) * 14, 0, 0)
    done = list(Simulation(start, where, policy, nobody).run(people, start + timedelta(days=60)))
    days = Counter(one.at.astimezone(where).date() for one in done)
    assert max(days.values()) <= cap
    assert len(done) == 24
    for one in done:
        assert is_open(one.at, one.traveller.times.where, one.traveller.times.spans)


@pytest.mark.parametrize(
    ("zone", "window", "now", "leaves"),
    [
        ("Europe/Berlin", "daily 02:00-03:00", "2026-03-28T12:00Z", "2026-03-30T00:00Z"),
        ("Europe/Berlin", "daily 02:00-03:00", "2026-10-24T12:00Z", "2026-10-25T00:00Z"),
        ("America/New_York", "daily 01:30-02:30", "2026-11-01T06:10Z", "2026-11-01T06:30Z"),
        ("Asia/Kolkata", "mon 09:00-10:00", "2026-01-05T03:29Z", "2026-01-05T03:30Z"),
        ("Asia/Kathmandu", "mon 09:00-10:00", "2026-01-05T03:14Z", "2026-01-05T03:15Z"),
        ("Australia/Lord_Howe", "daily 01:45-02:00", "2026-04-04T15:02Z", "2026-04-04T15:15Z"),
        ("Pacific/Kiritimati", "mon 00:00-01:00", "2026-01-04T09:59Z", "2026-01-04T10:00Z"),
        ("Pacific/Honolulu", "mon 00:00-01:00", "2026-01-04T10:00Z", "2026-01-05T10:00Z"),
    ],
)  # fmt: skip
def test_t_109_known_moments(zone: str, window: str, now: str, leaves: str) -> None:
    """Said once more by hand: skipped, repeated, odd offsets, and a day apart on both sides of the line."""
    facts = replace(FREE, times=SendTimes(Schedule(week=parse_week(window)), zone))
    decision = decide(datetime.fromisoformat(now), facts)
    assert decision.next_time == datetime.fromisoformat(leaves)


def test_a_local_day_may_have_23_or_25_hours() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    days = (date(2026, 3, 29), date(2026, 10, 25), date(2026, 6, 1))
    lengths = [midnight(day + timedelta(days=1), berlin) - midnight(day, berlin) for day in days]
    assert lengths == [23 * HOUR, 25 * HOUR, 24 * HOUR]
