"""Ids and moments: they sort, they come back, and days are those of a zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.engine import clock
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.ids import id_series, new_id
from tests.factories import START

BERLIN = ZoneInfo("Europe/Berlin")
moments = st.datetimes(timezones=st.just(UTC))
usual = moments.filter(lambda moment: 1971 <= moment.year < 3000)


def test_ids_are_uuids_of_version_seven() -> None:
    made = UUID(new_id(START))
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert made.int >> 80 == int(START.timestamp() * 1000)


def test_ids_of_one_moment_sort_in_the_order_of_their_making() -> None:
    made = [new_id(START) for _ in range(5000)]
    assert made == sorted(made)
    assert len(set(made)) == 5000


@given(usual)
def test_later_ids_sort_later(moment: datetime) -> None:
    assert new_id(moment) < new_id(moment + timedelta(milliseconds=1))


def test_a_series_of_ids_sorts_too_and_every_one_is_a_uuid() -> None:
    series = id_series(START)
    made = [next(series) for _ in range(3000)]
    assert made == sorted(made)
    assert {UUID(text).version for text in made} == {7}
    assert len(set(made)) == 3000


@given(moments)
def test_a_stored_moment_comes_back_to_the_millisecond(moment: datetime) -> None:
    back = clock.moment(clock.stamp(moment))
    assert back == moment - timedelta(microseconds=moment.microsecond % 1000)
    assert back.utcoffset() == timedelta(0)


@given(moments, moments)
def test_q_016_text_order_is_time_order(first: datetime, second: datetime) -> None:
    if clock.stamp(first) < clock.stamp(second):
        assert first < second
    elif first < second:
        assert second - first < timedelta(milliseconds=1)


@given(usual, st.integers(-14, 14))
def test_any_zone_is_stored_as_utc(here: datetime, hours: int) -> None:
    there = here.astimezone(timezone(timedelta(hours=hours)))
    stored = clock.stamp(there)
    assert stored.endswith("Z")
    assert len(stored) == len("2026-11-24T09:00:00.000Z")
    assert abs(clock.moment(stored) - there) < timedelta(milliseconds=1)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        clock.stamp(datetime(2026, 1, 1))  # noqa: DTZ001 - the point of the test


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-11-24T09:00:00Z", "2026-11-24T09:00:00.000Z"),
        (" 2026-11-24 ", "2026-11-24T00:00:00.000Z"),
        ("2026-11-24T09:00:00+02:00", "2026-11-24T07:00:00.000Z"),
        ("2026-11-24T09:00", "2026-11-24T09:00:00.000Z"),
    ],
)
def test_a_typed_moment_is_read(text: str, meant: str) -> None:
    assert clock.stamp(clock.parse_moment(text)) == meant


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-13-01", "2026-02-30", "1"])
def test_a_typed_moment_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="is not a time"):
        clock.parse_moment(text)


@pytest.mark.parametrize(
    "name", ["", "Berlin", "Mars/Base", "../etc/passwd", "/etc/passwd", "x\0y"]
)
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="is not a time zone") as caught:
        clock.zone(name)
    assert caught.value.field == "timezone"


def utc(text: str) -> datetime:
    return clock.parse_moment(text)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        # spring: the night of 28 to 29 March 2026 is an hour short
        ("2026-03-28T08:00Z", 1, "2026-03-29T07:00Z"),
        # 02:30 does not exist on that day: the clock shows 03:30 instead
        ("2026-03-28T01:30Z", 1, "2026-03-29T01:30Z"),
        # autumn: the night of 24 to 25 October 2026 is an hour long
        ("2026-10-24T07:00Z", 1, "2026-10-25T08:00Z"),
        # 02:30 exists twice on that day: the first one counts
        ("2026-10-24T00:30Z", 1, "2026-10-25T00:30Z"),
        ("2026-10-25T01:30Z", 1, "2026-10-26T01:30Z"),
        # the ends of months and years, leap days
        ("2026-01-31T12:00Z", 1, "2026-02-01T12:00Z"),
        ("2028-02-28T12:00Z", 1, "2028-02-29T12:00Z"),
        ("2026-12-31T23:30Z", 1, "2027-01-01T23:30Z"),
        ("2026-03-01T09:00Z", 0, "2026-03-01T09:00Z"),
    ],
)
def test_days_are_calendar_days_of_the_zone(start: str, days: int, end: str) -> None:
    assert clock.add_days(utc(start), days, BERLIN) == utc(end)


@given(usual, st.integers(0, 400))
def test_added_days_keep_the_wall_clock_but_for_hours_that_do_not_exist(
    start: datetime, days: int
) -> None:
    end = clock.add_days(start, days, BERLIN).astimezone(BERLIN)
    local = start.astimezone(BERLIN)
    assert (end.date() - local.date()).days == days
    assert end.timetz().replace(tzinfo=None) >= local.timetz().replace(tzinfo=None)
