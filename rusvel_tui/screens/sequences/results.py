"""What came of a sequence: a table by step, variant and version, small charts, and what to do when it goes badly."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from rusvel_tui.engine.gtm.outreach.results.sequence_results import (
    ResultsOf,
    SequenceResults,
    sequence_results,
)
from rusvel_tui.engine.gtm.outreach.sequences.sequence_views import SequenceView
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.sequences.result_rows import COLUMNS, ResultRow, result_rows
from rusvel_tui.screens.sequences.result_words import row_blocks, warning_lines
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.widgets.open_list import OpenList
from rusvel_tui.widgets.paged_list import PagedList
from rusvel_tui.widgets.plain import plain
from rusvel_tui.widgets.text_view import TextView

DAYS = (0, 7, 30, 90, 365)
"""Spans that `d` goes through: people who began in so many days; 0 is everybody."""
HINT = "j k another line · [ ] version · d days · PgDn reads on · esc closes"


class ResultsDialog(ModalScreen[None]):
    """Read anew with each choice of version or days."""

    BINDINGS = [
        Binding("escape,q", "dismiss(None)", "Close", show=False, id="results.close"),
        Binding("left_square_bracket,comma", "version(1)", "Older", show=False, id="results.older"),
        Binding("right_square_bracket,semicolon", "version(-1)", "Newer", show=False, id="results.newer"),
        Binding("d", "days", "Days", show=False, id="results.days"),
        Binding("pagedown,ctrl+d", "read_on(1)", "Read on", show=False, id="results.read_down"),
        Binding("pageup,ctrl+u", "read_on(-1)", "Read back", show=False, id="results.read_up"),
    ]  # fmt: skip

    def __init__(self, page: Page[Any], seen: SequenceResults, zone: ZoneInfo) -> None:
        super().__init__()
        self.page, self.seen, self.zone = page, seen, zone
        self.lines = result_rows(seen)
        self.span = 0

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog import results"):
            yield Static("", classes="dialog-title")
            yield Static("", classes="dialog-watch")
            yield OpenList(COLUMNS)
            yield TextView()
            yield Static(HINT, classes="dialog-hint")

    @property
    def rows(self) -> OpenList[ResultRow]:
        return self.query_one(OpenList)

    def on_mount(self) -> None:
        self.rows.focus()
        self._show(self.seen)

    @on(PagedList.PageWanted)
    def _wanted(self, event: PagedList.PageWanted) -> None:
        event.stop()
        self.rows.set_total(event.version, len(self.lines))
        window = self.lines[event.first : event.first + event.count]
        self.rows.set_page(event.version, event.first, window)

    @on(PagedList.Highlighted)
    def _highlighted(self, event: PagedList.Highlighted) -> None:
        event.stop()
        if event.row is not None:
            self.query_one(TextView).show(tuple(row_blocks(self.seen, event.row)))

    @on(OpenList.Opened)
    def _opened(self, event: OpenList.Opened) -> None:
        """Enter on a version shows it alone, and Enter on the whole shows all of them."""
        event.stop()
        kind, _, number = event.row.id.partition(":")
        if kind == "v":
            self._read(int(number), self.span)
        elif kind == "all" and self.seen.version is not None:
            self._read(None, self.span)

    def action_version(self, by: int) -> None:
        """The next older or newer version; beyond the newest are all of them together."""
        numbers: list[int | None] = [None, *(one.number for one in self.seen.versions)]
        at = numbers.index(self.seen.version) + by
        if 0 <= at < len(numbers):
            self._read(numbers[at], self.span)

    def action_days(self) -> None:
        """The next span of days."""
        self._read(self.seen.version, (self.span + 1) % len(DAYS))

    def action_read_on(self, pages: int) -> None:
        """Scroll the text while the focus stays in the table."""
        self.query_one(TextView).action_page(pages)

    @work(exclusive=True, exit_on_error=False)
    async def _read(self, version: int | None, span: int) -> None:
        found = await read_results(self.page, self.seen.sequence_id, version, self._since(span))
        if found is not None:
            self.span = span
            self._show(found)

    def _since(self, span: int) -> date | None:
        today = self.page.engine.clock.now().astimezone(self.zone).date()
        return today - timedelta(days=DAYS[span] - 1) if DAYS[span] else None

    def _show(self, seen: SequenceResults) -> None:
        """Show these results with the cursor where it was, when there is such a line."""
        anchor = self.rows.current.id if self.rows.current else "all"
        self.seen, self.lines = seen, result_rows(seen)
        self.query_one(".dialog-title", Static).update(plain(self._title()))
        watch = self.query_one(".dialog-watch", Static)
        watch.update(plain(warning_lines(seen)))
        watch.display = bool(seen.warnings)
        self.rows.styles.height = min(len(self.lines), 14) + 1
        self.rows.styles.max_height = "50%"
        row = next((line for line in self.lines if line.id == anchor), self.lines[0])
        self.query_one(TextView).show(tuple(row_blocks(seen, row)))
        self.rows.reload(anchor)

    def _title(self) -> str:
        which = f"version {self.seen.version}" if self.seen.version else "all versions"
        days = f"who began in the last {DAYS[self.span]} days" if self.span else "everybody"
        return f"Results of {self.seen.name} · {which} · {days}"


async def read_results(
    page: Page[Any], sequence_id: str, version: int | None = None, since: date | None = None
) -> SequenceResults | None:
    """The results, read in a thread; None when the engine refuses."""
    wanted = ResultsOf(sequence_id=sequence_id, version=version, since=since)
    return await attempt(page, partial(page.engine.run, sequence_results, wanted))


async def show_results(page: Page[Any], seen: SequenceView, zone: ZoneInfo) -> None:
    """`R`: the results of a sequence."""
    found = await read_results(page, seen.sequence_id)
    if found is not None:
        page.app.push_screen(ResultsDialog(page, found, zone))
