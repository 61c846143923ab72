"""When sequences work: show the rules, change them, go back to those of the session."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pydantic import Field

from rusvel_tui.engine import calendar, clock
from rusvel_tui.engine.conflicts import require_version
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.outreach.sequences.finding import find_sequence
from rusvel_tui.engine.gtm.outreach.timing.replan import replan
from rusvel_tui.engine.gtm.outreach.timing.schedules import (
    Rules,
    day_range,
    require_holidays,
    schedule,
    schedule_of,
)
from rusvel_tui.engine.gtm.outreach.timing.send_times import Schedule, SendTimes
from rusvel_tui.engine.gtm.outreach.timing.weekly import (
    format_days,
    format_week,
    parse_days,
    parse_week,
)
from rusvel_tui.engine.models import SendSchedule
from rusvel_tui.engine.operation import Input, operation
from rusvel_tui.engine.text import one_line

WITHIN_DAYS = 366
"""A schedule that opens no window within so many days is refused."""
_MOST_DAYS_OFF = 200


class ScheduleOf(Input):
    """Whose rules."""

    sequence_id: str = ""
    """The sequence; empty for what counts for all sequences that have no rules of their own."""


class SetSchedule(ScheduleOf):
    """Changes to the rules; what is left out stays."""

    windows: str | None = None
    """`mon-fri 09:00-12:00, 13:00-17:00; sat 10:00-12:00`; empty means any time."""
    zone: str | None = None
    """Whose clock: `contact` (the person's zone, and where that is unknown yours), `session`, or a zone's name."""
    working_days: str | None = None
    """The weekdays that a delay in working days counts: `mon-fri`."""
    holidays: str | None = None
    """Nothing leaves on public holidays of: `contact` (the person's country), a place such as DE or DE-BY; empty: nobody's."""
    blackout: tuple[str, ...] | None = None
    """Days on which nothing leaves: `2026-12-24`, or `2026-12-24..2027-01-01`."""
    jitter_minutes: int | None = Field(default=None, ge=0, le=720)
    """Windows open later by up to so many minutes, each day for each person at another one."""
    draft_ahead_hours: int | None = Field(default=None, ge=0, le=240)
    """So many hours before it may leave a mail is drafted, for you to approve in time."""
    new_per_day: int | None = Field(default=None, ge=0)
    """People of this sequence whom you write to for the first time, in one of your days; null for no limit."""
    daily_cap: int | None = Field(default=None, ge=1)
    """Mails of this sequence in one of your days; null for no limit."""
    min_gap_seconds: int | None = Field(default=None, ge=0)
    """Seconds since the last mail of the sender; null for none."""
    version: int | None = None
    """The version you saw; a newer one is a conflict."""


class ScheduleView(Rules):
    """The rules that count for a sequence, or for all that have none of their own."""

    sequence_id: str
    own: bool
    """Whether the sequence has rules of its own."""
    version: int
    """Of the own rules; 0 when there are none."""
    next_open: datetime | None
    """When a window is open next by the zone of the rules, or by yours."""


@operation("gtm.outreach.get_schedule", permission="crm.sequences.read")
def get_schedule(ctx: Context, cmd: ScheduleOf) -> ScheduleView:
    """Show when a sequence works: its windows, days off, limits."""
    return _view(ctx, _name(ctx, cmd.sequence_id)[0])


@operation("gtm.outreach.set_schedule", writes=True, permission="crm.sequences.manage")
def set_schedule(ctx: Context, cmd: SetSchedule) -> ScheduleView:
    """Change when a sequence works; what waits for a window is planned anew."""
    sequence_id, name = _name(ctx, cmd.sequence_id)
    row = _row(ctx, sequence_id)
    require_version(cmd.version, row.version if row else 0, "The schedule")
    before = _rules(ctx, sequence_id)
    given = cmd.model_dump(include=cmd.model_fields_set & set(Rules.model_fields))
    kept = {field for field, value in given.items() if value is None and field not in _LIMITS}
    rules = _checked(ctx, before.model_copy(update={f: given[f] for f in given.keys() - kept}))
    values = {"rules": rules.model_dump(mode="json"), "updated_at": ctx.now}
    if row is None:
        key = sequence_id or ctx.session_id
        owner = {"session_id": ctx.session_id, "sequence_id": sequence_id or None}
        SendSchedule.create(id=key, created_at=ctx.now, **owner, **values)
        undo = Inverse("gtm.outreach.reset_schedule", {"sequence_id": sequence_id})
    else:
        _update(row, values)
        undo = _back_to(sequence_id, before)
    return _changed(ctx, sequence_id, name, undo)


@operation("gtm.outreach.reset_schedule", writes=True, permission="crm.sequences.manage")
def reset_schedule(ctx: Context, cmd: ScheduleOf) -> ScheduleView:
    """Drop the rules of a sequence: it works when the session's sequences do, or at any time."""
    sequence_id, name = _name(ctx, cmd.sequence_id)
    row = _row(ctx, sequence_id)
    if row is None:
        return _view(ctx, sequence_id)
    undo = _back_to(sequence_id, Rules.model_validate(row.rules))
    row.delete_instance()
    return _changed(ctx, sequence_id, name, undo)


_LIMITS = ("new_per_day", "daily_cap", "min_gap_seconds")
"""Where nothing means: no limit."""


def _changed(ctx: Context, sequence_id: str, name: str, undo: Inverse) -> ScheduleView:
    subject = sequence_id or ctx.session_id
    payload = {"name": name, "windows": _rules(ctx, sequence_id).windows}
    ctx.record("gtm.schedule.updated", subject, payload, undo=undo)
    replan(ctx, sequence_id)
    return _view(ctx, sequence_id)


def _back_to(sequence_id: str, rules: Rules) -> Inverse:
    values = {"sequence_id": sequence_id, **rules.model_dump(mode="json")}
    return Inverse("gtm.outreach.set_schedule", values)


def _update(row: SendSchedule, values: dict[str, Any]) -> None:
    query = SendSchedule.update(version=SendSchedule.version + 1, **values)
    query.where(SendSchedule.id == row.id).execute()


def _name(ctx: Context, sequence_id: str) -> tuple[str, str]:
    """The id and the name of whatever has the rules; raises `NotFound`."""
    if not sequence_id:
        return "", f"all sequences of {ctx.session.name}"
    sequence = find_sequence(ctx, sequence_id)
    return sequence.id, sequence.name


def _row(ctx: Context, sequence_id: str) -> SendSchedule | None:
    found: SendSchedule | None = SendSchedule.get_or_none(
        (SendSchedule.id == (sequence_id or ctx.session_id))
        & (SendSchedule.session_id == ctx.session_id)
    )
    return found


def _rules(ctx: Context, sequence_id: str) -> Rules:
    """The rules that count: the own ones, those of the session, or any time."""
    row = _row(ctx, sequence_id) or _row(ctx, "")
    return Rules.model_validate(row.rules) if row else Rules()


def _view(ctx: Context, sequence_id: str) -> ScheduleView:
    row = _row(ctx, sequence_id)
    counts = schedule_of(ctx, sequence_id or ctx.session_id)
    return ScheduleView(
        **_rules(ctx, sequence_id).model_dump(),
        sequence_id=sequence_id,
        own=bool(sequence_id and row),
        version=row.version if row else 0,
        next_open=_times(ctx, counts).next_open(ctx.now),
    )


def _times(ctx: Context, counts: Schedule) -> SendTimes:
    """The schedule by its own zone, or by the session's where the person's counts."""
    named = counts.zone not in ("contact", "session")
    place = "" if counts.holidays == "contact" else counts.holidays
    return SendTimes(counts, counts.zone if named else str(ctx.session.timezone), place=place)


def _checked(ctx: Context, rules: Rules) -> Rules:
    """The rules in their usual spelling; raises `InvalidInput` with the field that is wrong."""
    zone = one_line(rules.zone)
    if zone.lower() in ("contact", "session", ""):
        zone = zone.lower() or "contact"
    else:
        zone = _zone_name(zone)
    if len(rules.blackout) > _MOST_DAYS_OFF:
        raise InvalidInput(f"At most {_MOST_DAYS_OFF} days off.", field="blackout")
    clean = rules.model_copy(
        update={
            "windows": format_week(parse_week(rules.windows)),
            "zone": zone,
            "working_days": format_days(parse_days(rules.working_days)),
            "holidays": require_holidays(rules.holidays),
            "blackout": tuple(sorted({_spelled(text) for text in rules.blackout})),
        }
    )
    _require_opening(ctx, clean)
    return clean


def _zone_name(text: str) -> str:
    try:
        return clock.zone(text).key
    except InvalidInput as error:
        raise InvalidInput(f"{error} Or write contact, or session.", field="zone") from None


def _spelled(text: str) -> str:
    first, last = day_range(text)
    return f"{first}" if first == last else f"{first}..{last}"


def _require_opening(ctx: Context, rules: Rules) -> None:
    """Refuse rules under which nothing could leave for a year, and working days that never come."""
    counts = schedule(rules)
    times = _times(ctx, counts)
    opens = calendar.next_open(ctx.now, times.where, times.spans, days=WITHIN_DAYS)
    if opens is None:
        raise InvalidInput(
            "These windows exclude every hour of the next year: every window falls on a day off.",
            field="blackout" if counts.blackout else "windows",
        )
    today = ctx.now.astimezone(times.where).date()
    if not any(times.works(today + timedelta(days=ahead)) for ahead in range(WITHIN_DAYS)):
        raise InvalidInput("No working day is left within a year.", field="working_days")
