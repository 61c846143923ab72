"""Schedules in words and for one person: windows as text, zones, days off, jitter, and when a step is due."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.calendar import DAY, Span
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.outreach.timing.send_times import Schedule, SendTimes
from rusvel_tui.engine.gtm.outreach.timing.weekly import (
    ALWAYS,
    format_days,
    format_week,
    parse_days,
    parse_week,
)
from rusvel_tui.engine.public_holidays import holiday_name, knows, require_place
from tests.engine.test_calendar import at, moments, zones

OFFICE = parse_week("mon-fri 09:00-17:00")
days = st.dates(date(2010, 1, 1), date(2029, 12, 31))
minutes = st.integers(0, 1440)
week_texts = st.lists(
    st.tuples(st.sets(st.integers(0, 6), min_size=1), st.sets(minutes, min_size=2, max_size=2)),
    min_size=1,
    max_size=4,
)
schedules = st.builds(
    Schedule,
    week=st.sampled_from(
        ["", "mon-fri 09:00-17:00", "daily 22:00-24:00", "tue 9-10, 11-12; sat 00:00-24:00"]
    ).map(parse_week),
    holidays=st.sampled_from(["", "DE-BY"]),
    blackout=st.lists(days.map(lambda day: (day, day + timedelta(days=3))), max_size=2).map(tuple),
    jitter_minutes=st.integers(0, 720),
)


def times(
    text: str = "mon-fri 09:00-17:00", zone: str = "Europe/Berlin", **more: object
) -> SendTimes:
    """Office hours in Berlin, with changes."""
    place = str(more.pop("place", ""))
    return SendTimes(Schedule(week=parse_week(text), **more), zone, key="e1 s1", place=place)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("", ""),
        ("daily 0-24", ""),
        ("mon-fri 9-17", "mon-fri 09:00-17:00"),
        ("Monday – Friday 09:00 – 17:00", "mon-fri 09:00-17:00"),
        ("mon, wed 09:00-12:00, 13:00-17:00", "mon 09:00-12:00, 13:00-17:00; wed 09:00-12:00, 13:00-17:00"),
        ("mon-fri 9-12; fri 11-15:30; sun 10-11", "mon-thu 09:00-12:00; fri 09:00-15:30; sun 10:00-11:00"),
        ("sat-mon 10-11", "mon 10:00-11:00; sat-sun 10:00-11:00"),
        ("tue 9-12, 12-13;", "tue 09:00-13:00"),
    ],
)  # fmt: skip
def test_windows_have_one_spelling(typed: str, stored: str) -> None:
    assert format_week(parse_week(typed)) == stored
    assert parse_week(stored) == parse_week(typed)


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("mon 09:00-09:00", "excludes every hour"),
        ("mon 17:00-09:00", "ends before it begins"),
        ("mon 09:00-25:00", "'09:00-25:00'"),
        ("mon 09:60-10:00", "'09:60-10:00'"),
        ("mon-fri", "'mon-fri' names no hours"),
        ("09:00-17:00", "names no weekday"),
        ("mom 9-17", "'mom' is no weekday"),
        ("t 9-17", "'t' is no weekday"),
        ("mon 9-17; fri noon", "'noon' is no weekday"),
        ("mon 9", "'9' are no hours"),
        (";", "exclude every hour"),
    ],
)
def test_impossible_windows_are_refused_with_the_place_and_the_reason(
    typed: str, place: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_week(typed)
    assert place in str(caught.value)
    assert caught.value.field == "windows"


@given(week_texts)
@settings(deadline=None)
def test_what_was_formatted_reads_the_same(parts: list[tuple[set[int], set[int]]]) -> None:
    texts = []
    for weekdays, edges in parts:
        start, end = sorted(edges)
        hours = f"{start // 60}:{start % 60:02}-{end // 60}:{end % 60:02}"
        texts.append(f"{format_days(weekdays)} {hours}")
    week = parse_week("; ".join(texts))
    assert parse_week(format_week(week)) == week
    for weekdays, edges in parts:
        for day in weekdays:
            assert any(span.start <= 60 * min(edges) < span.end for span in week[day])


def test_weekdays_have_one_spelling() -> None:
    assert format_days(parse_days("monday-wed, sat")) == "mon-wed, sat"
    assert parse_days("") == ()


@given(moments, zones, schedules)
@settings(max_examples=200, deadline=None)
def test_jitter_is_the_same_at_every_look_and_stays_in_the_window(
    moment: datetime, zone: ZoneInfo, schedule: Schedule
) -> None:
    day = moment.astimezone(zone).date()
    one = SendTimes(schedule, zone.key, key="e1 s1", place=schedule.holidays)
    assert one.spans(day) == SendTimes(
        schedule, zone.key, key="e1 s1", place=schedule.holidays
    ).spans(day)
    windows = () if one.day_off(day) else schedule.week[day.weekday()]
    assert len(one.spans(day)) == len(windows)
    for late, window in zip(one.spans(day), windows, strict=True):
        assert window.start <= late.start < window.end
        assert late.end == window.end
        assert late.start - window.start <= schedule.jitter_minutes * 60


def test_jitter_differs_by_person_and_by_day() -> None:
    office = Schedule(week=OFFICE, jitter_minutes=120)
    tuesdays = [date(2026, 11, 24) + timedelta(days=7 * n) for n in range(20)]
    people = [SendTimes(office, key=f"e{n} s1") for n in range(20)]
    assert len({who.spans(tuesdays[0]) for who in people}) > 15
    assert len({people[0].spans(day) for day in tuesdays}) > 15


def test_any_time_has_no_jitter_but_after_a_day_off() -> None:
    """A window that goes on from the day before does not open anew at midnight."""
    off = (date(2026, 12, 24), date(2026, 12, 26))
    free = SendTimes(Schedule(jitter_minutes=60, blackout=(off,)), key="e1 s1")
    assert free.spans(date(2026, 12, 20)) == (Span(0, DAY),)
    assert free.spans(date(2026, 12, 25)) == ()
    [after] = free.spans(date(2026, 12, 27))
    assert 0 < after.start < 3600


def test_after_days_off_the_window_opens_at_its_start() -> None:
    berlin = times()
    saturday = at("Europe/Berlin", "2026-11-28T18:13")
    assert berlin.next_open(saturday) == at("Europe/Berlin", "2026-11-30T09:00")


def test_t_109_holidays_and_blackout_dates_are_days_off() -> None:
    germany = times(place="DE", holidays="DE", blackout=((date(2026, 12, 28), date(2027, 1, 1)),))
    assert germany.day_off(date(2026, 12, 25)) == "a holiday in DE: Christmas Day"
    assert germany.day_off(date(2026, 12, 29)) == "a blackout date"
    assert germany.day_off(date(2026, 12, 24)) == ""
    evening = at("Europe/Berlin", "2026-12-24T17:00")
    assert germany.next_open(evening) == at("Europe/Berlin", "2027-01-04T09:00")


def test_holidays_of_a_part_of_a_country() -> None:
    epiphany = date(2026, 1, 6)
    assert holiday_name("DE-BY", epiphany)
    assert not holiday_name("DE-BE", epiphany)
    assert not holiday_name("", epiphany)
    assert not holiday_name("XX", epiphany)


def test_places_are_known_or_refused() -> None:
    assert require_place("germany") == "DE"
    assert require_place("de-by") == "DE-BY"
    assert knows("US")
    for text in ("Atlantis", "DE-XX", "-", "XX"):
        with pytest.raises(InvalidInput) as caught:
            require_place(text)
        assert caught.value.field == "holidays"


def test_q_062_a_delay_counts_from_the_completion_at_the_same_time_of_the_day() -> None:
    berlin = times("")
    done = at("Europe/Berlin", "2026-10-23T16:13")
    assert berlin.due_at(done, 3, "days") == at("Europe/Berlin", "2026-10-26T16:13")
    assert berlin.due_at(done, 0, "days") == done
    assert berlin.due_at(done, 0, "working_days") == done
    assert berlin.due_at(done, 2, "working_days") == at("Europe/Berlin", "2026-10-27T16:13")


def test_working_days_leave_out_holidays() -> None:
    germany = times("", place="DE", holidays="DE")
    done = at("Europe/Berlin", "2026-12-24T10:00")  # a Thursday; Friday and Saturday are holidays
    assert germany.due_at(done, 1, "working_days") == at("Europe/Berlin", "2026-12-28T10:00")


def test_a_mail_is_drafted_ahead_of_the_time_at_which_it_may_leave() -> None:
    ahead = times(draft_ahead_hours=12)
    sunday = at("Europe/Berlin", "2026-11-29T15:00")
    assert ahead.draft_at(sunday) == at("Europe/Berlin", "2026-11-29T21:00")
    assert times().draft_at(sunday) == at("Europe/Berlin", "2026-11-30T09:00")


@given(moments, zones, st.integers(0, 30), st.sampled_from(["days", "working_days"]), schedules)
@settings(max_examples=200, deadline=None)
def test_a_step_is_never_due_before_the_one_before_it(
    done: datetime, zone: ZoneInfo, delay: int, unit: str, schedule: Schedule
) -> None:
    one = SendTimes(schedule, zone.key, key="e1 s1", place=schedule.holidays)
    due = one.due_at(done, delay, unit)
    assert due >= done
    assert due.tzinfo is UTC or due == done
    opens = one.next_open(due)
    assert opens is None or opens >= due


def test_the_default_is_any_time() -> None:
    assert Schedule().week == ALWAYS
    now = at("UTC", "2026-11-24T03:00")
    assert SendTimes().next_open(now) == now


def test_where_days_off_never_end_every_day_counts() -> None:
    """Nothing that left may fail to be recorded because of the step after it."""
    closed = times("", blackout=((date(2026, 1, 1), date(2036, 1, 1)),))
    done = at("Europe/Berlin", "2026-11-24T09:00")
    assert closed.due_at(done, 2, "working_days") == at("Europe/Berlin", "2026-11-26T09:00")
    assert closed.next_open(done) is None
    assert closed.draft_at(done) == done
