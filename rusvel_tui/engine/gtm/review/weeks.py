"""Weeks as people name them, and where they begin; Monday is the first day. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from rusvel_tui.engine.calendar import midnight
from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.when_text import parse_day

_ISO = re.compile(r"(\d{4})-?w(\d{1,2})", re.IGNORECASE)
HELP = "`last`, `this`, 2026-W47, or any day of it"


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from a Monday on."""

    monday: date

    @classmethod
    def of(cls, day: date) -> Week:
        """The week in which a day lies."""
        return cls(day - timedelta(days=day.weekday()))

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def name(self) -> str:
        """Such as `2026-W47`, as ISO 8601 counts weeks."""
        year, number, _ = self.monday.isocalendar()
        return f"{year:04}-W{number:02}"

    def shifted(self, weeks: int) -> Week:
        """So many weeks later."""
        return Week(self.monday + timedelta(weeks=weeks))

    def begin(self, zone: ZoneInfo) -> str:
        """Its first instant in a zone, as moments are stored."""
        return stamp(midnight(self.monday, zone))


def parse_week(text: str, today: date) -> Week:
    """The week that is meant: the last whole one when nothing is said; raises `InvalidInput`."""
    words, this = text.strip().lower(), Week.of(today)
    found = {"": this.shifted(-1), "last": this.shifted(-1), "this": this}.get(words)
    found = found or _iso(words) or Week.of(_day(text, today))
    if found.monday > today:
        raise InvalidInput(f"{found.name} has not begun. Name {HELP}.", field="week")
    return found


def _iso(words: str) -> Week | None:
    if not (match := _ISO.fullmatch(words)):
        return None
    try:
        return Week(date.fromisocalendar(int(match[1]), int(match[2]), 1))
    except ValueError:
        raise InvalidInput(f"There is no week {words!r}. Name {HELP}.", field="week") from None


def _day(text: str, today: date) -> date:
    try:
        return parse_day(text, today, field="week")
    except InvalidInput:
        raise InvalidInput(f"{text!r} is no week. Name {HELP}.", field="week") from None
