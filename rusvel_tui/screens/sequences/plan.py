"""The coming days of all sequences: what leaves and what there is to do, day by day."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from rusvel_tui.engine.gtm.outreach.sequences.steps import MAIL_CHANNEL, STEP_KINDS
from rusvel_tui.engine.gtm.outreach.timing.plan import Plan, PlanDay, PlanDays, PlanLine, plan
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.sequences.words import people
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.screens.shared.dialogs import Reader
from rusvel_tui.widgets.text_view import Block, Fact, Prose

DAYS = 30
BAR = 16
"""Cells of the bar of the fullest day."""
NOTHING = "Nothing comes in the next 30 days: nobody is under way in an active sequence. S enrols a contact."


async def show_plan(page: Page[Any], zone: ZoneInfo) -> None:
    """`C`: the next 30 days of all sequences."""
    found = await attempt(page, partial(page.engine.run, plan, PlanDays(days=DAYS)))
    if found is not None:
        page.app.push_screen(Reader(f"The next {DAYS} days", tuple(plan_blocks(found, zone))))


def plan_blocks(found: Plan, zone: ZoneInfo) -> Iterator[Block]:
    """A line for each day with something, its sequences under it; what lies between is one line."""
    most = max((day.mails + day.tasks for day in found.days), default=0)
    if not most:
        yield Prose(NOTHING)
    else:
        yield Prose(f"{people(found.people).capitalize()} under way. █ mails ░ by hand", "muted")
    idle = 0
    for day in found.days if most else ():
        if not day.lines:
            idle += 1
            continue
        yield from _idle(idle)
        idle = 0
        yield Fact(f"{day.day:%a %d %b}", f"{_bar(day, most)} {_counts(day)}", "strong")
        for line in day.lines:
            yield Fact("", _line(line, zone))
    yield from _idle(idle)
    yield Prose("")
    if found.left_out:
        yield Prose(f"{people(found.left_out).capitalize()} further away are not in it.", "warn")
    for note in found.notes:
        yield Prose(note, "muted")


def _idle(days: int) -> Iterator[Block]:
    if days:
        yield Fact("", "a day without" if days == 1 else f"{days} days without", "faint")


def _bar(day: PlanDay, most: int) -> str:
    """`████░`: mails, then what is done by hand; whatever is there is seen."""
    mails = -(-day.mails * BAR // most)
    tasks = -(-day.tasks * BAR // most)
    return "█" * mails + "░" * tasks


def _counts(day: PlanDay) -> str:
    mails = f"{day.mails} mail{'' if day.mails == 1 else 's'}" if day.mails else ""
    tasks = f"{day.tasks} by hand" if day.tasks else ""
    return ", ".join(filter(None, (mails, tasks)))


def _line(line: PlanLine, zone: ZoneInfo) -> str:
    """`12 × Intro, step 2 mail · 09:00–11:40 · 3 moved by a limit`."""
    kind = STEP_KINDS[line.type].label
    where = "" if line.channel == MAIL_CHANNEL else f" {line.channel}"
    first, last = (f"{at.astimezone(zone):%H:%M}" for at in (line.first, line.last))
    span = first if first == last else f"{first}–{last}"
    moved = f" · {line.moved} later because of a limit" if line.moved else ""
    return f"{line.count} × {line.sequence}, step {line.step} {kind}{where} · {span}{moved}"
