"""Days and times named in a free text, in the session's zone and in several languages; each with the words that name it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from rusvel_tui.engine.countries import country_of_zone
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.advice.phrases import split
from rusvel_tui.engine.gtm.mail.classifying.return_dates import named_days
from rusvel_tui.engine.gtm.mail.reading.sentences import folded
from rusvel_tui.engine.when_text import MORNING, parse_when

_WORD = re.compile(r"[^\s,;()\"“”]+")
_LONGEST = 5
_BEFORE = frozenset("on by until till before this due at from after the around am bis le el il".split())  # fmt: skip
_NOISE = re.compile(
    r"now|later|later today|(?:\d{1,4}|an?|one) ?(?:d|days?|w|weeks?|months?|h|hours?|min|mins|minutes?)|\d{1,4}|(?:in )?the morning",
    re.IGNORECASE,
)
"""What `when_text` reads and what in a sentence names no day: `3 days` may be a duration."""
_SHORT = re.compile(r"(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)\b", re.IGNORECASE)
_WEEKDAY = re.compile(r"\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\b", re.IGNORECASE)
_CLOCK = re.compile(r"(?:at )?\d{1,2}(?::\d\d)? ?(?:[ap]m)?", re.IGNORECASE)
_YEAR = re.compile(r"\d{4}")
_MONTH_FIRST = frozenset({"US", "PH", "BZ"})
_NEAR = {
    "gestern": -1, "vorgestern": -2, "heute": 0, "ubermorgen": 2, "letzte woche": -7, "nachste woche": 7,
    "hier": -1, "avant-hier": -2, "aujourd'hui": 0, "apres-demain": 2, "la semaine derniere": -7, "la semaine prochaine": 7,
    "ayer": -1, "hoy": 0, "pasado manana": 2, "la semana pasada": -7, "la proxima semana": 7,
    "ieri": -1, "oggi": 0, "dopodomani": 2, "la settimana scorsa": -7, "la prossima settimana": 7,
    "gisteren": -1, "vandaag": 0, "overmorgen": 2, "vorige week": -7, "volgende week": 7,
    "ontem": -1, "hoje": 0, "i gar": -1, "igar": -1, "idag": 0, "i dag": 0, "wczoraj": -1, "dzisiaj": 0, "last week": -7,
}  # fmt: skip
"""Days near today that the other readers do not know, folded."""


class Moment(NamedTuple):
    """A day or a time that a text names."""

    words: str
    at: datetime
    """In UTC; nine o'clock of a day without a time."""
    timed: bool
    """Whether a time of day was said."""


class Reading(NamedTuple):
    """When and where a text is read."""

    now: datetime
    zone: ZoneInfo
    past: bool = False
    """Whether it tells of what was: then `Friday` is the one before."""

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @property
    def month_first(self) -> bool:
        return country_of_zone(self.zone.key) in _MONTH_FIRST


def moments(text: str, reading: Reading) -> list[Moment]:
    """The days and times of a text, in the order in which they stand in its sentences; each day once for a sentence."""
    return [moment for sentence in split(text) for moment in _of_sentence(sentence, reading)]


def _of_sentence(sentence: str, reading: Reading) -> Iterator[Moment]:
    seen: set[date] = set()
    typed = list(_typed(sentence, reading))
    known = " ".join(moment.words.lower() for moment in typed)
    other = (one for one in _in_any_language(sentence, reading) if one.words not in known)
    for moment in (*typed, *other):
        day = moment.at.astimezone(reading.zone).date()
        if day not in seen:
            seen.add(day)
            yield moment


def _typed(sentence: str, reading: Reading) -> Iterator[Moment]:
    """What people type into a date field, found in running words: the longest run counts."""
    words = list(_WORD.finditer(sentence))
    at = 0
    while at < len(words):
        size = min(_LONGEST, len(words) - at)
        while size and (found := _read(sentence, words[at : at + size], reading)) is None:
            size -= 1
        if size and found is not None:
            yield found
        at += size or 1


def _read(sentence: str, run: list[re.Match[str]], reading: Reading) -> Moment | None:
    raw = sentence[run[0].start() : run[-1].end()].rstrip(".!?:")
    first, _, rest = raw.partition(" ")
    if first.lower() in _BEFORE:
        return None
    back = first.lower() == "last" and bool(_WEEKDAY.match(rest))
    plain = rest if back else raw
    if _NOISE.fullmatch(plain) and not _WEEKDAY.fullmatch(plain):
        return None
    if _SHORT.fullmatch(plain) and not plain[:1].isupper():
        return None
    try:
        moment = parse_when(plain, reading.now, reading.zone)
    except InvalidInput:
        return None
    timed = moment.astimezone(reading.zone).time() != MORNING or ":" in plain
    return Moment(raw, _before(moment, plain, reading, back=back), timed)


def _before(moment: datetime, words: str, reading: Reading, *, back: bool) -> datetime:
    """What is told of the past was before: the weekday before, the same day of the year before."""
    late = reading.past and moment > reading.now
    if not (back or late):
        return moment
    if _WEEKDAY.search(words):
        latest = reading.today - timedelta(days=1 if back else 0)
        while moment.astimezone(reading.zone).date() > latest:
            moment -= timedelta(days=7)
        return moment
    if _CLOCK.fullmatch(words):
        return moment - timedelta(days=1)
    if late and not _YEAR.search(words):
        local = moment.astimezone(reading.zone)
        return _at(local.date().replace(year=local.year - 1, day=min(local.day, 28)), local.time(), reading)  # fmt: skip
    return moment


def _in_any_language(sentence: str, reading: Reading) -> Iterator[Moment]:
    plain = folded(sentence)
    for words, ahead in _NEAR.items():
        if re.search(rf"(?<!\w){re.escape(words)}(?!\w)", plain):
            yield Moment(words, _at(reading.today + timedelta(days=ahead), MORNING, reading), False)
    for found in named_days(plain, reading.today, reading.month_first):
        words, day = plain[found.start : found.end], found.day
        if re.fullmatch(r"\w+ \d{1,2}\.?", words) and words.split()[0] in _ARTICLES:
            continue  # `el 3`, `de 5`: as often a number as a day
        moment = _at(day, MORNING, reading)
        yield Moment(words, _before(moment, words, reading, back=False), False)


_ARTICLES = frozenset("le el il dia op de dem den zum".split())


def _at(day: date, clock: time, reading: Reading) -> datetime:
    return datetime.combine(day, clock, reading.zone).astimezone(UTC)
