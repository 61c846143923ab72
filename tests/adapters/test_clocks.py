"""What both clocks promise, and how the fixed one moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from threading import Event

import pytest

from rusvel_tui.adapters.clock import FixedClock, SystemClock
from rusvel_tui.engine.ports import Clock

START = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)


@pytest.fixture(params=["system", "fixed"])
def clock(request: pytest.FixtureRequest) -> Clock:
    return SystemClock() if request.param == "system" else FixedClock(START)


def test_the_moment_is_aware_and_in_utc(clock: Clock) -> None:
    assert clock.now().utcoffset() == timedelta(0)


def test_time_never_goes_backwards(clock: Clock) -> None:
    before = clock.now(), clock.monotonic()
    assert not clock.wait(Event(), 0)
    assert not clock.wait(Event(), -5)
    assert (clock.now(), clock.monotonic()) >= before


def test_a_wait_ends_at_once_when_stop_is_set(clock: Clock) -> None:
    stop = Event()
    stop.set()
    assert clock.wait(stop, 3600)


def test_a_wait_ends_while_it_lasts_when_stop_is_set() -> None:
    class Stopping(Event):
        def wait(self, timeout: float | None = None) -> bool:
            self.set()
            return super().wait(timeout)

    assert SystemClock().wait(Stopping(), 3600)


def test_a_fixed_clock_moves_by_waiting_only() -> None:
    clock, stop = FixedClock(START), Event()
    assert clock.now() == clock.now() == START
    assert not clock.wait(stop, 3600)
    assert clock.now() == START + timedelta(hours=1)
    assert clock.monotonic() == 3600
    stop.set()
    assert clock.wait(stop, 3600)
    assert clock.now() == START + timedelta(hours=1)


def test_a_fixed_clock_starts_in_any_zone_but_needs_one() -> None:
    local = datetime(2026, 7, 1, 11, 0, tzinfo=timezone(timedelta(hours=2)))
    assert FixedClock(local).now() == START
    with pytest.raises(ValueError, match="without a zone"):
        FixedClock(datetime(2026, 7, 1))  # noqa: DTZ001 (the point of the test)
