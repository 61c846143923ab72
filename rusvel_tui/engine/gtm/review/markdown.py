"""The review of a week as Markdown, to copy, send or keep. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from rusvel_tui.engine.gtm.review.week import WeekReview

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~])")


def as_markdown(review: WeekReview, zone: ZoneInfo) -> str:
    """A heading, a table of the numbers, and lists; names cannot become markup."""
    return "\n".join(_lines(review, zone)) + "\n"


def escaped(text: str) -> str:
    """Text that Markdown shows as it is."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def _lines(review: WeekReview, zone: ZoneInfo) -> Iterator[str]:
    yield f"# Week {review.week}"
    yield ""
    so_far = ", so far" if review.running else ""
    yield f"{review.first:%d %b %Y} to {review.last:%d %b %Y}{so_far}, against {review.before}."
    yield from ("", "| | This week | Week before | Change |", "|---|---:|---:|---:|")
    for one in review.numbers:
        yield f"| {escaped(one.name)} | {one.value} | {one.before} | {one.change} |"
    slipped = (": ".join(filter(None, (one.who, one.what))) + f" ({one.need.value}; {one.why})" for one in review.slipped)  # fmt: skip
    yield from _list("Slipped", slipped, "Nothing slipped.")
    ahead = (f"{one.at.astimezone(zone):%a %d %b}: {': '.join(filter(None, (one.who, one.what)))}" for one in review.coming)  # fmt: skip
    yield from _list("Coming", ahead, "Nothing is planned for the next seven days.")
    kept = (f"{one.name}: {words(one.weeks, one.best)}" for one in review.habits)
    yield from _list("Habits", kept, "")


def words(weeks: int, best: int) -> str:
    """`4 weeks in a row, best 9`."""
    if not weeks:
        return f"not this week, best {best}" if best else "not yet"
    return f"{weeks} week{'' if weeks == 1 else 's'} in a row, best {best}"


def _list(title: str, items: Iterable[str], nothing: str) -> Iterator[str]:
    yield from ("", f"## {title}", "")
    found = [f"- {escaped(item)}" for item in items]
    yield from found or [nothing]
