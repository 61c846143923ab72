"""Weekly windows as text: `mon-fri 09:00-12:00, 13:00-17:00; sat 10:00-12:00`. Empty text means any time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from rusvel_tui.engine.calendar import DAY, Span
from rusvel_tui.engine.errors import InvalidInput

Week = tuple[tuple[Span, ...], ...]
"""The spans of each weekday, Monday first."""
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS: Week = ((Span(0, DAY),),) * 7
EXAMPLE = "mon-fri 09:00-17:00"
_DAYS = re.compile(r"([a-z]+)(?:-([a-z]+))?")
_SPAN = re.compile(r"(\d{1,2})(?::(\d\d))?-(\d{1,2})(?::(\d\d))?")


def parse_days(text: str, field: str = "working_days") -> tuple[int, ...]:
    """The weekdays of `mon-fri` or `mon, wed, sat`, 0 for Monday; raises `InvalidInput` with what is wrong."""
    found = {day for word in _words(text) for day in _weekdays(word, field)}
    return tuple(sorted(found))


def parse_week(text: str, field: str = "windows") -> Week:
    """The windows of each weekday; raises `InvalidInput` with the part that is wrong."""
    if not text.strip():
        return ALWAYS
    week: list[list[Span]] = [[] for _ in NAMES]
    for part in text.split(";"):
        words = _words(part)
        days = {day for word in words if word[0].isalpha() for day in _weekdays(word, field)}
        spans = [_span(word, field) for word in words if not word[0].isalpha()]
        if words and not days:
            raise InvalidInput(f"{part.strip()!r} names no weekday. Write {EXAMPLE}.", field=field)
        if words and not spans:
            raise InvalidInput(
                f"{part.strip()!r} names no hours. Write {EXAMPLE}, and leave out closed days.",
                field=field,
            )
        for day in days:
            week[day].extend(spans)
    if not any(week):
        raise InvalidInput(f"These windows exclude every hour. Write {EXAMPLE}.", field=field)
    return tuple(tuple(_joined(spans)) for spans in week)


def format_week(week: Week) -> str:
    """The text of these windows; days in a row with the same hours stand together."""
    if week == ALWAYS:
        return ""
    parts = []
    for spans, run in groupby(range(7), key=lambda day: week[day]):
        days = list(run)
        if spans:
            hours = ", ".join(f"{_clock(span.start)}-{_clock(span.end)}" for span in spans)
            parts.append(f"{_range(days)} {hours}")
    return "; ".join(parts)


def format_days(days: Iterable[int]) -> str:
    """`mon-fri`, `mon-wed, sat`: the text of these weekdays."""
    numbered = enumerate(sorted(days))
    runs = (
        [day for _, day in run] for _, run in groupby(numbered, key=lambda pair: pair[1] - pair[0])
    )
    return ", ".join(_range(run) for run in runs)


def _words(text: str) -> list[str]:
    """The words of one part; dashes of every kind and the blanks around them are one dash."""
    return re.sub(r"\s*[-–—]\s*", "-", text.lower()).replace(",", " ").split()


def _weekdays(word: str, field: str) -> Iterator[int]:
    """The weekdays of `fri`, `friday` or `fri-mon`."""
    match = _DAYS.fullmatch(word)
    if word == "daily":
        match = _DAYS.fullmatch("mon-sun")
    if match is None:
        raise InvalidInput(f"{word!r} is no weekday. Write {EXAMPLE}.", field=field)
    first, last = (_weekday(name, field) for name in (match[1], match[2] or match[1]))
    yield from ((first + ahead) % 7 for ahead in range((last - first) % 7 + 1))


def _weekday(name: str, field: str) -> int:
    full = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    found = [day for day in range(7) if len(name) > 1 and full[day].startswith(name)]
    if len(found) != 1:
        raise InvalidInput(
            f"{name!r} is no weekday. The weekdays are {', '.join(NAMES)}.", field=field
        )
    return found[0]


def _span(word: str, field: str) -> Span:
    """The hours of `9-17` or `09:00-16:30`; midnight at the end is 24:00."""
    match = _SPAN.fullmatch(word)
    if match is None:
        raise InvalidInput(f"{word!r} are no hours. Write 09:00-17:00.", field=field)
    hours = [int(match[1]), int(match[3])]
    minutes = [int(match[2] or 0), int(match[4] or 0)]
    start, end = (hour * 3600 + minute * 60 for hour, minute in zip(hours, minutes, strict=True))
    if max(minutes) > 59 or end > DAY:
        raise InvalidInput(f"{word!r} is no time of the day. Write 09:00-17:00.", field=field)
    if start >= end:
        why = "excludes every hour" if start == end else "ends before it begins"
        raise InvalidInput(
            f"The window {word} {why}. Past midnight, write 22:00-24:00 and 00:00-02:00 on the day after.",
            field=field,
        )
    return Span(start, end)


def _joined(spans: list[Span]) -> Iterator[Span]:
    """In order, with what overlaps or touches as one."""
    last: Span | None = None
    for span in sorted(spans):
        if last is not None and span.start <= last.end:
            last = Span(last.start, max(last.end, span.end))
        else:
            if last is not None:
                yield last
            last = span
    if last is not None:
        yield last


def _range(days: list[int]) -> str:
    return NAMES[days[0]] if len(days) == 1 else f"{NAMES[days[0]]}-{NAMES[days[-1]]}"


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}"
