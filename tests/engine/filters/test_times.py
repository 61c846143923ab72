"""Times in filters: calendar stretches and distances, in the session's zone."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.engine.filters.faults import Fault
from rusvel_tui.engine.filters.syntax import Place, Value
from rusvel_tui.engine.filters.times import Stretch, read_time

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 29, 10, 30, tzinfo=UTC)
"""Half past twelve in Berlin, on the day on which the clocks went forward."""


def read(text: str, direction: int = -1) -> Stretch:
    return read_time(Value(text, Place(3, 5)), NOW, BERLIN, direction)


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="minutes").removesuffix("+00:00")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026-11-21", "2026-11-20T23:00", "2026-11-21T23:00"),
        ("2026-11", "2026-10-31T23:00", "2026-11-30T23:00"),
        ("2026-12", "2026-11-30T23:00", "2026-12-31T23:00"),
        ("2026", "2025-12-31T23:00", "2026-12-31T23:00"),
        ("today", "2026-03-28T23:00", "2026-03-29T22:00"),
        ("Yesterday", "2026-03-27T23:00", "2026-03-28T23:00"),
        ("tomorrow", "2026-03-29T22:00", "2026-03-30T22:00"),
        ("2024-02", "2024-01-31T23:00", "2024-02-29T23:00"),
    ],
)
def test_a_date_is_a_stretch_of_the_local_calendar(text: str, start: str, end: str) -> None:
    found = read(text)
    assert (iso(found.start), iso(found.end), found.distance) == (start, end, False)


@pytest.mark.parametrize(
    ("text", "back", "ahead"),
    [
        ("6h", "2026-03-29T04:30", "2026-03-29T16:30"),
        ("12h", "2026-03-28T22:30", "2026-03-29T22:30"),
        ("1d", "2026-03-28T11:30", "2026-03-30T10:30"),
        ("2w", "2026-03-15T11:30", "2026-04-12T10:30"),
        ("1MO", "2026-02-28T11:30", "2026-04-29T10:30"),
        ("3mo", "2025-12-29T11:30", "2026-06-29T10:30"),
        ("1y", "2025-03-29T11:30", "2027-03-29T10:30"),
        ("0d", "2026-03-29T10:30", "2026-03-29T10:30"),
    ],
)
def test_a_distance_keeps_the_time_of_the_wall_clock(text: str, back: str, ahead: str) -> None:
    """Days, weeks, months and years do; hours are hours. A month too short ends on its last day."""
    assert iso(read(text).start) == back
    assert iso(read(text, 1).start) == ahead
    assert read(text).distance


@pytest.mark.parametrize(
    "text", ["", "x", "14", "2026-13", "2026-02-30", "26-01-01", "1.5d", "-1d", "99999y", "2025y", "9999", "0001", "1000-01-01", "9999-12-31", "٣d", "today1"]
)  # fmt: skip
def test_what_is_no_time_is_refused_at_its_place(text: str) -> None:
    with pytest.raises(Fault, match="is not a time") as caught:
        read(text)
    assert caught.value.place == Place(3, 5)


@given(st.text("0123456789-dwmoyh", max_size=12))
def test_no_text_breaks_the_reading_of_times(text: str) -> None:
    try:
        found = read(text)
    except Fault:
        return
    assert found.start <= found.end
