"""The rows behind a chart: readings with their corrections, counts of each step, and the matrix as numbers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from rusvel_tui.engine.growth.kpi.kpi_views import KpiView, ListReadings, ReadingPage
from rusvel_tui.engine.growth.kpi.readings import list_readings
from rusvel_tui.screens.growth.words import amount, funnel_bars, heatmap
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.screens.shared.dialogs import Reader
from rusvel_tui.widgets.charts.drawn import Drawn, Table
from rusvel_tui.widgets.text_view import Block, Fact, Prose

if TYPE_CHECKING:
    from rusvel_tui.screens.growth.page import GrowthPage

MOST = 200


async def show_rows(page: GrowthPage, kpi: KpiView | None) -> None:
    """What the chart in front was drawn from."""
    if kpi is not None:
        wanted = ListReadings(kpi=kpi.kpi_id, limit=MOST)
        found = await attempt(page, partial(page.engine.run, list_readings, wanted))
        if found is not None:
            page.app.push_screen(Reader(f"Readings of {found.name}", tuple(reading_blocks(found))))
    elif (chart := chart_of(page)) is not None:
        title, drawn = chart
        page.app.push_screen(Reader(title, table_blocks(drawn.table())))
    else:
        page.say("There are no rows behind this.")


def chart_of(page: GrowthPage) -> tuple[str, Drawn] | None:
    """The chart in front, with its name: the funnel under the cursor, else the cohorts, else the first funnel."""
    seen, item = page.state, page.item
    if seen is None:
        return None
    funnels = seen.board.funnels
    if page.part.id == "funnels" and item is not None:
        view = next((one for one in funnels if one.name == item.id), None)
        return None if view is None else (f"Funnel {view.name}", funnel_bars(view))
    if page.part.id == "overview" and funnels:
        return f"Funnel {funnels[0].name}", funnel_bars(funnels[0])
    if page.part.id in ("overview", "cohorts") and seen.board.cohorts.rows:
        return "Cohorts", heatmap(seen.board.cohorts)
    return None


def reading_blocks(found: ReadingPage) -> Iterator[Block]:
    """Newest first; a corrected one says what it was."""
    for one in found.items:
        note = f" · {one.note}" if one.note else ""
        source = f" · {one.source}" if one.source else ""
        value = amount(float(one.value), found.unit)
        yield Fact(f"{one.at:%d %b %Y %H:%M}", f"{value}{source}{note}")
        for was in one.corrections:
            before = amount(float(was.before), found.unit)
            yield Fact("", f"was {before} until {was.at:%d %b %Y}, {was.actor}", "muted")
    if found.next is not None:
        yield Prose(f"The newest {MOST}. All: rusvel call growth.kpi.list_readings", "muted")


def table_blocks(table: Table) -> tuple[Block, ...]:
    """A table in columns that line up."""
    widths = [max(len(row[place]) for row in table) for place in range(len(table[0]))]
    lines = (
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in table
    )
    return tuple(Prose(line, "muted" if number == 0 else "") for number, line in enumerate(lines))
