"""From which day somebody is back, as a notice of absence says it, in many languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from rusvel_tui.engine.gtm.mail.classifying.date_words import (
    AFTER,
    BACK,
    INCLUDING,
    MONTHS,
    SINCE,
    TOMORROW,
    UNTIL,
    UNTIL_AFTER,
    WEEKDAYS,
)
from rusvel_tui.engine.gtm.mail.reading.sentences import folded_pattern, sentences


@dataclass(frozen=True, slots=True)
class Named:
    """A day named in a sentence, and where it stands."""

    start: int
    end: int
    day: date


_Rule = Callable[[str, list[Named]], date | None]


def return_day(text: str, written: date, *, month_first: bool = False) -> date | None:
    """The day named as the day of being back; else the day after the last day away; else none.

    Without a year it is the next such day after `written`. `month_first` reads `10/12` as people in the United States do.
    """
    said = sentences(text)
    days = [(one, list(named_days(one, written, month_first))) for one in said]
    return _first(_back, days) or _first(_until, days)


def _first(rule: _Rule, days: list[tuple[str, list[Named]]]) -> date | None:
    return next((found for one, named in days if (found := rule(one, named)) is not None), None)


def _back(sentence: str, days: list[Named]) -> date | None:
    """The day behind a word of coming back, or before it; a day that ends an absence is not meant."""
    for cue in _cues(BACK).finditer(sentence):
        behind = [one for one in days if one.start >= cue.end() and _near(sentence, cue.end(), one)]
        if behind:
            return _shifted(sentence, behind[0])
        before = [one for one in days if one.end <= cue.start()]
        if before and not _ends_absence(sentence, before[-1]):
            return _shifted(sentence, before[-1])
    return None


def _near(sentence: str, start: int, found: Named) -> bool:
    """Whether nothing between the word and the day begins another thought."""
    between = sentence[start : found.start]
    return (
        not _cues(UNTIL).search(between) and not _cues(SINCE).search(between) and len(between) < 60
    )


def _ends_absence(sentence: str, found: Named) -> bool:
    before = sentence[max(0, found.start - 45) : found.start]
    cues = [*_cues(UNTIL).finditer(before)]
    if _cues(UNTIL_AFTER).match(sentence, found.end):
        return True
    return bool(cues) and not re.search(r"[,;:]", before[cues[-1].end() :].strip(" ,"))


def _shifted(sentence: str, found: Named) -> date:
    """The day after, where the person is back after that day."""
    before = sentence[max(0, found.start - 16) : found.start].rstrip()
    return found.day + timedelta(days=1) if _ending(AFTER).search(before) else found.day


def _until(sentence: str, days: list[Named]) -> date | None:
    """The end of an absence: the day itself, or the day after when it is included."""
    for found in days:
        before = sentence[max(0, found.start - 50) : found.start]
        if (
            _cues(UNTIL).search(before)
            or _cues(INCLUDING).search(before)
            or _is_range(sentence, days, found)
        ):
            last = _last_of_range(sentence, days, found)
            around = before + sentence[last.end : last.end + 30]
            after = _cues(INCLUDING).search(around) or _ending(AFTER).search(before.rstrip())
            return last.day + timedelta(days=1) if after else last.day
    return None


def _is_range(sentence: str, days: list[Named], found: Named) -> bool:
    """Whether a day ends a range: `1 October to 5 October`, `1 - 5 October`."""
    if _HALF_RANGE.search(sentence[: found.start]):
        return True
    return _last_of_range(sentence, days, found) is not found


def _last_of_range(sentence: str, days: list[Named], found: Named) -> Named:
    """The second of two days with nothing but a dash or a `to` between them."""
    for other in days:
        if other.start > found.end and _RANGE.fullmatch(sentence[found.end : other.start].strip()):
            return other
    return found


_HALF_RANGE = re.compile(r"\d{1,2}\.?\s?(?:-|–|—|to|au|al|a|ate|tot|t/m|til|till|do|по)\s?$")
_RANGE = re.compile(
    r"(?:-|–|—|to|bis(?: zum)?|au|a|al|ate|until|till|through|tot(?: en met)?|t/m|til|to the|and|und|et|y|e|en|och|og|do|по|до|~|〜)"
)


def named_days(sentence: str, written: date, month_first: bool) -> Iterator[Named]:
    """Every day named in a sentence, in order; of two that overlap the longer."""
    taken: list[Named] = []
    for reader in (_iso, _cjk, _numeric, _day_month, _month_day, _ordinal, _weekday, _tomorrow):
        for start, end, day in reader(sentence, written, month_first):
            if day and not any(start < one.end and one.start < end for one in taken):
                taken.append(Named(start, end, day))
    named = sorted(taken, key=lambda one: one.start)
    yield from (one for one in named if not _belongs_to_next(sentence, one, named))


def _belongs_to_next(sentence: str, found: Named, named: list[Named]) -> bool:
    """A weekday with its date behind it: `Monday, 12 October`."""
    word = sentence[found.start : found.end]
    following = next((one for one in named if one.start >= found.end and one is not found), None)
    if not word.isalpha() or word not in _weekdays() or following is None:
        return False
    return (
        re.fullmatch(
            r"[\s,.(]*(?:the|den|dem|der|le|el|il|dia|giorno|d|de|am)?[\s.]*",
            sentence[found.end : following.start],
        )
        is not None
    )


_Reading = Iterator[tuple[int, int, date | None]]


def _iso(sentence: str, written: date, month_first: bool) -> _Reading:
    for found in re.finditer(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)", sentence):
        yield found.start(), found.end(), _day(int(found[1]), int(found[2]), int(found[3]))


def _cjk(sentence: str, written: date, month_first: bool) -> _Reading:
    """`2026年10月12日`, and the day of the month alone."""
    month, day, year = "(?:月|월)", "(?:日|号|號|일)", "(?:年|년)"
    pattern = folded_pattern(
        rf"(?:(?:(\d{{4}})\s?{year}\s?)?(\d{{1,2}})\s?{month}\s?)?(\d{{1,2}})\s?{day}"
    )
    for found in re.finditer(pattern, sentence):
        number = int(found[3])
        named = _with_year(found[1], int(found[2]), number, written) if found[2] else _next_day_of_month(number, written)  # fmt: skip
        yield found.start(), found.end(), named


def _numeric(sentence: str, written: date, month_first: bool) -> _Reading:
    for found in re.finditer(
        r"(?<![\d.:/+-])(\d{1,2})([./-])\s?(\d{1,2})(?:\2\s?(\d{4}|\d{2}))?\.?(?![\d:/-]|\.\d)",
        sentence,
    ):
        first, mark, second, year = int(found[1]), found[2], int(found[3]), found[4]
        if mark == "-" and not year:
            continue
        swap = mark == "/" and first <= 12 and (month_first or second > 12)
        if mark == "/" and year and not swap and first <= 12:
            swap = _is_over(year, second, first, written) and not _is_over(year, first, second, written)  # fmt: skip
        day, month = (second, first) if swap else (first, second)
        yield found.start(), found.end(), _with_year(year, month, day, written)


def _is_over(year: str, month: int, day: int, written: date) -> bool:
    """Whether a day that somebody comes back on was before they wrote, which cannot be meant."""
    found = _with_year(year, month, day, written)
    return found is None or found < written


def _day_month(sentence: str, written: date, month_first: bool) -> _Reading:
    pattern = rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|ere|\.|º|o|a|:a|:e|e|de|-го)?\s?(?:of |de |d'|di |del |den |da )?({_months()})\b\.?,?(?:\s?(?:de |del |di |d'|г |)?\s?(\d{{4}}))?"
    for found in re.finditer(pattern, sentence):
        yield (
            found.start(),
            found.end(),
            _with_year(found[3], _month(found[2]), int(found[1]), written),
        )


def _month_day(sentence: str, written: date, month_first: bool) -> _Reading:
    pattern = (
        rf"\b({_months()})\b\.?\s?(?:the )?(\d{{1,2}})(?:st|nd|rd|th|\.)?(?!\d)(?:,?\s?(\d{{4}}))?"
    )
    for found in re.finditer(pattern, sentence):
        yield (
            found.start(),
            found.end(),
            _with_year(found[3], _month(found[1]), int(found[2]), written),
        )


def _ordinal(sentence: str, written: date, month_first: bool) -> _Reading:
    """A day of the month alone: `the 14th`."""
    for found in re.finditer(
        r"\b(?:the )(\d{1,2})(?:st|nd|rd|th)\b|\b(?:dem|den|zum|le|el|il|dia|op|de) (\d{1,2})(?:er|\.)?(?![\d/:-]|\.\d|\s?[a-z])",
        sentence,
    ):
        yield found.start(), found.end(), _next_day_of_month(int(found[1] or found[2]), written)


def _weekday(sentence: str, written: date, month_first: bool) -> _Reading:
    names = "|".join(sorted(map(re.escape, _weekdays()), key=len, reverse=True))
    for found in re.finditer(rf"(?<!\w)(?:{names})(?!\w)", sentence):
        ahead = (_weekdays()[found[0]] - written.weekday() - 1) % 7 + 1
        yield found.start(), found.end(), written + timedelta(days=ahead)


def _tomorrow(sentence: str, written: date, month_first: bool) -> _Reading:
    for found in _cues(TOMORROW).finditer(sentence):
        yield found.start(), found.end(), written + timedelta(days=1)


def _next_day_of_month(day: int, written: date) -> date | None:
    for ahead in range(1, 63):
        if (one := written + timedelta(days=ahead)).day == day:
            return one
    return None


def _with_year(year: str | None, month: int, day: int, written: date) -> date | None:
    if year:
        return _day(int(year) if len(year) == 4 else 2000 + int(year), month, day)
    return next(
        (
            one
            for ahead in range(5)
            if (one := _day(written.year + ahead, month, day)) and one > written
        ),
        None,
    )


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


@cache
def _cues(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(folded_pattern(word) for word in words))


@cache
def _ending(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(
        "(?:"
        + "|".join(folded_pattern(word) for word in words)
        + r")(?: the| dem| le| el| il| o)?$"
    )


@cache
def _month_numbers() -> dict[str, int]:
    return {
        folded_pattern(name): number
        for number, names in enumerate(MONTHS, 1)
        for name in names.split()
    }


@cache
def _months() -> str:
    return "|".join(sorted(map(re.escape, _month_numbers()), key=len, reverse=True))


def _month(name: str) -> int:
    return _month_numbers()[name]


@cache
def _weekdays() -> dict[str, int]:
    return {
        folded_pattern(name): number
        for number, names in enumerate(WEEKDAYS)
        for name in names.split()
    }
