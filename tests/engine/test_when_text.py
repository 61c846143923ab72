"""Days and times as people type them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.when_text import parse_day, parse_when

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
