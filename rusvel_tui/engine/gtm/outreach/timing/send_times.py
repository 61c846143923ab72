"""When a mail of a sequence may leave for one person: windows, zone, days off, jitter. Pure."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from rusvel_tui.engine import calendar, clock
from rusvel_tui.engine.calendar import DAY, Span
from rusvel_tui.engine.gtm.outreach.timing.weekly import ALWAYS, Week
from rusvel_tui.engine.public_holidays import holiday_name

DayRange = tuple[date, date]
"""A first and a last day, both included."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a sequence works. The default is any time, in the zone of the person."""

    week: Week = ALWAYS
    zone: str = "contact"
    """`contact`, `session`, or an IANA name."""
    working_days: tuple[int, ...] = (0, 1, 2, 3, 4)
    """The weekdays that a delay in working days counts; 0 is Monday."""
    holidays: str = ""
    """`contact` for the person's country, or a place such as `DE-BY`; empty: holidays are days like others."""
    blackout: tuple[DayRange, ...] = ()
    jitter_minutes: int = 0
    """By so many minutes at most a window opens later, for each person and day another number."""
    draft_ahead_hours: int = 0
    """How long before it may leave a mail is drafted, so that it can be approved in time."""
    new_per_day: int | None = None
    daily_cap: int | None = None
    min_gap_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class SendTimes:
    """A schedule for one person and step: with their zone, their holidays, and their jitter."""

    schedule: Schedule = Schedule()
    zone: str = "UTC"
    origin: str = "session"
    """Where the zone is known from: `set`, `country`, `phone`, `company`, `session` or `sequence`."""
    place: str = ""
    """Whose public holidays count, as an ISO 3166 code; empty for nobody's."""
    key: str = ""
    """Whom and what the jitter is for: the enrollment and the step."""

    @property
    def where(self) -> ZoneInfo:
        return clock.zone(self.zone)

    def next_open(self, moment: datetime) -> datetime | None:
        """The first instant from this one on at which the mail may leave; none in the years to come."""
        return calendar.next_open(moment, self.where, self.spans)

    def spans(self, day: date) -> tuple[Span, ...]:
        """The windows of a local day, each later by the jitter of that day."""
        windows = self._windows(day)
        late = self._jitter(day) if windows and self.schedule.jitter_minutes else 0
        if not late:
            return windows
        after = self._windows(day - timedelta(days=1))
        goes_on = bool(after) and after[-1].end == DAY and windows[0].start == 0
        head = windows[:1] if goes_on else ()
        return head + tuple(
            Span(span.start + late % (span.end - span.start), span.end)
            for span in windows[len(head) :]
        )

    def day_off(self, day: date) -> str:
        """Why nothing leaves on that whole day, whatever the windows: a holiday or a blackout; empty otherwise."""
        for first, last in self.schedule.blackout:
            if first <= day <= last:
                return "a blackout date"
        name = holiday_name(self.place, day)
        return f"a holiday in {self.place}: {name}" if name else ""

    def works(self, day: date) -> bool:
        """Whether a delay in working days counts that day."""
        return day.weekday() in self.schedule.working_days and not self.day_off(day)

    def due_at(self, done: datetime, delay: int, unit: str) -> datetime:
        """When a step is due: `delay` days after the step before was done, at the same time of the day.

        `unit` is `days` or `working_days`; where days off never end, every day counts. The windows come on top:
        `next_open` of this moment.
        """
        if unit == "working_days":
            with suppress(ValueError):
                return calendar.add_working_days(done, delay, self.where, self.works)
        return clock.add_days(done, delay, self.where)

    def draft_at(self, due: datetime) -> datetime:
        """When the mail is drafted that is due then: some hours before it may leave."""
        leaves = self.next_open(due) or due
        return leaves - timedelta(hours=self.schedule.draft_ahead_hours)

    def _windows(self, day: date) -> tuple[Span, ...]:
        windows = self.schedule.week[day.weekday()]
        return () if windows and self.day_off(day) else windows

    def _jitter(self, day: date) -> int:
        """Seconds, by a hash: the same at every look, for ever (uniform below the limit)."""
        digest = sha256(f"{self.key} {day.isoformat()}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % (self.schedule.jitter_minutes * 60)
