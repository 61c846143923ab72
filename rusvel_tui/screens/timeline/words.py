"""How a timeline reads: the word of each kind, the line of an entry, the day that it stands under."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from rusvel_tui.engine.gtm.crm.timeline.activity_views import ActivityView
from rusvel_tui.engine.gtm.crm.timeline.timeline_entries import EntryKind, TimelineEntry
from rusvel_tui.screens.shared.moments import short, since, when
from rusvel_tui.widgets.feed import FeedItem
from rusvel_tui.widgets.text_view import Block, Fact, Heading, Prose

WORDS: dict[EntryKind, tuple[str, str]] = {
    EntryKind.NOTE: ("note", "accent"),
    EntryKind.TASK: ("task", ""),
    EntryKind.CALL: ("call", ""),
    EntryKind.MEETING: ("meeting", ""),
    EntryKind.EMAIL_OUT: ("you wrote", ""),
    EntryKind.EMAIL_IN: ("they wrote", "good"),
    EntryKind.BOUNCE: ("came back", "bad"),
    EntryKind.AUTO_REPLY: ("is away", "muted"),
    EntryKind.OPT_OUT: ("objects", "bad"),
    EntryKind.STAGE_MOVE: ("stage", "muted"),
    EntryKind.ENROLLMENT: ("sequence", "muted"),
    EntryKind.INVOICE: ("invoice", ""),
    EntryKind.PAYMENT: ("payment", "good"),
    EntryKind.EMPLOYER: ("employer", "muted"),
    EntryKind.IMPORT: ("import", "muted"),
    EntryKind.MERGE: ("merge", "muted"),
}
"""Each kind with its word and its tone."""
TO_DO = "To do"


def feed_items(
    todo: Iterable[ActivityView],
    entries: Iterable[TimelineEntry],
    now: datetime,
    zone: ZoneInfo,
    *,
    named: bool = False,
) -> tuple[FeedItem, ...]:
    """What is to be done by its due time, then what happened, newest first; `named` says with whom."""
    planned = [_planned(task, now, zone, named=named) for task in todo]
    done = (entry for entry in entries if entry.status != "open")  # what is open stands above
    return (*planned, *(_happened(entry, now, zone, named=named) for entry in done))


def _planned(task: ActivityView, now: datetime, zone: ZoneInfo, *, named: bool) -> FeedItem:
    due = task.due_at or task.at
    late, at = due < now, f"{due.astimezone(zone):%a %H:%M}"
    return FeedItem(
        id=task.activity_id,
        heading=TO_DO,
        time=short(due, now, zone),
        kind=WORDS[EntryKind(task.kind.value)][0],
        title=_joined(task.subject, task.contact if named else "", "" if late else at),
        detail="\n".join((due_words(due, now, zone) if late else "", task.body.partition("\n")[0])),
        title_tone="warn" if late else "",
    )


def _happened(entry: TimelineEntry, now: datetime, zone: ZoneInfo, *, named: bool) -> FeedItem:
    word, tone = WORDS[entry.kind]
    return FeedItem(
        id=entry.id,
        heading=day_words(entry.at, now, zone),
        time=f"{entry.at.astimezone(zone):%H:%M}",
        kind=word,
        title=line(entry, named=named),
        detail=entry.detail,
        tone=tone,
    )


def line(entry: TimelineEntry, *, named: bool = False) -> str:
    """An entry in a line: what it was, what came of it, how long, and with whom if that is asked."""
    title = "" if entry.title == entry.kind.value else entry.title
    minutes = f"{entry.duration_minutes} min" if entry.duration_minutes else ""
    who = entry.contact if named else ""
    if entry.outcome == "done":
        return _joined(f"✓ {title}".rstrip(), minutes, who)
    return _joined(title, entry.outcome, minutes, who) or WORDS[entry.kind][0]


def _joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def due_words(due: datetime, now: datetime, zone: ZoneInfo) -> str:
    """`due Thu 20 Nov 09:00, 4 days late`."""
    late = f", {since(due, now)} late" if due < now and since(due, now) != "just now" else ""
    return f"due {when(due, zone)}{late}"


def day_words(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """The day and how long ago that is: `Mon 23 Nov 2026 · yesterday`."""
    there, today = moment.astimezone(zone).date(), now.astimezone(zone).date()
    return f"{there:%a %d %b %Y} · {_ago((today - there).days)}"


def _ago(days: int) -> str:
    if days < 2:
        return ("today", "yesterday")[days] if days >= 0 else "still to come"
    for unit, size in (("year", 365), ("month", 30), ("week", 7)):
        if days >= 2 * size:
            return f"{days // size} {unit}s ago"
    return f"{days} days ago"


def entry_blocks(entry: TimelineEntry, now: datetime, zone: ZoneInfo) -> Iterator[Block]:
    """One entry with all that is known of it."""
    yield Fact("What", line(entry), "strong")
    yield Fact("When", f"{when(entry.at, zone)}, {_ago_words(entry.at, now)}")
    named = {"With": entry.contact, "Deal": entry.deal, "By": entry.actor}
    yield from (Fact(name, text) for name, text in named.items() if text)
    if entry.detail:
        yield Heading("Text")
        yield Prose(entry.detail)


def _ago_words(moment: datetime, now: datetime) -> str:
    text = since(moment, now)
    return text if text == "just now" else f"{text} ago"
