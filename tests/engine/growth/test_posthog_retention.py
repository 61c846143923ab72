"""Retention of events: PostHog's cases, restated; what is not over is marked, what is not reached is blank."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest

from rusvel_tui.engine.errors import InvalidInput
from tests.engine.growth.helpers import happen
from tests.factories import Desk

START = date(2026, 6, 7)
"""A Sunday, six days after day one of the helpers."""


def on_days(desk: Desk, event: str, days: dict[str, Iterable[int]], step: int = 24) -> None:
    happen(
        desk, *((who, event, 6 * 24 + day * step + 5) for who, when in days.items() for day in when)
    )


def retention(desk: Desk, start: date = START, **asked: Any) -> Any:
    return desk.call("growth.cohort.retention", **{"from": start.isoformat(), **asked})


def rows(view: Any) -> list[list[int | None]]:
    return [list(row.active) for row in view.rows]


def test_posthog_r1_recurring_by_day(desk: Desk) -> None:
    on_days(desk, "V", {"p1": (0, 1, 2, 5, 6), "p2": (1, 2, 3, 6)})
    view = retention(desk, start_event="view", period="day", kind="recurring", periods=11)
    assert rows(view)[:3] == [
        [1, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0],
        [2, 2, 1, 0, 1, 2, 0, 0, 0, 0],
        [2, 1, 0, 1, 2, 0, 0, 0, 0],
    ]
    assert rows(view)[3][:4] == [1, 0, 0, 1]
    assert rows(view)[5][:2] == [1, 1]
    assert rows(view)[6][0] == 2
    assert [len(row) for row in rows(view)] == list(range(11, 0, -1))


def test_posthog_r3_only_the_first_time_ever_counts(desk: Desk) -> None:
    on_days(
        desk, "S", {"p1": (-1, 1, 2, 3, 4), "p2": (-1,), "p3": (0,), "p4": (2,), "p5": (-5, -1)}
    )
    on_days(
        desk, "V", {"p1": (0, 1, 2, 5, 6), "p2": (1, 2, 3, 6), "p3": (1, 3, 4, 5), "p4": (3, 5)}
    )
    asked = {"start_event": "signed up", "return_event": "view", "period": "day", "periods": 7}
    view = retention(desk, START - timedelta(days=1), **asked)
    assert rows(view) == [
        [2, 1, 2, 2, 1, 0, 1],
        [1, 1, 0, 1, 1, 1],
        [0] * 5,
        [1, 1, 0, 1],
        [0] * 3,
        [0] * 2,
        [0],
    ]


def test_posthog_r5_weeks(desk: Desk) -> None:
    monday = START - timedelta(days=6)
    on_days(desk, "V", {"p1": (-6, -5, 1, 8, 15, 22), "p2": (-6, -5, 1, 15, 22, 36)})
    asked = {"start_event": "view", "period": "week", "kind": "recurring", "periods": 7}
    view = retention(desk, monday, **asked)
    assert rows(view)[:2] == [[2, 2, 1, 2, 2, 0, 1], [2, 1, 2, 2, 0, 1]]
    assert [row.period for row in view.rows][:2] == ["2026-W23", "2026-W24"]


def test_on_or_after_never_rises(desk: Desk) -> None:
    on_days(desk, "S", {"p1": (0,), "p2": (0,), "p3": (0,)})
    on_days(desk, "V", {"p1": (5,), "p2": (1, 2)})
    asked: dict[str, Any] = {
        "start_event": "signed up",
        "return_event": "view",
        "period": "day",
        "periods": 7,
    }
    assert rows(retention(desk, **asked))[0] == [3, 1, 1, 0, 0, 1, 0]
    assert rows(retention(desk, **asked, mode="on_or_after"))[0] == [3, 2, 2, 1, 1, 1, 0]


def test_q_112_the_running_period_is_marked_and_left_out_of_the_mean(desk: Desk) -> None:
    today = desk.engine.clock.now().date()
    days = (today - date(2026, 6, 1)).days
    happen(
        desk,
        *((f"a{n}", "S", 24 * (days - 2)) for n in range(4)),
        *((f"b{n}", "S", 24 * (days - 1)) for n in range(4)),
        *((f"a{n}", "V", 24 * (days - 1)) for n in range(2)),
        ("a0", "V", 24 * days), ("b0", "V", 24 * days),
    )  # fmt: skip
    asked = {"start_event": "signed up", "return_event": "view", "period": "day", "periods": 4}
    view = retention(desk, today - timedelta(days=2), **asked)
    assert rows(view)[:2] == [[4, 2, 1, None], [4, 1, None]]
    assert view.mean == (1.0, 0.5, None, None)
    assert view.incomplete == (today.isoformat(), (today + timedelta(days=1)).isoformat())
    assert [row.incomplete_from for row in view.rows] == [2, 1, 0, 0]


def test_nobody_is_an_empty_matrix(desk: Desk) -> None:
    view = retention(desk, start_event="view", period="day", periods=3)
    assert rows(view) == [[0, 0, 0], [0, 0], [0]]
    assert view.mean == (None, None, None)


def test_c2_10_a_day_that_is_none_is_refused(desk: Desk) -> None:
    for day in ("2026-13-01", "26-1", "2026-02-30"):
        with pytest.raises(InvalidInput, match="not a day"):
            desk.call("growth.cohort.retention", **{"from": day, "start_event": "x"})
