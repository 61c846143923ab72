"""Pictures of growth: what stands where, wide and narrow, with and without colour, full, empty, and with one point."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot

from tests.factories import Desk
from tests.screens.growth.numbers import everything, program, readings
from tests.screens.pilots import screen_lines, settle, shows

WIDE, NARROW = (120, 40), (80, 24)
Snap = Callable[..., bool]


def once(text: str, *keys: str, then: str = "") -> Callable[[Pilot[Any]], Any]:
    """Wait for a text and the header, press keys, wait for another text."""

    async def act(pilot: Pilot[Any]) -> None:
        await settle(pilot, lambda: shows(pilot.app, text) and shows(pilot.app, "no worker"))
        await pilot.press(*keys)
        await settle(pilot, lambda: shows(pilot.app, then or text))
        await settle(pilot, lambda: drawn(pilot.app))

    return act


def drawn(app: App[Any]) -> bool:
    """Whether a line that is wanted has its axis already: it is painted after the text."""
    return not app.query(".-drawn") or any(
        "┤" in line or "Two readings" in line for line in screen_lines(app)
    )


def test_snapshot_overview_wide(desk: Desk, snap: Snap) -> None:
    """What wants attention, tiles with signs, the funnel with its leak, who stays."""
    everything(desk)
    assert snap(program(desk), run_before=once("Look at this"), terminal_size=WIDE)


def test_snapshot_overview_narrow(desk: Desk, snap: Snap) -> None:
    """The tiles stand in two columns."""
    everything(desk)
    assert snap(program(desk), run_before=once("Look at this"), terminal_size=NARROW)


def test_snapshot_funnel_narrow(desk: Desk, snap: Snap) -> None:
    """Only the bars give way; the leak has words."""
    everything(desk)
    look = once("Look at this", "3", then="against 2026-10")
    assert snap(program(desk), run_before=look, terminal_size=NARROW)


def test_snapshot_cohorts_without_colour(
    desk: Desk, snap: Snap, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number stands in every cell; the star says what is not over."""
    monkeypatch.setenv("NO_COLOR", "1")
    everything(desk)
    look = once("Look at this", "4", then="Blank: not reached yet")
    assert snap(program(desk), run_before=look, terminal_size=WIDE)


async def test_a_trend_has_a_line_with_round_numbers_and_days(desk: Desk) -> None:
    """Not a stored picture: plotext sets its ticks a cell to the left or to the right."""
    readings(desk, "MRR", 8000, 8900, 9400, 10100, 10000, 12000)
    desk.call("growth.kpi.update_kpi", kpi="MRR", target="15000")
    app = program(desk)
    async with app.run_test(size=WIDE) as pilot:
        await once("MRR", "2", then="6 of 6 readings")(pilot)
        await settle(pilot, lambda: shows(app, "10,000┤") and shows(app, "01 Nov 26"))
        assert shows(app, "01 Jun 26")


def test_snapshot_trend_of_one_reading(desk: Desk, snap: Snap) -> None:
    """One point is no line, and no trend."""
    readings(desk, "MRR", 8000)
    look = once("MRR", "2", then="Two readings make a line.")
    assert snap(program(desk), run_before=look, terminal_size=NARROW)


def test_snapshot_money(desk: Desk, snap: Snap) -> None:
    """How recurring money moved, month by month."""
    everything(desk)
    look = once("Look at this", "5", then="MRR in EUR")
    assert snap(program(desk), run_before=look, terminal_size=WIDE)


def test_snapshot_empty(desk: Desk, snap: Snap) -> None:
    """What to do first."""
    assert snap(program(desk), run_before=once("Nothing is measured yet."), terminal_size=NARROW)
