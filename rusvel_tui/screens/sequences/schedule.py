"""When a sequence works, as a form: windows by weekday, zone, days off, limits; errors beside their fields."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.outreach.sequences.sequence_views import SequenceView
from rusvel_tui.engine.gtm.outreach.timing.schedule import (
    ScheduleOf,
    ScheduleView,
    SetSchedule,
    get_schedule,
    reset_schedule,
    set_schedule,
)
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.sequences.step_lines import lines_of
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.screens.shared.moments import when

if TYPE_CHECKING:
    from rusvel_tui.widgets.form import Field

_NUMBERS = ("jitter_minutes", "draft_ahead_hours")
_LIMITS = ("new_per_day", "daily_cap", "min_gap_seconds")
"""Numbers where nothing means: no limit."""


async def edit_schedule(page: Page[Any], seen: SequenceView, zone: ZoneInfo) -> None:
    """`W`: change the rules of a sequence, or of all that have none of their own."""
    wanted = ScheduleOf(sequence_id=seen.sequence_id)
    rules = await attempt(page, partial(page.engine.run, get_schedule, wanted))
    if rules is None:
        return
    one = "change its own rules" if rules.own else "give it rules of its own"
    choices = {"e": one, "a": "change those of all others"}
    if rules.own:
        choices["r"] = "drop its own"
    key = await page.ask_key(f"When {seen.name} works", choices)
    if key == "r":
        await _reset(page, seen, wanted, zone)
    elif key == "e":
        await _ask(page, seen.name, rules, zone)
    elif key == "a":
        usual = await attempt(page, partial(page.engine.run, get_schedule, ScheduleOf()))
        if usual is not None:
            await _ask(page, "every sequence without rules of its own", usual, zone)


async def _ask(page: Page[Any], name: str, rules: ScheduleView, zone: ZoneInfo) -> None:
    save = partial(_save, page.engine, rules)
    done = await page.form(f"When {name} works", schedule_fields(rules), save)
    if done is not None:
        page.say(f"Stored. {_opens(done, zone)} z to undo.")


async def _reset(page: Page[Any], seen: SequenceView, wanted: ScheduleOf, zone: ZoneInfo) -> None:
    done = await attempt(page, partial(page.engine.run, reset_schedule, wanted))
    if done is not None:
        page.say(f"{seen.name} works when the others do. {_opens(done, zone)} z to undo.")
        page.load()


def _opens(rules: ScheduleView, zone: ZoneInfo) -> str:
    return f"Open next {when(rules.next_open, zone)}." if rules.next_open else ""


def _save(engine: Engine, rules: ScheduleView, values: dict[str, str]) -> ScheduleView:
    """Store what the form says; raises what is wrong with it, by field."""
    told: dict[str, Any] = dict(values)
    told["windows"] = "; ".join(lines_of(values["windows"]))
    told["blackout"] = lines_of(values["blackout"])
    told |= {name: values[name].strip() or 0 for name in _NUMBERS}
    told |= {name: values[name].strip() or None for name in _LIMITS}
    order = {"sequence_id": rules.sequence_id, "version": rules.version, **told}
    return engine.run(set_schedule, SetSchedule.model_validate(order))


def schedule_fields(rules: ScheduleView) -> tuple[Field, ...]:
    """The fields of the form, filled with these rules."""
    from rusvel_tui.widgets.form import Field  # the text editor is imported when one is needed

    def number(name: str, title: str, told: str) -> Field:
        value = getattr(rules, name)
        shown = "" if value is None or (name in _NUMBERS and not value) else str(value)
        return Field(name, title, shown, check=_whole, help=told)

    return (
        Field("windows", "Windows", "\n".join(lines_of(rules.windows.replace(";", "\n"))), kind="multiline", lines=3,
              help="A line for each kind of day: mon-fri 09:00-12:00, 13:00-17:00. Empty: any time."),
        Field("zone", "Whose clock", rules.zone,
              help="contact: the person's, and yours where that is unknown; session: yours; or a zone: Europe/Berlin."),
        Field("working_days", "Working days", rules.working_days,
              help="The weekdays that a delay in working days counts: mon-fri."),
        Field("holidays", "Holidays of", rules.holidays,
              help="contact: the person's country; or a place such as DE or DE-BY. Empty: nobody's."),
        Field("blackout", "Days off", "\n".join(rules.blackout), kind="multiline", lines=3,
              help="One in each line, nothing leaves then: 2026-12-24, or 2026-12-24..2027-01-01."),
        number("new_per_day", "New per day", "People you write to for the first time, in a day. Empty: no limit."),
        number("daily_cap", "Mails per day", "Mails of this sequence in a day. Empty: no limit."),
        number("min_gap_seconds", "Gap, seconds", "Seconds since your last mail to anybody. Empty: none."),
        number("jitter_minutes", "Spread, min", "Windows open up to so many minutes later, for each person at another one."),
        number("draft_ahead_hours", "Draft ahead, h", "So long before it may leave a mail is drafted, for you to approve in time."),
    )  # fmt: skip


def _whole(text: str) -> str:
    return "" if text.strip().isdecimal() else "Write a whole number, such as 20."
