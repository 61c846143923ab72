"""The days of a series: counted from its first day, so that a short month never moves the ones after it."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from rusvel_tui.engine.spelled import Spelled

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


class Every(Spelled):
    """How often."""

    WEEK = "Week"
    MONTH = "Month"
    QUARTER = "Quarter"
    YEAR = "Year"


def period_day(first: date, every: Every, place: int) -> date:
    """The day of that period, counted from 0: of 31 January the 31st, or the last day of a shorter month."""
    if every is Every.WEEK:
        return first + timedelta(weeks=place)
    months = first.year * 12 + first.month - 1 + place * _MONTHS[every.key]
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(first.day, monthrange(year, month)[1]))


def period_name(day: date, every: Every) -> str:
    """What stands for `{period}` in a text: `January 2026`, `Q1 2026`, `2026`, `week 3 of 2026`."""
    if every is Every.WEEK:
        year, week, _ = day.isocalendar()
        return f"week {week} of {year}"
    if every is Every.YEAR:
        return f"{day.year}"
    if every is Every.QUARTER:
        return f"Q{(day.month + 2) // 3} {day.year}"
    return f"{_NAMES[day.month - 1]} {day.year}"
