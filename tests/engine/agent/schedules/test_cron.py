"""When cron expressions fire, against an oracle that looks at every minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.agent.schedules.cron import MACROS, coming, due, fires, parse
from rusvel_tui.engine.errors import InvalidInput

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Asuncion")
MINUTE = timedelta(minutes=1)
STARTS = (
    datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
    datetime(2027, 3, 27, 22, 30, tzinfo=UTC),
    datetime(2026, 10, 24, 23, 10, tzinfo=UTC),
    datetime(2027, 3, 14, 5, 59, tzinfo=UTC),
    datetime(2026, 11, 1, 4, 1, tzinfo=UTC),
    datetime(2026, 10, 3, 14, 59, tzinfo=UTC),
    datetime(2027, 4, 3, 14, 45, tzinfo=UTC),
    datetime(2028, 2, 28, 23, 0, tzinfo=UTC),
)
"""A Tuesday, and the hours in which clocks change, here and there; and a leap day."""


@cache
def values(text: str, low: int, high: int) -> frozenset[int]:
    """What a field stands for, without names."""
    found: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        begin = low if first == "*" else int(first)
        end = high if first == "*" or (step and not last) else int(last or first)
        found |= set(range(begin, end + 1, int(step or 1)))
    return frozenset(found)


def fits(cron: str, local: datetime) -> bool:
    """Whether a time on the wall is one of the expression's."""
    minute, hour, day, month, weekday = cron.split()
    by_day = local.day in values(day, 1, 31)
    week = values(weekday, 0, 7)
    by_week = local.isoweekday() % 7 in week or (local.isoweekday() == 7 and 7 in week)
    both = day.startswith("*") or weekday.startswith("*")
    return (
        local.minute in values(minute, 0, 59)
        and local.hour in values(hour, 0, 23)
        and local.month in values(month, 1, 12)
        and ((by_day and by_week) if both else (by_day or by_week))
    )


def oracle(cron: str, zone: ZoneInfo, start: datetime, hours: int) -> list[datetime]:
    """Every minute is looked at: what the wall shows, shows again, and never shows."""
    fixed = not cron.split()[1].startswith("*")
    found, before = [], start.astimezone(zone)
    for number in range(1, hours * 60 + 1):
        moment = start + number * MINUTE
        local = moment.astimezone(zone)
        walls = [local.replace(tzinfo=None)]
        if fixed:
            gap = before.replace(tzinfo=None) + MINUTE
            while gap < walls[-1]:  # the clock sprang: these were never shown
                walls.insert(0, gap)
                gap += MINUTE
            if local.fold:  # shown for the second time
                walls = []
        if any(fits(cron, wall) for wall in walls):
            found.append(moment)
        before = local
    return found


def field(low: int, high: int) -> st.SearchStrategy[str]:
    number = st.integers(low, high)
    span = st.tuples(number, number).map(sorted).map(lambda two: f"{two[0]}-{two[1]}")
    stepped = st.tuples(st.one_of(span, st.just("*")), st.integers(1, 7)).map(
        "{0[0]}/{0[1]}".format
    )
    some = st.lists(number.map(str), min_size=1, max_size=4).map(",".join)
    return st.one_of(st.just("*"), some, span, stepped)


EXPRESSIONS = st.tuples(field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 7)).map(
    " ".join
)
NEAR = st.tuples(
    field(0, 59), st.one_of(field(0, 4), field(0, 23)), st.just("*"), st.just("*"), st.just("*")
).map(" ".join)
"""What fires often, and in the hours in which clocks change."""


@settings(max_examples=40, deadline=None)
@given(st.one_of(NEAR, EXPRESSIONS), st.sampled_from(ZONES), st.sampled_from(STARTS))
@example("30 2 * * *", "Europe/Berlin", STARTS[1])
@example("0,30 2 * * *", "Europe/Berlin", STARTS[1])
@example("*/30 2 * * *", "Europe/Berlin", STARTS[1])
@example("30 1-3 * * *", "Europe/Berlin", STARTS[1])
@example("0 2-3 * * *", "Europe/Berlin", STARTS[1])
@example("*/20 * * * *", "Europe/Berlin", STARTS[1])
@example("*/20 * * * *", "Europe/Berlin", STARTS[2])
@example("30 2 * * *", "Europe/Berlin", STARTS[2])
@example("*/10 2 * * *", "Europe/Berlin", STARTS[2])
@example("15 2 * * *", "Australia/Lord_Howe", STARTS[5])
@example("0 9 13 * 5", "UTC", STARTS[0])
def test_q_143_it_fires_when_every_minute_says_so(
    cron: str, zone_name: str, start: datetime
) -> None:
    zone = ZoneInfo(zone_name)
    try:
        parse(cron)
    except InvalidInput:
        return  # a 31st of February
    end = start + timedelta(hours=6)
    got = [moment for moment in coming(cron, zone, start, 6 * 60) if moment <= end]
    assert got == oracle(cron, zone, start, 6)


@pytest.mark.parametrize(
    ("cron", "first"),
    [
        ("0 9 * * mon", "2026-11-30 09:00"),
        ("0 9 * * 1", "2026-11-30 09:00"),
        ("0 9 * * 0", "2026-11-29 09:00"),
        ("0 9 * * 7", "2026-11-29 09:00"),
        ("0 9 * * SUN", "2026-11-29 09:00"),
        ("0 9 * * mon-fri", "2026-11-25 09:00"),
        ("0 9 * * 5-7", "2026-11-27 09:00"),
        ("0 0 29 2 *", "2028-02-29 00:00"),
        ("0 9 1 jan *", "2027-01-01 09:00"),
        ("@daily", "2026-11-25 00:00"),
        ("@Weekly", "2026-11-29 00:00"),
        ("@monthly", "2026-12-01 00:00"),
        ("@yearly", "2027-01-01 00:00"),
        ("@hourly", "2026-11-24 11:00"),
    ],
)
def test_q_143_sunday_is_0_and_7_and_names_are_names(cron: str, first: str) -> None:
    """In Berlin, at ten on a Tuesday."""
    [moment] = coming(cron, BERLIN, STARTS[0], 1)
    assert f"{moment.astimezone(BERLIN):%Y-%m-%d %H:%M}" == first


@pytest.mark.parametrize(
    "wrong",
    "|* * * *|* * * * * *|60 * * * *|* 24 * * *|0 0 31 2 *|0 0 0 * *|x * * * *|*/0 * * * *|5-1 * * * *|"
    "0 0 * 13 *|0 0 * * 8|@often|1,,2 * * * *".split("|"),
)
def test_what_is_no_expression_is_refused_in_words(wrong: str) -> None:
    with pytest.raises(InvalidInput, match="Five fields") as refused:
        parse(wrong)
    assert refused.value.field == "cron"


def test_a_fire_time_is_never_the_moment_itself() -> None:
    nine = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    assert next(fires("0 9 * * *", ZoneInfo("UTC"), nine)) == nine + timedelta(days=1)
    almost = nine - timedelta(microseconds=1)
    assert next(fires("0 9 * * *", ZoneInfo("UTC"), almost)) == nine


@pytest.mark.parametrize("years", [0, 1, 30])
@pytest.mark.parametrize("cron", ["* * * * *", "0 9 * * *", "0 0 29 2 *"])
def test_what_was_slept_through_is_found_from_its_end(cron: str, years: int) -> None:
    until = STARTS[0]
    after = until - timedelta(days=365 * years, hours=3)
    found = due(cron, ZoneInfo("UTC"), after, until, 5)
    assert len(found.times) <= 5
    if found.times:
        assert next(fires(cron, ZoneInfo("UTC"), found.times[-1])) > until
    assert found.more == (
        cron == "* * * * *" or (cron == "0 9 * * *" and years > 0) or (years == 30)
    )


def test_every_shorthand_is_an_expression() -> None:
    assert [name for name, cron in MACROS.items() if parse(name) != cron] == []
