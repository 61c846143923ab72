"""What happened with a person or a deal, and what is planned, as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.crm.timeline.timeline import Timeline, timeline
from rusvel_tui.engine.gtm.crm.timeline.timeline_entries import EntryKind, TimelineEntry
from rusvel_tui.screens.shared.moments import short
from rusvel_tui.screens.timeline.words import WORDS, line
from rusvel_tui.widgets.text_view import Block, Fact, Heading, Prose

MOST = 50
"""Entries of a timeline that are shown."""


def read_history(engine: Engine, **whose: str) -> tuple[TimelineEntry, ...]:
    """The newest entries of a `contact_id` or a `deal_id`. Runs in a thread."""
    return engine.run(timeline, Timeline(limit=MOST, **whose)).items


def history_blocks(
    items: Sequence[TimelineEntry], now: datetime, zone: ZoneInfo
) -> Iterator[Block]:
    """What is to be done, by its day; then what was done, newest first."""
    todo = sorted((item for item in items if item.status == "open"), key=_due)
    done = [item for item in items if item.status != "open"]
    if todo:
        yield Heading("To do")
        yield from (_planned(item, now, zone) for item in todo)
    if done:
        yield Heading("History")
        yield from (Fact(short(item.at, now, zone), _told(item)) for item in done)
    if len(items) == MOST:
        yield Prose(f"These are the newest {MOST}.", "muted")


def _planned(item: TimelineEntry, now: datetime, zone: ZoneInfo) -> Block:
    due = _due(item)
    late = due.astimezone(zone).date() < now.astimezone(zone).date()
    text = item.title if item.kind is EntryKind.TASK else f"{WORDS[item.kind][0]}: {item.title}"
    return Fact(
        short(due, now, zone), f"{text} (overdue)" if late else text, "warn" if late else ""
    )


def _due(item: TimelineEntry) -> datetime:
    return item.due_at or item.at


def _told(item: TimelineEntry) -> str:
    text = f"{WORDS[item.kind][0]}: {line(item)}"
    return f"{text}\n{item.detail}" if item.kind is EntryKind.NOTE and item.detail else text
