"""Files of growth: CSV that is read after a look at what it would do, and charts as CSV or SVG."""

from __future__ import annotations

import asyncio
import csv
import io
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rusvel_tui.engine.growth.importing.importing import CsvImported, ImportCsv, import_csv
from rusvel_tui.engine.growth.importing.table import Problem
from rusvel_tui.screens.growth.rows import chart_of
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.screens.shared.dialogs import Reader
from rusvel_tui.widgets.charts.drawn import Table
from rusvel_tui.widgets.desk_app import shut_to_guest
from rusvel_tui.widgets.line_input import Question
from rusvel_tui.widgets.text_view import Prose

if TYPE_CHECKING:
    from rusvel_tui.screens.growth.page import GrowthPage


async def bring(page: GrowthPage, path: str) -> None:
    """`M`: say what the file would do, then do it."""
    if shut_to_guest(page.app):
        return
    hint = "a CSV file with readings, counts, events, cohorts or subscriptions"
    named = path or await page.ask_line(Question("import growth", "Read from: ", hint=hint))
    if not named:
        return
    look = ImportCsv(path=named, dry_run=True, replace=True, allow_new=True)
    plan = await attempt(page, partial(page.engine.run, import_csv, look))
    if plan is None:
        return
    if plan.problems:
        blocks = (
            Prose("Nothing was read. Mend these lines and read it again."),
            *map(_problem, plan.problems),
        )
        page.app.push_screen(Reader(f"{plan.rejected} wrong in {named}", blocks))
        return
    if not plan.new and not plan.changed:
        page.say(f"Nothing is new in {named}. {told(plan)}.")
    elif await page.confirm(f"{told(plan)}. Read it?", yes="Read it"):
        order = look.model_copy(update={"dry_run": False})
        page.run(import_csv, order, lambda done: page.say(f"{told(done)}. z to undo."))


def _problem(one: Problem) -> Prose:
    return Prose(f"! {one}", "warn")


def told(done: CsvImported) -> str:
    """`kpi: 12 new, 1 changed, 3 known`."""
    counts = (("new", done.new), ("changed", done.changed), ("known", done.same))
    return f"{done.shape}: " + ", ".join(f"{count} {word}" for word, count in counts if count)


async def write(page: GrowthPage, path: str) -> None:
    """`W`: the numbers of the chart as CSV, or the part in front as it looks, as SVG."""
    if shut_to_guest(page.app):
        return
    names = [f"{page.part.id}.csv", f"{page.part.id}.svg"]
    target = path or await page.ask_line(
        Question("write chart", "Write to: ", names[0], names, "tab completes")
    )
    if not target:
        return
    file = await asyncio.to_thread(Path(target).expanduser)
    if await asyncio.to_thread(file.exists) and not await page.confirm(
        f"Replace {target}?", detail="That file is there already.", yes="Replace"
    ):
        return
    text = content(page, file.suffix.lower())
    if text is None:
        page.complain("Name a file that ends in .csv or .svg; a part without a table has no .csv.")
        return
    try:
        await asyncio.to_thread(file.write_text, text, "utf-8")
    except OSError as error:
        page.complain(f"{target} cannot be written: {error.strerror}.")
    else:
        page.say(f"Wrote {target}.")


def content(page: GrowthPage, ending: str) -> str | None:
    """The file, by its ending; None when there is nothing of that kind."""
    if ending == ".svg":
        return as_svg(page)
    table = table_of(page)
    return as_csv(table) if ending == ".csv" and table is not None else None


def table_of(page: GrowthPage) -> Table | None:
    """The numbers of the part in front."""
    if page.trend is not None and page.part.plot:
        head = ("at", "value", "average")
        points = page.trend.points
        average = ("" if point.average is None else str(point.average) for point in points)
        rows = (
            (point.at.isoformat(), str(point.value), mean)
            for point, mean in zip(points, average, strict=True)
        )
        return (head, *rows)
    chart = chart_of(page)
    if chart is not None:
        return chart[1].table()
    items = page.part.items(page.state) if page.state is not None else ()
    return (
        (("name", "value", "note"), *((one.name, one.value, one.note) for one in items))
        if items
        else None
    )


def as_csv(table: Table) -> str:
    """RFC 4180; a cell that a spreadsheet would run as a formula is quoted with an apostrophe."""
    out = io.StringIO()
    csv.writer(out).writerows([_defused(cell) for cell in row] for row in table)
    return out.getvalue()


def _defused(cell: str) -> str:
    number = cell.replace(".", "", 1).lstrip("-").isdigit()
    return cell if number or not cell.startswith(("=", "+", "-", "@", "\t")) else f"'{cell}"


def as_svg(page: GrowthPage) -> str:
    """The page as it stands on the screen, as a picture."""
    from rich.console import Console

    region = page.region
    strips = page.screen._compositor.render_strips()
    console = Console(width=region.width, record=True, file=io.StringIO(), color_system="truecolor")
    for strip in strips[region.y : region.bottom]:
        console.print(*strip.crop(region.x, region.right), sep="", end="\n")
    return console.export_svg(title=f"rusvel {page.part.title}")
