"""The lines of the review, each with the place where its things are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from rusvel_tui.engine.gtm.review.markdown import words
from rusvel_tui.engine.gtm.review.numbers import WeekNumber
from rusvel_tui.engine.gtm.review.week import WeekReview

NUMBERS, SLIPPED, COMING, HABITS = "The week", "Slipped", "Coming", "Habits"
PARTS = (NUMBERS, SLIPPED, COMING, HABITS)


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One line; `part` stands on the first line of each part only."""

    id: str
    part: str
    what: str
    now: str
    before: str
    more: str
    tone: str
    page: str
    """Where Enter goes; nowhere when empty."""
    item_id: str = ""


def review_rows(review: WeekReview, zone: ZoneInfo) -> tuple[ReviewRow, ...]:
    """All lines, part by part; a part without any says so."""
    parts = (
        (NUMBERS, _numbers(review)),
        (SLIPPED, _slipped(review)),
        (COMING, _coming(review, zone)),
        (HABITS, _habits(review)),
    )
    return tuple(row for name, rows in parts for row in _headed(name, list(rows)))


_NOTHING = {
    SLIPPED: "Nothing slipped.",
    COMING: "Nothing: c t plans a task.",
}


def _headed(part: str, rows: list[ReviewRow]) -> Iterator[ReviewRow]:
    if not rows:
        text = _NOTHING.get(part, "Nothing.")
        rows = [ReviewRow(f"{part}-none", "", text, "", "", "", "muted", "")]
    first, *rest = rows
    yield ReviewRow(first.id, part, first.what, first.now, first.before, first.more, first.tone, first.page, first.item_id)  # fmt: skip
    yield from rest


def _numbers(review: WeekReview) -> Iterator[ReviewRow]:
    for one in review.numbers:
        yield ReviewRow(
            f"n-{one.key}", "", one.name, one.value, one.before, _change(one), _tone(one), one.page
        )


def _change(one: WeekNumber) -> str:
    """The change with a sign for better or worse, whatever colours there are."""
    return one.change if one.better is None else f"{'▲' if one.better else '▼'} {one.change}"


def _tone(one: WeekNumber) -> str:
    return "muted" if one.better is None else "good" if one.better else "bad"


def _slipped(review: WeekReview) -> Iterator[ReviewRow]:
    for item in review.slipped:
        what = ": ".join(filter(None, (item.who, item.what)))
        page = item.page
        yield ReviewRow(f"s-{item.id}", "", what, item.need.value, "", item.why, "warn", page, item.item_id)  # fmt: skip


def _coming(review: WeekReview, zone: ZoneInfo) -> Iterator[ReviewRow]:
    for number, one in enumerate(review.coming):
        day = f"{one.at.astimezone(zone):%a %d %b}"
        yield ReviewRow(f"c-{number}-{one.item_id}", "", one.what, day, "", one.who, "", one.page, one.item_id)  # fmt: skip


def _habits(review: WeekReview) -> Iterator[ReviewRow]:
    for one in review.habits:
        times, lasting = f"{one.times:,} ×" if one.times else "–", words(one.weeks, one.best)
        tone = "good" if one.weeks else "muted"
        yield ReviewRow(f"h-{one.key}", "", one.name, times, "", lasting, tone, one.page)
