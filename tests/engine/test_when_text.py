"""Days and times as people type them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.when_text import day_bounds, parse_day, parse_when

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
"""Half past midnight on Wednesday in Berlin."""


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("", 25),
        ("today", 25),
        ("Tomorrow", 26),
        ("fri", 27),
        ("friday", 27),
        ("wed", 32),
        ("tue", 31),
        ("3 days", 28),
        ("in 3 days", 28),
        ("3d", 28),
        ("a day", 26),
        ("in a week", 32),
        ("1w", 32),
        ("2026-11-29", 29),
    ],
)
def test_days_count_from_today_in_the_zone(text: str, day: int) -> None:
    """Nine in the morning there; the name of today is a week from now."""
    expected = datetime.fromordinal(datetime(2026, 10, 31, tzinfo=UTC).toordinal() + day)
    assert parse_when(text, NOW, BERLIN) == expected.replace(hour=9, tzinfo=BERLIN)


@pytest.mark.parametrize(
    "text", ["fri 14:05", "fri at 14:05", "  FRI   14:05 ", "2026-11-27 14:05"]
)
def test_a_time_may_follow(text: str) -> None:
    assert parse_when(text, NOW, BERLIN) == datetime(2026, 11, 27, 13, 5, tzinfo=UTC)


def test_a_time_alone_is_today() -> None:
    assert parse_when("7:15", NOW, BERLIN) == datetime(2026, 11, 25, 6, 15, tzinfo=UTC)


def test_a_time_that_the_change_of_clocks_skips_is_still_a_time() -> None:
    """Half past two on the night when two becomes three."""
    assert parse_when("2027-03-28 02:30", NOW, BERLIN) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "someday",
        "32",
        "2026-02-30",
        "25:00",
        "fri 24:00",
        "9999 days",
        "-3 days",
        "fri sat",
        "12.05.2026",
    ],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    """With examples of what can be read."""
    with pytest.raises(InvalidInput, match="tomorrow") as caught:
        parse_when(text, NOW, BERLIN)
    assert caught.value.field == "due_at"


def test_days_alone_have_no_time() -> None:
    today = date(2026, 11, 24)
    assert parse_day("2 weeks", today, field="expected_close") == date(2026, 12, 8)
    with pytest.raises(InvalidInput) as caught:
        parse_day("fri 14:00", today, field="expected_close")
    assert caught.value.field == "expected_close"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now", "2026-11-24T23:30"),
        ("later today", "2026-11-25T02:30"),
        ("in 2 hours", "2026-11-25T01:30"),
        ("90 min", "2026-11-25T01:00"),
        ("an hour ago", "2026-11-24T22:30"),
        ("yesterday 14:00", "2026-11-24T13:00"),
        ("3 days ago", "2026-11-22T08:00"),
        ("tomorrow 9am", "2026-11-26T08:00"),
        ("tomorrow 12:30 pm", "2026-11-26T11:30"),
        ("fri 12 am", "2026-11-26T23:00"),
        ("tomorrow afternoon", "2026-11-26T13:00"),
        ("noon", "2026-11-25T11:00"),
        ("next week", "2026-11-30T08:00"),
        ("next month", "2026-12-01T08:00"),
        ("next friday", "2026-11-27T08:00"),
        ("in a month", "2026-12-25T08:00"),
        ("3 months", "2027-02-25T08:00"),
        ("24 dec", "2026-12-24T08:00"),
        ("Dec 24, 2027", "2027-12-24T08:00"),
        ("24. December 18:00", "2026-12-24T17:00"),
        ("1 mar", "2027-03-01T08:00"),
        ("2026-12-01T09:00:00+01:00", "2026-12-01T08:00"),
        ("2026-12-01T09:00:00Z", "2026-12-01T09:00"),
        ("2026-12-01 09:00", "2026-12-01T08:00"),
        ("2026-12-01T09:00:00", "2026-12-01T08:00"),
    ],
)
def test_what_people_say_is_understood(text: str, expected: str) -> None:
    """It is half past midnight on Wednesday the 25th in Berlin; answers are in UTC."""
    assert parse_when(text, NOW, BERLIN).isoformat()[:16] == expected


def test_a_month_that_is_shorter_ends_the_span() -> None:
    today = date(2026, 1, 31)
    assert parse_day("in a month", today, field="x") == date(2026, 2, 28)
    assert parse_day("13 months", today, field="x") == date(2027, 2, 28)


ZONES = st.sampled_from(
    ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")
)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(
    now=MOMENTS,
    zone=ZONES,
    days=st.integers(0, 999),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
)
def test_days_from_now_keep_the_time_on_the_wall(
    now: datetime, zone: str, days: int, hour: int, minute: int
) -> None:
    """Whatever the clocks do in between; a time that they skip is as much later."""
    there = ZoneInfo(zone)
    found = parse_when(f"in {days} days {hour}:{minute:02}", now, there).astimezone(there)
    wanted = datetime.combine(
        now.astimezone(there).date() + timedelta(days), time(hour, minute), there
    )
    skipped = wanted.astimezone(UTC).astimezone(there) != wanted.replace(tzinfo=there)
    if (found.hour, found.minute) == (hour, minute):
        assert found.date() == wanted.date()
    else:
        assert skipped


@given(now=MOMENTS, hours=st.integers(0, 9999))
def test_hours_are_hours_across_a_change_of_clocks(now: datetime, hours: int) -> None:
    assert parse_when(f"in {hours} hours", now, BERLIN) - now == timedelta(hours=hours)
    assert now - parse_when(f"{hours}h ago", now, BERLIN) == timedelta(hours=hours)


@given(
    now=MOMENTS,
    zone=ZONES,
    weekday=st.sampled_from(("mon", "tues", "wednesday", "thu", "fri", "sat", "sun")),
)
def test_a_weekday_is_the_next_one_and_never_today(now: datetime, zone: str, weekday: str) -> None:
    there = ZoneInfo(zone)
    found = parse_day(weekday, now.astimezone(there).date(), field="x")
    assert 1 <= (found - now.astimezone(there).date()).days <= 7
    assert f"{found:%A}".lower().startswith(weekday)


@given(moment=MOMENTS, now=MOMENTS, zone=ZONES)
def test_an_exact_moment_means_itself(moment: datetime, now: datetime, zone: str) -> None:
    assert parse_when(moment.isoformat(), now, ZoneInfo(zone)) == moment


@given(moment=MOMENTS, zone=ZONES)
def test_a_day_has_a_beginning_and_an_end_around_now(moment: datetime, zone: str) -> None:
    begin, end = day_bounds(moment, ZoneInfo(zone))
    assert begin <= moment < end
    assert timedelta(hours=22) < end - begin < timedelta(hours=26)


@given(text=st.text(max_size=40), now=MOMENTS, zone=ZONES)
@example(text="9999-12-31 23:59", now=NOW, zone="America/New_York")
@example(text="0001-01-01", now=NOW, zone="Asia/Kathmandu")
@example(text="29 feb", now=NOW, zone="UTC")
@example(text="\u0663 days", now=NOW, zone="UTC")
def test_whatever_is_typed_is_a_moment_or_refused_with_help(
    text: str, now: datetime, zone: str
) -> None:
    try:
        found = parse_when(text, now, ZoneInfo(zone))
    except InvalidInput as error:
        said = str(error)
    else:
        said = "tomorrow" if found.tzinfo is UTC else "no zone"
    assert "tomorrow" in said
    assert len(said.splitlines()) == 1
