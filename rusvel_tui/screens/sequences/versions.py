"""The versions of a sequence: what each changed and who is in it; from there people move to another one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from rusvel_tui.engine.gtm.outreach.sequences.sequence_views import SequenceView
from rusvel_tui.engine.gtm.outreach.sequences.versions import (
    ListVersions,
    VersionView,
    list_versions,
)
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.sequences.changes import change_blocks, summary
from rusvel_tui.screens.sequences.moving import move
from rusvel_tui.screens.sequences.words import people
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.screens.shared.moments import when
from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.open_list import OpenList
from rusvel_tui.widgets.paged_list import PagedList
from rusvel_tui.widgets.plain import plain
from rusvel_tui.widgets.text_view import Block, Fact, Heading, Prose, TextView

Versions = Sequence[VersionView]


class VersionsDialog(ModalScreen[VersionView | None]):
    """Dismissed with the version whose people shall move, with None when it was only read."""

    BINDINGS = [
        Binding("escape,q", "dismiss(None)", "Close", show=False, id="versions.close"),
        Binding("m", "move_people", "Move", show=False, id="versions.move"),
        Binding("pagedown,ctrl+d", "read_on(1)", "Read on", show=False, id="versions.read_down"),
        Binding("pageup,ctrl+u", "read_on(-1)", "Read back", show=False, id="versions.read_up"),
    ]

    def __init__(self, name: str, versions: Versions, zone: ZoneInfo) -> None:
        super().__init__()
        self.heading, self.versions, self.zone = f"Versions of {name}", versions, zone

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog enrol"):
            yield Static(plain(self.heading), classes="dialog-title")
            yield OpenList(_COLUMNS, key="number")
            yield TextView()
            hint = "m moves its people · j k another version · PgDn reads on · esc closes"
            yield Static(hint, classes="dialog-hint")

    @property
    def rows(self) -> OpenList[VersionView]:
        return self.query_one(OpenList)

    def on_mount(self) -> None:
        self.rows.styles.height = min(8, len(self.versions)) + 1
        self.rows.focus()
        self.rows.reload()

    @on(PagedList.PageWanted)
    def _wanted(self, event: PagedList.PageWanted) -> None:
        event.stop()
        self.rows.set_total(event.version, len(self.versions))
        window = self.versions[event.first : event.first + event.count]
        self.rows.set_page(event.version, event.first, window)

    @on(PagedList.Highlighted)
    def _highlighted(self, event: PagedList.Highlighted) -> None:
        event.stop()
        if event.row is not None:
            self.query_one(TextView).show(tuple(version_blocks(event.row, self.zone)))

    @on(OpenList.Opened)
    def _opened(self, event: OpenList.Opened) -> None:
        event.stop()

    def action_read_on(self, pages: int) -> None:
        """Scroll the text while the focus stays in the list."""
        self.query_one(TextView).action_page(pages)

    def action_move_people(self) -> None:
        """Close, to choose where the people of this version go."""
        if self.rows.current is not None:
            self.dismiss(self.rows.current)


async def show_versions(page: Page[Any], seen: SequenceView, zone: ZoneInfo) -> None:
    """`V`: read what changed from version to version, and move people."""
    wanted = ListVersions(sequence_id=seen.sequence_id)
    found = await attempt(page, partial(page.engine.run, list_versions, wanted))
    if found is None:
        return
    dialog = VersionsDialog(seen.name, found.items, zone)
    chosen = await page.app.push_screen_wait(dialog)
    if chosen is not None:
        await move(page, seen, chosen, found.items)


def version_blocks(version: VersionView, zone: ZoneInfo) -> Iterator[Block]:
    """One version: since when, who is in it, and what it changed."""
    who = f"{people(version.active)} under way, {version.paused} paused, {version.ended} ended"
    yield Fact("Since", when(version.created_at, zone))
    yield Fact("People", who.capitalize())
    if version.current:
        yield Fact("New people", "get this version", "good")
    yield Heading("What it changed" if version.number > 1 else "What it began with")
    blocks = tuple(change_blocks(version.changes))
    yield from blocks or (Prose("Nothing.", "muted"),)


def _changed(row: VersionView) -> str:
    return summary(row.changes) if row.number > 1 else "the beginning"


_COLUMNS = (
    Column[VersionView]("", lambda row: f"v{row.number}", width=4, align="right"),
    Column[VersionView]("", lambda row: "● now" if row.current else "", width=5, tone="good"),
    Column[VersionView]("Steps", lambda row: str(row.steps), width=5, align="right", tone="muted"),
    Column[VersionView]("Under way", lambda row: str(row.active + row.paused), width=9, align="right"),
    Column[VersionView]("Ended", lambda row: str(row.ended), width=5, align="right", tone="muted"),
    Column[VersionView]("Changed", _changed, width=16, grow=1, most=60, tone="muted"),
)  # fmt: skip
