"""Local time: the next allowed instant in every kind of zone, through every change of the clock, and days that count."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rusvel_tui.engine import calendar
from rusvel_tui.engine.calendar import DAY, Span, Spans, is_open, next_open
from rusvel_tui.engine.clock import add_days

ZONES = (
    "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Adelaide", "Asia/Kathmandu",
    "Pacific/Auckland", "Pacific/Honolulu", "Pacific/Apia", "Pacific/Kiritimati", "America/Sao_Paulo",
    "America/Havana", "Africa/Cairo", "Australia/Lord_Howe", "America/Asuncion", "Africa/Casablanca",
)  # fmt: skip
"""Whole, half and quarter hours, both sides of the date line, and clocks that change at midnight or by half an hour."""
HOUR = 3600

zones = st.sampled_from(ZONES).map(ZoneInfo)
moments = st.integers(0, 20 * 365 * DAY).map(
    lambda seconds: datetime(2009, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
spans = st.lists(
    st.integers(0, DAY // 900).map(lambda quarter: quarter * 900),
    min_size=2,
    max_size=4,
    unique=True,
).map(lambda edges: tuple(Span(*pair) for pair in zip(*[iter(sorted(edges))] * 2, strict=False)))
weeks = st.lists(spans | st.just(()), min_size=7, max_size=7).filter(any)


def by_week(week: list[tuple[Span, ...]]) -> Spans:
    return lambda day: week[day.weekday()]


def every_day(*allowed: tuple[int, int]) -> Spans:
    return lambda day: tuple(Span(*pair) for pair in allowed)


def at(zone: str, text: str, fold: int = 0) -> datetime:
    """The instant at which the wall clock of a zone shows that."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


NINE_TO_FIVE = every_day((9 * HOUR, 17 * HOUR))


@given(moments, zones, weeks)
@settings(max_examples=150, deadline=None)
def test_the_next_open_instant_is_open_and_not_before(
    moment: datetime, zone: ZoneInfo, week: list[tuple[Span, ...]]
) -> None:
    found = next_open(moment, zone, by_week(week), days=30)
    if found is not None:
        assert found >= moment
        assert is_open(found, zone, by_week(week))


@given(moments, zones, weeks)
@example(
    at("Europe/Berlin", "2026-03-29T01:30:00"),
    ZoneInfo("Europe/Berlin"),
    [(Span(9000, 12_600),)] * 7,
)
@example(
    at("Europe/Berlin", "2026-10-25T01:30:00"), ZoneInfo("Europe/Berlin"), [(Span(9000, 9900),)] * 7
)
@settings(max_examples=60, deadline=None)
def test_nothing_before_it_is_open(
    moment: datetime, zone: ZoneInfo, week: list[tuple[Span, ...]]
) -> None:
    """By walking through the time in quarters of an hour, which is what all spans and changes of the clock keep to."""
    spans = by_week(week)
    first = moment + timedelta(seconds=-moment.timestamp() % 900)
    steps = (first + timedelta(minutes=15 * quarter) for quarter in range(2 * 96))
    expected = next((step for step in (moment, *steps) if is_open(step, zone, spans)), None)
    found = next_open(moment, zone, spans, days=30)
    assert found == expected or (expected is None and (found is None or found > first))


@given(moments, moments, zones, weeks)
@settings(deadline=None)
def test_later_never_gives_an_earlier_time(
    first: datetime, second: datetime, zone: ZoneInfo, week: list[tuple[Span, ...]]
) -> None:
    early, late = sorted((first, second))
    before, after = (next_open(moment, zone, by_week(week)) for moment in (early, late))
    if before is not None and after is not None:
        assert before <= after


@given(moments, zones)
@settings(deadline=None)
def test_any_time_is_now(moment: datetime, zone: ZoneInfo) -> None:
    assert next_open(moment, zone, every_day((0, DAY))) == moment


@pytest.mark.parametrize(
    ("zone", "now", "opens"),
    [
        ("UTC", "2026-11-24T05:00", "2026-11-24T09:00"),
        ("UTC", "2026-11-24T17:00", "2026-11-25T09:00"),
        ("Asia/Kolkata", "2026-11-24T18:00", "2026-11-25T09:00"),
        ("Australia/Adelaide", "2026-11-24T08:59", "2026-11-24T09:00"),
        ("Pacific/Auckland", "2026-11-24T23:00", "2026-11-25T09:00"),
        ("Pacific/Honolulu", "2026-11-24T23:00", "2026-11-25T09:00"),
        ("Europe/Berlin", "2026-03-28T20:00", "2026-03-29T09:00"),
        ("Europe/Berlin", "2026-10-24T20:00", "2026-10-25T09:00"),
        ("Pacific/Apia", "2011-12-29T18:00", "2011-12-31T09:00"),
    ],
)
def test_t_109_a_window_opens_by_the_wall_clock(zone: str, now: str, opens: str) -> None:
    assert next_open(at(zone, now), ZoneInfo(zone), NINE_TO_FIVE) == at(zone, opens)


def test_t_109_a_window_in_the_skipped_hour_opens_on_the_day_after() -> None:
    """In Berlin there is no 02:30 on 29 March 2026."""
    zone, night = ZoneInfo("Europe/Berlin"), every_day((9000, 9900))
    found = next_open(at("Europe/Berlin", "2026-03-29T00:00"), zone, night)
    assert found == at("Europe/Berlin", "2026-03-30T02:30")


def test_t_109_a_window_that_began_in_the_skipped_hour_opens_when_the_clock_is_put_forward() -> (
    None
):
    zone, night = ZoneInfo("Europe/Berlin"), every_day((9000, 4 * HOUR))
    found = next_open(at("Europe/Berlin", "2026-03-29T00:00"), zone, night)
    assert found == at("Europe/Berlin", "2026-03-29T03:00")


def test_t_109_a_window_in_the_repeated_hour_is_open_twice() -> None:
    """In Berlin it is 02:30 twice on 25 October 2026."""
    zone, night = ZoneInfo("Europe/Berlin"), every_day((9000, 9900))
    first, second = (at("Europe/Berlin", "2026-10-25T02:30", fold) for fold in (0, 1))
    assert next_open(at("Europe/Berlin", "2026-10-25T00:00"), zone, night) == first
    assert next_open(first + timedelta(minutes=15), zone, night) == second
    assert second - first == timedelta(hours=1)


def test_t_109_a_window_is_entered_again_when_the_clock_is_put_back_into_it() -> None:
    zone, night = ZoneInfo("Europe/Berlin"), every_day((HOUR, 9000))
    after = at("Europe/Berlin", "2026-10-25T02:45")
    assert next_open(after, zone, night) == at("Europe/Berlin", "2026-10-25T02:00", fold=1)


def test_a_day_that_midnight_skips_has_its_windows() -> None:
    """Cairo puts the clock forward at midnight: 24 April 2026 begins at 01:00."""
    zone, early = ZoneInfo("Africa/Cairo"), every_day((0, 2 * HOUR))
    found = next_open(at("Africa/Cairo", "2026-04-23T12:00"), zone, early)
    assert found == at("Africa/Cairo", "2026-04-24T01:00")
    assert calendar.midnight(date(2026, 4, 24), zone) == found


def test_days_off_are_skipped_and_the_window_opens_at_its_start() -> None:
    """Not at the hour that the day before had: mails do not leave at 18:13 after a weekend."""
    zone = ZoneInfo("Europe/Berlin")
    closed: Spans = lambda day: NINE_TO_FIVE(day) if day.weekday() < 5 else ()  # noqa: E731
    friday = at("Europe/Berlin", "2026-11-27T18:13")
    assert next_open(friday, zone, closed) == at("Europe/Berlin", "2026-11-30T09:00")


def test_nothing_opens_where_every_day_is_closed() -> None:
    assert next_open(at("UTC", "2026-11-24T00:00"), ZoneInfo("UTC"), lambda day: ()) is None


@given(moments, zones)
@settings(deadline=None)
def test_a_local_day_begins_at_midnight_and_ends_when_the_next_begins(
    moment: datetime, zone: ZoneInfo
) -> None:
    begins, ends = calendar.day_bounds(moment, zone)
    assert begins <= moment < ends
    assert timedelta(hours=22) <= ends - begins <= timedelta(hours=26)
    assert begins.astimezone(zone).date() == moment.astimezone(zone).date()
    assert ends.astimezone(zone).date() > moment.astimezone(zone).date()
    assert (begins - timedelta(seconds=1)).astimezone(zone).date() < moment.astimezone(zone).date()


@given(moments, zones, st.integers(0, 60), st.sets(st.integers(0, 6), min_size=1))
@settings(deadline=None)
def test_q_070_working_days_count_the_days_that_work(
    start: datetime, zone: ZoneInfo, days: int, working: set[int]
) -> None:
    due = calendar.add_working_days(start, days, zone, lambda day: day.weekday() in working)
    first, last = start.astimezone(zone).date(), due.astimezone(zone).date()
    passed = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    assert len([day for day in passed if day.weekday() in working]) in (days, days + 1)
    assert days == 0 or start < due


def test_two_working_days_after_friday_are_tuesday_at_the_same_hour() -> None:
    zone = ZoneInfo("Europe/Berlin")
    friday = at("Europe/Berlin", "2026-03-27T16:13")
    due = calendar.add_working_days(friday, 2, zone, lambda day: day.weekday() < 5)
    assert due == at("Europe/Berlin", "2026-03-31T16:13")
    assert due - friday == timedelta(days=4, hours=-1)  # the clock was put forward between


def test_a_week_without_working_days_is_an_error_and_no_endless_search() -> None:
    with pytest.raises(ValueError, match="working day"):
        calendar.add_working_days(
            at("UTC", "2026-11-24T00:00"), 1, ZoneInfo("UTC"), lambda day: False
        )


def test_t_109_month_ends() -> None:
    zone = ZoneInfo("Europe/Berlin")
    assert add_days(at("Europe/Berlin", "2028-02-28T09:00"), 1, zone).day == 29
    assert add_days(at("Europe/Berlin", "2026-12-31T09:00"), 1, zone).year == 2027
    assert add_days(at("Europe/Berlin", "2026-01-31T09:00"), 28, zone).month == 2
