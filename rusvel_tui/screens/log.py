"""The event log: what happened, by whom, and what was taken back."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from textual import on
from textual.app import ComposeResult

from rusvel_tui.actions import Action
from rusvel_tui.engine.event_kinds import EVENT_KINDS
from rusvel_tui.engine.event_window import EventWindow, event_window
from rusvel_tui.engine.events import EventView
from rusvel_tui.engine.sessions import ListSessions, show_session
from rusvel_tui.screens.page import AnyList, Rows
from rusvel_tui.screens.shared.dialogs import Reader
from rusvel_tui.screens.shared.filtered import Filtered
from rusvel_tui.screens.shared.moments import when
from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.open_list import OpenList
from rusvel_tui.widgets.text_view import Block, Fact, Heading, Prose

UNDONE = "↶ undone"
_ABOUT = ("name", "title", "subject", "reason", "status")
"""What of an event's record says what it is about, the best first."""


class LogPage(Filtered[ZoneInfo]):
    """Newest first; the whole log is one list."""

    TOPICS = frozenset(".".join(kind.split(".")[:2]) for kind in EVENT_KINDS)
    ABOUT = "Every change there was, newest first. Enter shows what was recorded."
    ACTIONS = (
        Action("log.filter", "f,slash", "Filter", "filter", "filter", "Show only events with these words; esc shows all.", foot=True),
    )  # fmt: skip

    HINT = "words of what happened, such as: deal, sent, a name"
    EMPTY = "Nothing happened yet. c c adds a contact; every change is kept here."
    zone = ZoneInfo("UTC")

    def compose(self) -> ComposeResult:
        yield self.caption()
        yield OpenList(
            (
                Column[EventView]("When", lambda row: when(row.at, self.zone), width=16, tone="muted"),
                Column[EventView]("What happened", happened, width=30, grow=2, most=56, tone=lambda row: "faint" if row.undone else ""),
                Column[EventView]("About", about, width=12, grow=2, most=50),
                Column[EventView]("By", lambda row: row.actor, width=6, drop=1, tone="muted"),
                Column[EventView]("Kind", lambda row: row.kind, width=22, drop=2, tone="muted"),
            ),
            id="events",
            key=lambda row: str(row.id),
            empty=self.EMPTY,
        )  # fmt: skip

    def read(self) -> ZoneInfo:
        return ZoneInfo(self.engine.run(show_session, ListSessions()).timezone)

    def show(self, view: ZoneInfo) -> None:
        if view != self.zone:
            self.zone = view
            self.listing.refresh()

    def read_rows(self, widget: AnyList, first: int, count: int) -> Rows:
        window = EventWindow(words=self.words, first=first, count=count)
        found = self.engine.run(event_window, window)
        return Rows(found.total, found.rows)

    @on(OpenList.Opened)
    def _opened(self, event: OpenList.Opened) -> None:
        row: EventView = event.row
        self.app.push_screen(Reader(meaning(row).capitalize(), event_blocks(row, self.zone)))


def meaning(row: EventView) -> str:
    """What an event of this kind means."""
    return EVENT_KINDS.get(row.kind, row.kind)


def about(row: EventView) -> str:
    """The thing or person that it happened to."""
    return next((str(row.payload[name]) for name in _ABOUT if row.payload.get(name)), "")


def happened(row: EventView) -> str:
    """What it means, with a sign when it was taken back."""
    return f"{UNDONE}: {meaning(row)}" if row.undone else meaning(row)


def event_blocks(row: EventView, zone: ZoneInfo) -> tuple[Block, ...]:
    """One event with all that was recorded."""
    undone = (Fact("State", f"{UNDONE}: it was taken back", "warn"),) if row.undone else ()
    recorded: list[Block] = [Fact(name, str(value)) for name, value in sorted(row.payload.items())]
    return (
        Fact("Kind", row.kind, "strong"),
        Fact("When", f"{when(row.at, zone)} ({row.at:%Y-%m-%d %H:%M:%S} UTC)"),
        Fact("By", row.actor),
        Fact("Subject", row.subject_id or "the session"),
        Fact("Number", str(row.id)),
        *undone,
        Heading("Recorded"),
        *(recorded or [Prose("Nothing more.", "muted")]),
    )
