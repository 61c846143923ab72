"""Charts as text: the numbers stand in them, the bars agree with the numbers, and nothing is meant by colour alone."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.widgets.bars import bar, sparkline
from rusvel_tui.widgets.charts.bars import Bar, Bars
from rusvel_tui.widgets.charts.drawn import Drawn
from rusvel_tui.widgets.charts.funnel_bars import FunnelBars, Step
from rusvel_tui.widgets.charts.heatmap import Heatmap, Row
from rusvel_tui.widgets.charts.tiles import Tile, Tiles
from rusvel_tui.widgets.charts.time_line import Series, round_ticks
from rusvel_tui.widgets.plain import cells

FUNNEL = FunnelBars(
    (
        Step("Visited", 4200, None, 1.0, before=4000),
        Step("Signed up", 930, 0.2214, 0.2214, 3270, before=930),
        Step("Paid", 141, 0.1516, 0.0336, 789, before=150, took="median 2 d"),
        Step("Renewed", None),
    ),
    leak="Signed up",
)
MAP = Heatmap(
    (
        Row("2026-09", 120, (1.0, 0.5, 0.25), 2, (120, 60, 30)),
        Row("2026-10", 80, (1.0, None, None), 1, (80,)),
    ),
    (1.0, 0.5, None),
)
TILES = Tiles(
    tuple(
        Tile(f"KPI {n}", "12,000 USD", "▲ +20", "rising", (1.0, 2.0, None, 4.0)) for n in range(5)
    )
)
BARS = Bars(
    (Bar("2026-10", 1.0, "900 EUR"), Bar("2026-11", 0.01, "9 EUR"), Bar("none", 0.0, "0 EUR"))
)
CHARTS = (FUNNEL, MAP, TILES, BARS)


def text(chart: Drawn, width: int = 80) -> list[str]:
    return ["".join(piece for piece, _ in line) for line in chart.lines(width)]


def test_a_funnel_names_its_biggest_leak_in_words() -> None:
    lines = text(FUNNEL)
    assert "22.1 % continue · 3,270 drop off  ◀ biggest leak" in lines[1]
    assert sum("biggest leak" in line for line in lines) == 1
    assert "15.2 % continue · 789 drop off · median 2 d" in lines[3]


def test_q_111_what_was_not_recorded_is_not_zero() -> None:
    assert "not recorded" in text(FUNNEL)[5]
    assert "–" in text(FUNNEL)[6]
    assert FUNNEL.table()[4] == ("Renewed", "", "", "", "", "")


def test_a_funnel_says_how_it_was_before() -> None:
    assert "▲ +200" in text(FUNNEL)[0]
    assert "= as before" in text(FUNNEL)[2]
    assert "▼ -9" in text(FUNNEL)[4]


def test_bars_are_as_long_as_their_numbers() -> None:
    lengths = [line.count("█") for line in text(FUNNEL)[::2]]
    assert lengths[0] > 4 * lengths[1] > 0
    assert text(BARS)[2].count("█") == 0
    assert "▎" in text(BARS)[1]


def test_every_cell_of_a_retention_matrix_holds_its_number() -> None:
    lines = text(MAP)
    assert lines[1].split() == ["2026-09", "120", "100%", "50%", "25*"]
    assert lines[2].split() == ["2026-10", "80", "100%"]
    assert lines[3].split() == ["mean", "100%", "50%"]


def test_a_matrix_that_does_not_fit_says_how_much_is_left_out() -> None:
    wide = Heatmap((Row("2026-01", 9, tuple([1.0] * 12)),), tuple([1.0] * 12))
    assert "and 8 more" in text(wide, 44)[0]


def test_tiles_stand_beside_each_other_as_far_as_there_is_room() -> None:
    assert len(text(TILES, 31)) == 5 * 4 + 4
    assert len(text(TILES, 95)) == 2 * 4 + 1
    assert "12,000 USD  ▲ +20" in text(TILES, 31)[1]


def test_an_alert_has_a_sign() -> None:
    assert "! Churn" in text(Tiles((Tile("Churn", "6 %", alert=True),)))[0]


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: type(chart).__name__)
@pytest.mark.parametrize("width", [1, 20, 40, 60, 80, 200])
def test_charts_are_drawn_at_any_width(chart: Drawn, width: int) -> None:
    for line in text(chart, max(width, 60)):
        assert cells(line) <= max(width, 60) + 16  # a leak's words may stand past the bars
    assert text(chart, width)


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: type(chart).__name__)
def test_a_chart_is_a_table_too(chart: Drawn) -> None:
    table = chart.table()
    assert len({len(row) for row in table}) == 1
    assert len(table) > 1


@pytest.mark.parametrize("chart", [FunnelBars(()), Heatmap((), ()), Tiles(()), Bars(())])
def test_an_empty_chart_is_no_error(chart: Drawn) -> None:
    assert isinstance(text(chart), list)
    assert isinstance(text(chart, 1), list)


@given(st.floats(0, 1), st.integers(1, 80))
def test_a_bar_never_leaves_its_room(share: float, size: int) -> None:
    drawn = bar(share, size)
    assert cells(drawn) == size
    assert bool(drawn.strip()) == (share > 0)


@given(st.lists(st.one_of(st.none(), st.floats(-1e12, 1e12)), max_size=30), st.integers(0, 20))
def test_a_sparkline_has_a_cell_for_each_point(points: list[float | None], size: int) -> None:
    drawn = sparkline(tuple(points), size)
    known = [point for point in points[-size:] if point is not None] if size else []
    assert len(drawn) == (min(len(points), size) if known else 0)


def test_one_point_is_a_line_of_one_cell() -> None:
    assert sparkline((5.0,), 8) == "▄"
    assert sparkline((), 8) == ""


@given(st.floats(-1e9, 1e9), st.floats(0, 1e9), st.integers(2, 12))
def test_ticks_are_round_and_span_the_values(low: float, span: float, count: int) -> None:
    ticks = round_ticks(low, low + span, count)
    assert ticks == sorted(ticks)
    assert len(ticks) >= 2
    assert ticks[0] <= low + 1e-6 * max(1.0, abs(low))
    assert ticks[-1] >= low + span - 1e-6 * max(1.0, abs(low) + span)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_only_finite_numbers_are_drawn(value: float) -> None:
    start = datetime(2026, 11, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match="finite"):
        Series((start, start + timedelta(days=1)), (1.0, value))
