"""Counts what left, for the limits of a day: caps, new people, and the ramp-up. Days are those of the session's zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple, TypedDict
from zoneinfo import ZoneInfo

from peewee import fn

from rusvel_tui.engine import calendar
from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.context import Policy
from rusvel_tui.engine.gtm.outreach.timing.pace import RAMP_DAYS, Limit, ramp_up
from rusvel_tui.engine.gtm.outreach.timing.schedules import left
from rusvel_tui.engine.gtm.outreach.timing.send_times import Schedule
from rusvel_tui.engine.models import Mail
from rusvel_tui.engine.models.base import tuples


@dataclass(frozen=True, slots=True)
class Counts:
    """What left today, and the moment at which the counting begins anew."""

    total: int
    new: int
    of_sequence: int
    new_of_sequence: int
    tomorrow: datetime


class History(NamedTuple):
    """What a sender did lately."""

    sent: tuple[int, ...]
    """What left on each of the last local days before today, newest first."""
    bounced: int
    tried: int
    """In the same time, and today."""

    def allows(self, start: int) -> int:
        """What the ramp-up lets leave today."""
        return ramp_up(start, self.sent, bounced=self.bounced, tried=self.tried)

    def after(self, sent: int) -> History:
        """A day later."""
        return self._replace(sent=(sent, *self.sent[: RAMP_DAYS - 1]), tried=self.tried + sent)


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose mails are counted: those of one address in one session."""

    session_id: str
    address: str
    zone: ZoneInfo

    @property
    def mails(self) -> Any:
        """The condition that a mail is the sender's."""
        return (Mail.session_id == self.session_id) & (Mail.from_address == self.address)

    def last_intent(self) -> datetime | None:
        """When the last mail began to leave; one query."""
        query = Mail.select(Mail.intent_at).where(self.mails & Mail.intent_at.is_null(False))
        row = query.order_by(Mail.intent_at.desc()).first()
        return None if row is None else row.intent_at

    def count(self, sequence_id: str, now: datetime) -> Counts:
        """What left today; one query over the mails of today."""
        today, tomorrow = calendar.day_bounds(now, self.zone)
        own, first = Mail.sequence_id == sequence_id, Mail.first_touch == 1
        total = fn.COUNT(Mail.id)
        query = Mail.select(
            total, total.filter(first), total.filter(own), total.filter(own & first)
        )
        query = query.where(self.mails & (Mail.intent_at >= today) & left())
        sent, new, of_sequence, new_of_sequence = tuples(query)[0]
        return Counts(sent, new, of_sequence, new_of_sequence, tomorrow)

    def history(self, now: datetime) -> History:
        """What left on each of the last days, newest first; two queries over the mails of two weeks."""
        today = calendar.day_bounds(now, self.zone)[0].astimezone(self.zone).date()
        ends = [
            calendar.midnight(today - timedelta(days=ago), self.zone)
            for ago in range(RAMP_DAYS + 1)
        ]
        total = fn.COUNT(Mail.id)
        days = [
            total.filter((Mail.intent_at >= stamp(begin)) & (Mail.intent_at < stamp(end)))
            for end, begin in pairwise(ends)
        ]
        bounced = total.filter(Mail.bounced_at.is_null(False))
        query = Mail.select(bounced, total, *days)
        query = query.where(self.mails & (Mail.intent_at >= ends[-1]) & left())
        returned, tried, *sent = tuples(query)[0]
        refused = self._refused(ends[-1])
        return History(tuple(sent), returned + refused, tried + refused)

    def _refused(self, since: datetime) -> int:
        """Mails that a server refused for good; one that did so early on never had an intent."""
        rejected = (Mail.state == "rejected") & (Mail.updated_at >= since)
        return int(Mail.select(Mail.id).where(self.mails & rejected).count())


def load_limits(
    sender: Sender, policy: Policy, schedule: Schedule, mail: Mail, now: datetime
) -> tuple[Limit, ...]:
    """The limits that a mail stands under, with what left already today."""
    if not is_limited(policy, schedule):
        return ()
    counts = sender.count(mail.sequence_id or "", now)
    ramp = policy.ramp and sender.history(now).allows(policy.ramp)
    return limits(policy, schedule, counts, ramp, new=bool(mail.first_touch))


class Gap(TypedDict, total=False):
    """The facts about the gap between two mails."""

    min_gap: timedelta
    own_gap: bool


def gap_of(policy: Policy, schedule: Schedule) -> Gap:
    """The larger of the sender's gap and the sequence's; nothing when there is none."""
    usual, own = policy.min_gap_seconds or 0, schedule.min_gap_seconds or 0
    if not usual and not own:
        return {}
    return {"min_gap": timedelta(seconds=max(usual, own)), "own_gap": own > usual}


def is_limited(policy: Policy, schedule: Schedule) -> bool:
    """Whether anything is counted at all."""
    asked = (policy.daily_cap, policy.ramp, policy.new_per_day)
    return any(limit is not None for limit in (*asked, schedule.daily_cap, schedule.new_per_day))


def limits(
    policy: Policy, schedule: Schedule, counts: Counts, ramp: int | None, *, new: bool
) -> tuple[Limit, ...]:
    """The limits of a mail; `new` is one to somebody who was not written to before. Pure."""
    rows: list[tuple[str, int | None, int, bool]] = [
        ("daily cap of {} mails", policy.daily_cap, counts.total, True),
        ("ramp-up of {} mails a day", ramp, counts.total, True),
        ("sequence's daily cap of {} mails", schedule.daily_cap, counts.of_sequence, False),
    ]
    if new:
        what = "limit of {} new people a day"
        rows.append((what, policy.new_per_day, counts.new, False))
        rows.append((f"sequence's {what}", schedule.new_per_day, counts.new_of_sequence, False))
    return tuple(
        Limit(what, allowed, used, counts.tomorrow, everybody=everybody)
        for what, allowed, used, everybody in rows
        if allowed is not None
    )
